package aes

import (
	stdaes "crypto/aes"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"testing"
)

// TestFIPS197 has the examples of FIPS 197, appendix C.1 and C.3.
func TestFIPS197(t *testing.T) {
	for _, c := range []struct{ key, ciphertext string }{
		{"000102030405060708090a0b0c0d0e0f", "69c4e0d86a7b0430d8cdb78070b4c55a"},
		{"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "8ea2b7ca516745bfeafc49904b496089"},
	} {
		key, _ := hex.DecodeString(c.key)
		plaintext, _ := hex.DecodeString("00112233445566778899aabbccddeeff")
		first, second := encryptBytes(key, [16]byte(plaintext), [16]byte(plaintext))
		if hex.EncodeToString(first[:]) != c.ciphertext || second != first {
			t.Errorf("%d-byte key: got %x and %x, want %s", len(key), first, second, c.ciphertext)
		}
	}
}

func encryptBytes(key []byte, a, b [16]byte) ([16]byte, [16]byte) {
	var k Key
	var s Schedule
	k.Init(key)
	k.Expand(&s)
	var q [8]uint32
	for i := range 4 {
		q[2*i] = binary.BigEndian.Uint32(a[4*i:])
		q[2*i+1] = binary.BigEndian.Uint32(b[4*i:])
	}
	s.Encrypt(&q)
	for i := range 4 {
		binary.BigEndian.PutUint32(a[4*i:], q[2*i])
		binary.BigEndian.PutUint32(b[4*i:], q[2*i+1])
	}
	return a, b
}

func TestAgreesWithStandardLibrary(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	random := func(p []byte) {
		for i := range p {
			p[i] = byte(rng.Uint32())
		}
	}
	for range 500 {
		for _, size := range []int{16, 32} {
			key := make([]byte, size)
			var a, b, wantA, wantB [16]byte
			random(key)
			random(a[:])
			random(b[:])
			std, err := stdaes.NewCipher(key)
			if err != nil {
				t.Fatal(err)
			}
			std.Encrypt(wantA[:], a[:])
			std.Encrypt(wantB[:], b[:])
			if gotA, gotB := encryptBytes(key, a, b); gotA != wantA || gotB != wantB {
				t.Fatalf("key %x, blocks %x and %x: got %x and %x, want %x and %x",
					key, a, b, gotA, gotB, wantA, wantB)
			}
		}
	}
}

// TestSBox computes all values of the S-box by its definition: the inverse modulo x^8 + x^4 + x^3 + x + 1 and
// the affine map of FIPS 197, section 5.1.1.
func TestSBox(t *testing.T) {
	multiply := func(a, b byte) (p byte) {
		for ; b > 0; b >>= 1 {
			p ^= a * (b & 1)
			a = a<<1 ^ a>>7*0x1b
		}
		return p
	}
	for x := range 256 {
		var inverse byte
		for y := range 256 {
			if multiply(byte(x), byte(y)) == 1 {
				inverse = byte(y)
			}
		}
		want := byte(0x63)
		for i := range 5 {
			want ^= inverse<<i | inverse>>(8-i)
		}
		if got := subWord(uint32(x) * 0x01010101); got != uint32(want)*0x01010101 {
			t.Errorf("S-box of %#02x: got %#08x, want %#02x four times", x, got, want)
		}
	}
}

func TestTranspose(t *testing.T) {
	for k := range 8 {
		for bit := range 32 {
			var q, want [8]uint32
			q[k] = 1 << bit
			want[bit%8] = 1 << (bit&^7 + k)
			transpose(&q)
			if q != want {
				t.Errorf("bit %d of word %d: got %08x", bit, k, q)
			}
		}
	}
}

func TestWipe(t *testing.T) {
	var k Key
	k.Init(make([]byte, 32))
	var s Schedule
	k.Expand(&s)
	k.Wipe()
	s.Wipe()
	if k != (Key{}) || s.keys != [len(s.keys)][8]uint32{} {
		t.Error("key left after Wipe")
	}
}

func TestAllocatesNothing(t *testing.T) {
	key := make([]byte, 32)
	if n := testing.AllocsPerRun(10, func() {
		var k Key
		var s Schedule
		var q [8]uint32
		k.Init(key)
		k.Expand(&s)
		s.Encrypt(&q)
		k.Wipe()
		s.Wipe()
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
