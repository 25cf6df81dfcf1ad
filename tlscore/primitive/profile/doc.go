// Package profile says which algorithms a program contains: all of them, or with the build tag colibri_small only those that every
// implementation of TLS 1.3 must have (RFC 8446, section 9.1), except RSA signatures:
//
//	AES-128-GCM, SHA-256, ECDH and ECDSA on P-256
//
// What a program does not contain is never negotiated, and no signature by it is verified. In TLS 1.2 the same algorithms remain, as the suite
// TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256. The other algorithms (SHA-384 and SHA-512, P-384, X25519, Ed25519, RSA, AES-256, AES-CCM and
// ChaCha20-Poly1305) and TLS 1.2 take half of the flash of a server that has everything: results/rv32.txt, ServerSize.
//
// This is a build tag and not a value in a configuration, because compilers cannot see which entries of a table a configuration uses.
//
// The tag colibri_compact is for programs that are optimized for size. In the portable implementations, loops that are written out
// for speed are rolled up, and tables are smaller. Results are the same. It can be combined with either profile.
package profile
