package der

// IsInteger reports whether b is the contents of an INTEGER: at least one octet, two's complement, in its
// shortest form (X.690 8.3.2).
func IsInteger(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	return len(b) == 1 || !(b[0] == 0 && b[1] < 0x80 || b[0] == 0xff && b[1] >= 0x80)
}

// Unsigned reads an INTEGER that is not negative and returns its magnitude: big-endian, without leading
// zeros, so that zero is an empty slice.
func (c *Cursor) Unsigned() (magnitude []byte, ok bool) {
	saved := *c
	b, ok := c.Read(Integer)
	if !ok || b[0] >= 0x80 {
		*c = saved
		return nil, false
	}
	if b[0] == 0 {
		b = b[1:]
	}
	return b, true
}

// Uint32 reads an INTEGER between 0 and 2^32-1.
func (c *Cursor) Uint32() (value uint32, ok bool) {
	saved := *c
	b, ok := c.Unsigned()
	if !ok || len(b) > 4 {
		*c = saved
		return 0, false
	}
	for _, x := range b {
		value = value<<8 | uint32(x)
	}
	return value, true
}

// BitString reads a BIT STRING made of whole octets, as those that hold keys and signatures are.
func (c *Cursor) BitString() (octets []byte, ok bool) {
	saved := *c
	b, ok := c.Read(BitString)
	if !ok || b[0] != 0 {
		*c = saved
		return nil, false
	}
	return b[1:], true
}

// NamedBits reads a BIT STRING of named bits, of which the first 16 are returned: bit number n (X.690 8.6.2,
// counted from the most significant bit of the first octet) is 1<<n. contents is what follows the tag and
// length, so that the tag may be implicit. Trailing zero bits are not DER (X.690 11.2.2), but stand in some
// roots of public CAs; canonical is false then.
func NamedBits(contents []byte) (bits uint16, canonical, ok bool) {
	if len(contents) == 0 {
		return 0, false, false
	}
	unused, octets := contents[0], contents[1:]
	if len(octets) == 0 {
		return 0, unused == 0, unused == 0
	}
	last := octets[len(octets)-1]
	if unused > 7 || last&(1<<unused-1) != 0 {
		return 0, false, false
	}
	for n := 0; n < 16 && n/8 < len(octets); n++ {
		if octets[n/8]<<(n%8)&0x80 != 0 {
			bits |= 1 << n
		}
	}
	return bits, last&(1<<unused) != 0, true
}

// IsObjectID reports whether b is the contents of an OBJECT IDENTIFIER: at least one octet, each
// subidentifier complete and without leading zero bits (X.690 8.19.2).
func IsObjectID(b []byte) bool {
	if len(b) == 0 || b[len(b)-1] >= 0x80 {
		return false
	}
	first := true
	for _, x := range b {
		if first && x == 0x80 {
			return false
		}
		first = x < 0x80
	}
	return true
}
