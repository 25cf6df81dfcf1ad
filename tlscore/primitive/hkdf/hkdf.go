package hkdf

import (
	"colibri/tlscore/primitive/hmac"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

// Extract writes HKDF-Extract(salt, ikm), a.Size() bytes, to out (RFC 5869, section 2.2). An empty salt
// stands for a.Size() zeros. out may be the memory of salt or ikm.
func Extract(a sha2.Algorithm, out, salt, ikm []byte) {
	hmac.Sum(a, out, salt, ikm) // HMAC pads its key with zeros: an empty one and one of zeros are the same
}

// Expand fills out with HKDF-Expand(prk, info, len(out)) (RFC 5869, section 2.3). out does not overlap prk or
// info and is at most 255 * a.Size() bytes long: Expand panics if it is longer.
func Expand(a sha2.Algorithm, out, prk, info []byte) {
	if len(out) > 255*a.Size() {
		panic("hkdf: output too long")
	}
	var (
		mac  hmac.HMAC
		last [sha2.MaxSize]byte // T(i-1)
		n    int                // its length
		i    [1]byte
	)
	for len(out) > 0 {
		mac.Init(a, prk)
		mac.Write(last[:n])
		mac.Write(info)
		i[0]++
		mac.Write(i[:])
		n = mac.Sum(last[:])
		out = out[copy(out, last[:n]):]
	}
	mac.Wipe()
	subtle.Wipe(last[:])
}

// ExpandLabel fills out with HKDF-Expand-Label(secret, label, context, len(out)) (RFC 8446, section 7.1),
// where label comes without its prefix "tls13 ". out does not overlap secret or context. The label is at most
// 249 bytes long, the context 255, and out as in Expand; ExpandLabel panics if one is longer.
func ExpandLabel(a sha2.Algorithm, out, secret []byte, label string, context []byte) {
	var l hkdfLabel
	n := l.set(len(out), label, context)
	if n == 0 || len(out) > a.Size() {
		expandLong(a, out, secret, label, context)
		return
	}
	var block [sha2.MaxSize]byte
	hmac.Sum(a, block[:], secret, l[:n])
	copy(out, block[:])
	subtle.Wipe(block[:])
}

// Expander is ExpandLabel for several labels of one secret.
type Expander struct {
	key hmac.Key
	max int // bytes of a block
}

// Init sets the secret.
func (e *Expander) Init(a sha2.Algorithm, secret []byte) {
	e.key.Init(a, secret)
	e.max = a.Size()
}

// Label is ExpandLabel for outputs of one block, and labels and contexts as the key schedule has them; it panics otherwise.
func (e *Expander) Label(out []byte, label string, context []byte) {
	var l hkdfLabel
	n := l.set(len(out), label, context)
	if n == 0 || len(out) > e.max {
		panic("hkdf: output, label or context too long")
	}
	var block [sha2.MaxSize]byte
	e.key.Sum(block[:], l[:n])
	copy(out, block[:])
	subtle.Wipe(block[:])
}

// Wipe forgets the secret.
func (e *Expander) Wipe() { e.key.Wipe() }

const prefix = "tls13 "

// hkdfLabel is struct { uint16 length; opaque label<7..255>; opaque context<0..255>; } HkdfLabel with the number of the first block
// of output behind it, of the lengths that the key schedule has.
type hkdfLabel [2 + 1 + len(prefix) + 16 + 1 + sha2.MaxSize + 1]byte

// set returns how many bytes it is, 0 if there is no room.
func (l *hkdfLabel) set(length int, label string, context []byte) int {
	n := 3 + len(prefix)
	if n+len(label)+1+len(context)+1 > len(l) {
		return 0
	}
	l[0], l[1], l[2] = byte(length>>8), byte(length), byte(len(prefix)+len(label))
	copy(l[3:], prefix)
	n += copy(l[n:], label)
	l[n] = byte(len(context))
	n += 1 + copy(l[n+1:], context)
	l[n] = 1
	return n + 1
}

// expandLong is ExpandLabel for the longest labels and contexts, and for more than one block of output.
//
//go:noinline
func expandLong(a sha2.Algorithm, out, secret []byte, label string, context []byte) {
	if len(prefix)+len(label) > 255 || len(context) > 255 {
		panic("hkdf: label or context too long")
	}
	var info [2 + 1 + 255 + 1 + 255]byte
	info[0], info[1], info[2] = byte(len(out)>>8), byte(len(out)), byte(len(prefix)+len(label))
	n := 3 + copy(info[3:], prefix)
	n += copy(info[n:], label)
	info[n] = byte(len(context))
	n += 1 + copy(info[n+1:], context)
	Expand(a, out, secret, info[:n])
}
