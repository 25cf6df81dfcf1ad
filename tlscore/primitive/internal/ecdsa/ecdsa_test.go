package ecdsa

import (
	"math/big"
	"testing"

	"colibri/tlscore/primitive/internal/modular"
	"colibri/tlscore/primitive/internal/rfc6979"
	"colibri/tlscore/primitive/sha2"
)

// The order of P-256 (SP 800-186, 3.2.1.3).
var order = modular.Modulus{
	Words: []uint32{
		0xfc632551, 0xf3b9cac2, 0xa7179e84, 0xbce6faad,
		0xffffffff, 0xffffffff, 0x00000000, 0xffffffff,
	},
	Square: []uint32{
		0xbe79eea2, 0x83244c95, 0x49bd6fa6, 0x4699799c,
		0x2b6bec59, 0x2845b239, 0xf3d95620, 0x66e12d94,
	},
	Neg: 0xee00bc4f,
}

func n() *big.Int {
	b := make([]byte, 32)
	modular.Bytes(b, order.Words)
	return new(big.Int).SetBytes(b)
}

// finish signs digest with the key d, with x as the coordinate of whatever the secret number is.
func finish(t *testing.T, d, e, x *big.Int) (sig [64]byte, ok bool) {
	t.Helper()
	var s Signing
	priv, digest := d.FillBytes(make([]byte, 32)), e.FillBytes(make([]byte, 32))
	if !s.Start(&order, sha2.SHA256, priv, digest, nil) {
		t.Fatal("a good key is refused")
	}
	s.Next()
	ok = s.Finish(sig[:], x.FillBytes(make([]byte, 32)))
	s.Wipe()
	s.n = nil
	s.nonces = rfc6979.Generator{} // partly public; its own test checks its Wipe
	if s != (Signing{}) {
		t.Error("Wipe leaves something")
	}
	return sig, ok
}

// A signature with r = 0 or s = 0 must not leave: 6.4.1, steps 6 and 9.
func TestZerosAreNoSignature(t *testing.T) {
	d, x := big.NewInt(12345), big.NewInt(67890)
	if _, ok := finish(t, d, big.NewInt(1), x); !ok {
		t.Error("an ordinary signature is refused")
	}
	for _, x := range []*big.Int{new(big.Int), n()} {
		if _, ok := finish(t, d, big.NewInt(1), x); ok {
			t.Error("r = 0 is accepted")
		}
	}
	e := new(big.Int).Mul(d, x)
	e.Neg(e).Mod(e, n())
	if _, ok := finish(t, d, e, x); ok {
		t.Error("s = 0 is accepted")
	}
}

func TestHalvesOutOfRange(t *testing.T) {
	good := big.NewInt(1)
	for _, bad := range []*big.Int{new(big.Int), n(), new(big.Int).Add(n(), good)} {
		for _, halves := range [][2]*big.Int{{bad, good}, {good, bad}} {
			var v Verification
			sig := make([]byte, 64)
			halves[0].FillBytes(sig[:32])
			halves[1].FillBytes(sig[32:])
			if v.Start(&order, make([]byte, 32), sig) {
				t.Errorf("%x is accepted", sig)
			}
		}
	}
}

// Digests shorter than the order are numbers, of longer ones the leftmost bits count (6.4.1, step 2).
func TestDigestLengths(t *testing.T) {
	digest := make([]byte, 64)
	for i := range digest {
		digest[i] = byte(255 - i)
	}
	for size := range digest {
		want := new(big.Int).SetBytes(digest[:min(size, 32)])
		want.Mod(want, n())
		var e [8]uint32
		setDigest(e[:], digest[:size], &order)
		b := make([]byte, 32)
		modular.Bytes(b, e[:])
		if got := new(big.Int).SetBytes(b); got.Cmp(want) != 0 {
			t.Errorf("%d bytes: %x, want %x", size, got, want)
		}
	}
}
