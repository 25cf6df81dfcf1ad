package mlkem

import "colibri/tlscore/primitive/internal/keccak"

// addMatrixProduct adds to p the product of b and the element of the matrix that rho stands for in row i and column j. The element is
// transformed, as b is. It is drawn (FIPS 203, algorithm 7) and used two coefficients at a time, and nowhere kept.
func (p *poly) addMatrixProduct(h *keccak.State, rho *[32]byte, i, j int, b *poly) {
	h.Reset(keccak.SHAKE128)
	h.Write(rho[:])
	h.Write([]byte{byte(j), byte(i)})
	pair, first, waiting := 0, uint32(0), false
	for pair < n/2 {
		// Three bytes are two candidates; the time that the search takes tells of rho only, which is public.
		c0, c1, c2 := uint32(h.Byte()), uint32(h.Byte()), uint32(h.Byte())
		candidate := c0 | c1&15<<8
		for range 2 {
			if candidate < q && pair < n/2 {
				if waiting {
					p.addProduct(pair, first, candidate, b)
					pair++
				}
				first, waiting = candidate, !waiting
			}
			candidate = c1>>4 | c2<<4
		}
	}
}

// noise sets p to the polynomial of small coefficients with number i of a secret seed: each is the difference of two sums of two
// bits (FIPS 203, algorithm 8 with eta = 2).
func (p *poly) noise(h *keccak.State, seed *[32]byte, i int) {
	h.Reset(keccak.SHAKE256)
	h.Write(seed[:])
	h.Write([]byte{byte(i)})
	for j := 0; j < n; j += 2 {
		b := uint32(h.Byte())
		sums := b&0x55 + b>>1&0x55
		p[j] = small(sums&3, sums>>2&3)
		p[j+1] = small(sums>>4&3, sums>>6)
	}
}

// small returns x - y modulo q, for small ones.
func small(x, y uint32) uint16 { return uint16(reduce(x + q - y)) }
