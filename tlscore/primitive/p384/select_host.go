//go:build (amd64 || arm64) && !portable && !tinygo

package p384

// The host implementation is the faster one here.

func publicKey(pub *[PointSize]byte, priv *[ScalarSize]byte) bool { return publicKeyHost(pub, priv) }

func ecdh(shared, priv *[ScalarSize]byte, peer []byte) bool { return ecdhHost(shared, priv, peer) }

func sign(sig *[SignatureSize]byte, priv *[ScalarSize]byte, digest, entropy []byte) bool {
	return signHost(sig, priv, digest, entropy)
}

func verify(pub, digest []byte, sig *[SignatureSize]byte) bool { return verifyHost(pub, digest, sig) }
