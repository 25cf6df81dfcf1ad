// Package p384 is Diffie-Hellman and ECDSA on NIST P-384 (secp384r1).
package p384

// Sizes in bytes.
const (
	ScalarSize    = 48             // a private key or a coordinate, big-endian
	PointSize     = 97             // 0x04 || X || Y (SEC 1, 2.3.3, uncompressed)
	SignatureSize = 2 * ScalarSize // r || s
)

// PublicKey sets pub to the point priv*G. It returns false when priv is not in [1, n-1].
func PublicKey(pub *[PointSize]byte, priv *[ScalarSize]byte) bool {
	return publicKey(pub, priv)
}

// ECDH sets shared to the X coordinate of priv*peer (SP 800-56A, 5.7.1.2; RFC 8446, 7.4.2). It returns false when
// priv is not in [1, n-1] or peer is not the uncompressed encoding of a point on the curve.
func ECDH(shared, priv *[ScalarSize]byte, peer []byte) bool {
	return ecdh(shared, priv, peer)
}

// Sign sets sig to the ECDSA signature of digest with the key priv. The secret number comes from the key, the digest and
// entropy (RFC 6979, 3.6); with empty entropy the signature is deterministic. It returns false when priv is not in
// [1, n-1].
func Sign(sig *[SignatureSize]byte, priv *[ScalarSize]byte, digest, entropy []byte) bool {
	return sign(sig, priv, digest, entropy)
}

// Verify reports whether sig is a signature of digest by the key pub, an uncompressed point. Of digests longer than 48 bytes the first
// 48 count.
func Verify(pub []byte, digest []byte, sig *[SignatureSize]byte) bool {
	return verify(pub, digest, sig)
}
