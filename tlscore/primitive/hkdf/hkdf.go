package hkdf

import (
	"colibri/tlscore/primitive/hmac"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

// Extract writes HKDF-Extract(salt, ikm), a.Size() bytes, to out (RFC 5869, section 2.2). An empty salt
// stands for a.Size() zeros. out may be the memory of salt or ikm.
func Extract(a sha2.Algorithm, out, salt, ikm []byte) {
	var mac hmac.HMAC
	mac.Init(a, salt) // HMAC pads its key with zeros: an empty one and one of zeros are the same
	mac.Write(ikm)
	mac.Sum(out)
	mac.Wipe()
}

// Expand fills out with HKDF-Expand(prk, info, len(out)) (RFC 5869, section 2.3). out does not overlap prk or
// info and is at most 255 * a.Size() bytes long: Expand panics if it is longer.
func Expand(a sha2.Algorithm, out, prk, info []byte) { expand(a, out, prk, info, "", nil, nil) }

// ExpandLabel fills out with HKDF-Expand-Label(secret, label, context, len(out)) (RFC 8446, section 7.1),
// where label comes without its prefix "tls13 ". out does not overlap secret or context. The label is at most
// 249 bytes long, the context 255, and out as in Expand; ExpandLabel panics if one is longer.
func ExpandLabel(a sha2.Algorithm, out, secret []byte, label string, context []byte) {
	const prefix = "tls13 "
	if len(prefix)+len(label) > 255 || len(context) > 255 {
		panic("hkdf: label or context too long")
	}
	// struct { uint16 length; opaque label<7..255>; opaque context<0..255>; } HkdfLabel, in parts
	var head [3 + len(prefix)]byte
	head[0], head[1], head[2] = byte(len(out)>>8), byte(len(out)), byte(len(prefix)+len(label))
	copy(head[3:], prefix)
	contextLength := [1]byte{byte(len(context))}
	expand(a, out, secret, head[:], label, contextLength[:], context)
}

// expand is Expand with info in parts. The output is T(1) | T(2) | ... with T(i) = HMAC(prk, T(i-1) |
// info | i). The key is set anew for every T(i): in TLS there is hardly ever more than one, and a copy of the
// keyed MAC costs stack.
func expand(a sha2.Algorithm, out, prk, info1 []byte, label string, info2, info3 []byte) {
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
		mac.Write(info1)
		writeString(&mac, label)
		mac.Write(info2)
		mac.Write(info3)
		i[0]++
		mac.Write(i[:])
		n = mac.Sum(last[:])
		out = out[copy(out, last[:n]):]
	}
	mac.Wipe()
	subtle.Wipe(last[:])
}

// writeString writes s piece by piece: there is no room for the longest label, which nobody uses.
func writeString(mac *hmac.HMAC, s string) {
	var piece [16]byte
	for len(s) > 0 {
		n := copy(piece[:], s)
		mac.Write(piece[:n])
		s = s[n:]
	}
}
