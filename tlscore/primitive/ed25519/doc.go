// Package ed25519 is the signature scheme Ed25519 (RFC 8032).
package ed25519

// Sizes in bytes.
const (
	SeedSize      = 32 // the private key, and the public one too
	SignatureSize = 64
)
