// Package mlkem is ML-KEM-768 (FIPS 203), the key encapsulation that TLS joins with X25519 in the group
// X25519MLKEM768 (draft-ietf-tls-ecdhe-mlkem, section 4). All randomness is the caller's, and a private key is its seed.
//
// The portable implementation allocates nothing and needs 2.5 KB of stack, of which three polynomials are most: elements of the
// matrix are used while they are drawn, and those of the secret and the public vector are drawn again wherever
// they are needed. What that costs falls on Decapsulate, a client's part: three times the instructions of circl's, which
// keeps all of them, in 29 KB of heap. Its parts, in reading order:
//
//   - ring.go: polynomials, their number-theoretic transform and products;
//   - sample.go: drawing them from seeds, by the sponge of package internal/keccak;
//   - encode.go: polynomials as bytes, compressed ones, and messages;
//   - portable.go: key generation, encryption and decryption, and the transform to a key encapsulation.
//
// # Side channels
//
// The same instructions are executed and the same addresses accessed whatever the message, the noise and the ciphertext
// are, whether the ciphertext is accepted or not; firmware/rv32 counts that. How long the matrix takes to draw depends on its
// seed, which is a part of the public key. What is secret is wiped.
//
// On amd64 and arm64 the package stands on cloudflare/circl, which is faster there and allocates: 6.5 KB in one piece for
// Encapsulate, 8 KB in four for the others. What circl leaves in memory is not wiped.
package mlkem
