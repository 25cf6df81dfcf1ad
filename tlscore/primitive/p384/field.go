package p384

import (
	"colibri/tlscore/primitive/internal/modular"
	"colibri/tlscore/primitive/profile"
)

//go:generate go run ./gen

// element is a number modulo p = 2^384 - 2^128 - 2^96 + 2^32 - 1 in Montgomery form: it stands for x the
// number x*R mod p, R = 2^384, in words, least significant first. It is always the smallest
// representative, in [0, p-1].
type element [words]uint32

// primeWords is p.
var primeWords = [words]uint32{
	0xffffffff, 0x00000000, 0x00000000, 0xffffffff,
	0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff,
	0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
}

// prime is p, for inversion.
var prime = modular.Modulus{
	Words: []uint32{
		0xffffffff, 0x00000000, 0x00000000, 0xffffffff,
		0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff,
		0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
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
		0x00000001, 0xfffffffe, 0x00000000, 0x00000002,
		0x00000000, 0xfffffffe, 0x00000000, 0x00000002,
		0x00000001, 0x00000000, 0x00000000, 0x00000000,
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
		0x00000001, 0xffffffff, 0xffffffff, 0x00000000,
		0x00000001, 0x00000000, 0x00000000, 0x00000000,
		0x00000000, 0x00000000, 0x00000000, 0x00000000,
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
		0x00000002, 0xfffffffc, 0x00000002, 0x00000003,
		0xfffffffe, 0xfffffffc, 0x00000005, 0x00000003,
		0xfffffffd, 0xfffffffd, 0x00000002, 0x00000003,
	})
}

// add sets z to x+y. The pointers may be equal.
func add(z, x, y *element) {
	if profile.Compact {
		prime.Add(z[:], x[:], y[:])
		return
	}
	// x + y - p: p is subtracted as + 1 - 2^32 + 2^96 + 2^128 - 2^384.
	c := int64(x[0]) + int64(y[0]) + 1
	z0 := uint32(c)
	c = c>>32 + int64(x[1]) + int64(y[1]) - 1
	z1 := uint32(c)
	c = c>>32 + int64(x[2]) + int64(y[2])
	z2 := uint32(c)
	c = c>>32 + int64(x[3]) + int64(y[3]) + 1
	z3 := uint32(c)
	c = c>>32 + int64(x[4]) + int64(y[4]) + 1
	z4 := uint32(c)
	c = c>>32 + int64(x[5]) + int64(y[5])
	z5 := uint32(c)
	c = c>>32 + int64(x[6]) + int64(y[6])
	z6 := uint32(c)
	c = c>>32 + int64(x[7]) + int64(y[7])
	z7 := uint32(c)
	c = c>>32 + int64(x[8]) + int64(y[8])
	z8 := uint32(c)
	c = c>>32 + int64(x[9]) + int64(y[9])
	z9 := uint32(c)
	c = c>>32 + int64(x[10]) + int64(y[10])
	z10 := uint32(c)
	c = c>>32 + int64(x[11]) + int64(y[11])
	z11 := uint32(c)
	addPrime(z, z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, uint32(c>>32)-1)
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
	c = c>>32 + int64(x[8]) - int64(y[8])
	z8 := uint32(c)
	c = c>>32 + int64(x[9]) - int64(y[9])
	z9 := uint32(c)
	c = c>>32 + int64(x[10]) - int64(y[10])
	z10 := uint32(c)
	c = c>>32 + int64(x[11]) - int64(y[11])
	z11 := uint32(c)
	addPrime(z, z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, uint32(c>>32))
}

// addPrime sets z to the number of the words z0 to z11, plus p when mask is all ones and not when it is 0,
// modulo 2^384, where p is - 1 + 2^32 - 2^96 - 2^128: a few ones, and carries of one bit.
func addPrime(z *element, z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, mask uint32) {
	one := mask & 1
	z[0] = z0 - one
	c := uint64(z1) + uint64(one-less(z0, one))
	z[1] = uint32(c)
	c = uint64(z2) + c>>32
	z[2] = uint32(c)
	borrow := one - uint32(c>>32)
	z[3] = z3 - borrow
	borrow = one + less(z3, borrow)
	z[4] = z4 - borrow
	borrow = less(z4, borrow)
	z[5] = z5 - borrow
	borrow = less(z5, borrow)
	z[6] = z6 - borrow
	borrow = less(z6, borrow)
	z[7] = z7 - borrow
	borrow = less(z7, borrow)
	z[8] = z8 - borrow
	borrow = less(z8, borrow)
	z[9] = z9 - borrow
	borrow = less(z9, borrow)
	z[10] = z10 - borrow
	borrow = less(z10, borrow)
	z[11] = z11 - borrow
}

// less returns 1 when x < y and 0 otherwise.
func less(x, y uint32) uint32 { return uint32((uint64(x) - uint64(y)) >> 63) }

