package p256

import "colibri/tlscore/primitive/internal/modular"

// words is the size of a scalar and of a field element in 32-bit words.
const words = 8

// order is the number n of points on the curve (SP 800-186, 3.2.1.3), a prime.
var order = modular.Modulus{
	Words: []uint32{
		0xfc632551, 0xf3b9cac2, 0xa7179e84, 0xbce6faad,
		0xffffffff, 0xffffffff, 0x00000000, 0xffffffff,
	},
	Square: []uint32{
		0xbe79eea2, 0x83244c95, 0x49bd6fa6, 0x4699799c,
		0x2b6bec59, 0x2845b239, 0xf3d95620, 0x66e12d94,
	},
	Neg: 0xee00bc4f,
}
