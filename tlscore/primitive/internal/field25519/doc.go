// Package field25519 computes modulo p = 2^255 - 19, the prime of Curve25519 and edwards25519 (RFC 7748,
// section 4.1).
//
// An Element has eight words of 32 bits. The usual alternative is ten limbs of 25 or 26 bits, which leave
// room for carries. On a core without a carry flag, such as rv32, adding a product to a sum of three words
// takes eight instructions and to a sum of two words six; but ten limbs need 100 products instead of 64,
// more loads, and a chain of 64-bit carries at the end. As it is, a multiplication takes about 640
// instructions there and a squaring about 450, reduction included.
//
// Every operation but SquareRoot takes the same time for all values. Nothing is allocated. Intermediate
// values are left on the stack: an algorithm with secrets clears its elements, not what lies below.
package field25519
