// Package ed25519 is the signature scheme Ed25519 (RFC 8032, section 5.1), the one that signs the message itself.
//
// Verification is the strict reading of RFC 8032, section 5.1.7: the public key and the first half of the signature are canonical
// encodings of points, the second half is below the group's order, and the equation holds without the cofactor.
//
// On amd64 and arm64 the package stands on crypto/ed25519, which allocates when it signs (the tests pin how much). The
// portable implementation is our own, made for 32 bits (packages internal/field25519 and internal/edwards25519), and allocates nothing. Both
// sign in constant time; verification takes a time that depends on its inputs, which are public.
package ed25519
