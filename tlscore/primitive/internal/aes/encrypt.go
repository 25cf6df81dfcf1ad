package aes

import (
	"math/bits"

	"colibri/tlscore/primitive/subtle"
)

// Schedule is the bitsliced round keys of an AES key: 484 bytes that live as long as blocks are encrypted,
// usually on the stack. The caller wipes it.
type Schedule struct {
	keys   [maxRounds + 1][8]uint32
	rounds int
}

// Wipe forgets the key.
func (s *Schedule) Wipe() {
	for i := range s.keys {
		subtle.Wipe(s.keys[i][:])
	}
}

// Encrypt encrypts two blocks in place. Each is four words, the first byte being the most significant of the
// first word; the words of the one have even numbers in q, those of the other odd ones.
func (s *Schedule) Encrypt(q *[8]uint32) {
	transpose(q)
	// Bit 2*c+b of each byte of a word now belongs to column c of block b; byte r from the top is row r.
	encrypt(q, s.keys[:s.rounds+1])
	transpose(q)
	// What was not carried out of ShiftRows: 10 or 14 times, which is twice. It moves rows 1 and 3 by two
	// columns.
	for i := range 4 {
		t := (q[i] ^ q[i+4]) & 0x00ff00ff
		q[i] ^= t
		q[i+4] ^= t
	}
}

// encrypt carries out as many rounds as there are keys after the first, on a local copy that has room in
// registers.
func encrypt(q *[8]uint32, keys [][8]uint32) {
	x := *q
	addKey(&x, &keys[0])
	for round := 1; ; round++ {
		subBytes(&x)
		last := round == len(keys)-1
		if !last {
			mixColumns(&x, round)
		}
		addKey(&x, &keys[round])
		if last {
			break
		}
	}
	*q = x
}

func addKey(q, key *[8]uint32) {
	for i := range q {
		q[i] ^= key[i]
	}
}

// mixColumns is MixColumns of FIPS 197, section 5.1.3, on a state in which ShiftRows was left out in every
// round up to this one. With x the byte of a row and next x, next next x ... those of the rows below it in
// the same column, MixColumns is
//
//	2*(x + next x) + next x + next next (x + next x).
//
// After k times ShiftRows left out, the byte of the next row stands k columns further: a rotation of the word
// by one row and a rotation of each byte by k columns, that is 2k bits. The second next is the same twice.
func mixColumns(q *[8]uint32, round int) {
	var u, v [8]uint32 // x + next x; next x + next next u
	switch round & 3 {
	case 0:
		for i, x := range q {
			next := rows(x, 1)
			u[i] = x ^ next
			v[i] = next ^ rows(u[i], 2)
		}
	case 1:
		for i, x := range q {
			next := columns1(rows(x, 1))
			u[i] = x ^ next
			v[i] = next ^ columns2(rows(u[i], 2))
		}
	case 2:
		for i, x := range q {
			next := columns2(rows(x, 1))
			u[i] = x ^ next
			v[i] = next ^ rows(u[i], 2)
		}
	case 3:
		for i, x := range q {
			next := columns3(rows(x, 1))
			u[i] = x ^ next
			v[i] = next ^ columns2(rows(u[i], 2))
		}
	}
	// Times 2: one bit up, modulo x^8 + x^4 + x^3 + x + 1.
	q[0] = u[7] ^ v[0]
	q[1] = u[0] ^ u[7] ^ v[1]
	q[2] = u[1] ^ v[2]
	q[3] = u[2] ^ u[7] ^ v[3]
	q[4] = u[3] ^ u[7] ^ v[4]
	q[5] = u[4] ^ v[5]
	q[6] = u[5] ^ v[6]
	q[7] = u[6] ^ v[7]
}

// rows brings row r+n to the place of row r.
func rows(x uint32, n int) uint32 { return bits.RotateLeft32(x, 8*n) }

// columns1, columns2 and columns3 bring column c+n to the place of column c.
func columns1(x uint32) uint32 { return x>>2&0x3f3f3f3f | x<<6&0xc0c0c0c0 }
func columns2(x uint32) uint32 { return x>>4&0x0f0f0f0f | x<<4&0xf0f0f0f0 }
func columns3(x uint32) uint32 { return x>>6&0x03030303 | x<<2&0xfcfcfcfc }
