// Package ed25519 is the signature scheme Ed25519 (RFC 8032, section 5.1), the one that signs the message
// itself.
//
// Verification is the strict reading of RFC 8032, section 5.1.7: the public key is the canonical encoding
// of a point, the second half of the signature is below the group's order, and the first half is the
// canonical encoding of S*B - k*A: the equation without the cofactor. Points of small order are let
// through. That is what crypto/ed25519 accepts, but for public keys whose encoding is not canonical,
// which it decodes all the same; no encoder writes them.
//
// The portable implementation is made for 32 bits (packages internal/field25519 and
// internal/edwards25519) and does not allocate. It signs with the same instructions for all keys and
// clears scalars, points and hashes when it is done. Verification takes a time that depends on its
// inputs, which are public. On amd64 and arm64 the package stands on crypto/ed25519, which allocates for the
// first signature with a Key and keeps then what it made for the next ones, until the Key's memory is
// collected: Wipe does not reach that.
package ed25519
