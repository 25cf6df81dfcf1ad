package edwards25519

import (
	field "colibri/tlscore/primitive/internal/field25519"
	"colibri/tlscore/primitive/internal/recode"
)

// BaseMult sets p to k*B, in constant time, by a comb with several tables (Hamburg, as in package recode,
// section 3.3): bit teeth*rounds*c + rounds*t + j of the recoded scalar is tooth t of comb c in round j.
// A round doubles, then adds one entry of each comb's table.
func (p *Point) BaseMult(k *Scalar) {
	var r recode.Odd
	var q affineCached
	negative := r.Set(k[:], order.Words, combs*teeth*rounds)
	p.setIdentity()
	for j := rounds - 1; j >= 0; j-- {
		if j < rounds-1 {
			p.double()
		}
		for c := range combs {
			q.combEntry(&r, c, j)
			p.addAffine(&q)
		}
	}
	p.negateIf(negative)
	r.Wipe()
	q = affineCached{}
}

// negateIf sets p to -p when mask is all ones and leaves it when it is 0. Its e and h are of no use
// afterwards.
func (p *Point) negateIf(mask uint32) {
	var x field.Element
	x.Negate(&p.x)
	field.Swap(&x, &p.x, mask)
}

// combEntry sets q to what comb c adds in round j, reading the whole row of the table.
func (q *affineCached) combEntry(r *recode.Odd, c, j int) {
	index := uint32(0)
	for t := range teeth {
		index |= r.Bit(teeth*rounds*c+rounds*t+j) << t
	}
	// The table holds the points whose highest tooth counts +1.
	negative := index>>(teeth-1) - 1
	index = (index ^ negative) & (1<<(teeth-1) - 1)
	*q = affineCached{}
	for i := range baseTable[c] {
		e := &baseTable[c][i]
		x := uint32(i) ^ index
		mask := (x|-x)>>31 - 1
		for w := range words {
			q.sum[w] |= e.sum[w] & mask
			q.difference[w] |= e.difference[w] & mask
			q.t2d[w] |= e.t2d[w] & mask
		}
	}
	q.negateIf(negative)
}

// width is that of the digits which MultBoth takes the scalar of the other point in.
const width = 4

// MultBoth sets p to s*B - k*p. Its time depends on all of them.
//
// It is Straus's algorithm (1964) with digits in non-adjacent form for p, and the comb in the last of its
// doublings.
func (p *Point) MultBoth(s, k *Scalar) {
	var digits [254]int8 // L < 2^253
	var multiples [1 << (width - 2)]cached
	recode.NonAdjacent(digits[:], k[:], width)
	p.setMultiples(&multiples)
	p.straus(s, &digits, &multiples)
}

// setMultiples sets m to -p, -3p, -5p ... and p to another point.
//
//go:noinline
func (p *Point) setMultiples(m *[1 << (width - 2)]cached) {
	var twice cached
	p.negate()
	m[0].cache(p)
	p.double()
	twice.cache(p)
	p.add(&m[0])
	m[1].cache(p)
	for i := 2; i < len(m); i++ {
		p.add(&twice)
		m[i].cache(p)
	}
}

// straus is MultBoth after the multiples are known. It is not inlined, so that the stack does not hold
// its variables while they are computed.
//
//go:noinline
func (p *Point) straus(s *Scalar, digits *[254]int8, multiples *[1 << (width - 2)]cached) {
	var r recode.Odd
	var q affineCached
	var m cached
	negative := r.Set(s[:], order.Words, combs*teeth*rounds) != 0
	p.setIdentity()
	for i := len(digits) - 1; i >= 0; i-- {
		p.double()
		if digit := digits[i]; digit > 0 {
			p.add(&multiples[digit/2])
		} else if digit < 0 {
			m = multiples[-digit/2]
			m.negate()
			p.add(&m)
		}
		if i >= rounds {
			continue
		}
		for c := range combs {
			q.combEntry(&r, c, i)
			if negative {
				q.negateIf(0xffffffff)
			}
			p.addAffine(&q)
		}
	}
}
