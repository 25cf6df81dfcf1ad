package aesccm

import "colibri/tlscore/primitive/subtle"

// lanes is two blocks that are encrypted together: words of even number are the next input of the CBC-MAC,
// then its output; those of odd number a counter block, then a block of the key stream.
type lanes [8]uint32

// crypt encrypts (sealing is all ones) or decrypts (zero) data in place and sets tag to the authentication
// tag, of which the first bytes are used (SP 800-38C, section 6).
func (k *Key) crypt(data []byte, tag *[16]byte, nonce *[NonceSize]byte, ad []byte, sealing uint32) {
	var (
		s    schedule
		q    lanes
		last [16]byte
	)
	k.cipher.Expand(&s)
	// The nonce as it stands in the first block of the MAC and in counter blocks: behind a byte of flags,
	// before three bytes of length or counter (SP 800-38C, appendices A.2.1 and A.3).
	n0 := uint32(nonce[0])<<16 | uint32(nonce[1])<<8 | uint32(nonce[2])
	n1, n2 := load32(nonce[3:]), load32(nonce[7:])
	n3 := uint32(nonce[11]) << 24
	const counterFlags = 3 - 1 // the length field takes three bytes

	flags := uint32(counterFlags | (k.tagSize-2)/2<<3)
	if len(ad) > 0 {
		flags |= 1 << 6
	}
	q[0], q[2], q[4], q[6] = flags<<24|n0, n1, n2, n3|uint32(len(data))

	// The associated data, behind its length (SP 800-38C, appendix A.2.2).
	if len(ad) > 0 {
		n := 2
		if len(ad) < 0xff00 {
			last[0], last[1] = byte(len(ad)>>8), byte(len(ad))
		} else {
			n = 6
			last[0], last[1] = 0xff, 0xfe
			store32(last[2:], uint32(len(ad)))
		}
		for len(ad) > 0 {
			ad = ad[copy(last[n:], ad):]
			s.Encrypt((*[8]uint32)(&q))
			q.mac(&last)
			clear(last[:])
			n = 0
		}
	}

	counter := uint32(1)
	for ; len(data) > 0; counter++ {
		q[1], q[3], q[5], q[7] = counterFlags<<24|n0, n1, n2, n3|counter
		s.Encrypt((*[8]uint32)(&q))
		n := copy(last[:], data)
		// Zeros behind the data, and a key stream that leaves them zeros: that is how the MAC pads the
		// plaintext.
		clear(last[n:])
		for i := n; i < 16; i++ {
			q[i>>2<<1|1] &^= 0xff000000 >> (8 * (i & 3))
		}
		q.crypt(&last, sealing)
		data = data[copy(data, last[:n]):]
	}
	q[1], q[3], q[5], q[7] = counterFlags<<24|n0, n1, n2, n3
	s.Encrypt((*[8]uint32)(&q))
	for i := range 4 {
		store32(tag[4*i:], q[2*i]^q[2*i+1])
	}

	s.Wipe()
	subtle.Wipe(q[:])
	subtle.Wipe(last[:])
}

// mac adds a block to the output of the MAC, which makes its next input.
func (q *lanes) mac(block *[16]byte) {
	for i := range 4 {
		q[2*i] ^= load32(block[4*i:])
	}
}

// crypt XORs the key stream to a block and adds the plaintext, which is the block before (sealing is all
// ones) or after, to the output of the MAC.
func (q *lanes) crypt(block *[16]byte, sealing uint32) {
	for i := range 4 {
		in, key := load32(block[4*i:]), q[2*i+1]
		store32(block[4*i:], in^key)
		q[2*i] ^= in ^ key&^sealing
	}
}

func load32(b []byte) uint32 {
	_ = b[3]
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

func store32(b []byte, v uint32) {
	_ = b[3]
	b[0], b[1], b[2], b[3] = byte(v>>24), byte(v>>16), byte(v>>8), byte(v)
}
