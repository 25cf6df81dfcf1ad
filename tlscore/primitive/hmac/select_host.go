//go:build (amd64 || arm64) && !portable && !tinygo

package hmac

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

// Key makes the MACs of several messages that are at hand as a whole. It must be initialised with Init.
//
// Package sha2 hashes in one go several times as fast as through a state that can be copied, so that here it is worth more to put
// messages behind the pads, as far as there is room, than to have compressed those.
type Key struct {
	alg sha2.Algorithm
	pad [sha2.MaxBlockSize]byte // the key XORed with ipad
}

// Init sets the key, which may have any length.
func (k *Key) Init(a sha2.Algorithm, key []byte) {
	k.alg = a
	clear(k.pad[:])
	setPad(a, k.pad[:a.BlockSize()], key)
}

// Sum writes the MAC of message to out, which may be the memory of message, and returns its size.
func (k *Key) Sum(out, message []byte) int {
	const room = 192 // more than any message of TLS
	var buf [sha2.MaxBlockSize + room]byte
	var hash [sha2.MaxSize]byte
	size := copy(buf[:], k.pad[:k.alg.BlockSize()])
	n := 0
	if len(message) <= room {
		n = sha2.Sum(k.alg, hash[:], buf[:size+copy(buf[size:], message)])
	} else {
		var d sha2.Digest
		d.Reset(k.alg)
		d.Write(buf[:size])
		d.Write(message)
		n = d.Sum(hash[:])
		d.Wipe()
	}
	otherPad(buf[:size])
	sha2.Sum(k.alg, out, buf[:size+copy(buf[size:], hash[:n])])
	subtle.Wipe(buf[:])
	subtle.Wipe(hash[:])
	return n
}

// Wipe forgets the key, which must be set anew then.
func (k *Key) Wipe() {
	subtle.Wipe(k.pad[:])
	k.alg = 0
}

// Sum writes the MAC of message under key, of any length, to out, and returns its size. out may be the memory of key or message.
func Sum(a sha2.Algorithm, out, key, message []byte) int {
	var k Key
	k.Init(a, key)
	n := k.Sum(out, message)
	k.Wipe()
	return n
}
