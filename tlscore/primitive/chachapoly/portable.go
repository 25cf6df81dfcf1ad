package chachapoly

import "colibri/tlscore/primitive/subtle"

// portable is ChaCha20-Poly1305 for any platform. Its words are the key.
type portable [8]uint32

func (k *portable) init(key []byte) {
	for i := range k {
		k[i] = load32(key[4*i:])
	}
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

func (k *portable) wipe() { subtle.Wipe(k[:]) }

// crypt encrypts (sealing is all ones) or decrypts (zero) data in place and sets tag to the authentication
// tag of the ciphertext and ad (RFC 8439, section 2.8).
func (k *portable) crypt(data []byte, tag *[TagSize]byte, nonce *[NonceSize]byte, ad []byte, sealing uint32) {
	var (
		stream keystream
		words  [16]uint32 // a block of key stream, which becomes ciphertext
		mac    poly1305
		last   [64]byte
	)
	stream.init((*[8]uint32)(k), nonce)
	stream.next(&words)
	mac.init(&words)

	adSize, dataSize := uint64(len(ad)), uint64(len(data))
	for len(ad) > 0 {
		clear(last[:])
		n := copy(last[:], ad)
		for i := range words {
			words[i] = load32(last[4*i:])
		}
		mac.blocks(words[:(n+15)/16*4])
		ad = ad[n:]
	}
	for len(data) >= 64 {
		stream.next(&words)
		crypt((*[64]byte)(data), &words, sealing)
		mac.blocks(words[:])
		data = data[64:]
	}
	if len(data) > 0 {
		// Zeros behind the data, and a key stream that leaves them zeros: that is how the MAC pads the
		// ciphertext.
		clear(last[:])
		n := copy(last[:], data)
		stream.next(&words)
		for i := n; i < len(last); i++ {
			words[i/4] &^= 0xff << (8 * (i % 4))
		}
		crypt(&last, &words, sealing)
		mac.blocks(words[:(n+15)/16*4])
		copy(data, last[:n])
	}
	words[0], words[1] = uint32(adSize), uint32(adSize>>32)
	words[2], words[3] = uint32(dataSize), uint32(dataSize>>32)
	mac.blocks(words[:4])
	mac.sum(tag)

	mac.wipe()
	subtle.Wipe(stream[:])
	subtle.Wipe(words[:])
	subtle.Wipe(last[:])
}
