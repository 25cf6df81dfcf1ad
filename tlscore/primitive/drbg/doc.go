// Package drbg makes a few hundred bits from a source of noise into as many random bytes as TLS asks for:
// a deterministic random bit generator for devices whose source is slow or biased. Hosts have better:
// crypto/rand.
//
// The generator is HMAC_DRBG with SHA-256 (NIST SP 800-90A revision 1, section 10.1.2) at a security
// strength of 256 bits. Its state moves on after every call, so that what was given out cannot be
// computed from a state that is read later. It refuses to work before it is seeded, and for ever after
// the source has failed a health test (until Init).
//
// The source is a [Source] of raw samples, one per byte, about which the caller asserts how many bits of
// min-entropy each has. Its samples pass the two continuous tests of SP 800-90B, section 4.4, repetition
// count and adaptive proportion, each with a false alarm in 2^20 samples or windows; the first 1,024
// samples are tested and dropped (section 4.3, start-up tests). SHA-256 then condenses them (section
// 3.1.5.1.1) to an entropy input of 256 bits and a nonce of 128 (SP 800-90A, section 8.6.7), each from
// samples of its own that are worth 64 bits more, so that it has full entropy (SP 800-90C).
//
// The order to read: health.go, generator.go, drbg.go. All memory is in the [DRBG] of the caller, 124
// bytes on 32 bits; nothing allocates.
package drbg
