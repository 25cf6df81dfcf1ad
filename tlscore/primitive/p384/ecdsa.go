package p384

import (
	"colibri/tlscore/primitive/internal/modular"
	"colibri/tlscore/primitive/internal/rfc6979"
	"colibri/tlscore/primitive/sha2"
)

// signing is what a signature needs apart from the point k*G: ECDSA as in FIPS 186-5, 6.4.1, with the secret number k from
// RFC 6979. One struct, so that one call wipes it.
type signing struct {
	nonces  rfc6979.Generator
	d, e, k [words]uint32
	r, s    [words]uint32
	kBytes  [ScalarSize]byte
	point   [PointSize]byte // k*G, set by the caller between candidate and finish
}

// start prepares signing digest with the key priv; it returns false when the key is not in [1, n-1].
func (s *signing) start(priv *[ScalarSize]byte, digest, entropy []byte) bool {
	if !setScalar(&s.d, priv[:]) {
		return false
	}
	setDigest(&s.e, digest)
	modular.Bytes(s.kBytes[:], s.e[:])
	s.nonces.Init(sha2.SHA384, priv[:], s.kBytes[:], entropy)
	return true
}

// candidate draws the next k in [1, n-1] into k and kBytes. That a candidate was refused says nothing about the one taken.
func (s *signing) candidate() {
	for {
		s.nonces.Next(s.kBytes[:])
		if setScalar(&s.k, s.kBytes[:]) {
			return
		}
	}
}

// finish computes r = x(k*G) mod n and s = (e + r*d)/k and writes them to sig. It returns false when one of them is zero and
// another k is needed, which nobody will ever see.
func (s *signing) finish(sig *[SignatureSize]byte) bool {
	modular.SetBytes(s.r[:], s.point[1:1+ScalarSize])
	order.Reduce(s.r[:], s.r[:])

	// A product of Montgomery's lacks a factor R: one operand brings it as R², or both are multiplied twice.
	order.Mul(s.s[:], s.d[:], order.Square)
	order.Mul(s.s[:], s.s[:], s.r[:])
	order.Add(s.s[:], s.s[:], s.e[:])
	order.Invert(s.k[:], s.k[:])
	order.Mul(s.s[:], s.s[:], order.Square)
	order.Mul(s.s[:], s.s[:], s.k[:])

	modular.Bytes(sig[:ScalarSize], s.r[:])
	modular.Bytes(sig[ScalarSize:], s.s[:])
	return modular.IsZero(s.r[:])|modular.IsZero(s.s[:]) == 0
}

// wipe zeroes all secrets. It is not inlined, so that the compiler keeps its stores.
//
//go:noinline
func (s *signing) wipe() { *s = signing{} }

// verification holds the factors of a check: the signature is valid when r = x(u1*G + u2*Q) mod n (FIPS 186-5, 6.4.2).
// All of it is public.
type verification struct{ r, u1, u2 [words]uint32 }

// start computes the factors; it returns false when r or s is not in [1, n-1].
func (v *verification) start(digest []byte, sig *[SignatureSize]byte) bool {
	var s [words]uint32
	if !setScalar(&v.r, sig[:ScalarSize]) || !setScalar(&s, sig[ScalarSize:]) {
		return false
	}
	setDigest(&v.u1, digest)
	order.Invert(s[:], s[:])
	order.Mul(s[:], s[:], order.Square)
	order.Mul(v.u1[:], v.u1[:], s[:])
	order.Mul(v.u2[:], v.r[:], s[:])
	return true
}
