//go:build !((amd64 || arm64) && !portable && !tinygo)

package ed25519

// The portable implementation is the only one here, or the one asked for by the tag.

// None of these is inlined: a caller of several would get a frame with room for all of them.

//go:noinline
func publicKey(pub, seed *[SeedSize]byte) { publicKeyPortable(pub, seed) }

//go:noinline
func sign(sig *[SignatureSize]byte, k *Key, msg []byte) { signPortable(sig, k, msg) }

//go:noinline
func verify(pub *[SeedSize]byte, msg []byte, sig *[SignatureSize]byte) bool {
	return verifyPortable(pub, msg, sig)
}
