//go:build !((amd64 || arm64) && !portable && !tinygo)

package rsa

import "colibri/tlscore/primitive/sha2"

// The portable implementation is the only one here, or the one asked for by the tag.

// hostKey is what the host implementation keeps with a private key: nothing here.
type hostKey struct{}

func (k *PrivateKey) prepare() {}

// None of these is inlined: a caller of several would get a frame with room for all of them.

//go:noinline
func verifyPKCS1v15(k *PublicKey, a sha2.Algorithm, digest, sig []byte, scratch *Scratch) bool {
	return verifyPKCS1v15Portable(k, a, digest, sig, scratch)
}

//go:noinline
func verifyPSS(k *PublicKey, a sha2.Algorithm, digest, sig []byte, scratch *Scratch) bool {
	return verifyPSSPortable(k, a, digest, sig, scratch)
}

//go:noinline
func signPSS(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, salt, blinding []byte, scratch *Scratch) error {
	return signPSSPortable(sig, k, a, digest, salt, blinding, scratch)
}

//go:noinline
func signPKCS1v15(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, blinding []byte, scratch *Scratch) error {
	return signPKCS1v15Portable(sig, k, a, digest, blinding, scratch)
}
