// Package profile says which algorithms a program contains: all of them, or with the build tag colibri_small those that every
// implementation of TLS 1.3 has to have (RFC 8446, section 9.1), but for signatures by RSA:
//
//	AES-128-GCM, SHA-256, ECDH and ECDSA on P-256
//
// What a program does not contain is not negotiated and verifies nothing. TLS 1.2 has the same in both profiles, as ECDHE_ECDSA. SHA-384 and SHA-512,
// P-384, X25519, Ed25519, RSA, AES-256, AES-CCM and ChaCha20-Poly1305 take two thirds of the flash.
//
// It is a tag, and not a value in a configuration, because compilers do not see which entries of a table a configuration reaches.
//
// The tag colibri_compact is for programs that are optimized for size: loops that are written out for speed are rolled up, and tables are
// smaller, in the portable implementations. It changes no result, and goes with either profile.
package profile
