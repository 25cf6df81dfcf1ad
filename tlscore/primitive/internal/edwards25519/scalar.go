package edwards25519

import (
	"colibri/tlscore/primitive/internal/modular"
	"colibri/tlscore/primitive/subtle"
)

//go:generate go run ./gen

const words = 8

// Scalar is a number in [0, L-1] in words, least significant first.
type Scalar [words]uint32

// order is L. Products are Montgomery's: modular's Mul divides by R = 2^256. One factor may be any number
// below R.
var order = modular.Modulus{
	Words: []uint32{
		0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de,
		0x00000000, 0x00000000, 0x00000000, 0x10000000,
	},
	Neg: 0x12547e1b,
}

// enter sets z to x*R for any x below R. The pointers may be equal.
func (z *Scalar) enter(x *Scalar) {
	square := Scalar{ // R²
		0x449c0f01, 0xa40611e3, 0x68859347, 0xd00e1ba7,
		0x17f5be65, 0xceec73d2, 0x7c309a3d, 0x0399411b,
	}
	order.Mul(z[:], x[:], square[:])
}

// leave sets z to x/R. The pointers may be equal.
func (z *Scalar) leave(x *Scalar) {
	one := Scalar{1}
	order.Mul(z[:], x[:], one[:])
}

// load sets z to the number that b encodes, little-endian.
func (z *Scalar) load(b *[32]byte) {
	for i := range z {
		w := b[4*i : 4*i+4]
		z[i] = uint32(w[0]) | uint32(w[1])<<8 | uint32(w[2])<<16 | uint32(w[3])<<24
	}
}

// SetBytes sets z to the number that b encodes, little-endian. It returns false, and z is of no use, when
// b encodes L or more.
func (z *Scalar) SetBytes(b *[32]byte) bool {
	z.load(b)
	return order.InRange(z[:])|modular.IsZero(z[:]) == 1
}

// SetReduced sets z to the number that b encodes, little-endian, modulo L.
func (z *Scalar) SetReduced(b *[32]byte) {
	z.load(b)
	z.enter(z)
	z.leave(z)
}

// SetWide sets z to the number that b encodes, little-endian, modulo L.
func (z *Scalar) SetWide(b *[64]byte) {
	var high Scalar
	high.load((*[32]byte)(b[32:]))
	high.enter(&high) // high*R
	high.enter(&high) // high*R*R
	z.load((*[32]byte)(b[:32]))
	z.enter(z) // low*R
	order.Add(z[:], z[:], high[:])
	z.leave(z)
	subtle.Wipe(high[:])
}

// MulAdd sets z to x*y + c. The pointers may be equal.
func (z *Scalar) MulAdd(x, y, c *Scalar) {
	var product Scalar
	product.enter(x)
	order.Mul(product[:], product[:], y[:])
	order.Add(z[:], product[:], c[:])
	subtle.Wipe(product[:])
}

// Bytes writes z to b, little-endian.
func (z *Scalar) Bytes(b *[32]byte) {
	for i, v := range z {
		w := b[4*i : 4*i+4]
		w[0], w[1], w[2], w[3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
	}
}

// Wipe zeroes z. It is not inlined: Go's compiler takes what a generic function of another package is
// given as escaping.
//
//go:noinline
func (z *Scalar) Wipe() { subtle.Wipe(z[:]) }
