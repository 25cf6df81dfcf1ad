package hmac

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

// portable is Key where compressing is what costs: the pads are compressed once for all messages.
type portable struct{ inner, outer sha2.Digest }

// Init sets the key, which may have any length.
func (k *portable) Init(a sha2.Algorithm, key []byte) { begin(a, &k.inner, &k.outer, key) }

// Sum writes the MAC of message to out, which may be the memory of message, and returns its size.
func (k *portable) Sum(out, message []byte) int {
	var hash [sha2.MaxSize]byte
	var d sha2.Digest
	d.Set(&k.inner)
	d.Write(message)
	n := d.Sum(hash[:])
	d.Set(&k.outer)
	d.Write(hash[:n])
	d.Sum(out)
	d.Wipe()
	subtle.Wipe(hash[:])
	return n
}

// Wipe forgets the key, which must be set anew then.
func (k *portable) Wipe() {
	k.inner.Wipe()
	k.outer.Wipe()
}

// sumPortable is Sum, with one digest where a Key has two and a third.
func sumPortable(a sha2.Algorithm, out, key, message []byte) int {
	var (
		pad  [sha2.MaxBlockSize]byte
		hash [sha2.MaxSize]byte
		d    sha2.Digest
	)
	block := pad[:a.BlockSize()]
	setPad(a, block, key)
	d.Reset(a)
	d.Write(block)
	d.Write(message)
	n := d.Sum(hash[:])
	otherPad(block)
	d.Reset(a)
	d.Write(block)
	d.Write(hash[:n])
	d.Sum(out)
	d.Wipe()
	subtle.Wipe(pad[:])
	subtle.Wipe(hash[:])
	return n
}
