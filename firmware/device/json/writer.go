package json

// Writer appends JSON to a caller's buffer. The caller opens and closes containers and names members; commas
// and colons come by themselves. When something does not fit, the writer turns full, swallows the rest and
// Bytes returns nil: callers check once, at the end.
type Writer struct {
	buf   []byte
	n     int
	comma bool // a value stands before this place, so that the next one needs a comma
	full  bool
	raw   int // length of the bytes lent by Lend
}

// Reset starts a new text at the beginning of buf.
func (w *Writer) Reset(buf []byte) { *w = Writer{buf: buf} }

// Bytes returns what has been written, or nil if it did not fit.
func (w *Writer) Bytes() []byte {
	if w.full {
		return nil
	}
	return w.buf[:w.n]
}

// Full reports whether something did not fit.
func (w *Writer) Full() bool { return w.full }

// Len returns the length of what has been written; together with Truncate it takes back an attempt.
func (w *Writer) Len() int { return w.n }

// Truncate goes back to the length n that Len returned, where values stood before that place or not as comma
// says, and forgets that something did not fit.
func (w *Writer) Truncate(n int, comma bool) { w.n, w.comma, w.full = n, comma, false }

// Object and EndObject enclose members, each a Key and a value.
func (w *Writer) Object()    { w.open('{') }
func (w *Writer) EndObject() { w.end('}') }

// Array and EndArray enclose values.
func (w *Writer) Array()    { w.open('[') }
func (w *Writer) EndArray() { w.end(']') }

func (w *Writer) open(c byte) {
	w.separate()
	w.put(c)
	w.comma = false
}

func (w *Writer) end(c byte) {
	w.put(c)
	w.comma = true
}

// Key writes the name of the member whose value comes next.
func (w *Writer) Key(name string) {
	w.Str(name)
	w.colon()
}

// KeyBytes is Key for a name in a byte slice.
func (w *Writer) KeyBytes(name []byte) {
	w.Text(name)
	w.colon()
}

func (w *Writer) colon() {
	w.put(':')
	w.comma = false
}

// Str writes a string that is UTF-8 already, as the constants of a program are.
func (w *Writer) Str(s string) {
	w.separate()
	w.put('"')
	for i := range len(s) {
		w.char(s[i])
	}
	w.put('"')
	w.comma = true
}

// Text writes a string; bytes that are not UTF-8 become U+FFFD each.
func (w *Writer) Text(p []byte) {
	w.separate()
	w.put('"')
	for len(p) > 0 {
		n := 1
		if p[0] >= 0x80 {
			var e Error
			if _, n, e = decodeUTF8(p); e != 0 {
				w.bytes("\xef\xbf\xbd")
				p = p[1:]
				continue
			}
		}
		for _, c := range p[:n] {
			w.char(c)
		}
		p = p[n:]
	}
	w.put('"')
	w.comma = true
}

// char writes a byte of a string that is UTF-8, escaped where the grammar asks for it; DEL too, which
// terminals act on.
func (w *Writer) char(c byte) {
	const hex = "0123456789abcdef"
	switch {
	case c == '"' || c == '\\':
		w.put('\\')
		w.put(c)
	case c == '\n':
		w.bytes(`\n`)
	case c == '\r':
		w.bytes(`\r`)
	case c == '\t':
		w.bytes(`\t`)
	case c < 0x20 || c == 0x7f:
		w.bytes(`\u00`)
		w.put(hex[c>>4])
		w.put(hex[c&15])
	default:
		w.put(c)
	}
}

// Int writes a number.
func (w *Writer) Int(n int64) {
	w.separate()
	var digits [20]byte
	i := len(digits)
	u := uint64(n)
	if n < 0 {
		u = -u
	}
	for {
		i--
		digits[i] = '0' + byte(u%10)
		u /= 10
		if u == 0 {
			break
		}
	}
	if n < 0 {
		w.put('-')
	}
	for _, c := range digits[i:] {
		w.put(c)
	}
	w.comma = true
}

// Bool writes true or false.
func (w *Writer) Bool(b bool) {
	w.separate()
	if b {
		w.bytes("true")
	} else {
		w.bytes("false")
	}
	w.comma = true
}

// Null writes null.
func (w *Writer) Null() {
	w.separate()
	w.bytes("null")
	w.comma = true
}

// Raw writes a checked value as it stands.
func (w *Writer) Raw(v Value) {
	w.separate()
	for _, c := range v {
		w.put(c)
	}
	w.comma = true
}

// Hex writes a string of lower-case hexadecimal digits, two for each byte.
func (w *Writer) Hex(p []byte) {
	const hex = "0123456789abcdef"
	w.separate()
	w.put('"')
	for _, c := range p {
		w.put(hex[c>>4])
		w.put(hex[c&15])
	}
	w.put('"')
	w.comma = true
}

// Lend returns memory at the end of the buffer for n bytes (or fewer, as many as will fit as base64 with
// spare bytes of room left after them) that a following Base64 encodes in place; so content can be read
// straight to where its encoding will stand.
func (w *Writer) Lend(n, spare int) []byte {
	room := len(w.buf) - w.n - spare - 3 // a comma and two quotes
	n = max(min(n, room/4*3), 0)
	w.raw = n
	return w.buf[len(w.buf)-n:]
}

// Base64 writes the first n bytes of the memory lent last as a string of standard base64 with padding (RFC
// 4648, section 4).
//
// Encoding runs forward and grows 3 bytes to 4, but never overtakes what is still to be read: the raw bytes
// end where the buffer ends, and Lend has seen to it that their encoding ends there at the latest.
func (w *Writer) Base64(n int) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	p := w.buf[len(w.buf)-w.raw:][:n]
	w.separate()
	w.put('"')
	for len(p) > 0 {
		var b [3]byte
		k := copy(b[:], p)
		p = p[k:]
		w.put(alphabet[b[0]>>2])
		w.put(alphabet[b[0]&3<<4|b[1]>>4])
		if k > 1 {
			w.put(alphabet[b[1]&15<<2|b[2]>>6])
		} else {
			w.put('=')
		}
		if k > 2 {
			w.put(alphabet[b[2]&63])
		} else {
			w.put('=')
		}
	}
	w.put('"')
	w.comma = true
}

// separate writes the comma that the next value needs, if any.
func (w *Writer) separate() {
	if w.comma {
		w.put(',')
	}
}

func (w *Writer) bytes(s string) {
	for i := range len(s) {
		w.put(s[i])
	}
}

func (w *Writer) put(c byte) {
	if w.n == len(w.buf) {
		w.full = true
		return
	}
	w.buf[w.n] = c
	w.n++
}
