package aes

import "colibri/tlscore/primitive/subtle"

const maxRounds = 14

// Key is an AES key made ready for encryption, in 244 bytes: the round keys as Schedule has them, but in half
// the space. Both blocks of a bitsliced round key are the same, so that the words come as pairs of equal
// bits; two of them make one of a Key, the word of even number in the even bits and its neighbour in the odd
// ones.
type Key struct {
	words  [4 * (maxRounds + 1)]uint32
	rounds int
}

// Init sets the key, of 16 or 32 bytes.
func (k *Key) Init(key []byte) {
	n := len(key) / 4
	k.rounds = n + 6
	// The key expansion of FIPS 197, section 5.2. The first byte of a word is its most significant.
	w := &k.words
	for i := range n {
		b := key[4*i : 4*i+4]
		w[i] = uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	}
	for i := n; i < 4*(k.rounds+1); i++ {
		t := w[i-1]
		if i%n == 0 {
			t = subWord(t<<8|t>>24) ^ roundConstant[i/n-1]
		} else if n == 8 && i%8 == 4 {
			t = subWord(t)
		}
		w[i] = w[i-n] ^ t
	}
	for round := range k.rounds + 1 {
		w := k.words[4*round : 4*round+4]
		compress(w, round)
	}
}

// roundConstant is the powers of x modulo the polynomial of FIPS 197, section 4.2, as first byte of a word.
var roundConstant = [10]uint32{
	0x01 << 24, 0x02 << 24, 0x04 << 24, 0x08 << 24, 0x10 << 24,
	0x20 << 24, 0x40 << 24, 0x80 << 24, 0x1b << 24, 0x36 << 24,
}

// subWord replaces the four bytes of w by their images under the S-box: the last round of an encryption
// without a key. (A call of subBytes would do, but compilers inline the circuit where it counts, in the
// rounds, if that is its only place.)
func subWord(w uint32) uint32 {
	var zero [2][8]uint32
	q := [8]uint32{w}
	transpose(&q)
	encrypt(&q, zero[:])
	transpose(&q)
	return q[0] ^ 0x63636363
}

// compress turns the four words of a round key into what a Key has of it. The bytes are laid out as those of
// the state are after round ShiftRows that were not carried out, and they include the constant of the S-box,
// which subBytes leaves out.
func compress(w []uint32, round int) {
	var q [8]uint32
	for c := range 4 {
		for r := range 4 {
			row := uint32(0xff000000) >> (8 * r)
			q[2*c] |= w[(c-round*r)&3] & row
		}
		if round > 0 {
			q[2*c] ^= 0x63636363
		}
		q[2*c+1] = q[2*c]
	}
	transpose(&q)
	for i := range 4 {
		w[i] = q[2*i]&0x55555555 | q[2*i+1]&0xaaaaaaaa
	}
	subtle.Wipe(q[:])
}

// Expand writes the round keys to s, for as long as blocks are encrypted.
func (k *Key) Expand(s *Schedule) {
	s.rounds = k.rounds
	for i := range k.rounds + 1 {
		key := &s.keys[i]
		for j, w := range k.words[4*i : 4*i+4] {
			even, odd := w&0x55555555, w&0xaaaaaaaa
			key[2*j] = even | even<<1
			key[2*j+1] = odd | odd>>1
		}
	}
}

// Wipe forgets the key. The Key must be initialised again before it is used.
func (k *Key) Wipe() {
	subtle.Wipe(k.words[:])
	k.rounds = 0
}
