package p384

import "colibri/tlscore/primitive/internal/recode"

// Everything in this file takes variable time: the inputs of a verification are public.

// nafWidth is the width of the non-adjacent form: one more would save nine additions, and take 384 bytes
// more of stack.
const nafWidth = 4

// multBoth sets p to u1*G + u2*q for u1 and u2 in [0, n-1], u2 not 0. One chain of doublings serves both
// (Straus): u2 is in non-adjacent form, and the comb's table gives u1*G in the last rounds.
func (p *point) multBoth(q *affine, u1, u2 []uint32) {
	var m [1 << (nafWidth - 2)]affine
	setMultiples(m[:], q)
	p.straus(&m, u1, u2)
}

// straus is multBoth after the multiples of q are known. It is not inlined, so that the stack does not
// hold its variables while they are computed.
//
//go:noinline
func (p *point) straus(m *[1 << (nafWidth - 2)]affine, u1, u2 []uint32) {
	var digits [32*words + 1]int8
	var r recode.Odd
	var e affine
	recode.NonAdjacent(digits[:], u2, nafWidth)
	negative := r.Set(u1, order.Words, combs*teeth*rounds)
	p.z = element{}
	i := len(digits) - 1
	for i >= rounds && digits[i] == 0 {
		i--
	}
	for ; i >= 0; i-- {
		p.double()
		if d := digits[i]; d > 0 {
			p.addAny(&m[d/2])
		} else if d < 0 {
			e = m[-d/2]
			negateIf(&e.y, ^uint32(0))
			p.addAny(&e)
		}
		if i < rounds {
			for c := range combs {
				index, minus := combIndex(&r, c, i)
				e = baseTable[c][index]
				negateIf(&e.y, minus^negative)
				p.addAny(&e)
			}
		}
	}
}

// addAny is add for all points p.
func (p *point) addAny(q *affine) {
	if p.z.isZero() == 1 {
		p.setAffine(q)
		return
	}
	var h element
	p.add(q, &h)
	if h.isZero() == 1 && p.x.isZero() == 1 {
		p.setAffine(q)
		p.double()
	}
}

// hasX reports whether the x coordinate of p, not the point at infinity, is r modulo n: whether it is r,
// or r+n where that is below the field's prime. It compares x with r*z², which needs no inversion.
func (p *point) hasX(r *[words]uint32) bool {
	var z2, x element
	square(&z2, &p.z)
	x.setWords(r)
	mul(&x, &x, &z2)
	if x == p.x {
		return true
	}
	var sum [words]uint32
	carry := uint64(0)
	for i, w := range order.Words {
		carry += uint64(r[i]) + uint64(w)
		sum[i] = uint32(carry)
		carry >>= 32
	}
	if carry != 0 || !x.setWords(&sum) {
		return false
	}
	mul(&x, &x, &z2)
	return x == p.x
}
