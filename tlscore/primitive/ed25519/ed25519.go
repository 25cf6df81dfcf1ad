package ed25519

import "colibri/tlscore/primitive/subtle"

// Sizes in bytes.
const (
	SeedSize      = 32 // the private key, and the public one too
	SignatureSize = 64
)

// PublicKey sets pub to the public key of seed (RFC 8032, section 5.1.5).
func PublicKey(pub, seed *[SeedSize]byte) { publicKey(pub, seed) }

// Key is a private key together with its public one, in the caller's memory: 64 bytes, first the seed. With both at hand a
// signature takes half of the time that one from the seed alone does.
type Key [SeedSize + SeedSize]byte

// Init makes k the key of the seed. A Key is made in no other way: a signature with a wrong public key tells the private one.
func (k *Key) Init(seed *[SeedSize]byte) {
	copy(k[:SeedSize], seed[:])
	publicKey(k.Public(), seed)
}

// Public returns the public key, in the memory of k. It must not be changed.
func (k *Key) Public() *[SeedSize]byte { return (*[SeedSize]byte)(k[SeedSize:]) }

// Wipe forgets the key.
func (k *Key) Wipe() { subtle.Wipe(k[:]) }

// Sign sets sig to the signature of msg (RFC 8032, section 5.1.6).
func Sign(sig *[SignatureSize]byte, k *Key, msg []byte) { sign(sig, k, msg) }

// Verify reports whether sig is a signature of msg by the key pub (RFC 8032, section 5.1.7).
func Verify(pub *[SeedSize]byte, msg []byte, sig *[SignatureSize]byte) bool {
	return verify(pub, msg, sig)
}
