// Package rsa signs and verifies with RSA keys of 2048 to 4096 bits: RSASSA-PSS and RSASSA-PKCS1-v1_5 (RFC 8017, sections 8.1
// and 8.2) with SHA-256, SHA-384 and SHA-512. PSS always has a salt as long as the hash, as TLS 1.3 wants it (RFC 8446, section
// 4.2.3). There is no encryption.
//
// The portable implementation works on 32-bit words in the caller's Scratch and allocates nothing. Its parts, in reading
// order:
//
//   - kernel.go: products of long numbers, in blocks of rows (Gura et al., "Comparing elliptic curve cryptography and RSA on
//     8-bit CPUs", 2004, section 2.2: the hybrid method);
//   - montgomery.go: multiplication modulo an odd number (Montgomery, "Modular multiplication without trial division", 1985);
//   - remainder.go: division by a number of the same length, word by word (Knuth, The Art of Computer Programming, 4.3.1,
//     algorithm D), its quotient words by a reciprocal (Möller and Granlund, "Improved division by invariant
//     integers", 2011, algorithm 4);
//   - invert.go: inversion (Bernstein and Yang, "Fast constant-time gcd computation and modular inversion", 2019);
//   - power.go: exponentiation, by a public exponent and by a secret one;
//   - encode.go: EMSA-PSS, EMSA-PKCS1-v1_5 and MGF1 (RFC 8017, sections 9 and B.2.1);
//   - private.go: the private operation; check.go: whether the numbers of a key belong together.
//
// # Side channels
//
// The private operation executes the same instructions and accesses the same addresses whatever the primes, the
// exponents, the message and the blinding are: fixed windows, each looked up by reading the whole table, no division
// instruction. The number that is raised to a secret power is blinded (Kocher, "Timing attacks on implementations of
// Diffie-Hellman, RSA, DSS, and other systems", 1996, section 10) for each prime apart. A signature is verified before it is
// given away, because a wrong one by the Chinese remainder theorem tells the primes (Boneh, DeMillo and Lipton,
// "On the importance of checking cryptographic protocols for faults", 1997). Sizes, the public key and signatures are not secret.
//
// On amd64 and arm64 the functions stand on crypto/rsa, which allocates (the tests pin how much).
package rsa

// Limits of a modulus, in bits.
const (
	MinBits = 2048
	MaxBits = 4096
)

// PublicKey is a view of a public key.
type PublicKey struct {
	N []byte // the modulus, big-endian, without leading zeros; odd
	E uint32 // the public exponent; odd, at least 3
}

// PrivateKey is a view of a private key with two primes and what the Chinese remainder theorem needs of them (RFC 8017,
// section 3.2), all big-endian. The modulus has 2048 to 4096 bits, a multiple of 256, and its first bit set; each prime has
// half as many bits and its first bit set (FIPS 186-5, section A.1.1). The key must not change after Check.
type PrivateKey struct {
	PublicKey
	P, Q, Dp, Dq, Qinv []byte
	host               hostKey
}

// Scratch is memory for one operation at a time, 3 KB. Of what a private operation leaves there nothing remains.
//
// It holds a public operation with 4096 bits or a private one: with 2048 bits and windows of 4 bits (16 powers
// of half the length), with 3072 bits and windows of 3, or with 4096 bits and windows of 2.
type Scratch struct {
	words [scratchWords]uint32
}

const scratchWords = 768

// Error says why a signature was not made.
type Error uint8

const (
	// ErrKey: the key is malformed, of a size that is not supported, or its parts do not belong together.
	ErrKey Error = iota + 1
	// ErrLength: the signature's memory, the digest or the salt has not the length that it must have.
	ErrLength
	// ErrFault: the signature that was computed is wrong, because of the key or because of a fault in the computation.
	ErrFault
)

var texts = [...]string{
	ErrKey:    "rsa: the private key is malformed or not of 2048 to 4096 bits",
	ErrLength: "rsa: signature, digest or salt of wrong length",
	ErrFault:  "rsa: the signature that was computed is wrong",
}

// Error returns a sentence.
func (e Error) Error() string {
	if int(e) < len(texts) && texts[e] != "" {
		return texts[e]
	}
	return "rsa: unknown error"
}
