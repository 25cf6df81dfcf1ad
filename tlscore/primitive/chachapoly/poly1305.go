package chachapoly

import "colibri/tlscore/primitive/subtle"

// poly1305 is a running Poly1305 MAC (RFC 8439, section 2.5) over whole blocks of 16 bytes, which is all that
// the AEAD has.
//
// Numbers are in radix 2^32, least significant limb first. The clamp makes r[1], r[2] and r[3] multiples of
// 4, so that a product beyond 2^128 is reduced without a shift: 2^128 * r[i] = 2^130 * r[i]/4 = 5 * r[i]/4 =
// r[i] + r[i]/4 modulo p = 2^130 - 5. A sum of four products of a limb below 2^32 and one below 2^29 fits 64
// bits.
type poly1305 struct {
	r   [4]uint32
	s   [4]uint32 // s[i] = r[i] + r[i]/4; s[0] is not used
	h   [5]uint32 // the accumulator; h[4] is below 2^30
	pad [4]uint32 // added to the result
}

// init takes the one-time key (RFC 8439, section 2.6): r and the pad, 16 bytes each.
func (m *poly1305) init(key *[16]uint32) {
	m.r = [4]uint32{key[0] & 0x0fffffff, key[1] & 0x0ffffffc, key[2] & 0x0ffffffc, key[3] & 0x0ffffffc}
	for i, r := range m.r {
		m.s[i] = r + r>>2
	}
	m.pad = [4]uint32(key[4:8])
	m.h = [5]uint32{}
}

// blocks appends w, four words to a block: h = (h + block + 2^128) * r for each.
func (m *poly1305) blocks(w []uint32) {
	r0, r1, r2, r3 := uint64(m.r[0]), uint64(m.r[1]), uint64(m.r[2]), uint64(m.r[3])
	s1, s2, s3 := uint64(m.s[1]), uint64(m.s[2]), uint64(m.s[3])
	h0, h1, h2, h3, h4 := m.h[0], m.h[1], m.h[2], m.h[3], m.h[4]
	for len(w) >= 4 {
		// What h has from 2^130 on comes back times 5; the carries of this and of the addition are one chain.
		c := uint64(h0) + uint64(w[0]) + uint64(h4>>2+h4&^3)
		a0 := uint64(uint32(c))
		c = uint64(h1) + uint64(w[1]) + c>>32
		a1 := uint64(uint32(c))
		c = uint64(h2) + uint64(w[2]) + c>>32
		a2 := uint64(uint32(c))
		c = uint64(h3) + uint64(w[3]) + c>>32
		a3 := uint64(uint32(c))
		a4 := h4&3 + uint32(c>>32) + 1

		d0 := a0*r0 + a1*s3 + a2*s2 + a3*s1
		d1 := a0*r1 + a1*r0 + a2*s3 + a3*s2 + uint64(a4*uint32(s1))
		d2 := a0*r2 + a1*r1 + a2*r0 + a3*s3 + uint64(a4*uint32(s2))
		d3 := a0*r3 + a1*r2 + a2*r1 + a3*r0 + uint64(a4*uint32(s3))

		d1 += d0 >> 32
		d2 += d1 >> 32
		d3 += d2 >> 32
		h0, h1, h2, h3 = uint32(d0), uint32(d1), uint32(d2), uint32(d3)
		h4 = a4*uint32(r0) + uint32(d3>>32)
		w = w[4:]
	}
	m.h = [5]uint32{h0, h1, h2, h3, h4}
}

// sum writes the tag, h mod p plus the pad modulo 2^128, to out.
func (m *poly1305) sum(out *[TagSize]byte) {
	// h below 2^130
	c := uint64(m.h[4]>>2 + m.h[4]&^3)
	for i := range 4 {
		c += uint64(m.h[i])
		m.h[i] = uint32(c)
		c >>= 32
	}
	m.h[4] = m.h[4]&3 + uint32(c)
	// h - p = h + 5 - 2^130; it is taken where it is not negative.
	var g [4]uint32
	c = 5
	for i := range g {
		c += uint64(m.h[i])
		g[i] = uint32(c)
		c >>= 32
	}
	reduced := subtle.MaskBit((m.h[4] + uint32(c)) >> 2)
	c = 0
	for i := range g {
		c += uint64(subtle.Select(reduced, g[i], m.h[i])) + uint64(m.pad[i])
		store32(out[4*i:], uint32(c))
		c >>= 32
	}
	subtle.Wipe(g[:])
}

func (m *poly1305) wipe() {
	subtle.Wipe(m.r[:])
	subtle.Wipe(m.s[:])
	subtle.Wipe(m.h[:])
	subtle.Wipe(m.pad[:])
}
