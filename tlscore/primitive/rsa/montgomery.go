package rsa

// modulus is an odd number m and what is derived from it. R is 2^(32*len(words)).
type modulus struct {
	words []uint32
	neg   uint32 // -1/m mod 2^32
	divisor
}

func (m *modulus) set(words []uint32) {
	m.words = words
	// Newton's iteration doubles the number of right bits, 3 at first: any odd w is its own inverse modulo 8.
	w := words[0]
	inverse := w
	for range 4 {
		inverse *= 2 - w*inverse
	}
	m.neg = -inverse
	m.divisor.set(words)
}

// mul sets z to x*y/R modulo m. x and y are any numbers below R, and so is z: it is not always below m (see settle). t is
// memory, twice as long as m. z may be x or y.
func (m *modulus) mul(z, x, y, t []uint32) {
	product(t, x, y)
	m.reduce(z, t)
}

// square sets z to x*x/R modulo m, as mul.
func (m *modulus) square(z, x, t []uint32) {
	square(t, x)
	m.reduce(z, t)
}

// reduce sets z to t/R modulo m, for any t below R². It destroys t.
//
// Four words of t at a time are cleared by adding a multiple of m. The multiple's four words come out one after the other
// from the four lowest words of m; all four then go over the rest of m together.
func (m *modulus) reduce(z, t []uint32) {
	n := len(m.words)
	m0, m1, m2, m3 := m.words[0], m.words[1], m.words[2], m.words[3]
	carry := uint64(0)
	for i := 0; i+4 <= n; i += 4 {
		t0, t1, t2, t3 := t[i], t[i+1], t[i+2], t[i+3]
		x0 := t0 * m.neg
		p := uint64(x0)*uint64(m0) + uint64(t0)
		p = uint64(x0)*uint64(m1) + uint64(t1) + p>>32
		t1 = uint32(p)
		p = uint64(x0)*uint64(m2) + uint64(t2) + p>>32
		t2 = uint32(p)
		p = uint64(x0)*uint64(m3) + uint64(t3) + p>>32
		t3 = uint32(p)
		c0 := uint32(p >> 32)

		x1 := t1 * m.neg
		p = uint64(x1)*uint64(m0) + uint64(t1)
		p = uint64(x1)*uint64(m1) + uint64(t2) + p>>32
		t2 = uint32(p)
		p = uint64(x1)*uint64(m2) + uint64(t3) + p>>32
		t3 = uint32(p)
		p = uint64(x1)*uint64(m3) + uint64(c0) + p>>32
		c0 = uint32(p)
		c1 := uint32(p >> 32)

		x2 := t2 * m.neg
		p = uint64(x2)*uint64(m0) + uint64(t2)
		p = uint64(x2)*uint64(m1) + uint64(t3) + p>>32
		t3 = uint32(p)
		p = uint64(x2)*uint64(m2) + uint64(c0) + p>>32
		c0 = uint32(p)
		p = uint64(x2)*uint64(m3) + uint64(c1) + p>>32
		c1 = uint32(p)
		c2 := uint32(p >> 32)

		x3 := t3 * m.neg
		p = uint64(x3)*uint64(m0) + uint64(t3)
		p = uint64(x3)*uint64(m1) + uint64(c0) + p>>32
		c0 = uint32(p)
		p = uint64(x3)*uint64(m2) + uint64(c1) + p>>32
		c1 = uint32(p)
		p = uint64(x3)*uint64(m3) + uint64(c2) + p>>32
		c2 = uint32(p)
		c3 := uint32(p >> 32)

		c0, c1, c2, c3 = rows4(t[i+4:], m.words[4:], x0, x1, x2, x3, c0, c1, c2, c3)
		u := t[n+i : n+i+4]
		carry += uint64(u[0]) + uint64(c0)
		u[0] = uint32(carry)
		carry = carry>>32 + uint64(u[1]) + uint64(c1)
		u[1] = uint32(carry)
		carry = carry>>32 + uint64(u[2]) + uint64(c2)
		u[2] = uint32(carry)
		carry = carry>>32 + uint64(u[3]) + uint64(c3)
		u[3] = uint32(carry)
		carry >>= 32
	}
	// The sum is below R² + R*m, so that the quotient minus m is below R when the quotient is not.
	subtractMasked(z, t[n:], m.words, -uint32(carry))
}

// settle brings x from [0, R-1] to [0, m-1], for a modulus with its first bit set.
func (m *modulus) settle(x []uint32) {
	borrow := int64(0)
	for i, w := range m.words {
		borrow = (borrow + int64(x[i]) - int64(w)) >> 32
	}
	subtractMasked(x, x, m.words, ^uint32(borrow))
}

// subtractMasked sets z to x-y when mask is all ones and to x when it is 0, modulo R. z may be x.
func subtractMasked(z, x, y []uint32, mask uint32) {
	x, y = x[:len(z)], y[:len(z)]
	borrow := uint64(0)
	for i := range z {
		rest := uint64(x[i]) - uint64(y[i]&mask) - borrow
		z[i], borrow = uint32(rest), rest>>63
	}
}

// addMasked adds y to x when mask is all ones and nothing when it is 0, and returns the carry.
func addMasked(x, y []uint32, mask uint32) uint32 {
	y = y[:len(x)]
	carry := uint64(0)
	for i := range x {
		carry += uint64(x[i]) + uint64(y[i]&mask)
		x[i] = uint32(carry)
		carry >>= 32
	}
	return uint32(carry)
}

// setBytes sets x to the number that b encodes, big-endian, which has at most as many words as x.
func setBytes(x []uint32, b []byte) {
	for i := range x {
		w := uint32(0)
		for j := range 4 {
			if k := len(b) - 1 - 4*i - j; k >= 0 {
				w |= uint32(b[k]) << (8 * j)
			}
		}
		x[i] = w
	}
}

// putBytes writes the lowest len(b) bytes of x to b, big-endian.
func putBytes(b []byte, x []uint32) {
	for i := range b {
		k := len(b) - 1 - i
		b[i] = byte(x[k/4] >> (8 * (k % 4)))
	}
}
