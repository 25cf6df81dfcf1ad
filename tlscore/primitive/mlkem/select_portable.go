//go:build !((amd64 || arm64) && !portable && !tinygo)

package mlkem

// The portable implementation is the only one here, or the one asked for by the tag.

func publicKey(pub *[PublicKeySize]byte, seed *[SeedSize]byte) { publicKeyPortable(pub, seed) }

func encapsulate(
	shared *[SharedSize]byte, ciphertext *[CiphertextSize]byte, pub []byte, message *[MessageSize]byte,
) bool {
	return encapsulatePortable(shared, ciphertext, pub, message)
}

func decapsulate(shared *[SharedSize]byte, seed *[SeedSize]byte, ciphertext []byte) bool {
	return decapsulatePortable(shared, seed, ciphertext)
}
