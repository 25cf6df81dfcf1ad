package mlkem

const (
	n = 256  // coefficients of a polynomial
	q = 3329 // what they are modulo
	k = 3    // polynomials of a vector

	// reciprocal is 2^43/q, rounded up.
	reciprocal = 2642262849
)

// poly is a polynomial modulo X^256+1, or what the transform makes of one (FIPS 203, section 2.4.4). Coefficients are in [0, q-1].
type poly [n]uint16

// zetas are the powers of the root of unity 17 in the order in which the transform takes them: zetas[i] is 17 to the power of i
// with its 7 bits turned around.
var zetas = [128]uint16{
	1, 1729, 2580, 3289, 2642, 630, 1897, 848, 1062, 1919, 193, 797, 2786, 3260, 569, 1746,
	296, 2447, 1339, 1476, 3046, 56, 2240, 1333, 1426, 2094, 535, 2882, 2393, 2879, 1974, 821,
	289, 331, 3253, 1756, 1197, 2304, 2277, 2055, 650, 1977, 2513, 632, 2865, 33, 1320, 1915,
	2319, 1435, 807, 452, 1438, 2868, 1534, 2402, 2647, 2617, 1481, 648, 2474, 3110, 1227, 910,
	17, 2761, 583, 2649, 1637, 723, 2288, 1100, 1409, 2662, 3281, 233, 756, 2156, 3015, 3050,
	1703, 1651, 2789, 1789, 1847, 952, 1461, 2687, 939, 2308, 2437, 2388, 733, 2337, 268, 641,
	1584, 2298, 2037, 3220, 375, 2549, 2090, 1645, 1063, 319, 2773, 757, 2099, 561, 2466, 2594,
	2804, 1092, 403, 1026, 1143, 2150, 2775, 886, 1722, 1212, 1874, 1029, 2110, 2935, 885, 2154,
}

// divide returns x/q, rounded down, for x below 2^31: there the reciprocal makes the quotient by less than 1/q too large.
func divide(x uint32) uint32 { return uint32(uint64(x)*reciprocal>>32) >> 11 }

// reduce returns x modulo q. Sums of two coefficients are reduced in this way too, for LLVM makes a branch of what adds q if something
// is negative.
func reduce(x uint32) uint32 { return x - divide(x)*q }

// transform is the number-theoretic transform (FIPS 203, algorithm 9).
func (p *poly) transform() {
	i := 1
	for length := n / 2; length >= 2; length /= 2 {
		for start := 0; start < n; start += 2 * length {
			zeta := uint32(zetas[i])
			i++
			low, high := p[start:start+length], p[start+length:start+2*length]
			for j := range low {
				t := reduce(zeta * uint32(high[j]))
				v := uint32(low[j])
				high[j] = uint16(reduce(v + q - t))
				low[j] = uint16(reduce(v + t))
			}
		}
	}
}

// restore undoes transform (FIPS 203, algorithm 10).
func (p *poly) restore() {
	i := 127
	for length := 2; length <= n/2; length *= 2 {
		for start := 0; start < n; start += 2 * length {
			zeta := uint32(zetas[i])
			i--
			low, high := p[start:start+length], p[start+length:start+2*length]
			for j := range low {
				v, w := uint32(low[j]), uint32(high[j])
				low[j] = uint16(reduce(v + w))
				high[j] = uint16(reduce(zeta * (w + q - v)))
			}
		}
	}
	for j := range p {
		p[j] = uint16(reduce(uint32(p[j]) * 3303)) // 3303 is 1/128
	}
}

// addProduct adds to the two coefficients from 2i on the product of a0 + a1*X and b's two, modulo X^2 - g (FIPS 203,
// algorithms 11 and 12). All are transformed.
func (p *poly) addProduct(i int, a0, a1 uint32, b *poly) {
	b0, b1 := uint32(b[2*i]), uint32(b[2*i+1])
	g := uint32(zetas[64+i/2]) // and its negative for every other pair
	odd := -uint32(i & 1)
	g = g ^ (g^(q-g))&odd
	p[2*i] = uint16(reduce(uint32(p[2*i]) + a0*b0 + reduce(a1*b1)*g))
	p[2*i+1] = uint16(reduce(uint32(p[2*i+1]) + a0*b1 + a1*b0))
}

// add adds b to p.
func (p *poly) add(b *poly) {
	for i, v := range b {
		p[i] = uint16(reduce(uint32(p[i]) + uint32(v)))
	}
}
