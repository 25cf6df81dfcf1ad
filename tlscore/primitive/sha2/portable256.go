package sha2

import (
	"math/bits"

	"colibri/tlscore/primitive/subtle"
)

// portable256 is the compression function of SHA-256 (FIPS 180-4, section 6.2.2) over the whole blocks of p.
//
// Sixteen rounds are written out: a round changes only two of the eight working variables, so that the others
// move on by changing their names from one round to the next. The message schedule is a ring of sixteen
// words. The majority of a, b and c is b ^ ((a^b) & (b^c)), and the a^b of one round is the b^c of the next.
func portable256(state *[8]uint32, p []byte) {
	var w [16]uint32
	for len(p) >= 64 {
		for i := range w {
			w[i] = getUint32(p[4*i:])
		}
		a, b, c, d := state[0], state[1], state[2], state[3]
		e, f, g, h := state[4], state[5], state[6], state[7]
		x, y := uint32(0), b^c
		for i := 0; ; i += 16 {
			k := (*[16]uint32)(round256[i:])

			h += (rotate(e, 26) ^ rotate(e, 21) ^ rotate(e, 7)) + (g ^ e&(f^g)) + k[0] + w[0]
			x = a ^ b
			d += h
			h += (rotate(a, 30) ^ rotate(a, 19) ^ rotate(a, 10)) + (b ^ x&y)

			g += (rotate(d, 26) ^ rotate(d, 21) ^ rotate(d, 7)) + (f ^ d&(e^f)) + k[1] + w[1]
			y = h ^ a
			c += g
			g += (rotate(h, 30) ^ rotate(h, 19) ^ rotate(h, 10)) + (a ^ y&x)

			f += (rotate(c, 26) ^ rotate(c, 21) ^ rotate(c, 7)) + (e ^ c&(d^e)) + k[2] + w[2]
			x = g ^ h
			b += f
			f += (rotate(g, 30) ^ rotate(g, 19) ^ rotate(g, 10)) + (h ^ x&y)

			e += (rotate(b, 26) ^ rotate(b, 21) ^ rotate(b, 7)) + (d ^ b&(c^d)) + k[3] + w[3]
			y = f ^ g
			a += e
			e += (rotate(f, 30) ^ rotate(f, 19) ^ rotate(f, 10)) + (g ^ y&x)

			d += (rotate(a, 26) ^ rotate(a, 21) ^ rotate(a, 7)) + (c ^ a&(b^c)) + k[4] + w[4]
			x = e ^ f
			h += d
			d += (rotate(e, 30) ^ rotate(e, 19) ^ rotate(e, 10)) + (f ^ x&y)

			c += (rotate(h, 26) ^ rotate(h, 21) ^ rotate(h, 7)) + (b ^ h&(a^b)) + k[5] + w[5]
			y = d ^ e
			g += c
			c += (rotate(d, 30) ^ rotate(d, 19) ^ rotate(d, 10)) + (e ^ y&x)

			b += (rotate(g, 26) ^ rotate(g, 21) ^ rotate(g, 7)) + (a ^ g&(h^a)) + k[6] + w[6]
			x = c ^ d
			f += b
			b += (rotate(c, 30) ^ rotate(c, 19) ^ rotate(c, 10)) + (d ^ x&y)

			a += (rotate(f, 26) ^ rotate(f, 21) ^ rotate(f, 7)) + (h ^ f&(g^h)) + k[7] + w[7]
			y = b ^ c
			e += a
			a += (rotate(b, 30) ^ rotate(b, 19) ^ rotate(b, 10)) + (c ^ y&x)

			h += (rotate(e, 26) ^ rotate(e, 21) ^ rotate(e, 7)) + (g ^ e&(f^g)) + k[8] + w[8]
			x = a ^ b
			d += h
			h += (rotate(a, 30) ^ rotate(a, 19) ^ rotate(a, 10)) + (b ^ x&y)

			g += (rotate(d, 26) ^ rotate(d, 21) ^ rotate(d, 7)) + (f ^ d&(e^f)) + k[9] + w[9]
			y = h ^ a
			c += g
			g += (rotate(h, 30) ^ rotate(h, 19) ^ rotate(h, 10)) + (a ^ y&x)

			f += (rotate(c, 26) ^ rotate(c, 21) ^ rotate(c, 7)) + (e ^ c&(d^e)) + k[10] + w[10]
			x = g ^ h
			b += f
			f += (rotate(g, 30) ^ rotate(g, 19) ^ rotate(g, 10)) + (h ^ x&y)

			e += (rotate(b, 26) ^ rotate(b, 21) ^ rotate(b, 7)) + (d ^ b&(c^d)) + k[11] + w[11]
			y = f ^ g
			a += e
			e += (rotate(f, 30) ^ rotate(f, 19) ^ rotate(f, 10)) + (g ^ y&x)

			d += (rotate(a, 26) ^ rotate(a, 21) ^ rotate(a, 7)) + (c ^ a&(b^c)) + k[12] + w[12]
			x = e ^ f
			h += d
			d += (rotate(e, 30) ^ rotate(e, 19) ^ rotate(e, 10)) + (f ^ x&y)

			c += (rotate(h, 26) ^ rotate(h, 21) ^ rotate(h, 7)) + (b ^ h&(a^b)) + k[13] + w[13]
			y = d ^ e
			g += c
			c += (rotate(d, 30) ^ rotate(d, 19) ^ rotate(d, 10)) + (e ^ y&x)

			b += (rotate(g, 26) ^ rotate(g, 21) ^ rotate(g, 7)) + (a ^ g&(h^a)) + k[14] + w[14]
			x = c ^ d
			f += b
			b += (rotate(c, 30) ^ rotate(c, 19) ^ rotate(c, 10)) + (d ^ x&y)

			a += (rotate(f, 26) ^ rotate(f, 21) ^ rotate(f, 7)) + (h ^ f&(g^h)) + k[15] + w[15]
			y = b ^ c
			e += a
			a += (rotate(b, 30) ^ rotate(b, 19) ^ rotate(b, 10)) + (c ^ y&x)

			if i == 48 {
				break
			}
			w[0] += w[9] + sigma0(w[1]) + sigma1(w[14])
			w[1] += w[10] + sigma0(w[2]) + sigma1(w[15])
			w[2] += w[11] + sigma0(w[3]) + sigma1(w[0])
			w[3] += w[12] + sigma0(w[4]) + sigma1(w[1])
			w[4] += w[13] + sigma0(w[5]) + sigma1(w[2])
			w[5] += w[14] + sigma0(w[6]) + sigma1(w[3])
			w[6] += w[15] + sigma0(w[7]) + sigma1(w[4])
			w[7] += w[0] + sigma0(w[8]) + sigma1(w[5])
			w[8] += w[1] + sigma0(w[9]) + sigma1(w[6])
			w[9] += w[2] + sigma0(w[10]) + sigma1(w[7])
			w[10] += w[3] + sigma0(w[11]) + sigma1(w[8])
			w[11] += w[4] + sigma0(w[12]) + sigma1(w[9])
			w[12] += w[5] + sigma0(w[13]) + sigma1(w[10])
			w[13] += w[6] + sigma0(w[14]) + sigma1(w[11])
			w[14] += w[7] + sigma0(w[15]) + sigma1(w[12])
			w[15] += w[8] + sigma0(w[0]) + sigma1(w[13])
		}
		state[0] += a
		state[1] += b
		state[2] += c
		state[3] += d
		state[4] += e
		state[5] += f
		state[6] += g
		state[7] += h
		p = p[64:]
	}
	subtle.Wipe(w[:])
}

func rotate(x uint32, n int) uint32 { return bits.RotateLeft32(x, n) }

func sigma0(x uint32) uint32 { return rotate(x, 25) ^ rotate(x, 14) ^ x>>3 }

func sigma1(x uint32) uint32 { return rotate(x, 15) ^ rotate(x, 13) ^ x>>10 }
