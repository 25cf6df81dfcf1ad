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
// nameConstraints is one too, but not for RulesWebPKI; basicConstraints is one in CA certificates.
const mustBeCritical extensionSet = 1<<extPolicyConstraints | 1<<extInhibitAnyPolicy

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

// extensionNumber maps the contents of an object identifier to the number of the extension.
func extensionNumber(oid []byte) int {
	if len(oid) == 3 && hasPrefix(oid, arcCE) {
		switch oid[2] {
		case 9:
			return extSubjectDirectoryAttributes
		case 14:
			return extSubjectKeyID
		case 15:
			return extKeyUsage
		case 17:
			return extSubjectAltName
		case 18:
			return extIssuerAltName
		case 19:
			return extBasicConstraints
		case 30:
			return extNameConstraints
		case 31:
			return extCRLDistributionPoints
		case 32:
			return extCertificatePolicies
		case 33:
			return extPolicyMappings
		case 35:
			return extAuthorityKeyID
		case 36:
			return extPolicyConstraints
		case 37:
			return extExtendedKeyUsage
		case 46:
			return extFreshestCRL
		case 54:
			return extInhibitAnyPolicy
		}
	}
	if len(oid) == 8 && hasPrefix(oid, arcPE) {
		switch oid[7] {
		case 1:
			return extAuthorityInfoAccess
		case 11:
			return extSubjectInfoAccess
		}
	}
	return extUnknown
}

// readExtension reads Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING
// } (RFC 5280 4.1).
func readExtension(list *der.Cursor) (oid []byte, critical bool, value []byte, ok bool) {
	e, ok := list.Enter(der.Sequence)
	if !ok {
		return nil, false, nil, false
	}
	if oid, ok = e.ObjectID(); !ok {
		return nil, false, nil, false
	}
	if critical, ok = e.DefaultFalse(); !ok {
		return nil, false, nil, false
	}
	value, ok = e.Read(der.OctetString)
	return oid, critical, value, ok && e.Empty()
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
		oid, critical, value, ok := readExtension(&list)
		if !ok {
			return ErrDER
		}
		n := extensionNumber(oid)
		if n == extUnknown {
			c.unknownCritical = c.unknownCritical || critical
			if contains(before, oid) {
				return ErrDuplicateExtension
			}
			continue
		}
		if c.present.has(n) {
			return ErrDuplicateExtension
		}
		c.present |= 1 << n
		if critical {
			c.critical |= 1 << n
		}
		if e := c.parseExtension(n, value); e != 0 {
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
	switch n {
	case extBasicConstraints:
		return c.parseBasicConstraints(value)
	case extKeyUsage:
		v := der.Cursor(value)
		b, ok := v.Read(der.BitString)
		if !ok || !v.Empty() {
			return ErrExtension
		}
		uses, canonical, ok := der.NamedBits(b)
		// At least one bit MUST be set (RFC 5280 4.2.1.3).
		if !ok || uses == 0 {
			return ErrExtension
		}
		if !canonical {
			c.slip = ErrExtension
		}
		c.KeyUsage = KeyUsage(uses)
	case extSubjectKeyID:
		v := der.Cursor(value)
		id, ok := v.Read(der.OctetString)
		if !ok || !v.Empty() || len(id) == 0 {
			return ErrExtension
		}
		c.SubjectKeyID = id
	case extAuthorityKeyID:
		return c.parseAuthorityKeyID(value)
	case extSubjectAltName:
		c.san = value
	case extNameConstraints:
		c.nameConstraints = value
	case extExtendedKeyUsage:
		c.extKeyUsage = value
	}
	return 0
}

// parseBasicConstraints reads SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX)
// OPTIONAL } (RFC 5280 4.2.1.9).
func (c *Certificate) parseBasicConstraints(value []byte) Error {
	v, ok := der.Only(value, der.Sequence)
	if !ok {
		return ErrExtension
	}
	if c.IsCA, ok = v.DefaultFalse(); !ok {
		return ErrExtension
	}
	if v.Empty() {
		return 0
	}
	n, ok := v.Unsigned()
	if !ok || !v.Empty() {
		return ErrExtension
	}
	// MUST NOT be there unless cA is asserted (RFC 5280 4.2.1.9).
	if !c.IsCA {
		return ErrExtension
	}
	c.PathLen = 0
	for _, b := range n {
		if c.PathLen > 127 {
			c.PathLen = 32767
			break
		}
		c.PathLen = c.PathLen<<8 | int16(b)
	}
	return 0
}

// parseAuthorityKeyID reads SEQUENCE { keyIdentifier [0] OPTIONAL, authorityCertIssuer [1] GeneralNames
// OPTIONAL, authorityCertSerialNumber [2] OPTIONAL }, the last two both or neither (RFC 5280 4.2.1.1).
func (c *Certificate) parseAuthorityKeyID(value []byte) Error {
	v, ok := der.Only(value, der.Sequence)
	if !ok {
		return ErrExtension
	}
	id, present, ok := v.Optional(der.Context(0))
	if !ok || present && len(id) == 0 {
		return ErrExtension
	}
	_, issuer, ok := v.Optional(der.ContextConstructed(1))
	if !ok {
		return ErrExtension
	}
	_, serial, ok := v.Optional(der.Context(2))
	if !ok || issuer != serial || !v.Empty() {
		return ErrExtension
	}
	c.AuthorityKeyID = id
	c.akiExtra = issuer
	return 0
}
