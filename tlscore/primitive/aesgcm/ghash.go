package aesgcm

import "colibri/tlscore/primitive/subtle"

// element is an element of GCM's field GF(2^128), or an operand of a multiplication there, least significant
// word first: bit 31 of the last word is the coefficient of x^0, bit 0 of the first that of x^127 (SP
// 800-38D, section 6.3).
type element [4]uint32

// ghash is a running GHASH (SP 800-38D, section 6.4). Two blocks are taken at a time, y = (y + a) * h^2 + b *
// h, so that one reduction serves both.
type ghash struct {
	h, h2 operand
	y     element
}

// init takes h/x and h^2/x.
func (g *ghash) init(h, h2 *element) {
	g.h.split(h)
	g.h2.split(h2)
	g.y = element{}
}

// pair appends two blocks, laid out as aes.Schedule has them: four words each, most significant first, in
// turns.
func (g *ghash) pair(blocks *[8]uint32) {
	var a, b operand
	a.split(&element{g.y[0] ^ blocks[6], g.y[1] ^ blocks[4], g.y[2] ^ blocks[2], g.y[3] ^ blocks[0]})
	b.split(&element{blocks[7], blocks[5], blocks[3], blocks[1]})
	g.y = multiply2(&a, &g.h2, &b, &g.h)
}

// single appends one block, the first of blocks. It is a pair whose first block is y, so that y + y = 0 is
// multiplied by h^2.
func (g *ghash) single(blocks *[8]uint32) {
	y := &g.y
	g.pair(&[8]uint32{
		y[3], y[3] ^ blocks[0],
		y[2], y[2] ^ blocks[2],
		y[1], y[1] ^ blocks[4],
		y[0], y[0] ^ blocks[6],
	})
}

func (g *ghash) wipe() {
	subtle.Wipe(g.h[:])
	subtle.Wipe(g.h2[:])
	subtle.Wipe(g.y[:])
}

// divideX returns e/x. Because of the order of bits, a product of integers is the product of the polynomials
// divided by x; keeping h/x instead of h makes up for that once and for all.
func divideX(e *element) element {
	// 1/x = x^127 + x^6 + x + 1
	carry := subtle.MaskBit(e[3] >> 31)
	return element{
		e[0]<<1 ^ carry&1,
		e[1]<<1 | e[0]>>31,
		e[2]<<1 | e[1]>>31,
		(e[3]<<1 | e[2]>>31) ^ carry&0xc2000000,
	}
}

// operand is an element made ready for Karatsuba's multiplication: the words which nine products of 32 bits
// take. With the four words a b c d they are those of the halves a b and c d and of their sum, and for each
// half its two words and their sum.
type operand [9]uint32

func (o *operand) split(e *element) {
	o[0], o[1], o[2] = e[0], e[1], e[0]^e[1]
	o[3], o[4], o[5] = e[2], e[3], e[2]^e[3]
	o[6], o[7] = e[0]^e[2], e[1]^e[3]
	o[8] = o[6] ^ o[7]
}

// multiply2 returns x*(a*b + c*d).
func multiply2(a, b, c, d *operand) element {
	// The products of words. Two loops, so that what one of them works on has room in 31 registers.
	var p [9]uint64
	for i := range p {
		p[i] = carryless(a[i], b[i])
	}
	for i := range p {
		p[i] ^= carryless(c[i], d[i])
	}
	// w is the sum of the products, 256 bits. The three products of a pair of halves, lo, hi and mid (that of
	// the sums), make 128 bits by lo + (mid + lo + hi) * 2^32 + hi * 2^64, and three such 128 bits make w in
	// the same way.
	var half [3][4]uint32
	for i := range half {
		lo, hi := p[3*i], p[3*i+1]
		mid := p[3*i+2] ^ lo ^ hi
		half[i] = [4]uint32{
			uint32(lo),
			uint32(lo>>32) ^ uint32(mid),
			uint32(hi) ^ uint32(mid>>32),
			uint32(hi >> 32),
		}
	}
	lo, hi, mid := &half[0], &half[1], &half[2]
	w := [8]uint32{0: lo[0], 1: lo[1], 6: hi[2], 7: hi[3]}
	w[2] = lo[2] ^ mid[0] ^ lo[0] ^ hi[0]
	w[3] = lo[3] ^ mid[1] ^ lo[1] ^ hi[1]
	w[4] = hi[0] ^ mid[2] ^ lo[2] ^ hi[2]
	w[5] = hi[1] ^ mid[3] ^ lo[3] ^ hi[3]
	// The low half is what lies beyond x^127; x^128 = x^7 + x^2 + x + 1.
	for i := range 4 {
		t := w[i]
		w[i+4] ^= t ^ t>>1 ^ t>>2 ^ t>>7
		w[i+3] ^= t<<31 ^ t<<30 ^ t<<25
	}
	return element(w[4:])
}

// carryless returns the carry-less product of a and b.
//
// A word is taken apart into four, each with one bit in four. In an integer product of two such words every
// fourth bit is the parity of a sum of at most 8 bits, which the three bits above it have room for: no carry
// reaches the next sum. (Thomas Pornin describes this way of multiplying in BearSSL, src/hash/ghash_ctmul.c.)
func carryless(a, b uint32) uint64 {
	const m0, m1, m2, m3 = 0x11111111, 0x22222222, 0x44444444, 0x88888888
	a0, a1, a2, a3 := uint64(a&m0), uint64(a&m1), uint64(a&m2), uint64(a&m3)
	b0, b1, b2, b3 := uint64(b&m0), uint64(b&m1), uint64(b&m2), uint64(b&m3)
	p0 := a0*b0 ^ a1*b3 ^ a2*b2 ^ a3*b1
	p1 := a0*b1 ^ a1*b0 ^ a2*b3 ^ a3*b2
	p2 := a0*b2 ^ a1*b1 ^ a2*b0 ^ a3*b3
	p3 := a0*b3 ^ a1*b2 ^ a2*b1 ^ a3*b0
	return p0&(m0<<32|m0) | p1&(m1<<32|m1) | p2&(m2<<32|m2) | p3&(m3<<32|m3)
}
