//go:build (amd64 || arm64) && !portable && !tinygo

package rsa

import "colibri/tlscore/primitive/sha2"

// The host implementation is the faster one here.

func verifyPKCS1v15(k *PublicKey, a sha2.Algorithm, digest, sig []byte, _ *Scratch) bool {
	return verifyPKCS1v15Host(k, a, digest, sig)
}

func verifyPSS(k *PublicKey, a sha2.Algorithm, digest, sig []byte, _ *Scratch) bool {
	return verifyPSSHost(k, a, digest, sig)
}

func signPSS(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, salt, _ []byte, _ *Scratch) error {
	return signPSSHost(sig, k, a, digest, salt)
}

func signPKCS1v15(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, _ []byte, _ *Scratch) error {
	return signPKCS1v15Host(sig, k, a, digest)
}
