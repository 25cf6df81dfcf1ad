//go:build (amd64 || arm64) && !portable && !tinygo

package mlkem

// The host implementation is the faster one here.

func publicKey(pub *[PublicKeySize]byte, seed *[SeedSize]byte) { publicKeyHost(pub, seed) }

func encapsulate(
	shared *[SharedSize]byte, ciphertext *[CiphertextSize]byte, pub []byte, message *[MessageSize]byte,
) bool {
	return encapsulateHost(shared, ciphertext, pub, message)
}

func decapsulate(shared *[SharedSize]byte, seed *[SeedSize]byte, ciphertext []byte) bool {
	return decapsulateHost(shared, seed, ciphertext)
}
