package chachapoly

import (
	"encoding/binary"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPoly1305Definition compares with the definition in big integers (RFC 8439, section 2.5), for words that
// are all ones or all zeros more often than chance would have it: there the carries are longest and results
// lie about the modulus.
func TestPoly1305Definition(t *testing.T) {
	modulus := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 130), big.NewInt(5))
	number := func(words []uint32) *big.Int {
		b := make([]byte, 4*len(words))
		for i, w := range words {
			binary.LittleEndian.PutUint32(b[4*i:], w)
		}
		slices.Reverse(b)
		return new(big.Int).SetBytes(b)
	}
	clamp := number([]uint32{0x0fffffff, 0x0ffffffc, 0x0ffffffc, 0x0ffffffc})
	rng := rand.New(rand.NewPCG(9, 10))
	word := func() uint32 {
		switch rng.IntN(4) {
		case 0:
			return 0
		case 1:
			return ^uint32(0)
		case 2:
			return ^uint32(0) - uint32(rng.IntN(8))
		}
		return rng.Uint32()
	}
	for range 5000 {
		var key [16]uint32
		for i := range key {
			key[i] = word()
		}
		blocks := make([]uint32, 4*rng.IntN(6))
		for i := range blocks {
			blocks[i] = word()
		}
		r, h := new(big.Int).And(number(key[:4]), clamp), new(big.Int)
		for i := 0; i < len(blocks); i += 4 {
			h.Add(h, number(blocks[i:i+4])).Add(h, new(big.Int).Lsh(big.NewInt(1), 128))
			h.Mul(h, r).Mod(h, modulus)
		}
		h.Add(h, number(key[4:8])).And(h, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 128), big.NewInt(1)))
		var want, got [TagSize]byte
		h.FillBytes(want[:])
		slices.Reverse(want[:])

		var m poly1305
		m.init(&key)
		m.blocks(blocks)
		m.sum(&got)
		if got != want {
			t.Fatalf("key %08x, blocks %08x: got %x, want %x", key[:8], blocks, got, want)
		}
	}
}

// TestPoly1305AboutTheModulus has cases 7, 8 and 9 of RFC 8439, appendix A.3: sums that reach 2^130 - 5 or
// come next to it.
func TestPoly1305AboutTheModulus(t *testing.T) {
	const f = ^uint32(0)
	for i, c := range []struct {
		r      uint32
		blocks []uint32
		want   [4]uint32
	}{
		{1, []uint32{f, f, f, f, f - 15, f, f, f, 0x11, 0, 0, 0}, [4]uint32{5}},
		{1, []uint32{f, f, f, f, 0xfefefefb, 0xfefefefe, 0xfefefefe, 0xfefefefe,
			0x01010101, 0x01010101, 0x01010101, 0x01010101}, [4]uint32{}},
		{2, []uint32{f - 2, f, f, f}, [4]uint32{f - 5, f, f, f}},
	} {
		var m poly1305
		m.init(&[16]uint32{c.r})
		m.blocks(c.blocks)
		var tag [TagSize]byte
		m.sum(&tag)
		if got := [4]uint32{load32(tag[:]), load32(tag[4:]), load32(tag[8:]), load32(tag[12:])}; got != c.want {
			t.Errorf("case %d: tag %08x, want %08x", i+7, got, c.want)
		}
	}
}
