package modular

import "colibri/tlscore/primitive/subtle"

// MaxWords is the size of the largest supported modulus in words: 384 bits.
const MaxWords = 12

// Modulus is an odd prime of at most 32*len(Words) bits, exactly as many for Reduce, and what is derived
// from it. The fields are constants of the curve; the tests of this package derive them again, and those of
// field25519 and edwards25519 theirs. Square may be missing: nothing here needs it.
type Modulus struct {
	Words  []uint32 // the prime m
	Square []uint32 // R² mod m, where R = 2^(32*len(Words))
	Neg    uint32   // -1/m mod 2^32
}

// Mul sets z to x*y/R mod m. The slices may be the same.
func (m *Modulus) Mul(z, x, y []uint32) {
	n := len(m.Words)
	var t [MaxWords + 1]uint32
	words, x, y := m.Words[:n], x[:n], y[:n]
	top := uint32(0)
	for _, xi := range x {
		carry := uint64(0)
		for j, yj := range y {
			carry += uint64(xi)*uint64(yj) + uint64(t[j])
			t[j] = uint32(carry)
			carry >>= 32
		}
		carry += uint64(t[n])
		t[n] = uint32(carry)
		top = uint32(carry >> 32)

		// Adding q*m clears the lowest word, which is then dropped.
		q := t[0] * m.Neg
		carry = uint64(q)*uint64(words[0]) + uint64(t[0])
		carry >>= 32
		for j := 1; j < n; j++ {
			carry += uint64(q)*uint64(words[j]) + uint64(t[j])
			t[j-1] = uint32(carry)
			carry >>= 32
		}
		carry += uint64(t[n])
		t[n-1] = uint32(carry)
		t[n] = uint32(carry>>32) + top
	}
	m.reduce(z, t[:n], t[n])
	subtle.Wipe(t[:])
}

// Add sets z to x+y mod m. The slices may be the same.
func (m *Modulus) Add(z, x, y []uint32) {
	n := len(m.Words)
	var t [MaxWords]uint32
	x, y = x[:n], y[:n]
	carry := uint64(0)
	for i := range x {
		carry += uint64(x[i]) + uint64(y[i])
		t[i] = uint32(carry)
		carry >>= 32
	}
	m.reduce(z, t[:n], uint32(carry))
	subtle.Wipe(t[:])
}

// Sub sets z to x-y mod m. The slices may be the same.
func (m *Modulus) Sub(z, x, y []uint32) {
	n := len(m.Words)
	words, z, x, y := m.Words[:n], z[:n], x[:n], y[:n]
	borrow := int64(0)
	for i := range x {
		borrow += int64(x[i]) - int64(y[i])
		z[i] = uint32(borrow)
		borrow >>= 32
	}
	mask, carry := uint32(borrow), uint64(0)
	for i, w := range words {
		carry += uint64(z[i]) + uint64(w&mask)
		z[i] = uint32(carry)
		carry >>= 32
	}
}

// Reduce sets z to x mod m for any x of as many words as m, which is less than 2m because m uses all bits
// of its words. The slices may be the same.
func (m *Modulus) Reduce(z, x []uint32) {
	m.reduce(z, x, 0)
}

// reduce sets z to top*R + x mod m, for a value less than 2m.
func (m *Modulus) reduce(z, x []uint32, top uint32) {
	n := len(m.Words)
	words, z, x := m.Words[:n], z[:n], x[:n]
	borrow := int64(0)
	for i, w := range words {
		borrow += int64(x[i]) - int64(w)
		borrow >>= 32
	}
	// The difference is negative exactly when nothing must be subtracted: when there is a borrow and top, at most 1, is 0. Of the
	// sign of their sum LLVM makes a branch.
	keep := uint32(borrow) & (top - 1)
	borrow = 0
	for i, w := range words {
		borrow += int64(x[i]) - int64(w&^keep)
		z[i] = uint32(borrow)
		borrow >>= 32
	}
}

// IsZero returns 1 when x is zero and 0 otherwise, in constant time.
func IsZero(x []uint32) uint32 {
	or := uint32(0)
	for _, w := range x {
		or |= w
	}
	return 1 ^ (or|-or)>>31
}

// InRange returns 1 when 0 < x < m and 0 otherwise, in constant time.
func (m *Modulus) InRange(x []uint32) uint32 {
	n := len(m.Words)
	words, x := m.Words[:n], x[:n]
	borrow := int64(0)
	for i, w := range words {
		borrow += int64(x[i]) - int64(w)
		borrow >>= 32
	}
	return uint32(-borrow) &^ IsZero(x)
}

// SetBytes sets x to the big-endian number b, which is as long as x.
func SetBytes(x []uint32, b []byte) {
	b = b[:4*len(x)]
	for i := range x {
		w := b[len(b)-4*i-4:]
		x[i] = uint32(w[3]) | uint32(w[2])<<8 | uint32(w[1])<<16 | uint32(w[0])<<24
	}
}

// Bytes writes x to b, which is as long as x, as a big-endian number.
func Bytes(b []byte, x []uint32) {
	b = b[:4*len(x)]
	for i, v := range x {
		w := b[len(b)-4*i-4:]
		w[0], w[1], w[2], w[3] = byte(v>>24), byte(v>>16), byte(v>>8), byte(v)
	}
}

// Product sets t, which has room for it, to x*y: the schoolbook multiplication, row by row.
func Product(t, x, y []uint32) {
	clear(t)
	for i, a := range x {
		row := t[i : i+len(y)+1]
		c := uint64(0)
		for j, b := range y {
			c += uint64(a)*uint64(b) + uint64(row[j])
			row[j] = uint32(c)
			c >>= 32
		}
		row[len(y)] = uint32(c)
	}
}
