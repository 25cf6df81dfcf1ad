package rsa

import "colibri/tlscore/primitive/sha2"

// VerifyPKCS1v15 reports whether sig is a signature of digest by the key k (RFC 8017, section 8.2.2). The encoding is compared as
// a whole: there is one valid encoding of a digest.
func VerifyPKCS1v15(k *PublicKey, a sha2.Algorithm, digest, sig []byte, scratch *Scratch) bool {
	return known(a, digest) && k.acceptable() && verifyPKCS1v15(k, a, digest, sig, scratch)
}

// VerifyPSS reports whether sig is a signature of digest by the key k, with MGF1 over the same hash and a salt as long as
// the hash (RFC 8017, section 8.1.2).
func VerifyPSS(k *PublicKey, a sha2.Algorithm, digest, sig []byte, scratch *Scratch) bool {
	return known(a, digest) && k.acceptable() && verifyPSS(k, a, digest, sig, scratch)
}

// SignPSS writes the signature of digest to sig, which is as long as the modulus (RFC 8017, section 8.1.1). The salt is as long as
// the hash and fresh; it can be read in the signature. blinding is secret randomness, 32 bytes of it, which the
// signature does not depend on; what is missing there the key itself makes up for. After an error sig is zero.
func SignPSS(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, salt, blinding []byte, scratch *Scratch) error {
	clear(sig)
	if !known(a, digest) || len(salt) != a.Size() || len(sig) != len(k.N) {
		return ErrLength
	}
	if !k.acceptable() {
		return ErrKey
	}
	return signPSS(sig, k, a, digest, salt, blinding, scratch)
}

// SignPKCS1v15 writes the signature of digest to sig, which is as long as the modulus (RFC 8017, section 8.2.1), as TLS 1.2 uses
// it. About blinding and errors see SignPSS.
func SignPKCS1v15(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, blinding []byte, scratch *Scratch) error {
	clear(sig)
	if !known(a, digest) || len(sig) != len(k.N) {
		return ErrLength
	}
	if !k.acceptable() {
		return ErrKey
	}
	return signPKCS1v15(sig, k, a, digest, blinding, scratch)
}

// known reports whether a is a hash and digest is as long as its digests.
func known(a sha2.Algorithm, digest []byte) bool {
	return (a == sha2.SHA256 || a == sha2.SHA384 || a == sha2.SHA512) && len(digest) == a.Size()
}

// acceptable reports whether the numbers of k are within the limits, which are those of the shape only.
func (k *PublicKey) acceptable() bool {
	if k.E < 3 || k.E&1 == 0 || len(k.N) < MinBits/8 || len(k.N) > MaxBits/8 {
		return false
	}
	// A modulus of MinBits bits has its first bit set.
	return k.N[0] != 0 && (len(k.N) > MinBits/8 || k.N[0] >= 0x80) && k.N[len(k.N)-1]&1 == 1
}

// acceptable reports whether the numbers of k have the shape that PrivateKey describes.
func (k *PrivateKey) acceptable() bool {
	half := len(k.N) / 2
	return k.PublicKey.acceptable() && len(k.N)%32 == 0 && k.N[0] >= 0x80 && isPrime(k.P, half) && isPrime(k.Q, half) &&
		len(k.Dp) <= half && len(k.Dq) <= half && len(k.Qinv) <= half
}

// isPrime reports whether p has exactly 8*size bits and is odd, which is all of primality that is looked at here.
func isPrime(p []byte, size int) bool {
	return len(p) == size && p[0] >= 0x80 && p[size-1]&1 == 1
}
