package p384

import "colibri/tlscore/primitive/subtle"

// affine is a point (x, y) of the curve y² = x³ - 3x + b other than the point at infinity.
type affine struct{ x, y element }

// point is a point in Jacobian coordinates: (x/z², y/z³), and the point at infinity when z = 0.
type point struct{ x, y, z element }

// setBytes sets q to the point that b encodes (SEC 1, 2.3.4, uncompressed form only). It returns false
// when b does not encode a point of the curve. The curve has prime order: every such point generates it.
func (q *affine) setBytes(b []byte) bool {
	if len(b) != PointSize || b[0] != 4 || !q.x.setBytes(b[1:1+ScalarSize]) || !q.y.setBytes(b[1+ScalarSize:]) {
		return false
	}
	// x³ - 3x + b - y² = x*(x² - 3) + b - y²
	var t, u element
	square(&t, &q.x)
	u.one()
	sub(&t, &t, &u)
	sub(&t, &t, &u)
	sub(&t, &t, &u)
	mul(&t, &t, &q.x)
	add(&t, &t, &element{
		0x9d412dcc, 0x08118871, 0x7a4c32ec, 0xf729add8,
		0x1920022e, 0x77f2209b, 0x94938ae2, 0xe3374bee,
		0x1f022094, 0xb62b21f4, 0x604fbff9, 0xcd08114b,
	})
	square(&u, &q.y)
	sub(&t, &t, &u)
	return t.isZero() == 1
}

// set sets q to (x, y).
func (q *affine) set(x, y *element) { q.x, q.y = *x, *y }

// setAffine sets p to q.
func (p *point) setAffine(q *affine) {
	p.x, p.y = q.x, q.y
	p.z.one()
}

// setPoint sets q to p, which is not the point at infinity.
func (q *affine) setPoint(p *point) {
	var t, u element
	invert(&t, &p.z)
	square(&u, &t)
	mul(&q.x, &p.x, &u)
	mul(&u, &u, &t)
	mul(&q.y, &p.y, &u)
}

// double sets p to 2p: 4 multiplications and 4 squarings, for all points (on this curve none has y = 0,
// and z = 0 stays 0). With m = 3(x - z²)(x + z²)/2, which is half of the tangent's 3x² - 3z⁴:
//
//	x' = m² - 2xy²,  y' = m(xy² - x') - y⁴,  z' = yz
//
// (Longa and Gebotys, "Efficient techniques for high-speed elliptic curve cryptography", 2010,
// https://eprint.iacr.org/2010/315.)
func (p *point) double() {
	var m, t element
	square(&t, &p.z)
	add(&m, &p.x, &t)
	sub(&t, &p.x, &t)
	mul(&m, &m, &t)
	half(&t, &m)
	add(&m, &m, &t)

	mul(&p.z, &p.y, &p.z)
	square(&p.y, &p.y)
	mul(&t, &p.x, &p.y)
	square(&p.x, &m)
	sub(&p.x, &p.x, &t)
	sub(&p.x, &p.x, &t)
	sub(&t, &t, &p.x)
	mul(&t, &t, &m)
	square(&p.y, &p.y)
	sub(&p.y, &t, &p.y)
}

// add sets p to p+q, and h to the factor by which z grew: 8 multiplications and 3 squarings. It is the
// chord through two different points, so p must be neither the point at infinity nor q. With
//
//	h = x₂z² - x,  r = y₂z³ - y
//
// it is
//
//	x' = r² - h³ - 2xh²,  y' = r(xh² - x') - yh³,  z' = zh.
//
// For p = q it yields z' = 0 and x' = 0, for p = -q it yields z' = 0 and x' != 0, which callers use to tell.
func (p *point) add(q *affine, h *element) {
	var r, t element
	square(&t, &p.z)
	mul(h, &q.x, &t)
	sub(h, h, &p.x)
	mul(&t, &t, &p.z)
	mul(&r, &q.y, &t)
	sub(&r, &r, &p.y)

	mul(&p.z, &p.z, h)
	square(&t, h)
	mul(&p.x, &p.x, &t)
	mul(&t, &t, h)
	mul(&p.y, &p.y, &t)
	var x element
	square(&x, &r)
	sub(&x, &x, &t)
	sub(&x, &x, &p.x)
	sub(&x, &x, &p.x)
	sub(&p.x, &p.x, &x)
	mul(&r, &r, &p.x)
	sub(&p.y, &r, &p.y)
	p.x = x
}

// addLast is add for the last step of a multiplication in constant time, where p = q is possible for one
// scalar (package recode).
func (p *point) addLast(q *affine) {
	var h element
	var twice point
	twice.setAffine(q)
	twice.double()
	p.add(q, &h)
	equal := -h.isZero()
	for i := range words {
		p.x[i] ^= (p.x[i] ^ twice.x[i]) & equal
		p.y[i] ^= (p.y[i] ^ twice.y[i]) & equal
		p.z[i] ^= (p.z[i] ^ twice.z[i]) & equal
	}
	twice.wipe()
}

// wipe zeroes p: already z tells something of a secret multiple (Naccache, Smart and Stern, "Projective
// coordinates leak", 2004).
func (p *point) wipe() {
	subtle.Wipe(p.x[:])
	subtle.Wipe(p.y[:])
	subtle.Wipe(p.z[:])
}

// wipe zeroes q.
func (q *affine) wipe() {
	subtle.Wipe(q.x[:])
	subtle.Wipe(q.y[:])
}
