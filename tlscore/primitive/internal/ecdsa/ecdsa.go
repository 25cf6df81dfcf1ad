// Package ecdsa is the part of ECDSA (FIPS 186-5, section 6.4) that does not touch points: packages p256
// and p384 bring those. Scalars are words of package modular; of the arrays the first words count, as many
// as the order has.
package ecdsa

import (
	"colibri/tlscore/primitive/internal/modular"
	"colibri/tlscore/primitive/internal/rfc6979"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

const (
	maxWords = modular.MaxWords
	maxSize  = 4 * maxWords
)

// SetScalar reads a scalar of as many words as n, big-endian; it returns false when the scalar is not in
// [1, n-1].
func SetScalar(k []uint32, b []byte, n *modular.Modulus) bool {
	modular.SetBytes(k, b)
	return n.InRange(k) == 1
}

// setDigest sets e to the leftmost bits of digest as a number modulo n (6.4.1 step 2; bits2int and a
// reduction in RFC 6979, section 2.3). The orders of our curves use all bits of their bytes.
func setDigest(e []uint32, digest []byte, n *modular.Modulus) {
	var buffer [maxSize]byte
	b := buffer[:4*len(e)]
	if len(digest) > len(b) {
		digest = digest[:len(b)]
	}
	copy(b[len(b)-len(digest):], digest)
	modular.SetBytes(e, b)
	n.Reduce(e, e)
}

// Signing is the state of one signature. It holds secrets until Wipe.
//
// After Start the caller calls Next, multiplies the base point by K, and calls Finish with the x
// coordinate; it does so again when Finish returns false.
type Signing struct {
	// K is the secret number that Next drew, and KBytes the same, big-endian.
	K      [maxWords]uint32
	KBytes [maxSize]byte

	n      *modular.Modulus
	nonces rfc6979.Generator
	d, e   [maxWords]uint32
}

// Start prepares signing digest with the key priv on a curve of order n; a is the hash of the same size,
// from which the secret number is derived together with entropy (package rfc6979). It returns false when
// the key is not in [1, n-1].
func (s *Signing) Start(n *modular.Modulus, a sha2.Algorithm, priv, digest, entropy []byte) bool {
	s.n = n
	w := len(n.Words)
	if !SetScalar(s.d[:w], priv, n) {
		return false
	}
	setDigest(s.e[:w], digest, n)
	modular.Bytes(s.KBytes[:4*w], s.e[:w])
	s.nonces.Init(a, priv, s.KBytes[:4*w], entropy)
	return true
}

// Next draws a secret number in [1, n-1]. How many candidates were refused says nothing about the one that
// was taken.
func (s *Signing) Next() {
	w := len(s.n.Words)
	for {
		s.nonces.Next(s.KBytes[:4*w])
		if SetScalar(s.K[:w], s.KBytes[:4*w], s.n) {
			return
		}
	}
}

// Finish computes r = x mod n, where x is the big-endian x coordinate of the secret number's multiple of
// the base point, and s = (e + r*d)/k, and writes both to sig. It returns false when one of them is zero
// and another number is needed.
func (s *Signing) Finish(sig, x []byte) bool {
	n := s.n
	w := len(n.Words)
	var rWords, sWords [maxWords]uint32
	r, v, k := rWords[:w], sWords[:w], s.K[:w]
	modular.SetBytes(r, x)
	n.Reduce(r, r)

	// Mul divides by R. A factor R² before it makes up for that.
	n.Mul(v, s.d[:w], n.Square)
	n.Mul(v, v, r)
	n.Add(v, v, s.e[:w])
	n.Invert(k, k)
	n.Mul(v, v, n.Square)
	n.Mul(v, v, k)

	modular.Bytes(sig[:4*w], r)
	modular.Bytes(sig[4*w:], v)
	return modular.IsZero(r)|modular.IsZero(v) == 0
}

// Wipe zeroes all secrets.
func (s *Signing) Wipe() {
	s.nonces.Wipe()
	subtle.Wipe(s.K[:])
	subtle.Wipe(s.KBytes[:])
	subtle.Wipe(s.d[:])
	subtle.Wipe(s.e[:])
}

// Verification holds the numbers of a check, all public: a signature by the key Q is valid when R is the x
// coordinate of U1*G + U2*Q modulo n (6.4.2). U2 is not zero.
type Verification struct{ R, U1, U2 [maxWords]uint32 }

// Start computes the numbers for a curve of order n. It returns false when one half of the signature is
// not in [1, n-1].
func (v *Verification) Start(n *modular.Modulus, digest, sig []byte) bool {
	w := len(n.Words)
	var words [maxWords]uint32
	s, u1 := words[:w], v.U1[:w]
	if !SetScalar(v.R[:w], sig[:4*w], n) || !SetScalar(s, sig[4*w:], n) {
		return false
	}
	setDigest(u1, digest, n)
	n.Invert(s, s)
	n.Mul(s, s, n.Square)
	n.Mul(u1, u1, s)
	n.Mul(v.U2[:w], v.R[:w], s)
	return true
}
