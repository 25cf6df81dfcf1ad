//go:build (amd64 || arm64) && !portable && !tinygo

package mlkem

import "github.com/cloudflare/circl/kem/mlkem/mlkem768"

func publicKeyHost(pub *[PublicKeySize]byte, seed *[SeedSize]byte) {
	key, _ := mlkem768.NewKeyFromSeed(seed[:])
	key.Pack(pub[:])
}

func encapsulateHost(
	shared *[SharedSize]byte, ciphertext *[CiphertextSize]byte, pub []byte, message *[MessageSize]byte,
) bool {
	var key mlkem768.PublicKey
	if key.Unpack(pub) != nil {
		return false
	}
	key.EncapsulateTo(ciphertext[:], shared[:], message[:])
	return true
}

func decapsulateHost(shared *[SharedSize]byte, seed *[SeedSize]byte, ciphertext []byte) bool {
	if len(ciphertext) != CiphertextSize {
		return false
	}
	_, key := mlkem768.NewKeyFromSeed(seed[:])
	key.DecapsulateTo(shared[:], ciphertext)
	return true
}
