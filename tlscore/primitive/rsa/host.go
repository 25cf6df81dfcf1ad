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
// signatures that it makes.

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

func publicHost(k *PublicKey) (rsa.PublicKey, bool) {
	e := int(k.E) // 64 bits
	return rsa.PublicKey{N: new(big.Int).SetBytes(k.N), E: e}, e < 1<<31
}

func verifyPKCS1v15Host(k *PublicKey, a sha2.Algorithm, digest, sig []byte) bool {
	key, ok := publicHost(k)
	if !ok {
		return verifyPKCS1v15Portable(k, a, digest, sig, new(Scratch))
	}
	return rsa.VerifyPKCS1v15(&key, hashHost(a), digest, sig) == nil
}

func verifyPSSHost(k *PublicKey, a sha2.Algorithm, digest, sig []byte) bool {
	key, ok := publicHost(k)
	if !ok {
		return verifyPSSPortable(k, a, digest, sig, new(Scratch))
	}
	return rsa.VerifyPSS(&key, hashHost(a), digest, sig, saltHost) == nil
}

// privateHost returns the key with everything that crypto/rsa would compute at first use.
func privateHost(k *PrivateKey) (*rsa.PrivateKey, error) {
	number := func(b []byte) *big.Int { return new(big.Int).SetBytes(b) }
	p, q := number(k.P), number(k.Q)
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	public, ok := publicHost(&k.PublicKey)
	d := new(big.Int).ModInverse(number([]byte{byte(k.E >> 24), byte(k.E >> 16), byte(k.E >> 8), byte(k.E)}), phi)
	if !ok || d == nil {
		return nil, ErrKey
	}
	key := &rsa.PrivateKey{PublicKey: public, D: d, Primes: []*big.Int{p, q}}
	key.Precomputed.Dp, key.Precomputed.Dq, key.Precomputed.Qinv = number(k.Dp), number(k.Dq), number(k.Qinv)
	key.Precompute()
	return key, nil
}

func signPSSHost(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, salt []byte) error {
	key, err := privateHost(k)
	if err != nil {
		return err
	}
	made, err := rsa.SignPSS(bytes.NewReader(salt), key, hashHost(a), digest, saltHost)
	return finishHost(sig, made, err)
}

func signPKCS1v15Host(sig []byte, k *PrivateKey, a sha2.Algorithm, digest []byte) error {
	key, err := privateHost(k)
	if err != nil {
		return err
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
