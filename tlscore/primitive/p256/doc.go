// Package p256 is Diffie-Hellman and ECDSA on NIST P-256 (secp256r1; SP 800-186, section 3.2.1.3), as TLS
// uses them: ECDH with uncompressed points (RFC 8446, section 4.2.8.2) and ecdsa_secp256r1 signatures,
// here as fixed-size r || s.
//
// # Portable implementation
//
// Pure Go for 32-bit cores. It allocates nothing and needs less than 2,560 bytes of stack; its table is 4
// KB of read-only data.
//
//   - Field elements are eight 32-bit words in Montgomery form. Products are unrolled column by column;
//     the prime's form makes Montgomery's reduction additions only (field.go).
//   - Points are in Jacobian coordinates. A doubling (4 multiplications, 4 squarings) is Longa and
//     Gebotys's, an addition of an affine point (8 multiplications, 3 squarings) is the chord rule
//     (point.go).
//   - Scalars of secret multiplications are recoded into odd digits, so that these short formulas never
//     meet a point that they do not handle; package recode has the proof, TestAdditionsAvoidExceptions
//     checks it on numbers. Multiples of the base point use a comb of 4 tables of 16 points: 52 additions,
//     12 doublings. Other points use digits of 4 bits: 64 additions, 252 doublings, and 8 odd multiples
//     computed first (multiply.go).
//   - A verification computes u1*G + u2*Q in one chain of doublings, u2 in non-adjacent form of width 5
//     (verify.go).
//   - Inversions are by safegcd, scalars by generic Montgomery arithmetic (package modular).
//
// # Host implementation
//
// On amd64 and arm64, unless built with the tag portable: the assembly of filippo.io/nistec for points,
// the same code as above for scalars. It does not allocate either.
//
// # Side channels
//
// PublicKey, ECDH and Sign execute the same instructions, and touch the same memory, for all private keys
// in range, digests of one length and entropy of one length: there are no branches or indices that depend
// on them, tables are read as a whole, multiplications are 32x32->64 bits. TestConstantTime counts the
// instructions. A CPU whose multiplier takes variable time would still leak. Only a rejected candidate for
// ECDSA's secret number (probability 2^-32) takes longer; it says nothing about the number used. Verify
// takes variable time, its inputs are public. Scalars, the secret number, points and digits are wiped from
// the stack; words that the compiler spilled are not. There is no protection against faults or power
// analysis except that entropy makes the secret number of each signature new.
//
// # Limits
//
// Compressed and hybrid encodings of points are refused (RFC 8422, section 5.1.2 deprecates them), as is
// the point at infinity. Digests may have any length: of longer ones the first 32 bytes count. Signatures
// are not normalised to a low s.
package p256
