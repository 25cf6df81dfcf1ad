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

// setScalar reads a scalar; it returns false when the scalar is not in [1, n-1].
func setScalar(k *[words]uint32, b []byte) bool {
	modular.SetBytes(k[:], b)
	return order.InRange(k[:]) == 1
}

// setDigest sets e to the leftmost bits of digest as a number modulo n (FIPS 186-5, 6.4.1 step 2; bits2int and a reduction in
// RFC 6979, 2.3).
func setDigest(e *[words]uint32, digest []byte) {
	var b [ScalarSize]byte
	if len(digest) > ScalarSize {
		digest = digest[:ScalarSize]
	}
	copy(b[ScalarSize-len(digest):], digest)
	modular.SetBytes(e[:], b[:])
	order.Reduce(e[:], e[:])
}
