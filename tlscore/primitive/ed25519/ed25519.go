package ed25519

// Sizes in bytes.
const (
	SeedSize      = 32 // the private key, and the public one too
	SignatureSize = 64
)

// PublicKey sets pub to the public key of seed (RFC 8032, section 5.1.5).
func PublicKey(pub, seed *[SeedSize]byte) { publicKey(pub, seed) }

// Sign sets sig to the signature of msg (RFC 8032, section 5.1.6). It computes the public key anew, for a
// signature with a wrong one would tell the private key.
func Sign(sig *[SignatureSize]byte, seed *[SeedSize]byte, msg []byte) { sign(sig, seed, msg) }

// Verify reports whether sig is a signature of msg by the key pub (RFC 8032, section 5.1.7).
func Verify(pub *[SeedSize]byte, msg []byte, sig *[SignatureSize]byte) bool {
	return verify(pub, msg, sig)
}
