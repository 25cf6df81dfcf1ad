// Package peer keeps who the client of a connection is, by the certificate it showed: what handlers want to know after the
// certificate itself is gone.
package peer

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/x509lite"
	"colibri/x509lite/der"
)

// Bounds of what is kept; what is longer is cut and ends in "...".
const (
	maxSubject = 96
	maxNames   = 96
)

// Peer is the identity of a client. The zero value is a client without one.
type Peer struct {
	// Verified says that the certificate leads to a trust anchor and that the client holds its key. Nothing but the
	// fingerprint means anything before.
	Verified bool
	// Fingerprint is the SHA-256 hash of the certificate.
	Fingerprint [32]byte

	subject [maxSubject]byte
	names   [maxNames]byte
	nSub    uint8
	nNames  uint8
}

// Subject is the distinguished name in the form of RFC 4514, for instance "CN=joe,O=Acme". UTF-8.
func (p *Peer) Subject() []byte { return p.subject[:p.nSub] }

// Names are the subject's alternative names, separated by commas, each with its kind: "DNS:joe.example,email:joe@example". ASCII.
func (p *Peer) Names() []byte { return p.names[:p.nNames] }

// Set takes the identity from a certificate. It leaves Verified false.
func (p *Peer) Set(c *x509lite.Certificate) {
	*p = Peer{}
	sha2.Sum(sha2.SHA256, p.Fingerprint[:], c.Raw)

	t := text{buf: p.subject[:]}
	t.name(c.Subject)
	p.nSub = uint8(t.end())

	t = text{buf: p.names[:]}
	t.alternatives(c.Extensions)
	p.nNames = uint8(t.end())
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

// end marks a cut text and returns its length. A cut leaves no half of a UTF-8 sequence.
func (t *text) end() int {
	if t.cut {
		t.n = len(t.buf) - len("...")
		for t.n > 0 && t.buf[t.n]&0xc0 == 0x80 {
			t.n--
		}
		t.cut = false
		t.str("...")
	}
	return t.n
}

// maxRDNs bounds the relative names of a subject; real ones have about five.
const maxRDNs = 16

// name writes a Name as RFC 4514 wants it: the last relative name first.
func (t *text) name(name []byte) {
	var rdns [maxRDNs][]byte
	n := 0
	seq, ok := der.Only(name, der.Sequence)
	for ok && !seq.Empty() && n < maxRDNs {
		if rdns[n], ok = seq.Read(der.Set); ok {
			n++
		}
	}
	for i := n - 1; i >= 0; i-- {
		set, plus := der.Cursor(rdns[i]), false
		for !set.Empty() {
			attribute, ok := set.Enter(der.Sequence)
			if !ok {
				return
			}
			oid, ok := attribute.ObjectID()
			if !ok {
				return
			}
			tag, _, value, ok := attribute.Any()
			if !ok {
				return
			}
			if plus {
				t.put('+')
			} else if i < n-1 {
				t.put(',')
			}
			plus = true
			t.attribute(oid)
			t.put('=')
			t.value(tag, value)
		}
	}
}

// attribute writes the short name of an attribute type (RFC 4514, section 3) or its dotted form.
func (t *text) attribute(oid []byte) {
	if len(oid) == 3 && oid[0] == 0x55 && oid[1] == 0x04 { // id-at, 2.5.4
		switch oid[2] {
		case 3:
			t.str("CN")
			return
		case 6:
			t.str("C")
			return
		case 7:
			t.str("L")
			return
		case 8:
			t.str("ST")
			return
		case 10:
			t.str("O")
			return
		case 11:
			t.str("OU")
			return
		}
	}
	t.oid(oid)
}

// oid writes the contents of an object identifier in dotted form; its arcs beyond 32 bits come out wrong and mean nothing here.
func (t *text) oid(oid []byte) {
	var arc uint32
	first := true
	for _, c := range oid {
		arc = arc<<7 | uint32(c&0x7f)
		if c&0x80 != 0 {
			continue
		}
		if first {
			top := min(arc/40, 2)
			t.int(top)
			arc -= 40 * top
			first = false
		}
		t.put('.')
		t.int(arc)
		arc = 0
	}
}

// value writes a string value; characters that mean something in the form, and all that do not print, are escaped (RFC 4514,
// section 2.4). Values of other types appear as '#' and their contents in hexadecimal.
func (t *text) value(tag der.Tag, value []byte) {
	switch tag {
	case der.PrintableString, der.UTF8String, der.IA5String, der.NumericString:
	default:
		t.put('#')
		for _, c := range value {
			t.hex(c)
		}
		return
	}
	for i, c := range value {
		edge := i == 0 || i == len(value)-1
		switch {
		case c < 0x20 || c == 0x7f:
			t.put('\\')
			t.hex(c)
		case c == '"' || c == '+' || c == ',' || c == ';' || c == '<' || c == '>' || c == '\\' || c == '=',
			c == ' ' && edge, c == '#' && i == 0:
			t.put('\\')
			t.put(c)
		default:
			t.put(c)
		}
	}
}

// sanOID is id-ce-subjectAltName, 2.5.29.17 (RFC 5280, section 4.2.1.6).
const sanOID = "\x55\x1d\x11"

// alternatives writes the names of the extension subjectAltName, given the contents of the sequence of all extensions.
func (t *text) alternatives(extensions []byte) {
	for list := der.Cursor(extensions); !list.Empty(); {
		extension, ok := list.Enter(der.Sequence)
		if !ok {
			return
		}
		oid, ok := extension.ObjectID()
		if !ok {
			return
		}
		if string(oid) != sanOID {
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
