package field25519

import "colibri/tlscore/primitive/internal/modular"

// prime is p, for inversion.
var prime = modular.Modulus{
	Words: []uint32{
		0xffffffed, 0xffffffff, 0xffffffff, 0xffffffff,
		0xffffffff, 0xffffffff, 0xffffffff, 0x7fffffff,
	},
	Neg: 0x286bca1b, // 1/19 mod 2^32
}

// Invert sets z to 1/x, and to 0 when x is 0. The pointers may be equal.
func (z *Element) Invert(x *Element) {
	z.canonical(x)
	prime.Invert(z[:], z[:])
}
