package sha2

import (
	"math/bits"

	"colibri/tlscore/primitive/subtle"
)

// portable512 is the compression function of SHA-384 and SHA-512 (FIPS 180-4, section 6.4.2) over the whole
// blocks of p. It is built like portable256, but with eight rounds written out instead of sixteen, which work
// on either half of the ring: on a 32-bit core sixteen would take 6 KB of code.
func portable512(state *[8]uint64, p []byte) {
	var w [16]uint64
	for len(p) >= 128 {
		for i := range w {
			w[i] = uint64(getUint32(p[8*i:]))<<32 | uint64(getUint32(p[8*i+4:]))
		}
		a, b, c, d := state[0], state[1], state[2], state[3]
		e, f, g, h := state[4], state[5], state[6], state[7]
		x, y := uint64(0), b^c
		for i := 0; i < len(round512); i += 8 {
			k := (*[8]uint64)(round512[i:])
			v, u := (*[8]uint64)(w[i&8:]), (*[8]uint64)(w[i&8^8:])

			h += (rotate64(e, 50) ^ rotate64(e, 46) ^ rotate64(e, 23)) + (g ^ e&(f^g)) + k[0] + v[0]
			x = a ^ b
			d += h
			h += (rotate64(a, 36) ^ rotate64(a, 30) ^ rotate64(a, 25)) + (b ^ x&y)

			g += (rotate64(d, 50) ^ rotate64(d, 46) ^ rotate64(d, 23)) + (f ^ d&(e^f)) + k[1] + v[1]
			y = h ^ a
			c += g
			g += (rotate64(h, 36) ^ rotate64(h, 30) ^ rotate64(h, 25)) + (a ^ y&x)

			f += (rotate64(c, 50) ^ rotate64(c, 46) ^ rotate64(c, 23)) + (e ^ c&(d^e)) + k[2] + v[2]
			x = g ^ h
			b += f
			f += (rotate64(g, 36) ^ rotate64(g, 30) ^ rotate64(g, 25)) + (h ^ x&y)

			e += (rotate64(b, 50) ^ rotate64(b, 46) ^ rotate64(b, 23)) + (d ^ b&(c^d)) + k[3] + v[3]
			y = f ^ g
			a += e
			e += (rotate64(f, 36) ^ rotate64(f, 30) ^ rotate64(f, 25)) + (g ^ y&x)

			d += (rotate64(a, 50) ^ rotate64(a, 46) ^ rotate64(a, 23)) + (c ^ a&(b^c)) + k[4] + v[4]
			x = e ^ f
			h += d
			d += (rotate64(e, 36) ^ rotate64(e, 30) ^ rotate64(e, 25)) + (f ^ x&y)

			c += (rotate64(h, 50) ^ rotate64(h, 46) ^ rotate64(h, 23)) + (b ^ h&(a^b)) + k[5] + v[5]
			y = d ^ e
			g += c
			c += (rotate64(d, 36) ^ rotate64(d, 30) ^ rotate64(d, 25)) + (e ^ y&x)

			b += (rotate64(g, 50) ^ rotate64(g, 46) ^ rotate64(g, 23)) + (a ^ g&(h^a)) + k[6] + v[6]
			x = c ^ d
			f += b
			b += (rotate64(c, 36) ^ rotate64(c, 30) ^ rotate64(c, 25)) + (d ^ x&y)

			a += (rotate64(f, 50) ^ rotate64(f, 46) ^ rotate64(f, 23)) + (h ^ f&(g^h)) + k[7] + v[7]
			y = b ^ c
			e += a
			a += (rotate64(b, 36) ^ rotate64(b, 30) ^ rotate64(b, 25)) + (c ^ y&x)

			if i >= len(round512)-len(w) {
				continue // the words that the last sixteen rounds take are there
			}
			v[0] += u[1] + sigma0x64(v[1]) + sigma1x64(u[6])
			v[1] += u[2] + sigma0x64(v[2]) + sigma1x64(u[7])
			v[2] += u[3] + sigma0x64(v[3]) + sigma1x64(v[0])
			v[3] += u[4] + sigma0x64(v[4]) + sigma1x64(v[1])
			v[4] += u[5] + sigma0x64(v[5]) + sigma1x64(v[2])
			v[5] += u[6] + sigma0x64(v[6]) + sigma1x64(v[3])
			v[6] += u[7] + sigma0x64(v[7]) + sigma1x64(v[4])
			v[7] += v[0] + sigma0x64(u[0]) + sigma1x64(v[5])
		}
		state[0] += a
		state[1] += b
		state[2] += c
		state[3] += d
		state[4] += e
		state[5] += f
		state[6] += g
		state[7] += h
		p = p[128:]
	}
	subtle.Wipe(w[:])
}

func rotate64(x uint64, n int) uint64 { return bits.RotateLeft64(x, n) }

func sigma0x64(x uint64) uint64 { return rotate64(x, 63) ^ rotate64(x, 56) ^ x>>7 }

func sigma1x64(x uint64) uint64 { return rotate64(x, 45) ^ rotate64(x, 3) ^ x>>6 }
