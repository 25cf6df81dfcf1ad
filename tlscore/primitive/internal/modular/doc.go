// Package modular computes modulo primes of up to 384 bits, those of the NIST curves and of edwards25519:
// Montgomery multiplication for scalars, and inversion for scalars and coordinates.
//
// An element is a slice of 32-bit words, least significant first, as long as its modulus. All operations
// take values in [0, m-1] and return such values, take the same time for all values, use only 32x32->64
// bit multiplications and allocate nothing. Mul, Add and Invert wipe their intermediate numbers.
//
// Multiplication is Montgomery's ("Modular multiplication without trial division", 1985), word by word.
// Inversion is the constant-time greatest common divisor of Bernstein and Yang ("Fast constant-time gcd
// computation and modular inversion", 2019, https://eprint.iacr.org/2019/266), with the variant delta =
// 1/2 and batches of 30 steps.
package modular
