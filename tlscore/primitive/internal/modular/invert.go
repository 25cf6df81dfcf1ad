package modular

import "colibri/tlscore/primitive/subtle"

// Inversion works on signed numbers in limbs of 30 bits: all limbs but the top one are in [0, 2^30-1], the
// top one has the sign. So a limb times a 31-bit factor leaves room for sums in 64 bits.
const (
	limbBits = 30
	limbMask = 1<<limbBits - 1
	maxLimbs = 13 // 390 bits, for 384 and a sign
)

// matrix holds 2^30 times the transition matrix of 30 division steps: f' = (u*f + v*g)/2^30, g' = (q*f +
// r*g)/2^30.
type matrix struct{ u, v, q, r int32 }

// Invert sets z to 1/x mod m, and to 0 when x is 0. The slices may be the same.
//
// It starts with f = m, g = x and d = 0, e = 1, and keeps d*x = f and e*x = g mod m. Division steps turn g
// into 0 and f into +-gcd(m, x) = +-1; then +-d is the inverse. For moduli of b bits and the variant delta
// = 1/2, floor((45907*b + 26313)/19929) steps are enough, whatever x is: 591 for 256 bits and 885 for 384.
// That bound, and the proof by convex hulls behind it, are by Pieter Wuille
// (https://github.com/sipa/safegcd-bounds). Batches of 30 steps make it 600 and 900.
func (m *Modulus) Invert(z, x []uint32) {
	var f, g, d, e, mod [maxLimbs]uint32
	n := len(m.Words)*32/limbBits + 1
	batches := 20
	if n == maxLimbs {
		batches = 30
	}
	toLimbs(mod[:n], m.Words)
	toLimbs(g[:n], x)
	f = mod
	e[0] = 1
	// -1/m mod 2^30 is known from -1/m mod 2^32.
	neg := m.Neg & limbMask

	var t matrix
	zeta := int32(-1)
	for range batches {
		zeta = divisionSteps(&t, zeta, f[0], g[0])
		updateDE(&t, d[:n], e[:n], mod[:n], neg)
		updateFG(&t, f[:n], g[:n])
	}
	settle(d[:n], mod[:n], signOf(f[n-1]))
	fromLimbs(z[:len(m.Words)], d[:n])

	subtle.Wipe(f[:])
	subtle.Wipe(g[:])
	subtle.Wipe(d[:])
	subtle.Wipe(e[:])
}

// divisionSteps makes 30 steps on the low bits of f (odd) and g and puts their matrix into t. zeta is
// -(delta + 1/2); the value for the next batch is returned. A step is
//
//	if delta > 0 and g is odd: delta, f, g = 1-delta, g, (g-f)/2
//	else:                      delta, f, g = 1+delta, f, (g + (g mod 2)*f)/2
//
// The matrix is scaled up by doubling u and v instead of halving q and r.
func divisionSteps(t *matrix, zeta int32, f, g uint32) int32 {
	u, v, q, r := uint32(1), uint32(0), uint32(0), uint32(1)
	for range limbBits {
		minus := uint32(zeta >> 31) // all ones when delta > 0: f is subtracted, not added
		odd := -(g & 1)
		g += ((f ^ minus) - minus) & odd
		q += ((u ^ minus) - minus) & odd
		r += ((v ^ minus) - minus) & odd
		swap := minus & odd
		zeta = int32(uint32(zeta)^swap) - 1
		f += g & swap // g is g-f here
		u += q & swap
		v += r & swap
		g >>= 1
		u <<= 1
		v <<= 1
	}
	t.u, t.v, t.q, t.r = int32(u), int32(v), int32(q), int32(r)
	return zeta
}

