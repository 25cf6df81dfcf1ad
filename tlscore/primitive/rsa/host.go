//go:build (amd64 || arm64) && !portable && !tinygo

package rsa

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"math/big"

	"colibri/tlscore/primitive/sha2"
)

// The host implementation stands on crypto/rsa. That blinds nothing, but is in constant time, and checks the
// signatures that it makes. It allocates: with Go 1.26 and 2048 bits a signature 8 times (without Check, a few
// hundred times), and a verification 15 times (TestHostAllocations holds the numbers). Longer keys it has no assembly for: verifying
// with them takes it up to 107 allocations and 1.3 times as long as the portable code.

// hostKey is what crypto/rsa computes of a private key. Check makes it; signing only reads it, so that several goroutines
// may sign with a key at once.
type hostKey struct{ std *rsa.PrivateKey }

func hashHost(a sha2.Algorithm) crypto.Hash {
	switch a {
	case sha2.SHA256:
		return crypto.SHA256
	case sha2.SHA384:
		return crypto.SHA384
	}
	return crypto.SHA512
}

var saltHost = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}

// publicHost returns a key in the form of crypto/rsa, which takes no exponents above 2^31.
func publicHost(k *PublicKey) (rsa.PublicKey, bool) {
	if k.E >= 1<<31 {
		return rsa.PublicKey{}, false
	}
	return rsa.PublicKey{N: new(big.Int).SetBytes(k.N), E: int(k.E)}, true
}

func verifyPKCS1v15Host(k *PublicKey, a sha2.Algorithm, digest, sig []byte, scratch *Scratch) bool {
	if len(k.N) == MinBits/8 {
		if key, ok := publicHost(k); ok {
			return rsa.VerifyPKCS1v15(&key, hashHost(a), digest, sig) == nil
		}
	}
	return verifyPKCS1v15Portable(k, a, digest, sig, scratch)
}

func verifyPSSHost(k *PublicKey, a sha2.Algorithm, digest, sig []byte, scratch *Scratch) bool {
	if len(k.N) == MinBits/8 {
		if key, ok := publicHost(k); ok {
			return rsa.VerifyPSS(&key, hashHost(a), digest, sig, saltHost) == nil
		}
	}
	return verifyPSSPortable(k, a, digest, sig, scratch)
}

// prepare keeps k in the form of crypto/rsa, if that takes it.
func (k *PrivateKey) prepare() { k.host.std = k.privateHost() }

// privateHost returns k in the form of crypto/rsa, nil if that does not take it.
func (k *PrivateKey) privateHost() *rsa.PrivateKey {
	public, ok := publicHost(&k.PublicKey)
	if !ok {
		return nil
	}
	number := func(b []byte) *big.Int { return new(big.Int).SetBytes(b) }
	p, q, one := number(k.P), number(k.Q), big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	d := new(big.Int).ModInverse(big.NewInt(int64(k.E)), phi)
	if d == nil {
		return nil
	}
	key := &rsa.PrivateKey{PublicKey: public, D: d, Primes: []*big.Int{p, q}}
	key.Precomputed.Dp, key.Precomputed.Dq, key.Precomputed.Qinv = number(k.Dp), number(k.Dq), number(k.Qinv)
	key.Precompute()
	return key
}

func signPSSHost(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, salt, blinding []byte, _ *Scratch) error {
	key := k.host.std
	if key == nil {
		key = k.privateHost()
	}
	if key == nil {
		return signPSSPortable(sig, k, a, digest, salt, blinding, new(Scratch))
	}
	made, err := rsa.SignPSS(bytes.NewReader(salt), key, hashHost(a), digest, saltHost)
	return finishHost(sig, made, err)
}

func signPKCS1v15Host(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, blinding []byte, _ *Scratch) error {
	key := k.host.std
	if key == nil {
		key = k.privateHost()
	}
	if key == nil {
		return signPKCS1v15Portable(sig, k, a, digest, blinding, new(Scratch))
	}
	made, err := rsa.SignPKCS1v15(nil, key, hashHost(a), digest)
	return finishHost(sig, made, err)
}

func finishHost(sig, made []byte, err error) error {
	clear(sig)
	if err != nil {
		return ErrFault
	}
	copy(sig, made)
	return nil
}
