package x509lite

import "colibri/x509lite/der"

// NameKind is the type of a name in subjectAltName (RFC 5280 4.2.1.6).
type NameKind uint8

const (
	NameOther NameKind = iota // a type that has no text form here
	NameDNS                   // dNSName: a host name, maybe with a wildcard, in ASCII
	NameIP                    // iPAddress: 4 or 16 octets
	NameMail                  // rfc822Name: a mailbox, in ASCII
	NameURI                   // uniformResourceIdentifier, in ASCII
	NameDN                    // directoryName: a Name, the whole element, for DescribeName
)

// AltNames goes through the names of subjectAltName.
type AltNames struct{ rest der.Cursor }

// AltNames returns the names of c. They can be trusted only if the certificate has been verified.
func (c *Certificate) AltNames() AltNames {
	names, _ := der.Only(c.san, der.Sequence)
	return AltNames{names}
}

// Next returns the next name, a view, and its type; ok is false after the last.
func (n *AltNames) Next() (kind NameKind, name []byte, ok bool) {
	if n.rest.Empty() {
		return 0, nil, false
	}
	tag, _, name, ok := n.rest.Any()
	if !ok {
		n.rest = nil
		return 0, nil, false
	}
	switch tag {
	case nameDNS:
		kind = NameDNS
	case nameIP:
		kind = NameIP
	case nameRFC822:
		kind = NameMail
	case nameURI:
		kind = NameURI
	case nameDirectory:
		kind = NameDN
	}
	return kind, name, true
}

// CommonName returns the last commonName of the subject, a view, or nil. It may be any text, in UTF-8 or something like it.
// Escape it before people read it, and identify nobody by it.
func (c *Certificate) CommonName() []byte {
	cn, _ := commonName(c.Subject)
	return cn
}
