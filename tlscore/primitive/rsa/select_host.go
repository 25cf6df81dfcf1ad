//go:build (amd64 || arm64) && !portable && !tinygo

package rsa

import "colibri/tlscore/primitive/sha2"

// The host implementation is the faster one here.

func verifyPKCS1v15(k *PublicKey, a sha2.Algorithm, digest, sig []byte, scratch *Scratch) bool {
	return verifyPKCS1v15Host(k, a, digest, sig, scratch)
}

func verifyPSS(k *PublicKey, a sha2.Algorithm, digest, sig []byte, scratch *Scratch) bool {
	return verifyPSSHost(k, a, digest, sig, scratch)
}

func signPSS(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, salt, blinding []byte, scratch *Scratch) error {
	return signPSSHost(sig, k, a, digest, salt, blinding, scratch)
}

func signPKCS1v15(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, blinding []byte, scratch *Scratch) error {
	return signPKCS1v15Host(sig, k, a, digest, blinding, scratch)
}
