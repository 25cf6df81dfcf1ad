package rsa

// Inversion works on signed numbers in limbs of 30 bits, in words as two's complement: all limbs but the highest are in [0,
// 2^30-1], the highest has the sign.
const (
	limbBits = 30
	limbMask = 1<<limbBits - 1
)

// limbsFor returns the limbs of numbers in (-2m, 2m) for a modulus of n words.
func limbsFor(n int) int { return (32*n+2)/limbBits + 1 }

// invert sets x to 1/x modulo m, for x in [0, m-1] prime to m; otherwise x becomes of no use. memory is 5*limbsFor words.
//
// It is the greatest common divisor by division steps, as in the package modular, whose memory ends at 384 bits. With f = m, g
// = x, d = 0 and e = 1 at first, d*x = f and e*x = g modulo m always, and in the end g = 0 and f = 1 or -1. For b bits and the
// variant of the steps that starts with delta = 1/2, floor((45907*b + 26313)/19929) steps are enough (Wuille,
// https://github.com/sipa/safegcd-bounds). They come in batches of 30, whose effect is a matrix of small numbers.
func (m *modulus) invert(x, memory []uint32) {
	n := limbsFor(len(x))
	var limbs [5][]uint32
	for i := range limbs {
		limbs[i], memory = memory[:n], memory[n:]
		clear(limbs[i])
	}
	f, g, d, e, mod := limbs[0], limbs[1], limbs[2], limbs[3], limbs[4]
	toLimbs(mod, m.words)
	copy(f, mod)
	toLimbs(g, x)
	e[0] = 1

	steps := (45907*32*len(x) + 26313) / 19929
	zeta := int32(-1)
	for ; steps > 0; steps -= limbBits {
		var t matrix
		zeta = t.steps(zeta, f[0], g[0])
		t.reduceBoth(f, g)
		t.reduceModulo(d, e, mod, m.neg)
	}
	sign := uint32(int32(f[n-1]) >> 31)
	addIfNegative(d, mod, sign)
	addIfNegative(d, mod, 0)
	fromLimbs(x, d)
}

// matrix is what 30 steps do: f becomes (u*f + v*g)/2^30 and g becomes (q*f + r*g)/2^30.
type matrix struct{ u, v, q, r int32 }

// steps makes 30 steps, which the lowest limbs of f and g determine, and returns the next zeta, which is -(delta + 1/2). A step is
//
//	if delta > 0 and g is odd: delta, f, g = 1-delta, g, (g-f)/2
//	else:                      delta, f, g = 1+delta, f, (g + (g mod 2)*f)/2
//
// The matrix is that of the undivided steps: instead of halving the row of g it doubles the row of f.
func (t *matrix) steps(zeta int32, f, g uint32) int32 {
	u, v, q, r := uint32(1), uint32(0), uint32(0), uint32(1)
	for range limbBits {
		minus := uint32(zeta >> 31) // all ones when delta > 0
		odd := -(g & 1)
		g += ((f ^ minus) - minus) & odd
		q += ((u ^ minus) - minus) & odd
		r += ((v ^ minus) - minus) & odd
		exchange := minus & odd
		zeta = int32(uint32(zeta)^exchange) - 1
		f += g & exchange
		u += q & exchange
		v += r & exchange
		g >>= 1
		u <<= 1
		v <<= 1
	}
	t.u, t.v, t.q, t.r = int32(u), int32(v), int32(q), int32(r)
	return zeta
}

// reduceBoth applies t to f and g. The division by 2^30 is exact.
func (t *matrix) reduceBoth(f, g []uint32) {
	g = g[:len(f)]
	last := len(f) - 1
	cf, cg := int64(0), int64(0)
	for i := range f {
		fi, gi := int64(int32(f[i])), int64(int32(g[i]))
		cf += int64(t.u)*fi + int64(t.v)*gi
		cg += int64(t.q)*fi + int64(t.r)*gi
		if i > 0 {
			f[i-1], g[i-1] = uint32(cf)&limbMask, uint32(cg)&limbMask
		}
		cf >>= limbBits
		cg >>= limbBits
	}
	f[last], g[last] = uint32(cf), uint32(cg)
}

// reduceModulo applies t to d and e modulo mod. Both are in (-2m, m) before and after: for a negative one the row counts m
// once more, and then so many multiples of m are added that the division by 2^30 is exact.
func (t *matrix) reduceModulo(d, e, mod []uint32, neg uint32) {
	e, mod = e[:len(d)], mod[:len(d)]
	last := len(d) - 1
	negativeD, negativeE := int32(d[last])>>31, int32(e[last])>>31
	md := t.u&negativeD + t.v&negativeE
	me := t.q&negativeD + t.r&negativeE
	// The lowest limb plus md*m is to be zero modulo 2^30; at most 2^30-1 multiples are taken off.
	md -= int32((uint32(md) - (uint32(t.u)*d[0]+uint32(t.v)*e[0])*neg) & limbMask)
	me -= int32((uint32(me) - (uint32(t.q)*d[0]+uint32(t.r)*e[0])*neg) & limbMask)
	cd, ce := int64(0), int64(0)
	for i := range d {
		di, ei, mi := int64(int32(d[i])), int64(int32(e[i])), int64(mod[i])
		cd += int64(t.u)*di + int64(t.v)*ei + mi*int64(md)
		ce += int64(t.q)*di + int64(t.r)*ei + mi*int64(me)
		if i > 0 {
			d[i-1], e[i-1] = uint32(cd)&limbMask, uint32(ce)&limbMask
		}
		cd >>= limbBits
		ce >>= limbBits
	}
	d[last], e[last] = uint32(cd), uint32(ce)
}

// addIfNegative adds mod to d when d is negative, and then negates d when sign is all ones.
func addIfNegative(d, mod []uint32, sign uint32) {
	mod = mod[:len(d)]
	last := len(d) - 1
	negative := uint32(int32(d[last]) >> 31)
	carry := int32(0)
	for i := range d {
		carry += int32((d[i]+mod[i]&negative)^sign) - int32(sign)
		d[i] = uint32(carry)
		if i < last {
			d[i] &= limbMask
		}
		carry >>= limbBits
	}
}

// toLimbs converts words to limbs, of which there are more.
func toLimbs(limbs, words []uint32) {
	for i := range limbs {
		limbs[i] = bitsAt(words, limbBits*i, limbBits)
	}
}

// fromLimbs converts limbs of a number that is not negative to words.
func fromLimbs(words, limbs []uint32) {
	for i := range words {
		at := 32 * i / limbBits
		shift := 32 * i % limbBits
		words[i] = limbs[at]>>shift | limbs[at+1]<<(limbBits-shift)
		if shift > 28 {
			words[i] |= limbs[at+2] << (2*limbBits - shift)
		}
	}
}

// bitsAt returns count bits of x, at most 30, from bit i on. Bits beyond x are zero.
func bitsAt(x []uint32, i, count int) uint32 {
	at := i / 32
	v := uint64(0)
	if at < len(x) {
		v = uint64(x[at])
	}
	if at+1 < len(x) {
		v |= uint64(x[at+1]) << 32
	}
	return uint32(v>>(i%32)) & (1<<count - 1)
}
