package chachapoly

import "math/bits"

// keystream is the state of ChaCha20: constants, key, block counter, nonce (RFC 8439, section 2.3).
type keystream [16]uint32

const counter = 12 // the word of a keystream that counts blocks

func (s *keystream) init(key *[8]uint32, nonce *[NonceSize]byte) {
	s[0], s[1], s[2], s[3] = 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 // "expand 32-byte k"
	copy(s[4:12], key[:])
	s[counter] = 0
	for i := range 3 {
		s[13+i] = load32(nonce[4*i:])
	}
}

// next sets out to the next block of the key stream.
func (s *keystream) next(out *[16]uint32) {
	x0, x1, x2, x3 := s[0], s[1], s[2], s[3]
	x4, x5, x6, x7 := s[4], s[5], s[6], s[7]
	x8, x9, x10, x11 := s[8], s[9], s[10], s[11]
	x12, x13, x14, x15 := s[12], s[13], s[14], s[15]
	for range 10 {
		x0, x4, x8, x12 = quarterRound(x0, x4, x8, x12)
		x1, x5, x9, x13 = quarterRound(x1, x5, x9, x13)
		x2, x6, x10, x14 = quarterRound(x2, x6, x10, x14)
		x3, x7, x11, x15 = quarterRound(x3, x7, x11, x15)

		x0, x5, x10, x15 = quarterRound(x0, x5, x10, x15)
		x1, x6, x11, x12 = quarterRound(x1, x6, x11, x12)
		x2, x7, x8, x13 = quarterRound(x2, x7, x8, x13)
		x3, x4, x9, x14 = quarterRound(x3, x4, x9, x14)
	}
	out[0], out[1], out[2], out[3] = x0+s[0], x1+s[1], x2+s[2], x3+s[3]
	out[4], out[5], out[6], out[7] = x4+s[4], x5+s[5], x6+s[6], x7+s[7]
	out[8], out[9], out[10], out[11] = x8+s[8], x9+s[9], x10+s[10], x11+s[11]
	out[12], out[13], out[14], out[15] = x12+s[12], x13+s[13], x14+s[14], x15+s[15]
	s[counter]++
}

// quarterRound is that of RFC 8439, section 2.1.
func quarterRound(a, b, c, d uint32) (uint32, uint32, uint32, uint32) {
	a += b
	d = bits.RotateLeft32(d^a, 16)
	c += d
	b = bits.RotateLeft32(b^c, 12)
	a += b
	d = bits.RotateLeft32(d^a, 8)
	c += d
	b = bits.RotateLeft32(b^c, 7)
	return a, b, c, d
}

// crypt XORs the key stream k to the 64 bytes of data. What was the key stream becomes the ciphertext: data
// before, or with the mask sealing of all ones, after.
func crypt(data *[64]byte, k *[16]uint32, sealing uint32) {
	for i := range k {
		b := (*[4]byte)(data[4*i : 4*i+4])
		in := load32(b[:])
		store32(b[:], in^k[i])
		k[i] = in ^ k[i]&sealing
	}
}

func load32(b []byte) uint32 {
	_ = b[3]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

func store32(b []byte, v uint32) {
	_ = b[3]
	b[0], b[1], b[2], b[3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
}
