package p256

import (
	"colibri/tlscore/primitive/internal/modular"
	"colibri/tlscore/primitive/profile"
)

//go:generate go run ./gen

// element is a number modulo p = 2^256 - 2^224 + 2^192 + 2^96 - 1 in Montgomery form: it stands for x the
// number x*R mod p, R = 2^256, in words, least significant first. It is always the smallest
// representative, in [0, p-1].
type element [words]uint32

// prime is p, for inversion.
var prime = modular.Modulus{
	Words: []uint32{
		0xffffffff, 0xffffffff, 0xffffffff, 0x00000000,
		0x00000000, 0x00000000, 0x00000001, 0xffffffff,
	},
	Neg: 1,
}

// setBytes sets z to the number that b encodes, big-endian. It returns false, and z is of no use, when b
// is not below p.
func (z *element) setBytes(b []byte) bool {
	var x [words]uint32
	modular.SetBytes(x[:], b)
	return z.setWords(&x)
}

// setWords sets z to the number x. It returns false, and z is of no use, when x is not below p.
func (z *element) setWords(x *[words]uint32) bool {
	mul(z, (*element)(x), &element{ // R² mod p
		0x00000003, 0x00000000, 0xffffffff, 0xfffffffb,
		0xfffffffe, 0xffffffff, 0xfffffffd, 0x00000004,
	})
	return prime.InRange(x[:])|modular.IsZero(x[:]) == 1
}

// bytes writes the number that x stands for to b, big-endian.
func (x *element) bytes(b []byte) {
	var z element
	mul(&z, x, &element{1})
	modular.Bytes(b, z[:])
}

// one is the element 1: R mod p.
func (z *element) one() {
	*z = element{
		0x00000001, 0x00000000, 0x00000000, 0xffffffff,
		0xffffffff, 0xffffffff, 0xfffffffe, 0x00000000,
	}
}

// isZero returns 1 when x is zero and 0 otherwise.
func (x *element) isZero() uint32 {
	or := uint32(0)
	for _, w := range x {
		or |= w
	}
	return 1 ^ (or|-or)>>31
}

// invert sets z to 1/x, and to 0 when x is 0.
func invert(z, x *element) {
	prime.Invert(z[:], x[:])
	mul(z, z, &element{ // R³ mod p: the inverse of x*R lacks two factors R, and mul takes one more
		0x0000000a, 0xfffffffd, 0xfffffff7, 0xffffffed,
		0xfffffffc, 0x00000005, 0x00000001, 0x00000018,
	})
}

// add sets z to x+y. The pointers may be equal.
func add(z, x, y *element) {
	if profile.Compact {
		prime.Add(z[:], x[:], y[:])
		return
	}
	// x + y - p: p is subtracted as + 1 - 2^96 - 2^192 + 2^224 - 2^256.
	c := int64(x[0]) + int64(y[0]) + 1
	z0 := uint32(c)
	c = c>>32 + int64(x[1]) + int64(y[1])
	z1 := uint32(c)
	c = c>>32 + int64(x[2]) + int64(y[2])
	z2 := uint32(c)
	c = c>>32 + int64(x[3]) + int64(y[3]) - 1
	z3 := uint32(c)
	c = c>>32 + int64(x[4]) + int64(y[4])
	z4 := uint32(c)
	c = c>>32 + int64(x[5]) + int64(y[5])
	z5 := uint32(c)
	c = c>>32 + int64(x[6]) + int64(y[6]) - 1
	z6 := uint32(c)
	c = c>>32 + int64(x[7]) + int64(y[7]) + 1
	z7 := uint32(c)
	addPrime(z, z0, z1, z2, z3, z4, z5, z6, z7, uint32(c>>32)-1)
}

// sub sets z to x-y. The pointers may be equal.
func sub(z, x, y *element) {
	if profile.Compact {
		prime.Sub(z[:], x[:], y[:])
		return
	}
	c := int64(x[0]) - int64(y[0])
	z0 := uint32(c)
	c = c>>32 + int64(x[1]) - int64(y[1])
	z1 := uint32(c)
	c = c>>32 + int64(x[2]) - int64(y[2])
	z2 := uint32(c)
	c = c>>32 + int64(x[3]) - int64(y[3])
	z3 := uint32(c)
	c = c>>32 + int64(x[4]) - int64(y[4])
	z4 := uint32(c)
	c = c>>32 + int64(x[5]) - int64(y[5])
	z5 := uint32(c)
	c = c>>32 + int64(x[6]) - int64(y[6])
	z6 := uint32(c)
	c = c>>32 + int64(x[7]) - int64(y[7])
	z7 := uint32(c)
	addPrime(z, z0, z1, z2, z3, z4, z5, z6, z7, uint32(c>>32))
}

