package json

import "colibri/firmware/device/text"

// Value is a view of a JSON value inside a text that Parse has checked. The nil Value is absent: it has no
// kind, and every reading method answers that it is not of theirs.
type Value []byte

// Kind is what a value is.
type Kind uint8

// The kinds.
const (
	Absent Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// Kind tells the kind by the first byte.
func (v Value) Kind() Kind {
	if len(v) == 0 {
		return Absent
	}
	switch v[0] {
	case '{':
		return Object
	case '[':
		return Array
	case '"':
		return String
	case 't', 'f':
		return Bool
	case 'n':
		return Null
	}
	return Number
}

// Bool returns a boolean; ok is false for any other kind.
func (v Value) Bool() (b, ok bool) { return len(v) > 0 && v[0] == 't', v.Kind() == Bool }

// Int returns a number written without fraction and exponent that fits in 64 bits; ok is false for anything
// else.
func (v Value) Int() (n int64, ok bool) {
	if v.Kind() != Number {
		return 0, false
	}
	digits, negative := v, false
	if v[0] == '-' {
		digits, negative = v[1:], true
	}
	// Counting downwards reaches the least number too, which has no positive counterpart.
	const least = -1 << 63
	for _, c := range digits {
		if !isDigit(c) {
			return 0, false
		}
		d := int64(c - '0')
		if n < (least+d)/10 {
			return 0, false
		}
		n = n*10 - d
	}
	if negative {
		return n, true
	}
	return -n, n != least
}

// Text decodes a string into dst and returns its length in bytes; ok is false if v is no string or does not
// fit. Dst may be the memory that v views (decoding never lengthens), v is spoiled then.
func (v Value) Text(dst []byte) (n int, ok bool) {
	if v.Kind() != String {
		return 0, false
	}
	d := decoder{text: v, pos: 1}
	var utf8 [4]byte
	for {
		r, e := d.next()
		if e != 0 {
			return 0, false
		}
		if d.done {
			return n, true
		}
		size := encodeUTF8(&utf8, r)
		if size > len(dst)-n {
			return 0, false
		}
		n += copy(dst[n:], utf8[:size])
	}
}

// Is reports whether v is the string s.
func (v Value) Is(s string) bool {
	if v.Kind() != String {
		return false
	}
	d := decoder{text: v, pos: 1}
	var utf8 [4]byte
	for {
		r, e := d.next()
		if e != 0 || d.done {
			return e == 0 && len(s) == 0
		}
		n := encodeUTF8(&utf8, r)
		if n > len(s) || !text.Equal(utf8[:n], s[:n]) {
			return false
		}
		s = s[n:]
	}
}

// equal reports whether two strings are the same text, escaped or not.
func (v Value) equal(w Value) bool {
	a, b := decoder{text: v, pos: 1}, decoder{text: w, pos: 1}
	for {
		ra, ea := a.next()
		rb, eb := b.next()
		if ea != 0 || eb != 0 || ra != rb || a.done != b.done {
			return false
		}
		if a.done {
			return true
		}
	}
}

// Get returns the member of an object by its name, or the absent Value.
func (v Value) Get(name string) Value {
	m := v.Members()
	for m.Next() {
		if m.Key.Is(name) {
			return m.Value
		}
	}
	return nil
}

// Members walks an object's members: m := v.Members(); for m.Next() { m.Key, m.Value }. (Declared in
// the for statement, m would be another variable in each iteration, which TinyGo puts on the heap.)
type Members struct {
	Key, Value Value
	rest       []byte // from the next name on, or from white space or the closing brace before it
}

// Members starts a walk; there is nothing to walk unless v is an object.
func (v Value) Members() Members {
	if v.Kind() != Object {
		return Members{}
	}
	return Members{rest: v[1:]}
}

// Next moves to the next member and reports whether there is one.
func (m *Members) Next() bool {
	pos := skipSeparator(m.rest)
	if pos >= len(m.rest) || m.rest[pos] != '"' {
		return false
	}
	end := pos + skipString(m.rest[pos:])
	m.Key = Value(m.rest[pos:end])
	m.rest = m.rest[end:]
	m.Value, m.rest = cut(m.rest)
	return len(m.Value) > 0
}

// Elements walks an array's elements: e := v.Elements(); for e.Next() { e.Value }.
type Elements struct {
	Value Value
	rest  []byte
}

// Elements starts a walk; there is nothing to walk unless v is an array.
func (v Value) Elements() Elements {
	if v.Kind() != Array {
		return Elements{}
	}
	return Elements{rest: v[1:]}
}

// Next moves to the next element and reports whether there is one.
func (e *Elements) Next() bool {
	e.Value, e.rest = cut(e.rest)
	return len(e.Value) > 0
}

// cut returns the first value of p, separators before it passed over, and what follows it; no value at a
// closing bracket and at the end. On checked text it is exact; on any other it stays within p.
func cut(p []byte) (Value, []byte) {
	start := skipSeparator(p)
	pos, depth := start, 0
	for pos < len(p) {
		switch c := p[pos]; c {
		case '"':
			pos += skipString(p[pos:])
		case '{', '[':
			depth++
			pos++
			continue
		case '}', ']':
			if depth == 0 {
				return Value(p[start:pos]), p[pos:]
			}
			depth--
			pos++
		case ' ', '\t', '\n', '\r', ',', ':':
			pos++
			continue
		default:
			pos = skipBare(p, pos)
		}
		if depth == 0 {
			break
		}
	}
	return Value(p[start:pos]), p[pos:]
}

// skipSeparator returns the offset of the first byte of p which is neither white space nor a comma or colon.
func skipSeparator(p []byte) int {
	for i, c := range p {
		switch c {
		case ' ', '\t', '\n', '\r', ',', ':':
		default:
			return i
		}
	}
	return len(p)
}

// skipBare returns the offset after a number or a literal word.
func skipBare(p []byte, pos int) int {
	for pos < len(p) {
		switch p[pos] {
		case ' ', '\t', '\n', '\r', ',', ':', '}', ']', '{', '[', '"':
			return pos
		}
		pos++
	}
	return pos
}

// skipString returns the length of the string at the start of p, quotes included.
func skipString(p []byte) int {
	for i := 1; i < len(p); i++ {
		switch p[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(p)
}
