package p384

import "colibri/tlscore/primitive/internal/modular"

//go:generate go run ./gen

// element is a number modulo p = 2^384 - 2^128 - 2^96 + 2^32 - 1 in Montgomery form: it stands for x the number x*R mod p,
// R = 2^384, in words, least significant first. It is always the smallest representative, in [0, p-1].
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

// setBytes sets z to the number that b encodes, big-endian. It returns false, and z is of no use, when b is not below p.
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
	var t [2 * words]uint32
	copy(t[:], x[:])
	var z element
	reduce(&z, &t)
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
	var r element
	c := int64(0)
	for i, w := range primeWords {
		c += int64(x[i]) + int64(y[i]) - int64(w)
		r[i] = uint32(c)
		c >>= 32
	}
	addPrime(z, &r, uint32(c))
}

// sub sets z to x-y. The pointers may be equal.
func sub(z, x, y *element) {
	var r element
	c := int64(0)
	for i := range words {
		c += int64(x[i]) - int64(y[i])
		r[i] = uint32(c)
		c >>= 32
	}
	addPrime(z, &r, uint32(c))
}

// addPrime sets z to r, plus p when mask is all ones and not when it is 0, modulo 2^384.
func addPrime(z, r *element, mask uint32) {
	c := uint64(0)
	for i, w := range primeWords {
		c += uint64(r[i]) + uint64(w&mask)
		z[i] = uint32(c)
		c >>= 32
	}
}

// negateIf sets z to -z when mask is all ones and leaves it when it is 0.
func negateIf(z *element, mask uint32) {
	var n element
	sub(&n, &element{}, z)
	for i := range z {
		z[i] ^= (z[i] ^ n[i]) & mask
	}
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

// reduce sets z to t/R mod p for t < p*R: Montgomery's reduction. Because p = -1 mod 2^32, the word m by which a
// multiple m*p clears the lowest word of t is that word itself, and m*p is added to t as five words:
// - m + m*2^32 - m*2^96 - m*2^128 + m*2^384.
func reduce(z *element, t *[2 * words]uint32) {
	var r element
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
	r[0] = uint32(c)
	c = c>>32 + int64(t[13]) - int64(m10) - int64(m9) + int64(m1) - 1
	r[1] = uint32(c)
	c = c>>32 + int64(t[14]) - int64(m11) - int64(m10) + int64(m2)
	r[2] = uint32(c)
	c = c>>32 + int64(t[15]) - int64(m11) + int64(m3) + 1
	r[3] = uint32(c)
	c = c>>32 + int64(t[16]) + int64(m4) + 1
	r[4] = uint32(c)
	c = c>>32 + int64(t[17]) + int64(m5)
	r[5] = uint32(c)
	c = c>>32 + int64(t[18]) + int64(m6)
	r[6] = uint32(c)
	c = c>>32 + int64(t[19]) + int64(m7)
	r[7] = uint32(c)
	c = c>>32 + int64(t[20]) + int64(m8)
	r[8] = uint32(c)
	c = c>>32 + int64(t[21]) + int64(m9)
	r[9] = uint32(c)
	c = c>>32 + int64(t[22]) + int64(m10)
	r[10] = uint32(c)
	c = c>>32 + int64(t[23]) + int64(m11)
	r[11] = uint32(c)
	addPrime(z, &r, uint32(c>>32)-1)
}

// mac adds x*y to the column sum c0 + c1*2^32 + c2*2^64.
func mac(c0, c1, c2, x, y uint32) (uint32, uint32, uint32) {
	low := uint64(x)*uint64(y) + uint64(c0)
	high := low>>32 + uint64(c1)
	return uint32(low), uint32(high), c2 + uint32(high>>32)
}

// addTwice adds 2*(d0 + d1*2^32 + d2*2^64) to the column sum c0 + c1*2^32 + c2*2^64.
func addTwice(c0, c1, c2, d0, d1, d2 uint32) (uint32, uint32, uint32) {
	low := uint64(c0) + uint64(d0<<1)
	high := low>>32 + uint64(c1) + uint64(d1<<1|d0>>31)
	return uint32(low), uint32(high), c2 + (d2<<1 | d1>>31) + uint32(high>>32)
}
