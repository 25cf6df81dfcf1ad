// Package sha2 computes SHA-256, SHA-384 and SHA-512 (FIPS 180-4).
//
// A Digest is a plain value: an assignment forks a running hash, which is how a TLS transcript is hashed once
// and read at several points. It makes no allocation, on any platform.
//
// The portable implementation is written for 32-bit cores. Its time depends on the length of the input only,
// never on contents. On amd64 and arm64 the compression function is the standard library's assembly, which
// a Digest reaches with some 100 ns for each Write and Sum; Sum, the function, is the standard library's own.
package sha2
