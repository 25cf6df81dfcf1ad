package rsa

import "colibri/tlscore/primitive/subtle"

// publicPower sets z to x^(e-1)*last in Montgomery's sense, which takes one factor R off per multiplication: with x = y*R it is
// y^e*R when last is x, and y^e when last is y. e is odd and at least 3, and public: its bits decide what is computed.
func (m *modulus) publicPower(z, x, last []uint32, e uint32, t []uint32) {
	copy(z, x)
	bit := uint32(1) << 31
	for e&bit == 0 {
		bit >>= 1
	}
	for bit >>= 1; bit > 1; bit >>= 1 {
		m.square(z, z, t)
		if e&bit != 0 {
			m.mul(z, z, x, t)
		}
	}
	m.square(z, z, t)
	m.mul(z, z, last, t)
}

// maxWidth bounds the windows of secret exponents: wider ones would cost more memory than they save time.
const maxWidth = 4

// widthFor returns the width of the windows for which a table of numbers of n words fits into the memory.
func widthFor(n, memory int) int {
	width := maxWidth
	for n<<width > memory {
		width--
	}
	return width
}

// power sets z to z^exponent in Montgomery's sense, for a modulus with its first bit set. exponent is big-endian and
// no longer than the modulus; neither it nor z has any influence on the course of events. t is memory of twice
// the length, entry of the same length, and table of at least four times the length: the more, the wider the windows.
func (m *modulus) power(z []uint32, exponent []byte, t, entry, table []uint32) {
	n := len(z)
	width := widthFor(n, len(table))
	// The powers 0 to 2^width-1. R modulo m is R-m.
	one := table[:n]
	clear(one)
	subtractMasked(one, one, m.words, ^uint32(0))
	copy(table[n:2*n], z)
	for i := 2; i < 1<<width; i += 2 {
		power := table[i*n : (i+2)*n]
		m.square(power[:n], table[i/2*n:(i/2+1)*n], t)
		m.mul(power[n:], power[:n], z, t)
	}
	table = table[:n<<width]
	at := (32*n+width-1)/width*width - width
	lookup(z, table, window(exponent, at, width))
	for at -= width; at >= 0; at -= width {
		for range width {
			m.square(z, z, t)
		}
		lookup(entry, table, window(exponent, at, width))
		m.mul(z, z, entry, t)
	}
}

// window returns count bits of the big-endian number b from bit i on, counted from the lowest. Bits beyond b are zero.
func window(b []byte, i, count int) uint32 {
	v := uint32(0)
	for j := range 2 {
		if k := len(b) - 1 - i/8 - j; k >= 0 {
			v |= uint32(b[k]) << (8 * j)
		}
	}
	return v >> (i % 8) & (1<<count - 1)
}

// lookup sets z to the entry of the table with the given index. It reads all entries, four in one pass.
func lookup(z, table []uint32, index uint32) {
	n := len(z)
	clear(z)
	for i := 0; i*n < len(table); i += 4 {
		mask0, mask1 := subtle.MaskEqual(uint32(i), index), subtle.MaskEqual(uint32(i+1), index)
		mask2, mask3 := subtle.MaskEqual(uint32(i+2), index), subtle.MaskEqual(uint32(i+3), index)
		four := table[i*n : (i+4)*n]
		e0, e1, e2, e3 := four[:n], four[n:2*n], four[2*n:3*n], four[3*n:]
		for j := range z {
			z[j] |= e0[j]&mask0 | e1[j]&mask1 | e2[j]&mask2 | e3[j]&mask3
		}
	}
}
