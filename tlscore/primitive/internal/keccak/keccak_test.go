package keccak

import (
	"bytes"
	"crypto/sha3"
	"math/rand"
	"testing"
)

// TestAgreesWithStandardLibrary: inputs of all lengths around a block, written in pieces, and outputs of several blocks.
func TestAgreesWithStandardLibrary(t *testing.T) {
	shake := func(h *sha3.SHAKE) func(p, out []byte) {
		return func(p, out []byte) { h.Reset(); h.Write(p); h.Read(out) }
	}
	hash := func(h *sha3.SHA3) func(p, out []byte) {
		return func(p, out []byte) { h.Reset(); h.Write(p); h.Sum(out[:0]) }
	}
	r := rand.New(rand.NewSource(202))
	for _, c := range []struct {
		name string
		f    Function
		size int
		std  func(p, out []byte)
	}{
		{"SHA3-256", SHA3_256, 32, hash(sha3.New256())},
		{"SHA3-512", SHA3_512, 64, hash(sha3.New512())},
		{"SHAKE128", SHAKE128, 600, shake(sha3.NewSHAKE128())},
		{"SHAKE256", SHAKE256, 600, shake(sha3.NewSHAKE256())},
	} {
		for n := range 350 {
			p := make([]byte, n)
			r.Read(p)
			want, got := make([]byte, c.size), make([]byte, c.size)
			c.std(p, want)
			var s State
			s.Reset(c.f)
			cut := r.Intn(n + 1)
			s.Write(p[:cut])
			s.Write(p[cut:])
			cut = r.Intn(c.size + 1)
			s.Read(got[:cut])
			s.Read(got[cut:])
			if !bytes.Equal(got, want) {
				t.Fatalf("%s of %d bytes: %x, want %x", c.name, n, got, want)
			}
			if s.Wipe(); s.a != [lanes]uint64{} {
				t.Fatal("a wiped state has contents")
			}
		}
	}
}
