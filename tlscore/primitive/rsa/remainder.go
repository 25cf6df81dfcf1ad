package rsa

import "math/bits"

// divisor is a number as remainder divides by it; it need not be odd. Its length in bits is not secret.
type divisor struct {
	by         []uint32
	length     int    // words of the divisor without leading zeros
	shift      int    // leading zero bits of its highest word
	top        uint32 // its 32 highest bits
	reciprocal uint32 // (2^64 - 1)/top - 2^32
}

func (d *divisor) set(by []uint32) {
	d.by = by
	d.length = len(by)
	for d.length > 3 && by[d.length-1] == 0 {
		d.length--
	}
	d.shift = bits.LeadingZeros32(by[d.length-1])
	d.top, _ = d.highest(by)
	// Bit by bit, so that no division instruction sees a secret. The rest stays below top; its next bit is a one. What is taken off
	// is decided by the borrow of the subtraction in words (Warren, Hacker's Delight, section 2-13), of which LLVM
	// makes no branch, as it does of a comparison of 64 bits.
	r, q := ^d.top, uint32(0)
	for range 32 {
		carry := r >> 31
		r = r<<1 | 1
		borrow := (^r&d.top | ^(r^d.top)&(r-d.top)) >> 31
		fits := carry | (borrow ^ 1)
		q = q<<1 | fits
		r -= d.top & -fits
	}
	d.reciprocal = q
}

// highest returns the 64 bits of x that stand where the divisor has its 64 highest bits.
func (d *divisor) highest(x []uint32) (high, low uint32) {
	a, b, c := x[d.length-1], x[d.length-2], x[d.length-3]
	return a<<d.shift | b>>(32-d.shift), b<<d.shift | c>>(32-d.shift)
}

// quotient returns (high*2^32 + low)/top, at most 2^32-1, for high <= top.
func (d *divisor) quotient(high, low uint32) uint32 {
	p := uint64(d.reciprocal)*uint64(high) + (uint64(high)<<32 | uint64(low))
	q := uint32(p>>32) + 1
	r := low - q*d.top
	over := (uint64(uint32(p)) - uint64(r)) >> 63 // 1 when r > uint32(p)
	q -= uint32(over)
	r += d.top & -uint32(over)
	q += 1 - uint32((uint64(r)-uint64(d.top))>>63)
	overflow := (uint64(high) - uint64(d.top)) >> 63 // 0 when high = top
	return q | (uint32(overflow) - 1)
}

// shiftIn sets x to x*2^32 + w modulo the divisor, for x below it.
func (d *divisor) shiftIn(x []uint32, w uint32) {
	// The quotient of the highest words is at most 2 too large (Knuth, 4.3.1, theorem B).
	q := uint64(d.quotient(d.highest(x)))
	by := d.by[:len(x)]
	carry := uint64(0)
	for i, v := range by {
		carry += q * uint64(v)
		rest := uint64(w) - carry&0xffffffff
		w, x[i] = x[i], uint32(rest)
		carry = carry>>32 + rest>>63
	}
	high := int32(w - uint32(carry)) // 0, -1 or -2
	for range 2 {
		high += int32(addMasked(x, by, uint32(high>>31)))
	}
}

// remainder sets x to y*2^(32*zeros) modulo the divisor. y may be longer or shorter than it.
func (d *divisor) remainder(x, y []uint32, zeros int) {
	clear(x)
	at := max(len(y)-d.length+1, 0)
	copy(x, y[at:]) // below the divisor, which has a word more
	for at--; at >= 0; at-- {
		d.shiftIn(x, y[at])
	}
	for range zeros {
		d.shiftIn(x, 0)
	}
}
