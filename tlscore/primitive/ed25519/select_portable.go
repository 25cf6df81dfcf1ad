//go:build !((amd64 || arm64) && !portable && !tinygo)

package ed25519

import "github.com/cloudflare/circl/sign/ed25519"

// PublicKey sets pub to the public key of seed (RFC 8032, section 5.1.5).
func PublicKey(pub, seed *[SeedSize]byte) {
	copy(pub[:], ed25519.NewKeyFromSeed(seed[:])[SeedSize:])
}

// Sign sets sig to the signature of msg (RFC 8032, section 5.1.6).
func Sign(sig *[SignatureSize]byte, seed *[SeedSize]byte, msg []byte) {
	copy(sig[:], ed25519.Sign(ed25519.NewKeyFromSeed(seed[:]), msg))
}

// Verify reports whether sig is a signature of msg by the key pub (RFC 8032, section 5.1.7).
func Verify(pub *[SeedSize]byte, msg []byte, sig *[SignatureSize]byte) bool {
	return ed25519.Verify(pub[:], msg, sig[:])
}
