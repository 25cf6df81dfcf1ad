package json

// decoder yields the code points of a string, escapes resolved. It checks as it goes, so that the same code
// validates strangers' strings and reads checked ones.
type decoder struct {
	text []byte
	pos  int
	done bool // the closing quote has been passed
}

// next returns the next code point; at the closing quote it sets done instead.
func (d *decoder) next() (rune, Error) {
	if d.pos >= len(d.text) {
		return 0, ErrTruncated
	}
	c := d.text[d.pos]
	switch {
	case c == '"':
		d.pos++
		d.done = true
		return 0, 0
	case c < 0x20:
		return 0, ErrSyntax
	case c == '\\':
		return d.escape()
	case c < 0x80:
		d.pos++
		return rune(c), 0
	}
	r, n, e := decodeUTF8(d.text[d.pos:])
	d.pos += n
	return r, e
}

// escape reads an escape sequence, for \u with a high surrogate also the low one that must follow (RFC 8259,
// section 7).
func (d *decoder) escape() (rune, Error) {
	d.pos++
	if d.pos >= len(d.text) {
		return 0, ErrTruncated
	}
	c := d.text[d.pos]
	d.pos++
	switch c {
	case '"', '\\', '/':
		return rune(c), 0
	case 'b':
		return '\b', 0
	case 'f':
		return '\f', 0
	case 'n':
		return '\n', 0
	case 'r':
		return '\r', 0
	case 't':
		return '\t', 0
	case 'u':
	default:
		d.pos--
		return 0, ErrSyntax
	}
	high, e := d.hex4()
	if e != 0 || high < 0xd800 || high > 0xdfff {
		return high, e
	}
	if high > 0xdbff {
		return 0, ErrEncoding
	}
	for _, want := range [...]byte{'\\', 'u'} {
		if d.pos >= len(d.text) {
			return 0, ErrTruncated
		}
		if d.text[d.pos] != want {
			return 0, ErrEncoding
		}
		d.pos++
	}
	low, e := d.hex4()
	if e != 0 {
		return 0, e
	}
	if low < 0xdc00 || low > 0xdfff {
		return 0, ErrEncoding
	}
	return 0x10000 + (high-0xd800)<<10 + (low - 0xdc00), 0
}

func (d *decoder) hex4() (rune, Error) {
	var r rune
	for range 4 {
		if d.pos >= len(d.text) {
			return 0, ErrTruncated
		}
		c := d.text[d.pos]
		switch {
		case isDigit(c):
			r = r<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, ErrSyntax
		}
		d.pos++
	}
	return r, 0
}

// decodeUTF8 reads one code point of two to four bytes (RFC 3629: shortest form, no surrogates, at most
// U+10FFFF).
func decodeUTF8(p []byte) (rune, int, Error) {
	var n int
	var r, least rune
	switch c := p[0]; {
	case c&0xe0 == 0xc0:
		n, r, least = 2, rune(c&0x1f), 0x80
	case c&0xf0 == 0xe0:
		n, r, least = 3, rune(c&0x0f), 0x800
	case c&0xf8 == 0xf0:
		n, r, least = 4, rune(c&0x07), 0x10000
	default:
		return 0, 0, ErrEncoding
	}
	if len(p) < n {
		return 0, 0, ErrEncoding
	}
	for _, c := range p[1:n] {
		if c&0xc0 != 0x80 {
			return 0, 0, ErrEncoding
		}
		r = r<<6 | rune(c&0x3f)
	}
	if r < least || r > 0x10ffff || 0xd800 <= r && r <= 0xdfff {
		return 0, 0, ErrEncoding
	}
	return r, n, 0
}

// encodeUTF8 puts the bytes of r into p and returns how many there are, 1 to 4.
func encodeUTF8(p *[4]byte, r rune) int {
	switch {
	case r < 0x80:
		p[0] = byte(r)
		return 1
	case r < 0x800:
		p[0], p[1] = 0xc0|byte(r>>6), 0x80|byte(r)&0x3f
		return 2
	case r < 0x10000:
		p[0], p[1], p[2] = 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f
		return 3
	}
	p[0], p[1], p[2], p[3] = 0xf0|byte(r>>18), 0x80|byte(r>>12)&0x3f, 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f
	return 4
}
