package p384

import (
	"colibri/tlscore/primitive/internal/recode"
	"colibri/tlscore/primitive/subtle"
)

// baseMult sets q to k*G for k in [1, n-1], in constant time, by a comb with several tables (Hamburg, as
// in package recode, section 3.3): bit teeth*rounds*c + rounds*t + j of the recoded scalar is tooth t of
// comb c in round j. A round doubles, then adds one entry of each comb's table.
func (q *affine) baseMult(k *[words]uint32) {
	var r recode.Odd
	var p point
	var h element
	negative := r.Set(k[:], order.Words, combs*teeth*rounds)
	combEntry(q, &r, combs-1, rounds-1)
	p.setAffine(q)
	for c := combs - 2; c >= 0; c-- {
		combEntry(q, &r, c, rounds-1)
		p.add(q, &h)
	}
	for j := rounds - 2; j >= 0; j-- {
		p.double()
		for c := combs - 1; c >= 0; c-- {
			combEntry(q, &r, c, j)
			if c > 0 || j > 0 {
				p.add(q, &h)
			}
		}
	}
	p.addLast(q)
	negateIf(&p.y, negative)
	q.setPoint(&p)
	r.Wipe()
	p.wipe()
	subtle.Wipe(h[:])
}

// combIndex returns which entry comb c adds in round j, and all ones when it is subtracted: the table
// holds the points whose highest tooth counts +1.
func combIndex(r *recode.Odd, c, j int) (index, negative uint32) {
	b := teeth*rounds*c + j
	for t := range teeth {
		index |= r.Bit(b+rounds*t) << t
	}
	negative = index>>(teeth-1) - 1
	return (index ^ negative) & (1<<(teeth-1) - 1), negative
}

// combEntry sets q to what comb c adds in round j, reading the whole row of the table.
func combEntry(q *affine, r *recode.Odd, c, j int) {
	index, negative := combIndex(r, c, j)
	row := &baseTable[c]
	*q = affine{}
	for i := range row {
		e := &row[i]
		mask := subtle.MaskEqual(uint32(i), index)
		for w := range words {
			q.x[w] |= e.x[w] & mask
			q.y[w] |= e.y[w] & mask
		}
	}
	negateIf(&q.y, negative)
}

// setMultiples sets m to the odd multiples q, 3q, 5q ... of q; at most 8 of them.
//
// It adds 2q repeatedly. Addition does not use the curve's coefficients, so it can be done on another
// curve, where 2q = (x, y, z) has the affine coordinates (x, y) and q has (x*z², y*z³): z of a sum there,
// times z, is its z here. One inversion serves all points, as each addition says by which factor z grew.
// No sum is of equal or opposite points: the order is large.
func setMultiples(m []affine, q *affine) {
	var p point
	var twice affine
	var factors [8]element
	p.setAffine(q)
	p.double()
	twice.set(&p.x, &p.y)

	z := &factors[0]
	*z = p.z
	square(&p.y, z)
	mul(&p.x, &q.x, &p.y)
	mul(&p.y, &p.y, z)
	mul(&p.y, &p.y, &q.y)
	p.z.one()
	for i := 1; i < len(m); i++ {
		p.add(&twice, &factors[i])
		m[i].set(&p.x, &p.y)
	}
	mul(&p.z, &p.z, z)
	invert(&p.z, &p.z)
	for i := len(m) - 1; i > 0; i-- {
		square(&p.x, &p.z)
		mul(&m[i].x, &m[i].x, &p.x)
		mul(&p.x, &p.x, &p.z)
		mul(&m[i].y, &m[i].y, &p.x)
		mul(&p.z, &p.z, &factors[i])
	}
	m[0].set(&q.x, &q.y)
}

// mult sets q to k*q or to -k*q for k in [1, n-1], in constant time: digits of 4 bits, odd, from -15 to 15.
func (q *affine) mult(k *[words]uint32) {
	var m [8]affine
	setMultiples(m[:], q)
	q.ladder(&m, k)
}

// ladder is mult after the multiples are known. It is not inlined, so that the stack does not hold its
// variables while they are computed.
//
//go:noinline
func (q *affine) ladder(m *[8]affine, k *[words]uint32) {
	var r recode.Odd
	var p point
	var h element
	r.Set(k[:], order.Words, 32*words)
	digitEntry(q, m, &r, 8*words-1)
	p.setAffine(q)
	for i := 8*words - 2; i >= 0; i-- {
		p.double()
		p.double()
		p.double()
		p.double()
		digitEntry(q, m, &r, i)
		if i > 0 {
			p.add(q, &h)
		}
	}
	p.addLast(q)
	q.setPoint(&p)
	r.Wipe()
	p.wipe()
	subtle.Wipe(h[:])
}

// digitEntry sets q to the multiple that digit i of r asks for, reading all of m.
func digitEntry(q *affine, m *[8]affine, r *recode.Odd, i int) {
	index, negative := r.Digit(i)
	*q = affine{}
	for i := range m {
		e := &m[i]
		mask := subtle.MaskEqual(uint32(i), index)
		for w := range words {
			q.x[w] |= e.x[w] & mask
			q.y[w] |= e.y[w] & mask
		}
	}
	negateIf(&q.y, negative)
}
