package p384

import "colibri/tlscore/primitive/internal/modular"

// words is the size of a scalar and of a field element in 32-bit words.
const words = 12

// order is the number n of points on the curve (SP 800-186, 3.2.1.4), a prime.
var order = modular.Modulus{
	Words: []uint32{
		0xccc52973, 0xecec196a, 0x48b0a77a, 0x581a0db2,
		0xf4372ddf, 0xc7634d81, 0xffffffff, 0xffffffff,
		0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
	},
	Square: []uint32{
		0x19b409a9, 0x2d319b24, 0xdf1aa419, 0xff3d81e5,
		0xfcb82947, 0xbc3e483a, 0x4aab1cc5, 0xd40d4917,
		0x28266895, 0x3fb05b7a, 0x2b39bf21, 0x0c84ee01,
	},
	Neg: 0xe88fdc45,
}
