// Package peer keeps who the client of a connection is, by the certificate it showed: what handlers want to
// know after the certificate itself is gone.
package peer

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/x509lite"
	"colibri/x509lite/der"
)

// Bounds of what is kept; what is longer is cut.
const (
	maxSubject = 96
	maxNames   = 96
)

// Peer is the identity of a client. The zero value is a client without one.
type Peer struct {
	// Verified says that the certificate leads to a trust anchor and that the client holds its key. Nothing
	// but the fingerprint means anything before.
	Verified bool
	// Fingerprint is the SHA-256 hash of the certificate.
	Fingerprint [32]byte

	subject [maxSubject]byte
	names   [maxNames]byte
	nSub    uint8
	nNames  uint8
}

// Subject is the distinguished name as x509lite.DescribeName writes it, for instance "O=Acme, CN=joe". ASCII.
func (p *Peer) Subject() []byte { return p.subject[:p.nSub] }

// Names are the subject's alternative names, separated by commas, each with its kind:
// "DNS:joe.example,email:joe@example". ASCII.
func (p *Peer) Names() []byte { return p.names[:p.nNames] }

// Set takes the identity from a certificate. It leaves Verified false.
func (p *Peer) Set(c *x509lite.Certificate) {
	*p = Peer{}
	sha2.Sum(sha2.SHA256, p.Fingerprint[:], c.Raw)

	p.nSub = uint8(x509lite.DescribeName(p.subject[:], c.Subject))

	t := text{buf: p.names[:]}
	t.alternatives(c.Extensions)
	p.nNames = uint8(t.end())
}

// NoteSize is how long what Save writes is, in bytes.
const NoteSize = 64

// Save writes to note what Restore needs: the fingerprint, and as much of the subject as there is room for.
func (p *Peer) Save(note *[NoteSize]byte) {
	n := copy(note[:], p.Fingerprint[:])
	clear(note[n:])
	t := text{buf: note[n:]}
	for _, c := range p.Subject() {
		t.put(c)
	}
	t.end()
}

// Restore takes the identity from what Save wrote. It has no names.
func (p *Peer) Restore(note *[NoteSize]byte) {
	*p = Peer{}
	for _, c := range note[copy(p.Fingerprint[:], note[:]):] {
		if c == 0 {
			return
		}
		p.subject[p.nSub] = c
		p.nSub++
	}
}

// text writes to a buffer of fixed size.
type text struct {
	buf []byte
	n   int
	cut bool
}

func (t *text) put(c byte) {
	if t.n == len(t.buf) {
		t.cut = true
		return
	}
	t.buf[t.n] = c
	t.n++
}

func (t *text) str(s string) {
	for i := range len(s) {
		t.put(s[i])
	}
}

func (t *text) int(n uint32) {
	if n >= 10 {
		t.int(n / 10)
	}
	t.put('0' + byte(n%10))
}

func (t *text) hex(c byte) {
	const digits = "0123456789abcdef"
	t.put(digits[c>>4])
	t.put(digits[c&15])
}

// end marks a cut text with "..." and returns its length.
func (t *text) end() int {
	if t.cut {
		t.n -= len("...")
		t.str("...")
	}
	return t.n
}

// isSAN reports whether oid is id-ce-subjectAltName, 2.5.29.17 (RFC 5280, section 4.2.1.6).
func isSAN(oid []byte) bool { return len(oid) == 3 && oid[0] == 0x55 && oid[1] == 0x1d && oid[2] == 17 }

// alternatives writes the names of the extension subjectAltName, given the contents of the sequence of all
// extensions.
func (t *text) alternatives(extensions []byte) {
	list := der.Cursor(extensions)
	for !list.Empty() {
		extension, ok := list.Enter(der.Sequence)
		if !ok {
			return
		}
		oid, ok := extension.Read(der.ObjectID)
		if !ok {
			return
		}
		if !isSAN(oid) {
			continue
		}
		if extension.Next(der.Boolean) {
			extension.Read(der.Boolean)
		}
		value, _ := extension.Read(der.OctetString)
		names, _ := der.Only(value, der.Sequence)
		for !names.Empty() {
			tag, _, name, ok := names.Any()
			if !ok {
				return
			}
			t.alternative(tag, name)
		}
		return
	}
}

// The forms of GeneralName that are written: rfc822Name, dNSName, uniformResourceIdentifier and iPAddress.
const (
	nameEmail = 1
	nameDNS   = 2
	nameURI   = 6
	nameIP    = 7
)

func (t *text) alternative(tag der.Tag, name []byte) {
	kind := ""
	switch tag {
	case der.Context(nameEmail):
		kind = "email:"
	case der.Context(nameDNS):
		kind = "DNS:"
	case der.Context(nameURI):
		kind = "URI:"
	case der.Context(nameIP):
		kind = "IP:"
	default:
		return
	}
	if t.n > 0 {
		t.put(',')
	}
	t.str(kind)
	if kind == "IP:" {
		t.ip(name)
		return
	}
	for _, c := range name {
		if c <= 0x20 || c > 0x7e || c == ',' || c == '\\' {
			t.put('\\')
			t.hex(c)
			continue
		}
		t.put(c)
	}
}

// ip writes an IPv4 address dotted and an IPv6 address as eight groups of digits.
func (t *text) ip(p []byte) {
	for i, c := range p {
		switch {
		case len(p) == 4:
			if i > 0 {
				t.put('.')
			}
			t.int(uint32(c))
		default:
			if i > 0 && i%2 == 0 {
				t.put(':')
			}
			t.hex(c)
		}
	}
}
