package mldsa

import (
	"math/bits"

	"colibri/tlscore/primitive/internal/keccak"
	"colibri/tlscore/primitive/subtle"
)

// What follows from the secret vectors of an expanded private key. circl computes the public key from them, but not t0, and believes
// what the key says; a key with another t0 can keep it from ever finding a signature. So this is done here, once for a key,
// with no more than that takes.

const (
	q    = 8380417 // the modulus
	n    = 256     // coefficients of a polynomial
	zeta = 1753    // a root of unity of order 512
	low  = 13      // bits of t that are t0
	high = 10      // bits of t that are t1
)

// poly is a polynomial, or its transform, with coefficients in [0, q).
type poly [n]uint32

// shape is what of a parameter set shapes a private key (FIPS 204, section 4, table 1): t has k polynomials and s1 has l, of
// numbers from -eta to eta, which take width bits.
type shape struct {
	k, l, width int
	eta         uint32
}

func shapeOf(expanded []byte) shape {
	switch len(expanded) {
	case ExpandedKeySize44:
		return shape{4, 4, 3, 2}
	case ExpandedKeySize65:
		return shape{6, 5, 4, 4}
	}
	return shape{8, 7, 3, 2}
}

// derives reports whether the numbers of s1 and s2 in an expanded private key are in their range, and t0 and tr are what follows from
// them and from rho (FIPS 204, algorithm 6, lines 3 to 9). It takes the same time whatever the secrets are.
func derives(expanded []byte) bool {
	s := shapeOf(expanded)
	secrets := expanded[secretsAt:]
	t0 := secrets[(s.k+s.l)*n*s.width/8:]
	var s1 [7]poly
	var s2, t poly
	var room [PublicKeySize87]byte
	defer func() {
		clear(s1[:])
		clear(s2[:])
		clear(t[:])
	}()
	wrong := uint32(0)
	for i := range s.l {
		wrong |= s1[i].unpack(secrets, i, s)
		s1[i].transform()
	}
	pub := room[:rhoSize+s.k*n*high/8]
	copy(pub, expanded[:rhoSize])
	for r := range s.k {
		clear(t[:])
		for i := range s.l {
			t.addProduct(expanded[:rhoSize], byte(i), byte(r), &s1[i])
		}
		t.untransform()
		wrong |= s2.unpack(secrets, s.l+r, s)
		for j := range t {
			v := add(t[j], s2[j])
			t1 := (v + 1<<(low-1) - 1) >> low // Power2Round, algorithm 35
			put(pub[rhoSize:], high, r*n+j, t1)
			wrong |= get(t0, low, r*n+j) ^ (1<<(low-1) - (v - t1<<low))
		}
	}
	var tr [trSize]byte
	var h keccak.State
	h.Reset(keccak.SHAKE256)
	h.Write(pub)
	h.Read(tr[:])
	return subtle.Equal(tr[:], expanded[trAt:secretsAt]) && wrong == 0
}

// unpack reads the i-th of the secret polynomials, whose numbers stand as eta less themselves (algorithm 19). It returns something other
// than 0 if one of them is out of range.
func (p *poly) unpack(secrets []byte, i int, s shape) (wrong uint32) {
	for j := range p {
		v := get(secrets, s.width, i*n+j)
		wrong |= (2*s.eta - v) >> 31
		p[j] = sub(s.eta, v)
	}
	return wrong
}

// addProduct adds the product of s and an element of the matrix A, which is drawn from rho and its column and row (algorithms 30 and 32).
func (p *poly) addProduct(rho []byte, column, row byte, s *poly) {
	var h keccak.State
	h.Reset(keccak.SHAKE128)
	h.Write(rho)
	h.Write([]byte{column, row})
	for j := 0; j < n; {
		a := uint32(h.Byte()) | uint32(h.Byte())<<8 | uint32(h.Byte()&0x7f)<<16
		if a < q {
			p[j] = add(p[j], mul(a, s[j]))
			j++
		}
	}
}

// transform is the number-theoretic transform (algorithm 41).
func (p *poly) transform() {
	m := uint8(0)
	for half := n / 2; half >= 1; half /= 2 {
		for start := 0; start < n; start += 2 * half {
			m++
			z := power(zeta, bits.Reverse8(m))
			for j := start; j < start+half; j++ {
				t := mul(z, p[j+half])
				p[j], p[j+half] = add(p[j], t), sub(p[j], t)
			}
		}
	}
}

// untransform is its inverse (algorithm 42).
func (p *poly) untransform() {
	const inverse = 8347681 // of 256
	m := uint8(0)
	for half := 1; half < n; half *= 2 {
		for start := 0; start < n; start += 2 * half {
			m--
			z := q - power(zeta, bits.Reverse8(m))
			for j := start; j < start+half; j++ {
				t := p[j]
				p[j], p[j+half] = add(t, p[j+half]), mul(z, sub(t, p[j+half]))
			}
		}
	}
	for j := range p {
		p[j] = mul(p[j], inverse)
	}
}

// power returns x to the power of e.
func power(x uint32, e uint8) uint32 {
	r := uint32(1)
	for ; e > 0; e >>= 1 {
		if e&1 != 0 {
			r = mul(r, x)
		}
		x = mul(x, x)
	}
	return r
}

// add, sub and mul compute modulo q. The quotient of a product is estimated by what 2^64 / q leaves of it, and is at most one too
// small.
func add(a, b uint32) uint32 { return reduce(a + b) }
func sub(a, b uint32) uint32 { return reduce(a + q - b) }

func mul(a, b uint32) uint32 {
	x := uint64(a) * uint64(b)
	quotient, _ := bits.Mul64(x, (1<<64-1)/q)
	return reduce(uint32(x - quotient*q))
}

// reduce takes q from a, which is less than 2q, if it is not less than q.
func reduce(a uint32) uint32 {
	a -= q
	return a + q&-(a>>31)
}

// get returns the i-th of the numbers of width bits in b, the lowest bit first, and put writes it where zeros were.
func get(b []byte, width, i int) (v uint32) {
	for j := range width {
		at := i*width + j
		v |= uint32(b[at/8]>>(at%8)&1) << j
	}
	return v
}

func put(b []byte, width, i int, v uint32) {
	for j := range width {
		at := i*width + j
		b[at/8] |= byte(v>>j&1) << (at % 8)
	}
}
