package keccak

import "math/bits"

const lanes = 25

// roundConstants are what iota adds (FIPS 202, section 3.2.5).
var roundConstants = [24]uint64{
	0x0000000000000001, 0x0000000000008082, 0x800000000000808a,
	0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
	0x8000000080008081, 0x8000000000008009, 0x000000000000008a,
	0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
	0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
	0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
	0x000000000000800a, 0x800000008000000a, 0x8000000080008081,
	0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
}

// permute is Keccak-f[1600] (FIPS 202, section 3.3). Lane x, y stands at a[x+5y].
func permute(a *[lanes]uint64) {
	for _, constant := range &roundConstants {
		c0 := a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20]
		c1 := a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21]
		c2 := a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22]
		c3 := a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23]
		c4 := a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24]
		d0, d1, d2 := c4^bits.RotateLeft64(c1, 1), c0^bits.RotateLeft64(c2, 1), c1^bits.RotateLeft64(c3, 1)
		d3, d4 := c2^bits.RotateLeft64(c4, 1), c3^bits.RotateLeft64(c0, 1)
		for y := 0; y < lanes; y += 5 {
			row := a[y : y+5]
			row[0] ^= d0
			row[1] ^= d1
			row[2] ^= d2
			row[3] ^= d3
			row[4] ^= d4
		}

		rhoAndPi(a)
		for y := 0; y < lanes; y += 5 {
			row := a[y : y+5]
			e0, e1, e2, e3, e4 := row[0], row[1], row[2], row[3], row[4]
			row[0] = e0 ^ e2&^e1
			row[1] = e1 ^ e3&^e2
			row[2] = e2 ^ e4&^e3
			row[3] = e3 ^ e0&^e4
			row[4] = e4 ^ e1&^e0
		}
		a[0] ^= constant
	}
}

// rhoAndPi turns and moves the lanes in place, along the one cycle in which pi moves all but the first. It is not inlined, for of a
// function that uses a pointer more than a hundred times LLVM believes that it keeps it, and TinyGo moves to the heap what it
// points to.
//
//go:noinline
func rhoAndPi(a *[lanes]uint64) {
	hold := a[1]
	hold, a[10] = a[10], bits.RotateLeft64(hold, 1)
	hold, a[7] = a[7], bits.RotateLeft64(hold, 3)
	hold, a[11] = a[11], bits.RotateLeft64(hold, 6)
	hold, a[17] = a[17], bits.RotateLeft64(hold, 10)
	hold, a[18] = a[18], bits.RotateLeft64(hold, 15)
	hold, a[3] = a[3], bits.RotateLeft64(hold, 21)
	hold, a[5] = a[5], bits.RotateLeft64(hold, 28)
	hold, a[16] = a[16], bits.RotateLeft64(hold, 36)
	hold, a[8] = a[8], bits.RotateLeft64(hold, 45)
	hold, a[21] = a[21], bits.RotateLeft64(hold, 55)
	hold, a[24] = a[24], bits.RotateLeft64(hold, 2)
	hold, a[4] = a[4], bits.RotateLeft64(hold, 14)
	hold, a[15] = a[15], bits.RotateLeft64(hold, 27)
	hold, a[23] = a[23], bits.RotateLeft64(hold, 41)
	hold, a[19] = a[19], bits.RotateLeft64(hold, 56)
	hold, a[13] = a[13], bits.RotateLeft64(hold, 8)
	hold, a[12] = a[12], bits.RotateLeft64(hold, 25)
	hold, a[2] = a[2], bits.RotateLeft64(hold, 43)
	hold, a[20] = a[20], bits.RotateLeft64(hold, 62)
	hold, a[14] = a[14], bits.RotateLeft64(hold, 18)
	hold, a[22] = a[22], bits.RotateLeft64(hold, 39)
	hold, a[9] = a[9], bits.RotateLeft64(hold, 61)
	hold, a[6] = a[6], bits.RotateLeft64(hold, 20)
	a[1] = bits.RotateLeft64(hold, 44)
}