// negateIf sets z to -z when mask is all ones and leaves it when it is 0. z is not zero; no point has y = 0.
func negateIf(z *element, mask uint32) {
	// p - z = p + ^z + 1 - 2^384
	c := uint64(z[0]^mask) + uint64(mask) + uint64(mask&1)
	z[0] = uint32(c)
	c = c>>32 + uint64(z[1]^mask)
	z[1] = uint32(c)
	c = c>>32 + uint64(z[2]^mask)
	z[2] = uint32(c)
	c = c>>32 + uint64(z[3]^mask) + uint64(mask)
	z[3] = uint32(c)
	c = c>>32 + uint64(z[4]^mask) + uint64(mask&^1)
	z[4] = uint32(c)
	c = c>>32 + uint64(z[5]^mask) + uint64(mask)
	z[5] = uint32(c)
	c = c>>32 + uint64(z[6]^mask) + uint64(mask)
	z[6] = uint32(c)
	c = c>>32 + uint64(z[7]^mask) + uint64(mask)
	z[7] = uint32(c)
	c = c>>32 + uint64(z[8]^mask) + uint64(mask)
	z[8] = uint32(c)
	c = c>>32 + uint64(z[9]^mask) + uint64(mask)
	z[9] = uint32(c)
	c = c>>32 + uint64(z[10]^mask) + uint64(mask)
	z[10] = uint32(c)
	z[11] = uint32(c>>32) + (z[11] ^ mask) + mask
}

// half sets z to x/2. The pointers may be equal.
func half(z, x *element) {
	// For odd x it is (x-1)/2 + (p-1)/2 + 1.
	odd := -(x[0] & 1)
	c := uint64(odd & 1)
	for i := range words - 1 {
		c += uint64(x[i]>>1|x[i+1]<<31) + uint64((primeWords[i]>>1|primeWords[i+1]<<31)&odd)
		z[i] = uint32(c)
		c >>= 32
	}
	z[words-1] = uint32(c) + x[words-1]>>1 + primeWords[words-1]>>1&odd
}

// reduce sets z to t/R mod p for t < p*R: Montgomery's reduction, which adds multiples of p until the
// lower half of t is zero. Because p = -1 mod 2^32, the word m by which a multiple m*p clears the lowest
// word of t is that word itself, and m*p is added as a few words: - m + m*2^32 - m*2^96 - m*2^128 +
// m*2^384.
func reduce(z *element, t *[2 * words]uint32) {
	m0 := t[0]
	c := int64(t[1]) + int64(m0)
	m1 := uint32(c)
	c = c>>32 + int64(t[2]) + int64(m1)
	m2 := uint32(c)
	c = c>>32 + int64(t[3]) + int64(m2) - int64(m0)
	m3 := uint32(c)
	c = c>>32 + int64(t[4]) + int64(m3) - int64(m1) - int64(m0)
	m4 := uint32(c)
	c = c>>32 + int64(t[5]) + int64(m4) - int64(m2) - int64(m1)
	m5 := uint32(c)
	c = c>>32 + int64(t[6]) + int64(m5) - int64(m3) - int64(m2)
	m6 := uint32(c)
	c = c>>32 + int64(t[7]) + int64(m6) - int64(m4) - int64(m3)
	m7 := uint32(c)
	c = c>>32 + int64(t[8]) + int64(m7) - int64(m5) - int64(m4)
	m8 := uint32(c)
	c = c>>32 + int64(t[9]) + int64(m8) - int64(m6) - int64(m5)
	m9 := uint32(c)
	c = c>>32 + int64(t[10]) + int64(m9) - int64(m7) - int64(m6)
	m10 := uint32(c)
	c = c>>32 + int64(t[11]) + int64(m10) - int64(m8) - int64(m7)
	m11 := uint32(c)

	// The upper half is t/R. From here on p is subtracted too, as + 1 - 2^32 + 2^96 + 2^128 - 2^384.
	c = c>>32 + int64(t[12]) + int64(m11) - int64(m9) - int64(m8) + int64(m0) + 1
	z0 := uint32(c)
	c = c>>32 + int64(t[13]) - int64(m10) - int64(m9) + int64(m1) - 1
	z1 := uint32(c)
	c = c>>32 + int64(t[14]) - int64(m11) - int64(m10) + int64(m2)
	z2 := uint32(c)
	c = c>>32 + int64(t[15]) - int64(m11) + int64(m3) + 1
	z3 := uint32(c)
	c = c>>32 + int64(t[16]) + int64(m4) + 1
	z4 := uint32(c)
	c = c>>32 + int64(t[17]) + int64(m5)
	z5 := uint32(c)
	c = c>>32 + int64(t[18]) + int64(m6)
	z6 := uint32(c)
	c = c>>32 + int64(t[19]) + int64(m7)
	z7 := uint32(c)
	c = c>>32 + int64(t[20]) + int64(m8)
	z8 := uint32(c)
	c = c>>32 + int64(t[21]) + int64(m9)
	z9 := uint32(c)
	c = c>>32 + int64(t[22]) + int64(m10)
	z10 := uint32(c)
	c = c>>32 + int64(t[23]) + int64(m11)
	z11 := uint32(c)
	addPrime(z, z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, uint32(c>>32)-1)
}
