package hmac

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

// HMAC is a running MAC. It must be initialised with Init.
type HMAC struct {
	inner, outer sha2.Digest
}

// Init starts the MAC of a new message under key, which may have any length: one that is longer than a block
// of the hash is hashed first.
func (h *HMAC) Init(a sha2.Algorithm, key []byte) { begin(a, &h.inner, &h.outer, key) }

// begin compresses the two pads of the key (RFC 2104, section 2).
func begin(a sha2.Algorithm, inner, outer *sha2.Digest, key []byte) {
	var pad [sha2.MaxBlockSize]byte
	block := pad[:a.BlockSize()]
	setPad(a, block, key)
	inner.Reset(a)
	inner.Write(block)
	otherPad(block)
	outer.Reset(a)
	outer.Write(block)
	subtle.Wipe(pad[:])
}

// Set makes h a copy of g, which goes on by itself.
func (h *HMAC) Set(g *HMAC) {
	h.inner.Set(&g.inner)
	h.outer.Set(&g.outer)
}

// Write appends p to the message.
func (h *HMAC) Write(p []byte) { h.inner.Write(p) }

// Sum writes the MAC of the message so far to out, which has room for the hash's Size() bytes, and returns
// that size. More of the message may be written afterwards. To check a received MAC, compare with
// subtle.Equal.
func (h *HMAC) Sum(out []byte) int {
	var hash [sha2.MaxSize]byte
	n := h.inner.Sum(hash[:])
	var outer sha2.Digest
	outer.Set(&h.outer)
	outer.Write(hash[:n])
	outer.Sum(out)
	outer.Wipe()
	subtle.Wipe(hash[:])
	return n
}

// Wipe forgets key and message. The HMAC must be initialised again before it is used.
func (h *HMAC) Wipe() {
	h.inner.Wipe()
	h.outer.Wipe()
}

const ipad, opad = 0x36, 0x5c

// setPad sets block, which is clear, to the key XORed with ipad.
func setPad(a sha2.Algorithm, block, key []byte) {
	if len(key) > len(block) {
		sha2.Sum(a, block, key)
	} else {
		copy(block, key)
	}
	for i := range block {
		block[i] ^= ipad
	}
}

// otherPad makes the one of opad of it.
func otherPad(block []byte) {
	for i := range block {
		block[i] ^= ipad ^ opad
	}
}
