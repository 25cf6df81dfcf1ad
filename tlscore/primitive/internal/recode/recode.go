// Package recode writes scalars as sums of signed digits for multiplications of points.
package recode

import (
	"colibri/tlscore/primitive/internal/modular"
	"colibri/tlscore/primitive/subtle"
)

// Odd is an odd scalar as a sum of all powers of two below 2^length, each counted +1 (bit set) or -1.
// Every odd number below 2^length has exactly one such form: k = sum of (2*bit(b) - 1)*2^b means that the
// bits are those of (k-1)/2, with bit length-1 set. So each group of bits is an odd digit, never zero, and
// a multiplication makes the same additions for all scalars and starts with a point that is not the point
// at infinity (Hamburg, "Fast and compact elliptic-curve cryptography", 2012,
// https://eprint.iacr.org/2012/309, section 3.3).
//
// It also keeps additions in constant time away from equal and opposite points, where the short formulas
// fail. Call a*P what was accumulated and d*P what is added. Multiplications go through positions from
// high to low: at each they double at least once, then add the position's digits (one, or one of each
// comb) by decreasing weight. The weights of one position are different powers of two, the last is 1, and
// digits are odd: after each position a is odd. Hence
//   - a and d have different numbers of factors two, so that a != d and a != -d as numbers;
//   - these could still agree modulo the order n where |a|+|d| >= n, which only the additions after the
//     last doubling reach, and those stay below 2n. But unless d is the position's last digit, a and d are
//     both even, so that a+d and a-d are not +-n, which is odd;
//   - for the last digit of all a+d = k is no multiple of n, but a-d = +-n is possible, for the scalars k
//     = n-2|d|.
//
// So only the last addition must work for equal points.
type Odd [modular.MaxWords + 1]uint32

// Set recodes k, a scalar in [1, n-1] of as many words as n. An even k is replaced by n-k; all ones are
// returned then, and 0 otherwise. The length is at least the number of bits of n, and at most 31 more.
func (r *Odd) Set(k, n []uint32, length int) (negative uint32) {
	k = k[:len(n)]
	negative = k[0]&1 - 1
	carry := uint64(negative & 1)
	for i, w := range n {
		carry += uint64(w&negative) + uint64(k[i]^negative)
		r[i] = uint32(carry)
		carry >>= 32
	}
	r[len(n)] = 0
	for i := range n {
		r[i] = r[i]>>1 | r[i+1]<<31
	}
	r[(length-1)/32] |= 1 << ((length - 1) % 32)
	return negative
}

// Bit returns bit b.
func (r *Odd) Bit(b int) uint32 { return r[b/32] >> (b % 32) & 1 }

// Digit returns the digit of the bits 4*i to 4*i+3: its value is 2*index+1, or -(2*index+1) when negative
// is all ones.
func (r *Odd) Digit(i int) (index, negative uint32) {
	bits := r[i/8] >> (i % 8 * 4) & 15
	negative = bits>>3 - 1
	return (bits ^ negative) & 7, negative
}

// Wipe zeroes r.
func (r *Odd) Wipe() { subtle.Wipe(r[:]) }

// NonAdjacent writes k as the sum of digits[i]*2^i in non-adjacent form of width w, from 2 to 8: a digit
// is zero or odd and of magnitude below 2^(w-1), and at most one of any w consecutive digits is not zero
// (Solinas, "Efficient arithmetic on Koblitz curves", 2000). There is one digit more than k has bits. It
// takes variable time.
func NonAdjacent(digits []int8, k []uint32, w int) {
	clear(digits)
	carry := uint32(0)
	for i := 0; i < len(digits); i++ {
		bits := bitsFrom(k, i)&(1<<w-1) + carry
		if bits&1 == 0 {
			continue // the carry, if any, moves on with the bit that it met
		}
		carry = bits >> (w - 1)
		digits[i] = int8(int32(bits) - int32(carry<<w))
		i += w - 1
	}
}

// bitsFrom returns 32 bits of k from bit i on, where k continues with zeros.
func bitsFrom(k []uint32, i int) uint32 {
	if i >= 32*len(k) {
		return 0
	}
	v := uint64(k[i/32])
	if i/32+1 < len(k) {
		v |= uint64(k[i/32+1]) << 32
	}
	return uint32(v >> (i % 32))
}
