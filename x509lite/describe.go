package x509lite

import "colibri/x509lite/der"

// Describe writes one line about the certificate for a log to out and returns its length: subject, names,
// issuer, serial number, validity and kind of key, for example
//
//	CN=changeme; names changeme, 192.0.2.1; issuer CN=ca; serial 1f; 2024-01-01 to 2026-01-01; ECDSA P-256;
//	signed ECDSA with SHA-256
//
// What a peer chose is written so that it can do no harm in a log: characters other than printable ASCII as
// \xHH, and so are the separators ";", ",", "=" and the backslash within values. If out is too small, the
// line is cut off. 256 bytes are enough for most.
func (c *Certificate) Describe(out []byte) int {
	l := line{out: out}
	l.name(c.Subject)
	names, _ := der.Only(c.san, der.Sequence)
	for separator := "; names "; !names.Empty(); separator = ", " {
		tag, _, name, ok := names.Any()
		if !ok {
			break
		}
		l.text(separator)
		l.generalName(tag, name)
	}
	l.text("; issuer ")
	l.name(c.Issuer)
	l.text("; serial ")
	for _, b := range c.Serial {
		l.hex(b)
	}
	l.text("; ")
	l.date(c.NotBefore)
	l.text(" to ")
	l.date(c.NotAfter)
	l.text("; ")
	var k PublicKey
	if e := k.parse(c.SPKI); e != 0 {
		l.text("unknown key")
	} else {
		l.text(k.Algorithm.String())
		if k.Algorithm.RSA() {
			l.text(" ")
			l.decimal(k.Bits(), 1)
		}
	}
	l.text("; signed ")
	l.text(c.SignatureAlgorithm.String())
	return l.n
}

// DescribeName writes a Name, Issuer or Subject of a certificate, as Describe does, and returns its length.
func DescribeName(out, name []byte) int {
	l := line{out: out}
	l.name(name)
	return l.n
}

// line is text that is being written; what does not fit is dropped.
type line struct {
	out []byte
	n   int
}

func (l *line) byte(b byte) {
	if l.n < len(l.out) {
		l.out[l.n] = b
		l.n++
	}
}

func (l *line) text(s string) {
	for i := 0; i < len(s); i++ {
		l.byte(s[i])
	}
}

func (l *line) hex(b byte) {
	const digits = "0123456789abcdef"
	l.byte(digits[b>>4])
	l.byte(digits[b&15])
}

// decimal writes n, which is not negative, with at least width digits.
func (l *line) decimal(n, width int) {
	power := 1
	for digits := 1; digits < width || n/power >= 10; digits++ {
		power *= 10
	}
	for ; power > 0; power /= 10 {
		l.byte('0' + byte(n/power%10))
	}
}

func (l *line) date(seconds int64) {
	year, month, day, _ := der.Date(seconds)
	l.decimal(year, 4)
	l.byte('-')
	l.decimal(month, 2)
	l.byte('-')
	l.decimal(day, 2)
}

// escaped writes what a peer chose.
func (l *line) escaped(b []byte) {
	for _, c := range b {
		if c < ' ' || c > '~' || c == '\\' || c == ';' || c == ',' || c == '=' {
			l.text(`\x`)
			l.hex(c)
		} else {
			l.byte(c)
		}
	}
}

func (l *line) generalName(tag der.Tag, name []byte) {
	switch tag {
	case nameDNS, nameRFC822, nameURI:
		l.escaped(name)
	case nameIP:
		var text [39]byte
		l.escaped(text[:formatIP(text[:], name)])
	case nameDirectory:
		l.name(name)
	default:
		l.text("(other)")
	}
}

// attributes are the ones that have a short name in RFC 4514 3, by the last octet after id-at, 2.5.4.
var attributes = [...]struct {
	last byte
	name string
}{{3, "CN"}, {6, "C"}, {7, "L"}, {8, "ST"}, {10, "O"}, {11, "OU"}, {5, "SERIALNUMBER"}}

const arcAT = "\x55\x04"

func (l *line) name(name []byte) {
	var a nameReader
	a.begin(name)
	if a.end() {
		l.text("(no name)")
		return
	}
	for first := true; !a.end() && a.next(); first = false {
		if !first {
			l.text(", ")
		}
		l.attributeType(a.oid)
		l.byte('=')
		if asciiBased(a.tag) || a.tag == der.TeletexString {
			l.escaped(a.value)
		} else {
			l.text("#")
			for _, b := range a.value {
				l.hex(b)
			}
		}
	}
}

func (l *line) attributeType(oid []byte) {
	if len(oid) == 3 && hasPrefix(oid, arcAT) {
		for i := range attributes {
			if attributes[i].last == oid[2] {
				l.text(attributes[i].name)
				return
			}
		}
	}
	if equal(oid, oidEmailAddress) {
		l.text("emailAddress")
		return
	}
	l.text("#")
	for _, b := range oid {
		l.hex(b)
	}
}
