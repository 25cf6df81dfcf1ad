package edwards25519

import (
	field "colibri/tlscore/primitive/internal/field25519"
	"colibri/tlscore/primitive/subtle"
)

// Point is a point in extended coordinates (Hisil, Wong, Carter and Dawson, "Twisted Edwards curves
// revisited", 2008, https://eprint.iacr.org/2008/522): (x/z, y/z), and x*y/z = e*h. Additions need that
// product, doublings do not: it is multiplied where it is needed.
type Point struct{ x, y, z, e, h field.Element }

// cached is a point to be added often: y+x, y-x, 2z and 2d*x*y/z.
type cached struct{ sum, difference, z2, t2d field.Element }

// affineCached is a cached point with z = 1.
type affineCached struct{ sum, difference, t2d field.Element }

// setIdentity sets p to the neutral element (0, 1).
func (p *Point) setIdentity() {
	*p = Point{}
	p.y.SetOne()
	p.z.SetOne()
	p.h.SetOne()
}

// SetBytes sets p to the point that b encodes. It returns false, and p is of no use, when b is not the
// encoding of a point as RFC 8032, section 5.1.3, asks for: y is below p, and the sign of x = 0 is not
// negative. Time depends on b.
func (p *Point) SetBytes(b *[32]byte) bool {
	var u, v, one field.Element
	var canonical [32]byte
	sign := uint32(b[31] >> 7)
	p.y.SetBytes(b)
	p.y.Bytes(&canonical)
	canonical[31] |= byte(sign << 7)
	if canonical != *b {
		return false
	}
	// x² = u/v
	u.Square(&p.y)
	v.Mul(&u, &field.Element{ // d
		0x135978a3, 0x75eb4dca, 0x4141d8ab, 0x00700a4d, 0x7779e898, 0x8cc74079, 0x2b6ffe73, 0x52036cee,
	})
	one.SetOne()
	u.Sub(&u, &one)
	v.Add(&v, &one)
	if !p.x.SquareRoot(&u, &v) || p.x.IsZero() == 1 && sign == 1 {
		return false
	}
	if p.x.IsNegative() != sign {
		p.x.Negate(&p.x)
	}
	p.z = one
	p.e, p.h = p.x, p.y
	return true
}

// Bytes writes the encoding of p to b (RFC 8032, section 5.1.2).
func (p *Point) Bytes(b *[32]byte) {
	var x, inverse field.Element
	inverse.Invert(&p.z)
	x.Mul(&p.y, &inverse)
	x.Bytes(b)
	x.Mul(&p.x, &inverse)
	b[31] |= byte(x.IsNegative() << 7)
}

// MontgomeryU writes to b the u coordinate of the point of Curve25519 that corresponds to p, (1+y)/(1-y)
// (RFC 7748, section 4.1), and 0 for the neutral element.
func (p *Point) MontgomeryU(b *[32]byte) {
	var u, v field.Element
	u.Add(&p.z, &p.y)
	v.Sub(&p.z, &p.y)
	v.Invert(&v)
	u.Mul(&u, &v)
	u.Bytes(b)
}

// negate sets p to -p.
func (p *Point) negate() {
	p.x.Negate(&p.x)
	p.e.Negate(&p.e)
}

// double sets p to 2p (Hisil et al., section 3.3): 3 multiplications and 4 squarings.
//
// It is not inlined, like addScaled: LLVM gives up its analysis of pointers that are used a hundred
// times, and TinyGo then puts points on the heap that could stay on the stack.
//
//go:noinline
func (p *Point) double() {
	var f, s field.Element
	s.Add(&p.x, &p.y)
	s.Square(&s)
	p.x.Square(&p.x)
	p.y.Square(&p.y)
	p.z.Square(&p.z)
	p.z.Add(&p.z, &p.z)
	p.h.Add(&p.x, &p.y)
	p.e.Sub(&p.h, &s)
	p.x.Sub(&p.x, &p.y) // g
	f.Add(&p.z, &p.x)
	p.finish(&f, &p.x)
}

// finish sets the coordinates from e, h and the factors f and g that the formulas have in common.
func (p *Point) finish(f, g *field.Element) {
	p.y.Mul(g, &p.h)
	p.z.Mul(f, g)
	p.x.Mul(&p.e, f)
}

// add sets p to p+q: 9 multiplications (section 3.1, for a = -1).
func (p *Point) add(q *cached) {
	var t field.Element
	t.Mul(&p.z, &q.z2)
	p.addScaled(&q.sum, &q.difference, &q.t2d, &t)
}

// addAffine sets p to p+q: 8 multiplications.
func (p *Point) addAffine(q *affineCached) {
	var t field.Element
	t.Add(&p.z, &p.z)
	p.addScaled(&q.sum, &q.difference, &q.t2d, &t)
}

// addScaled adds the point with the given y+x, y-x and 2d*x*y/z to p; scale is 2z of both points
// multiplied, and is overwritten.
//
//go:noinline
func (p *Point) addScaled(sum, difference, t2d, scale *field.Element) {
	var c field.Element
	c.Mul(&p.e, &p.h)
	c.Mul(&c, t2d)
	p.e.Add(&p.y, &p.x)
	p.h.Sub(&p.y, &p.x)
	p.x.Mul(&p.e, sum)
	p.y.Mul(&p.h, difference)
	p.e.Sub(&p.x, &p.y)
	p.h.Add(&p.x, &p.y)
	p.y.Sub(scale, &c) // f
	c.Add(scale, &c)   // g
	*scale = p.y
	p.finish(scale, &c)
}

// cache sets q to p.
func (q *cached) cache(p *Point) {
	q.sum.Add(&p.y, &p.x)
	q.difference.Sub(&p.y, &p.x)
	q.z2.Add(&p.z, &p.z)
	q.t2d.Mul(&p.e, &p.h)
	q.t2d.Mul(&q.t2d, &field.Element{ // 2d
		0x26b2f159, 0xebd69b94, 0x8283b156, 0x00e0149a, 0xeef3d130, 0x198e80f2, 0x56dffce7, 0x2406d9dc,
	})
}

// negate sets q to -q.
func (q *cached) negate() {
	q.sum, q.difference = q.difference, q.sum
	q.t2d.Negate(&q.t2d)
}

// negateIf sets q to -q when mask is all ones and leaves it when it is 0.
func (q *affineCached) negateIf(mask uint32) {
	var t field.Element
	field.Swap(&q.sum, &q.difference, mask)
	t.Negate(&q.t2d)
	field.Swap(&q.t2d, &t, mask)
}

// Wipe zeroes p: already z tells something of a secret multiple (Naccache, Smart and Stern, "Projective
// coordinates leak", 2004). It is not inlined, as a scalar's.
//
//go:noinline
func (p *Point) Wipe() {
	subtle.Wipe(p.x[:])
	subtle.Wipe(p.y[:])
	subtle.Wipe(p.z[:])
	subtle.Wipe(p.e[:])
	subtle.Wipe(p.h[:])
}