// updateFG applies the matrix to f and g; the division by 2^30 is exact.
func updateFG(t *matrix, f, g []uint32) {
	u, v, q, r := int64(t.u), int64(t.v), int64(t.q), int64(t.r)
	g = g[:len(f)]
	cf := (u*signed(f[0]) + v*signed(g[0])) >> limbBits
	cg := (q*signed(f[0]) + r*signed(g[0])) >> limbBits
	for i := 1; i < len(f); i++ {
		fi, gi := signed(f[i]), signed(g[i])
		cf += u*fi + v*gi
		cg += q*fi + r*gi
		f[i-1], g[i-1] = uint32(cf)&limbMask, uint32(cg)&limbMask
		cf >>= limbBits
		cg >>= limbBits
	}
	f[len(f)-1], g[len(f)-1] = uint32(cf), uint32(cg)
}

// updateDE applies the matrix to d and e modulo m. Both are in (-2m, m) before and after: a negative one
// counts with m added, and then the multiple of m is added that makes the division by 2^30 exact. neg is
// -1/m mod 2^30.
func updateDE(t *matrix, d, e, mod []uint32, neg uint32) {
	u, v, q, r := int64(t.u), int64(t.v), int64(t.q), int64(t.r)
	n := len(d)
	e, mod = e[:n], mod[:n]
	signD, signE := int32(signOf(d[n-1])), int32(signOf(e[n-1]))
	md := t.u&signD + t.v&signE
	me := t.q&signD + t.r&signE

	cd := u*signed(d[0]) + v*signed(e[0])
	ce := q*signed(d[0]) + r*signed(e[0])
	// With md multiples of m the lowest limb is cd + md*m; the smallest further multiples that clear it
	// are in [0, 2^30-1], and subtracting 2^30 of them keeps the range.
	md -= int32((uint32(md) - uint32(cd)*neg) & limbMask)
	me -= int32((uint32(me) - uint32(ce)*neg) & limbMask)
	cd = (cd + signed(mod[0])*int64(md)) >> limbBits
	ce = (ce + signed(mod[0])*int64(me)) >> limbBits
	for i := 1; i < n; i++ {
		di, ei, mi := signed(d[i]), signed(e[i]), signed(mod[i])
		cd += u*di + v*ei + mi*int64(md)
		ce += q*di + r*ei + mi*int64(me)
		d[i-1], e[i-1] = uint32(cd)&limbMask, uint32(ce)&limbMask
		cd >>= limbBits
		ce >>= limbBits
	}
	d[n-1], e[n-1] = uint32(cd), uint32(ce)
}

// settle brings d from (-2m, m) to [0, m), after negating it when sign is all ones (and not when it is 0).
func settle(d, mod []uint32, sign uint32) {
	addIfNegative(d, mod, sign)
	addIfNegative(d, mod, 0)
}

// addIfNegative adds m to d when d is negative and then negates the sum when sign is all ones.
func addIfNegative(d, mod []uint32, sign uint32) {
	n := len(d)
	mod = mod[:n]
	negative := signOf(d[n-1])
	carry := int32(0)
	for i := range n - 1 {
		carry += int32(((d[i] + mod[i]&negative) ^ sign) - sign)
		d[i] = uint32(carry) & limbMask
		carry >>= limbBits
	}
	d[n-1] = uint32(carry) + ((d[n-1] + mod[n-1]&negative) ^ sign) - sign
}

// signed returns the value of a limb.
func signed(limb uint32) int64 { return int64(int32(limb)) }

// signOf returns all ones for a negative limb and 0 for another.
func signOf(limb uint32) uint32 { return uint32(int32(limb) >> 31) }

// toLimbs converts words to limbs.
func toLimbs(limbs []uint32, words []uint32) {
	for i := range limbs {
		bit := uint(limbBits * i)
		w := words[bit/32:]
		v := uint64(w[0])
		if len(w) > 1 {
			v |= uint64(w[1]) << 32
		}
		limbs[i] = uint32(v>>(bit%32)) & limbMask
	}
}

// fromLimbs converts limbs of a value in [0, m) to words.
func fromLimbs(words []uint32, limbs []uint32) {
	acc, bits, next := uint64(0), 0, 0
	for i := range words {
		for bits < 32 {
			acc |= uint64(limbs[next]) << bits
			bits += limbBits
			next++
		}
		words[i] = uint32(acc)
		acc >>= 32
		bits -= 32
	}
}
