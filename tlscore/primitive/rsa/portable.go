package rsa

import (
	"math/bits"

	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

// arena is memory that is handed out from the front. A copy remembers how much was left.
type arena []uint32

func (a *arena) take(n int) []uint32 {
	taken := (*a)[:n:n]
	*a = (*a)[n:]
	return taken
}

// bits returns the length of the modulus in bits.
func (k *PublicKey) bits() int { return 8*len(k.N) - bits.LeadingZeros8(k.N[0]) }

// words returns the length of the modulus in words, a multiple of 4.
func (k *PublicKey) words() int { return (len(k.N) + 15) / 16 * 4 }

func verifyPKCS1v15Portable(k *PublicKey, a sha2.Algorithm, digest, sig []byte, scratch *Scratch) bool {
	var em, want [MaxBits / 8]byte
	n := len(k.N)
	encodePKCS1v15(want[:n], a, digest)
	return k.open(em[:n], sig, scratch) && subtle.Equal(em[:n], want[:n])
}

func verifyPSSPortable(k *PublicKey, a sha2.Algorithm, digest, sig []byte, scratch *Scratch) bool {
	var em [MaxBits / 8]byte
	n := len(k.N)
	return k.open(em[:n], sig, scratch) && checkPSS(em[:n], k.bits()-1, a, digest)
}

// open sets em, as long as the modulus, to the number that sig signs (RSAVP1, RFC 8017, section 5.2.2). It returns false if sig has
// another length than the modulus or is not below it.
func (k *PublicKey) open(em, sig []byte, scratch *Scratch) bool {
	if len(sig) != len(k.N) {
		return false
	}
	free := arena(scratch.words[:])
	s := free.take(k.words())
	setBytes(s, sig)
	power := k.power(s, free)
	if power == nil {
		return false
	}
	putBytes(em, power)
	return true
}

// power returns s^E modulo N in memory of free, or nil if s is not below N.
func (k *PublicKey) power(s []uint32, free arena) []uint32 {
	n := len(s)
	var m modulus
	words := free.take(n)
	setBytes(words, k.N)
	if !below(s, words) {
		return nil
	}
	m.set(words)
	t, x, z := free.take(2*n), free.take(n), free.take(n)
	m.remainder(x, s, n)
	m.publicPower(z, x, s, k.E, t)
	m.settle(z)
	return z
}

// below reports whether x is below y. Both are public.
func below(x, y []uint32) bool {
	for i := len(x) - 1; i >= 0; i-- {
		if x[i] != y[i] {
			return x[i] < y[i]
		}
	}
	return false
}
