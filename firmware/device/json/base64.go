package json

// DecodeBase64 decodes a string of standard base64 with padding into dst, which may be the memory that v
// views, and returns the number of bytes; ok is false if v is no such string or does not fit. Only the one
// canonical encoding is accepted: no white space, no missing padding, no stray bits.
func (v Value) DecodeBase64(dst []byte) (n int, ok bool) {
	size, ok := v.Text(dst)
	if !ok || size%4 != 0 {
		return 0, false
	}
	text := dst[:size]
	for len(text) > 0 {
		var bits uint32
		pad := 0
		for i, c := range text[:4] {
			d, ok := base64Digit(c)
			switch {
			case ok && pad == 0:
			case c == '=' && i >= 2 && len(text) == 4:
				pad++
				d = 0
			default:
				return 0, false
			}
			bits = bits<<6 | d
		}
		if pad == 1 && bits&0xff != 0 || pad == 2 && bits&0xffff != 0 {
			return 0, false
		}
		text = text[4:]
		for shift := 16; shift >= 8*pad; shift -= 8 {
			dst[n] = byte(bits >> shift)
			n++
		}
	}
	return n, true
}

func base64Digit(c byte) (uint32, bool) {
	switch {
	case 'A' <= c && c <= 'Z':
		return uint32(c - 'A'), true
	case 'a' <= c && c <= 'z':
		return uint32(c-'a') + 26, true
	case isDigit(c):
		return uint32(c-'0') + 52, true
	case c == '+':
		return 62, true
	case c == '/':
		return 63, true
	}
	return 0, false
}
