// Package x25519 is Diffie-Hellman on Curve25519 (RFC 7748).
//
// The portable implementation is made for 32-bit cores: a shared secret takes Montgomery's ladder, and a
// public key the comb of the base point on the equivalent Edwards curve (packages internal/field25519 and
// internal/edwards25519). It executes the same instructions whatever the keys are, and clears scalars and
// points when it is done. On amd64 and arm64 the package stands on cloudflare/circl, which is
// constant-time assembly. Neither allocates.
//
// Private keys are any 32 random bytes; they are clamped when they are used (RFC 7748, section 5). A
// point may have any encoding, with a coordinate of p or more and the highest bit set too, and be on the
// twist of the curve, as the RFC asks. Results may be written over inputs.
package x25519
