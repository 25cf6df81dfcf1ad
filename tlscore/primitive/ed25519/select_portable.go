//go:build !((amd64 || arm64) && !portable && !tinygo)

package ed25519

// The portable implementation is the only one here, or the one asked for by the tag.

func publicKey(pub, seed *[SeedSize]byte) { publicKeyPortable(pub, seed) }

func sign(sig *[SignatureSize]byte, k *Key, msg []byte) { signPortable(sig, k, msg) }

func verify(pub *[SeedSize]byte, msg []byte, sig *[SignatureSize]byte) bool {
	return verifyPortable(pub, msg, sig)
}
