//go:build (amd64 || arm64) && !portable && !tinygo

package aesccm

import (
	"crypto/aes"
	"crypto/cipher"

	"colibri/tlscore/primitive/subtle"
)

// blockCipher is the standard library's AES with the methods of internal/aes.Key. The two blocks stand in it
// because arguments of interface methods count as escaping: elsewhere they would have to be on the heap.
type blockCipher struct {
	block  cipher.Block
	blocks [32]byte
}

func (c *blockCipher) Init(key []byte) {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("aesccm: " + err.Error()) // of the key's length only, which was checked
	}
	c.block = block
}

func (c *blockCipher) Expand(s *schedule) { s.cipher = c }

func (c *blockCipher) Wipe() { *c = blockCipher{} }

// schedule stands for a blockCipher in use, with the methods of internal/aes.Schedule.
type schedule struct {
	cipher *blockCipher
}

func (s *schedule) Encrypt(q *[8]uint32) {
	b := &s.cipher.blocks
	for i := range 4 {
		store32(b[4*i:], q[2*i])
		store32(b[16+4*i:], q[2*i+1])
	}
	s.cipher.block.Encrypt(b[:16], b[:16])
	s.cipher.block.Encrypt(b[16:], b[16:])
	for i := range 4 {
		q[2*i], q[2*i+1] = load32(b[4*i:]), load32(b[16+4*i:])
	}
}

func (s *schedule) Wipe() { subtle.Wipe(s.cipher.blocks[:]) }
