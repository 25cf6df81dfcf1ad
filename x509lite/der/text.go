package der

// IsText reports whether an element is a string as values of attributes in names are (RFC 5280 4.1.2.4, A.1), or the
// BIT STRING of uniqueIdentifier (X.520 6.2.7). Only UTF8Strings are looked into, which must be UTF-8; the others are
// compared, and shown escaped, whatever they hold.
func IsText(tag Tag, contents []byte) bool {
	switch tag {
	case UTF8String:
		return isUTF8(contents)
	case PrintableString, TeletexString, UniversalString, BMPString, IA5String, NumericString, BitString:
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
