package x509lite

import "colibri/x509lite/der"

// extensionSet is a set of known extensions: bit n stands for the extension with the number n below.
type extensionSet uint32

// The extensions of RFC 5280 4.2, by number.
const (
	extSubjectDirectoryAttributes = iota
	extSubjectKeyID
	extKeyUsage
	extSubjectAltName
	extIssuerAltName
	extBasicConstraints
	extNameConstraints
	extCRLDistributionPoints
	extCertificatePolicies
	extPolicyMappings
	extAuthorityKeyID
	extPolicyConstraints
	extExtendedKeyUsage
	extFreshestCRL
	extInhibitAnyPolicy
	extAuthorityInfoAccess
	extSubjectInfoAccess
	extUnknown
)

// mustNotBeCritical are the extensions that conforming CAs MUST mark as non-critical.
const mustNotBeCritical extensionSet = 1<<extSubjectDirectoryAttributes | 1<<extSubjectKeyID | 1<<extAuthorityKeyID |
	1<<extFreshestCRL | 1<<extAuthorityInfoAccess | 1<<extSubjectInfoAccess

// mustBeCritical are the extensions that conforming CAs MUST mark as critical, whatever stands in them.
// nameConstraints is one too, but not for WebPKI; basicConstraints is one in CA certificates.
const mustBeCritical extensionSet = 1<<extPolicyConstraints | 1<<extInhibitAnyPolicy

// parsedAtOnce are the extensions that parse looks into.
const parsedAtOnce extensionSet = 1<<extSubjectKeyID | 1<<extKeyUsage | 1<<extBasicConstraints | 1<<extAuthorityKeyID

// unprocessed are the extensions that are known and ignored, and so may not be critical.
const unprocessed extensionSet = 1<<extIssuerAltName | 1<<extCRLDistributionPoints

func (s extensionSet) has(n int) bool { return s>>n&1 != 0 }

const (
	arcCE      = "\x55\x1d"                     // id-ce, 2.5.29
	arcPE      = "\x2b\x06\x01\x05\x05\x07\x01" // id-pe, 1.3.6.1.5.5.7.1
	arcKP      = "\x2b\x06\x01\x05\x05\x07\x03" // id-kp, 1.3.6.1.5.5.7.3
	anyPolicy  = "\x55\x1d\x20\x00"             // 2.5.29.32.0
	anyKeyUse  = "\x55\x1d\x25\x00"             // anyExtendedKeyUsage, 2.5.29.37.0
	serverAuth = arcKP + "\x01"
	clientAuth = arcKP + "\x02"
)

// The last octets of the identifiers after id-ce, and those after id-pe, of the extensions from number 0 on.
const (
	ceExtensions = "\x09\x0e\x0f\x11\x12\x13\x1e\x1f\x20\x21\x23\x24\x25\x2e\x36"
	peExtensions = "\x01\x0b"
)

// extension is Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING } (RFC 5280
// 4.1): the contents of each.
type extension [3][]byte

func (x *extension) read(list *der.Cursor) bool { return list.Match("(\x30a\x06?b\x01c\x04)", x[:]) }

func (x *extension) oid() []byte    { return x[0] }
func (x *extension) critical() bool { return x[1] != nil }
func (x *extension) value() []byte  { return x[2] }

// number is that of the extension.
func (x *extension) number() int {
	oid := x.oid()
	last, known, first := oid[len(oid)-1], ceExtensions, 0
	switch arc := oid[:len(oid)-1]; {
	case equal(arc, arcCE):
	case equal(arc, arcPE):
		known, first = peExtensions, len(ceExtensions)
	default:
		return extUnknown
	}
	for i := 0; i < len(known); i++ {
		if known[i] == last {
			return first + i
		}
	}
	return extUnknown
}

// parseExtensions goes once through c.Extensions: it notes which there are, finds duplicates, and parses
// those that path building needs. The others are parsed by check, once the certificate is part of a path.
func (c *Certificate) parseExtensions() Error {
	list := der.Cursor(c.Extensions)
	for count := 0; !list.Empty(); count++ {
		if count == MaxExtensions {
			return ErrTooLarge
		}
		before := c.Extensions[:len(c.Extensions)-len(list)]
		var x extension
		if !x.read(&list) {
			return ErrDER
		}
		n := x.number()
		if n == extUnknown {
			c.unknownCritical = c.unknownCritical || x.critical()
			if contains(before, x.oid()) {
				return ErrDuplicateExtension
			}
			continue
		}
		if c.present.has(n) {
			return ErrDuplicateExtension
		}
		c.present |= 1 << n
		if x.critical() {
			c.critical |= 1 << n
		}
		if e := c.parseExtension(n, x.value()); e != 0 {
			return e
		}
	}
	return 0
}

// contains reports whether an extension with the given identifier stands in a list that has been read before,
// so that nothing but the identifiers needs to be looked at.
func contains(list der.Cursor, oid []byte) bool {
	for !list.Empty() {
		extension, ok := list.Enter(der.Sequence)
		if !ok {
			return false
		}
		if other, _ := extension.Read(der.ObjectID); same(oid, other) {
			return true
		}
	}
	return false
}

func (c *Certificate) parseExtension(n int, value []byte) Error {
	var out [3][]byte
	if parsedAtOnce.has(n) && !der.Matches(value, extensionShapes[n], out[:]) {
		return ErrExtension
	}
	switch n {
	case extBasicConstraints:
		c.IsCA = out[0] != nil
		return c.parsePathLen(out[1])
	case extKeyUsage:
		uses, canonical, ok := der.NamedBits(out[0])
		// At least one bit MUST be set (RFC 5280 4.2.1.3).
		if !ok || uses == 0 {
			return ErrExtension
		}
		if !canonical {
			c.slip = ErrExtension
		}
		c.KeyUsage = KeyUsage(uses)
	case extSubjectKeyID:
		if len(out[0]) == 0 {
			return ErrExtension
		}
		c.SubjectKeyID = out[0]
	case extAuthorityKeyID:
		if !isAuthorityKeyID(&out) {
			return ErrExtension
		}
		c.AuthorityKeyID = out[0]
		c.akiExtra = out[1] != nil
	case extSubjectAltName:
		c.san = value
	case extNameConstraints:
		c.nameConstraints = value
	case extExtendedKeyUsage:
		c.extKeyUsage = value
	}
	return 0
}

// parsePathLen reads pathLenConstraint, the contents of INTEGER (0..MAX), nil if it is absent, as it MUST be
// unless cA is asserted (RFC 5280 4.2.1.9).
func (c *Certificate) parsePathLen(b []byte) Error {
	if b == nil {
		return 0
	}
	if !c.IsCA || b[0] >= 0x80 {
		return ErrExtension
	}
	c.PathLen = 0
	for _, x := range b {
		if c.PathLen > 127 {
			c.PathLen = 32767
			break
		}
		c.PathLen = c.PathLen<<8 | int16(x)
	}
	return 0
}

// isAuthorityKeyID judges the fields of an AuthorityKeyIdentifier: a key identifier is not empty, and the issuer
// and the serial number are there both or neither (RFC 5280 4.2.1.1).
func isAuthorityKeyID(fields *[3][]byte) bool {
	return (fields[0] == nil || len(fields[0]) > 0) && (fields[1] == nil) == (fields[2] == nil)
}