// addPrime sets z to the number of the words z0 to z7, plus p when mask is all ones and not when it is 0,
// modulo 2^256, where p is - 1 + 2^96 + 2^192 - 2^224: a few ones, and carries of one bit.
func addPrime(z *element, z0, z1, z2, z3, z4, z5, z6, z7, mask uint32) {
	one := mask & 1
	z[0] = z0 - one
	borrow := less(z0, one)
	z[1] = z1 - borrow
	borrow = less(z1, borrow)
	z[2] = z2 - borrow
	borrow = less(z2, borrow)
	c := uint64(z3) + uint64(one-borrow)
	z[3] = uint32(c)
	c = uint64(z4) + c>>32
	z[4] = uint32(c)
	c = uint64(z5) + c>>32
	z[5] = uint32(c)
	c = uint64(z6) + (uint64(one) + c>>32)
	z[6] = uint32(c)
	z[7] = z7 - one + uint32(c>>32)
}

// less returns 1 when x < y and 0 otherwise.
func less(x, y uint32) uint32 { return uint32((uint64(x) - uint64(y)) >> 63) }

// negateIf sets z to -z when mask is all ones and leaves it when it is 0. z is not zero; no point has y = 0.
func negateIf(z *element, mask uint32) {
	// p - z = p + ^z + 1 - 2^256
	c := uint64(z[0]^mask) + uint64(mask) + uint64(mask&1)
	z[0] = uint32(c)
	c = c>>32 + uint64(z[1]^mask) + uint64(mask)
	z[1] = uint32(c)
	c = c>>32 + uint64(z[2]^mask) + uint64(mask)
	z[2] = uint32(c)
	c = c>>32 + uint64(z[3]^mask)
	z[3] = uint32(c)
	c = c>>32 + uint64(z[4]^mask)
	z[4] = uint32(c)
	c = c>>32 + uint64(z[5]^mask)
	z[5] = uint32(c)
	c = c>>32 + uint64(z[6]^mask) + uint64(mask&1)
	z[6] = uint32(c)
	z[7] = uint32(c>>32) + (z[7] ^ mask) + mask
}

// half sets z to x/2. The pointers may be equal.
func half(z, x *element) {
	// For odd x it is (x-1)/2 + (p+1)/2, and (p+1)/2 = 2^255 - 2^223 + 2^191 + 2^95.
	odd := -(x[0] & 1)
	z[0] = x[0]>>1 | x[1]<<31
	z[1] = x[1]>>1 | x[2]<<31
	c := uint64(x[2]>>1|x[3]<<31) + uint64(odd&(1<<31))
	z[2] = uint32(c)
	c = c>>32 + uint64(x[3]>>1|x[4]<<31)
	z[3] = uint32(c)
	c = c>>32 + uint64(x[4]>>1|x[5]<<31)
	z[4] = uint32(c)
	c = c>>32 + uint64(x[5]>>1|x[6]<<31) + uint64(odd&(1<<31))
	z[5] = uint32(c)
	c = c>>32 + uint64(x[6]>>1|x[7]<<31) + uint64(odd&(1<<31))
	z[6] = uint32(c)
	z[7] = uint32(c>>32) + x[7]>>1 + odd>>1
}

// reduce sets z to t/R mod p for t < p*R: Montgomery's reduction, which adds multiples of p until the
// lower half of t is zero. Because p = -1 mod 2^96, the word m by which a multiple m*p clears the lowest
// word of t is that word itself, and m*p is added as a few words: - m + m*2^96 + m*2^192 - m*2^224 +
// m*2^256.
//
// It is not inlined: with the products in the same function LLVM's code for rv32 spills more than the call
// costs.
//
//go:noinline
func reduce(z *element, t *[2 * words]uint32) {
	m0, m1, m2 := t[0], t[1], t[2]
	c := int64(t[3]) + int64(m0)
	m3 := uint32(c)
	c = c>>32 + int64(t[4]) + int64(m1)
	m4 := uint32(c)
	c = c>>32 + int64(t[5]) + int64(m2)
	m5 := uint32(c)
	c = c>>32 + int64(t[6]) + int64(m3) + int64(m0)
	m6 := uint32(c)
	c = c>>32 + int64(t[7]) + int64(m4) + int64(m1) - int64(m0)
	m7 := uint32(c)

	// The upper half is t/R. From here on p is subtracted too, as + 1 - 2^96 - 2^192 + 2^224 - 2^256.
	c = c>>32 + int64(t[8]) + int64(m5) + int64(m2) - int64(m1) + int64(m0) + 1
	z0 := uint32(c)
	c = c>>32 + int64(t[9]) + int64(m6) + int64(m3) - int64(m2) + int64(m1)
	z1 := uint32(c)
	c = c>>32 + int64(t[10]) + int64(m7) + int64(m4) - int64(m3) + int64(m2)
	z2 := uint32(c)
	c = c>>32 + int64(t[11]) + int64(m5) - int64(m4) + int64(m3) - 1
	z3 := uint32(c)
	c = c>>32 + int64(t[12]) + int64(m6) - int64(m5) + int64(m4)
	z4 := uint32(c)
	c = c>>32 + int64(t[13]) + int64(m7) - int64(m6) + int64(m5)
	z5 := uint32(c)
	c = c>>32 + int64(t[14]) - int64(m7) + int64(m6) - 1
	z6 := uint32(c)
	c = c>>32 + int64(t[15]) + int64(m7) + 1
	z7 := uint32(c)
	addPrime(z, z0, z1, z2, z3, z4, z5, z6, z7, uint32(c>>32)-1)
}
