//go:build (amd64 || arm64) && !portable && !tinygo

package chachapoly

import (
	"crypto/cipher"

	"golang.org/x/crypto/chacha20poly1305"
)

// implementation is what Key stands on.
type implementation = host

// host is golang.org/x/crypto's ChaCha20-Poly1305. The nonce is copied because arguments of interface methods
// count as escaping: without the copy, every caller would have to keep its nonce on the heap.
type host struct {
	aead  cipher.AEAD
	nonce [NonceSize]byte
}

func (k *host) init(key []byte) {
	var err error
	k.aead, err = chacha20poly1305.New(key)
	if err != nil {
		panic("chachapoly: " + err.Error()) // of the key's length only, which was checked
	}
}

func (k *host) seal(buf []byte, nonce *[NonceSize]byte, ad []byte) {
	k.nonce = *nonce
	k.aead.Seal(buf[:0], k.nonce[:], buf[:len(buf)-TagSize], ad)
}

func (k *host) open(buf []byte, nonce *[NonceSize]byte, ad []byte) bool {
	k.nonce = *nonce
	_, err := k.aead.Open(buf[:0], k.nonce[:], buf, ad)
	return err == nil
}

func (k *host) wipe() { *k = host{} }
