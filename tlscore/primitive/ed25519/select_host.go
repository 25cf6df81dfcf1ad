//go:build (amd64 || arm64) && !portable && !tinygo

package ed25519

// The host implementation is the faster one here.

func publicKey(pub, seed *[SeedSize]byte) { publicKeyHost(pub, seed) }

func sign(sig *[SignatureSize]byte, k *Key, msg []byte) { signHost(sig, k, msg) }

func verify(pub *[SeedSize]byte, msg []byte, sig *[SignatureSize]byte) bool {
	return verifyHost(pub, msg, sig)
}
