package p256

// Sizes in bytes. Numbers are big-endian.
const (
	ScalarSize    = 32             // a private key, a shared secret, a coordinate
	PointSize     = 65             // a public key: 0x04 || X || Y (SEC 1, 2.3.3, uncompressed)
	SignatureSize = 2 * ScalarSize // r || s
)

// PublicKey sets pub to the public key of priv. It returns false when priv is not in [1, n-1], where n is
// the order of the curve; random keys are out of range with probability 2^-32 and must then be drawn
// again.
func PublicKey(pub *[PointSize]byte, priv *[ScalarSize]byte) bool {
	return publicKey(pub, priv)
}

// ECDH sets shared to the x coordinate of priv times peer (SP 800-56A, 5.7.1.2). It returns false when
// peer is not the uncompressed encoding of a point on the curve, or priv not in [1, n-1]; the result is
// never the point at infinity, because the order of the curve is prime.
func ECDH(shared, priv *[ScalarSize]byte, peer []byte) bool {
	return ecdh(shared, priv, peer)
}

// Sign sets sig to an ECDSA signature (FIPS 186-5, 6.4.1) of digest by priv. The secret number is derived
// from priv, digest and entropy with HMAC-SHA-256 (RFC 6979, 3.2 and 3.6): fresh entropy makes each
// signature new, and without any the signature is RFC 6979's. It returns false when priv is not in [1,
// n-1].
func Sign(sig *[SignatureSize]byte, priv *[ScalarSize]byte, digest, entropy []byte) bool {
	return sign(sig, priv, digest, entropy)
}

// Verify reports whether sig is an ECDSA signature (FIPS 186-5, 6.4.2) of digest by the uncompressed
// public key pub. It returns false as well when pub is not a point on the curve.
func Verify(pub, digest []byte, sig *[SignatureSize]byte) bool {
	return verify(pub, digest, sig)
}
