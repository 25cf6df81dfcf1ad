package rsa

// Long numbers are slices of 32-bit words, least significant first. Their lengths are multiples of 4, 8 at least.

// rows4 adds the product of y and the number x3:x2:x1:x0 to t, as far as t is as long as y. What goes beyond, 4 words, it
// returns; c0 to c3 are the words that came from an earlier part of the same product. It runs along y once and
// keeps the rest in registers, so that a product of two words costs 8 instructions of arithmetic and one of memory on a
// RISC-V core. The loop is not unrolled, for LLVM makes worse code of it then, and four words
// are what fits into the registers of an ESP32.
func rows4(t, y []uint32, x0, x1, x2, x3, c0, c1, c2, c3 uint32) (uint32, uint32, uint32, uint32) {
	t = t[:len(y)]
	for i, v := range y {
		p := uint64(x0)*uint64(v) + uint64(t[i]) + uint64(c0)
		t[i] = uint32(p)
		p = uint64(x1)*uint64(v) + uint64(c1) + p>>32
		c0 = uint32(p)
		p = uint64(x2)*uint64(v) + uint64(c2) + p>>32
		c1 = uint32(p)
		p = uint64(x3)*uint64(v) + uint64(c3) + p>>32
		c2, c3 = uint32(p), uint32(p>>32)
	}
	return c0, c1, c2, c3
}

// product sets t, as long as x and y together, to x*y. x and y have the same length.
func product(t, x, y []uint32) {
	n := len(x)
	clear(t[:n])
	for i := 0; i+4 <= n; i += 4 {
		t[n+i], t[n+i+1], t[n+i+2], t[n+i+3] = rows4(t[i:], y, x[i], x[i+1], x[i+2], x[i+3], 0, 0, 0, 0)
	}
}

// square sets t, twice as long as x, to x*x: products of different words once, doubled, and squares of words.
func square(t, x []uint32) {
	n := len(x)
	clear(t[:n])
	for i := 0; i+4 <= n; i += 4 {
		x0, x1, x2, x3 := x[i], x[i+1], x[i+2], x[i+3]
		// The products among the four words fall to t[2i+1] and what follows it.
		p := uint64(x0) * uint64(x1)
		a1 := uint32(p)
		p = uint64(x0)*uint64(x2) + p>>32
		a2 := uint32(p)
		p = uint64(x0)*uint64(x3) + p>>32
		a3, a4 := uint32(p), uint32(p>>32)
		p = uint64(x1)*uint64(x2) + uint64(a3)
		a3 = uint32(p)
		p = uint64(x1)*uint64(x3) + uint64(a4) + p>>32
		a4 = uint32(p)
		p = uint64(x2)*uint64(x3) + p>>32
		a5, a6 := uint32(p), uint32(p>>32)

		u := t[2*i : 2*i+4]
		c := uint64(u[1]) + uint64(a1)
		u[1] = uint32(c)
		c = c>>32 + uint64(u[2]) + uint64(a2)
		u[2] = uint32(c)
		c = c>>32 + uint64(u[3]) + uint64(a3)
		u[3] = uint32(c)
		c = c>>32 + uint64(a4)
		a4 = uint32(c)
		c = c>>32 + uint64(a5)
		a5 = uint32(c)
		c = c>>32 + uint64(a6)
		t[n+i], t[n+i+1], t[n+i+2], t[n+i+3] = rows4(t[2*i+4:], x[i+4:], x0, x1, x2, x3, a4, a5, uint32(c), uint32(c>>32))
	}
	doubleAndAddSquares(t, x)
}

// doubleAndAddSquares sets t to 2t plus the squares of the words of x, each at its place.
func doubleAndAddSquares(t, x []uint32) {
	carry, bit := uint64(0), uint32(0)
	for i := 0; i+4 <= len(x); i += 4 {
		u, v := t[2*i:2*i+8], x[i:i+4]
		u[0], u[1], carry, bit = doubleAndAddSquare(u[0], u[1], v[0], carry, bit)
		u[2], u[3], carry, bit = doubleAndAddSquare(u[2], u[3], v[1], carry, bit)
		u[4], u[5], carry, bit = doubleAndAddSquare(u[4], u[5], v[2], carry, bit)
		u[6], u[7], carry, bit = doubleAndAddSquare(u[6], u[7], v[3], carry, bit)
	}
}

// doubleAndAddSquare returns the words of 2*(high*2^32 + low) + x*x + carry + bit, and the next carry, at most 1, and bit.
func doubleAndAddSquare(low, high, x uint32, carry uint64, bit uint32) (uint32, uint32, uint64, uint32) {
	square := uint64(x)*uint64(x) + carry
	sum := uint64(uint32(square)) + uint64(low<<1|bit)
	top := square>>32 + sum>>32 + uint64(high<<1|low>>31)
	return uint32(sum), uint32(top), top >> 32, high >> 31
}
