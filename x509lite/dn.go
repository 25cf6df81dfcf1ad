package x509lite

import "colibri/x509lite/der"

// sameName compares two Names, whole elements, as RFC 5280 7.1 asks: the same relative names in the same
// order, strings without regard to ASCII case, to the spaces around them, to how many separate their words,
// and to which of the Unicode string types holds them. Beyond ASCII strings are compared as they are; a
// profile of stringprep would need tables of 30 KB, and CAs copy names byte for byte.
func sameName(a, b []byte) bool {
	if same(a, b) {
		return true
	}
	x, ok := der.Only(a, der.Sequence)
	if !ok {
		return false
	}
	y, ok := der.Only(b, der.Sequence)
	if !ok {
		return false
	}
	return prefixOfName(&x, &y) && y.Empty()
}

// isName reports whether b is a Name: a SEQUENCE of relative names (RFC 5280 4.1.2.4).
func isName(b []byte) bool {
	rdns, ok := der.Only(b, der.Sequence)
	for ok && !rdns.Empty() {
		var rdn der.Cursor
		rdn, ok = rdns.Enter(der.Set)
		ok = ok && isRelativeName(rdn)
	}
	return ok
}

// isRelativeName reports whether rdn holds a RelativeDistinguishedName: at least one AttributeTypeAndValue
// (RFC 5280 4.1.2.4). The values are strings, as those of all attributes in use are. Only UTF8Strings are
// looked into, which must be UTF-8; the others are compared, and shown escaped, whatever they hold.
func isRelativeName(rdn der.Cursor) bool {
	if rdn.Empty() {
		return false
	}
	for !rdn.Empty() {
		_, tag, value, ok := readAttribute(&rdn)
		if !ok || !isString(tag) || tag == der.UTF8String && !isUTF8(value) {
			return false
		}
	}
	return true
}

// isString tells the string types that values of attributes have: those of DirectoryString (RFC 5280
// 4.1.2.4), IA5String and NumericString (A.1), and BIT STRING for uniqueIdentifier (X.520 6.2.7).
func isString(t der.Tag) bool {
	switch t {
	case der.PrintableString, der.UTF8String, der.TeletexString, der.UniversalString, der.BMPString, der.IA5String,
		der.NumericString, der.BitString:
		return true
	}
	return false
}

// isUTF8 reports whether b is UTF-8 (RFC 3629 3): the shortest form of each character, no surrogates, nothing
// beyond 0x10ffff.
func isUTF8(b []byte) bool {
	for len(b) > 0 {
		c := uint32(b[0])
		b = b[1:]
		switch {
		case c < 0x80:
			continue
		case c < 0xc2, c > 0xf4:
			return false
		}
		more := 1 // octets that follow
		if c >= 0xe0 {
			more++
		}
		if c >= 0xf0 {
			more++
		}
		c &= 0x3f >> more
		for range more {
			if len(b) == 0 || b[0]>>6 != 2 {
				return false
			}
			c = c<<6 | uint32(b[0]&0x3f)
			b = b[1:]
		}
		// One octet less would have held 5*more+1 bits; where one follows, the first was above 0xc1 for that reason.
		if more > 1 && c>>(5*more+1) == 0 || c > 0x10ffff || 0xd800 <= c && c < 0xe000 {
			return false
		}
	}
	return true
}

// prefixOfName reports whether the RDNSequence name begins with those of prefix (RFC 5280 4.2.1.10 for
// directoryName), and moves both past what it compared.
func prefixOfName(prefix, name *der.Cursor) bool {
	for !prefix.Empty() {
		x, ok := prefix.Enter(der.Set)
		if !ok {
			return false
		}
		y, ok := name.Enter(der.Set)
		if !ok || !sameRDN(x, y) {
			return false
		}
	}
	return true
}

// sameRDN compares two RelativeDistinguishedNames. A SET OF stands sorted in DER, so that the attributes are
// compared in order.
func sameRDN(x, y der.Cursor) bool {
	for !x.Empty() && !y.Empty() {
		oidX, tagX, valueX, ok := readAttribute(&x)
		if !ok {
			return false
		}
		oidY, tagY, valueY, ok := readAttribute(&y)
		if !ok || !same(oidX, oidY) || !sameValue(tagX, tagY, valueX, valueY) {
			return false
		}
	}
	return x.Empty() && y.Empty()
}

// readAttribute reads AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY } (RFC 5280
// 4.1.2.4).
func readAttribute(c *der.Cursor) (oid []byte, tag der.Tag, value []byte, ok bool) {
	a, ok := c.Enter(der.Sequence)
	if !ok {
		return nil, 0, nil, false
	}
	if oid, ok = a.ObjectID(); !ok {
		return nil, 0, nil, false
	}
	tag, _, value, ok = a.Any()
	return oid, tag, value, ok && a.Empty()
}

func sameValue(tagX, tagY der.Tag, x, y []byte) bool {
	if !asciiBased(tagX) || !asciiBased(tagY) {
		return tagX == tagY && same(x, y)
	}
	x, y = trimSpaces(x), trimSpaces(y)
	for len(x) > 0 && len(y) > 0 {
		if lower(x[0]) != lower(y[0]) {
			return false
		}
		if x[0] == ' ' {
			x, y = skipSpaces(x), skipSpaces(y)
		} else {
			x, y = x[1:], y[1:]
		}
	}
	return len(x) == 0 && len(y) == 0
}

func skipSpaces(b []byte) []byte {
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	return b
}

func trimSpaces(b []byte) []byte {
	b = skipSpaces(b)
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// asciiBased tells the string types in which ASCII characters are single octets and other characters have no
// octets below 0x80.
func asciiBased(t der.Tag) bool {
	return t == der.PrintableString || t == der.UTF8String || t == der.IA5String || t == der.NumericString
}
