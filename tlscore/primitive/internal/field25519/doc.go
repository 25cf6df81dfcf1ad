// Package field25519 computes modulo p = 2^255 - 19, the prime of Curve25519 and edwards25519 (RFC 7748, section 4.1).
//
// An Element has eight words of 32 bits. That is one of two usual choices; the other, ten limbs of 25 or 26 bits, leaves
// room for carries and needs 100 word products for a multiplication instead of 64. A core without a carry flag, such as
// rv32, pays about eight instructions for a product that is added to a sum of three words and six for one that is
// added to a sum of two, but the longer limbs also need fewer loads and no chain of 64-bit carries at the end.
//
// Every operation takes the same time for all values and allocates nothing, but for those whose names say otherwise. They
// leave intermediate values on the stack: an algorithm with secrets clears its elements, not what lies below.
package field25519
