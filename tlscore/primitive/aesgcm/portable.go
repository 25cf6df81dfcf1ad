package aesgcm

import (
	"colibri/tlscore/primitive/internal/aes"
	"colibri/tlscore/primitive/subtle"
)

// portable is AES-GCM for any platform.
type portable struct {
	key   aes.Key
	h, h2 element // h/x and h^2/x, where h is the hash subkey of SP 800-38D
}

func (k *portable) init(key []byte) {
	var s aes.Schedule
	k.key.Init(key)
	k.key.Expand(&s)
	var block [8]uint32
	s.Encrypt(&block)
	h := element{block[6], block[4], block[2], block[0]}
	k.h = divideX(&h)
	var a, b, zero operand
	a.split(&h)
	b.split(&k.h)
	square := multiply2(&a, &b, &zero, &zero)
	k.h2 = divideX(&square)
	s.Wipe()
	subtle.Wipe(block[:])
	subtle.Wipe(h[:])
	subtle.Wipe(square[:])
	subtle.Wipe(a[:])
	subtle.Wipe(b[:])
}

func (k *portable) seal(buf []byte, nonce *[NonceSize]byte, ad []byte) {
	n := len(buf) - TagSize
	k.crypt(buf[:n], (*[TagSize]byte)(buf[n:]), nonce, ad, ^uint32(0))
}

func (k *portable) open(buf []byte, nonce *[NonceSize]byte, ad []byte) bool {
	n := len(buf) - TagSize
	var tag [TagSize]byte
	k.crypt(buf[:n], &tag, nonce, ad, 0)
	return subtle.Equal(tag[:], buf[n:])
}

func (k *portable) wipe() {
	k.key.Wipe()
	subtle.Wipe(k.h[:])
	subtle.Wipe(k.h2[:])
}

// crypt encrypts (sealing is all ones) or decrypts (zero) data in place and sets tag to the authentication
// tag of the ciphertext and ad (SP 800-38D, sections 7.1 and 7.2).
func (k *portable) crypt(data []byte, tag *[TagSize]byte, nonce *[NonceSize]byte, ad []byte, sealing uint32) {
	var (
		s    aes.Schedule
		mac  ghash
		q    [8]uint32 // two counter blocks, which become key stream and then ciphertext
		last [32]byte
	)
	k.key.Expand(&s)
	mac.init(&k.h, &k.h2)
	adBits, dataBits := uint64(len(ad))*8, uint64(len(data))*8
	for len(ad) > 0 {
		clear(last[:16])
		ad = ad[copy(last[:16], ad):]
		for i := range 4 {
			q[2*i] = load32(last[4*i:])
		}
		mac.single(&q)
	}

	iv := [3]uint32{load32(nonce[0:]), load32(nonce[4:]), load32(nonce[8:])}
	counter := uint32(2)
	for len(data) >= 32 {
		q = counters(&iv, counter, counter+1)
		counter += 2
		s.Encrypt(&q)
		crypt(data[:32], &q, sealing)
		mac.pair(&q)
		data = data[32:]
	}
	// Zeros behind the data, and a key stream that leaves them zeros: that is how GHASH pads the ciphertext.
	n := copy(last[:], data)
	clear(last[n:])
	if n > 16 {
		q = counters(&iv, counter, counter+1)
		s.Encrypt(&q)
		truncate(&q, n)
		crypt(last[:], &q, sealing)
		mac.pair(&q)
		copy(data, last[:n])
		n = 0
	}
	// The last block, if there is one left, shares an encryption with block 1, whose image hides the tag, and
	// a multiplication with the block of the lengths.
	q = counters(&iv, counter, 1)
	s.Encrypt(&q)
	mask := element{q[7], q[5], q[3], q[1]}
	if n > 0 {
		truncate(&q, n)
		crypt(last[:], &q, sealing)
		copy(data, last[:n])
		q[1], q[3], q[5], q[7] = uint32(adBits>>32), uint32(adBits), uint32(dataBits>>32), uint32(dataBits)
		mac.pair(&q)
	} else {
		q[0], q[2], q[4], q[6] = uint32(adBits>>32), uint32(adBits), uint32(dataBits>>32), uint32(dataBits)
		mac.single(&q)
	}
	for i := range 4 {
		store32(tag[4*i:], mac.y[3-i]^mask[3-i])
	}

	s.Wipe()
	mac.wipe()
	subtle.Wipe(q[:])
	subtle.Wipe(last[:])
	subtle.Wipe(mask[:])
}

// counters returns the counter blocks of two numbers, laid out as aes.Schedule has them.
func counters(iv *[3]uint32, a, b uint32) [8]uint32 {
	return [8]uint32{iv[0], iv[0], iv[1], iv[1], iv[2], iv[2], a, b}
}

// truncate makes all of the key stream zero but its first n bytes.
func truncate(q *[8]uint32, n int) {
	for i := n; i < 32; i++ {
		q[i>>2&3<<1|i>>4] &^= 0xff000000 >> (8 * (i & 3))
	}
}

// crypt XORs the key stream q to the 32 bytes of data. What was the key stream becomes the ciphertext: data
// before, or with the mask sealing of all ones, after.
func crypt(data []byte, q *[8]uint32, sealing uint32) {
	for i := range q {
		b := data[16*(i&1)+2*(i&^1):]
		in := load32(b)
		store32(b, in^q[i])
		q[i] = in ^ q[i]&sealing
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
