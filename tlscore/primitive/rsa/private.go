package rsa

import (
	"colibri/tlscore/primitive/hmac"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

func signPSSPortable(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, salt, blinding []byte, scratch *Scratch) error {
	encodePSS(sig, k.bits()-1, a, digest, salt)
	return k.sign(sig, blinding, scratch)
}

func signPKCS1v15Portable(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, blinding []byte, scratch *Scratch) error {
	encodePKCS1v15(sig, a, digest)
	return k.sign(sig, blinding, scratch)
}

// seedSize is the length of what the blinding of one signature is derived from.
const seedSize = 32

// sign replaces the encoded message in sig by its signature: RSASP1 (RFC 8017, section 5.2.1, second form), blinded, and
// verified before it is let out.
func (k *PrivateKey) sign(sig, blinding []byte, scratch *Scratch) error {
	// The seed is as secret as the key even if the caller's randomness is known or missing, as in RFC 6979.
	var seed [seedSize]byte
	var h hmac.HMAC
	h.Init(sha2.SHA256, k.P)
	h.Write(blinding)
	h.Write(sig)
	h.Sum(seed[:])
	h.Wipe()

	free := arena(scratch.words[:])
	half := len(k.P) / 4
	s := free.take(2 * half)
	root(s[:half], sig, k.Q, k.Dq, k.E, &seed, 'q', free)
	root(s[half:], sig, k.P, k.Dp, k.E, &seed, 'p', free)
	subtle.Wipe(seed[:])
	k.combine(s, free)

	em := k.power(s, free)
	wrong := em == nil
	if !wrong {
		want := free[:2*half] // the modulus, which is not needed any more
		setBytes(want, sig)
		wrong = !same(em, want)
	}
	putBytes(sig, s)
	subtle.Wipe(scratch.words[:])
	if wrong {
		clear(sig)
		return ErrFault
	}
	return nil
}

// root sets z to message^exponent modulo the prime. The message, big-endian, may be twice as long as the prime. e is
// the inverse of the exponent modulo prime-1.
//
// What is raised to the secret power is not c = message, but c*u^e with a random u, so that the result is c^exponent*u. u
// stands here as u*R, its Montgomery form; the inverse of that takes the factor u away and one R too many.
func root(z []uint32, message, prime, exponent []byte, e uint32, seed *[seedSize]byte, label byte, free arena) {
	n := len(z)
	var m modulus
	words := free.take(n)
	setBytes(words, prime)
	m.set(words)
	u := free.take(n)
	expand(u, seed, label)
	m.settle(u)

	work := free
	t, x := work.take(2*n), work.take(n)
	setBytes(t, message)
	m.remainder(z, t, n)
	m.publicPower(x, u, u, e, t)
	m.mul(z, z, x, t)
	m.power(z, exponent, t, x, work)
	m.invert(u, free)
	m.mul(x, z, u, t)
	m.settle(x)
	m.remainder(z, x, n)
}

// expand fills u with SHA-256 of the seed, a label and a counter.
func expand(u []uint32, seed *[seedSize]byte, label byte) {
	var block [seedSize + 2]byte
	var hash [32]byte
	copy(block[:], seed[:])
	block[seedSize] = label
	for i := 0; i < len(u); i += len(hash) / 4 {
		sha2.Sum(sha2.SHA256, hash[:], block[:])
		setBytes(u[i:min(i+len(hash)/4, len(u))], hash[:])
		block[seedSize+1]++
	}
	subtle.Wipe(block[:])
	subtle.Wipe(hash[:])
}

// combine replaces s, which has the root modulo Q in its lower half and the root modulo P in its upper one, by the number
// below P*Q that has both remainders (Garner's formula; RFC 8017, section 5.1.2, step 2b).
func (k *PrivateKey) combine(s []uint32, free arena) {
	half := len(s) / 2
	sq, sp := s[:half], s[half:]
	var m modulus
	words, t, inverse := free.take(half), free.take(2*half), free.take(half)
	setBytes(words, k.P)
	m.set(words)

	// h = (sp - sq)*Qinv modulo P. sq is below 2^(32*half), which is below 2P.
	x := free.take(half)
	copy(x, sq)
	m.settle(x)
	borrow := subtract(sp, x)
	addMasked(sp, words, -borrow)
	setBytes(x, k.Qinv)
	m.remainder(inverse, x, half)
	m.mul(sp, sp, inverse, t)
	m.settle(sp)

	// s = sq + h*Q
	setBytes(x, k.Q)
	product(t, sp, x)
	copy(x, sq)
	copy(s, t)
	carry := addMasked(sq, x, ^uint32(0))
	for i := range sp {
		sum := uint64(sp[i]) + uint64(carry)
		sp[i], carry = uint32(sum), uint32(sum>>32)
	}
}

// subtract subtracts y from x and returns the borrow.
func subtract(x, y []uint32) uint32 {
	y = y[:len(x)]
	borrow := int64(0)
	for i := range x {
		borrow += int64(x[i]) - int64(y[i])
		x[i] = uint32(borrow)
		borrow >>= 32
	}
	return uint32(-borrow)
}
