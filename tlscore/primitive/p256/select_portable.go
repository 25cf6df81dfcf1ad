//go:build !((amd64 || arm64) && !portable && !tinygo)

package p256

// The portable implementation is the only one here, or the one asked for by the tag.

// None of these is inlined: a caller of several would get a frame with room for all of them.

//go:noinline
func publicKey(pub *[PointSize]byte, priv *[ScalarSize]byte) bool {
	return publicKeyPortable(pub, priv)
}

//go:noinline
func ecdh(shared, priv *[ScalarSize]byte, peer []byte) bool { return ecdhPortable(shared, priv, peer) }

//go:noinline
func sign(sig *[SignatureSize]byte, priv *[ScalarSize]byte, digest, entropy []byte) bool {
	return signPortable(sig, priv, digest, entropy)
}

//go:noinline
func verify(pub, digest []byte, sig *[SignatureSize]byte) bool {
	return verifyPortable(pub, digest, sig)
}
