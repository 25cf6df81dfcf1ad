package rsa

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"math/big"

	"colibri/tlscore/primitive/sha2"
)

// Scratch is memory for one operation.
type Scratch struct{}

var hashes = [...]crypto.Hash{sha2.SHA256: crypto.SHA256, sha2.SHA384: crypto.SHA384, sha2.SHA512: crypto.SHA512}

func public(k *PublicKey) *rsa.PublicKey { return &rsa.PublicKey{N: new(big.Int).SetBytes(k.N), E: int(k.E)} }

func private(k *PrivateKey) *rsa.PrivateKey {
	n := func(b []byte) *big.Int { return new(big.Int).SetBytes(b) }
	key := &rsa.PrivateKey{PublicKey: *public(&k.PublicKey), D: n(k.D), Primes: []*big.Int{n(k.P), n(k.Q)}}
	key.Precomputed.Dp, key.Precomputed.Dq, key.Precomputed.Qinv = n(k.Dp), n(k.Dq), n(k.Qinv)
	key.Precompute()
	return key
}

// VerifyPKCS1v15 reports whether sig is a signature of digest (RFC 8017, section 8.2.2).
func VerifyPKCS1v15(k *PublicKey, a sha2.Algorithm, digest, sig []byte, _ *Scratch) bool {
	return rsa.VerifyPKCS1v15(public(k), hashes[a], digest, sig) == nil
}

// VerifyPSS reports whether sig is a signature of digest with a salt as long as the hash (RFC 8017, section 8.1.2).
func VerifyPSS(k *PublicKey, a sha2.Algorithm, digest, sig []byte, _ *Scratch) bool {
	return rsa.VerifyPSS(public(k), hashes[a], digest, sig, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
}

// SignPSS writes the signature of digest to sig (RFC 8017, section 8.1.1).
func SignPSS(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, salt, _ []byte, _ *Scratch) error {
	s, err := rsa.SignPSS(bytes.NewReader(salt), private(k), hashes[a], digest, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	if err != nil {
		return ErrKey
	}
	copy(sig, s)
	return nil
}

// SignPKCS1v15 writes the signature of digest to sig (RFC 8017, section 8.2.1).
func SignPKCS1v15(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, _ []byte, _ *Scratch) error {
	s, err := rsa.SignPKCS1v15(nil, private(k), hashes[a], digest)
	if err != nil {
		return ErrKey
	}
	copy(sig, s)
	return nil
}
