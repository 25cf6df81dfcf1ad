package wire

// Reader is a cursor over the presentation language of RFC 8446, section 3. A read beyond the end fails; after a failure
// every further read gives zero or nil, so that a parser checks once, at its end.
type Reader struct {
	rest   []byte
	failed bool
}

// NewReader returns a cursor at the start of b.
func NewReader(b []byte) Reader { return Reader{rest: b} }

// Bytes returns the next n bytes.
func (r *Reader) Bytes(n int) []byte {
	if r.failed || n > len(r.rest) {
		r.failed = true
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

// U8 reads a uint8.
func (r *Reader) U8() uint8 {
	if b := r.Bytes(1); b != nil {
		return b[0]
	}
	return 0
}

// U16 reads a uint16.
func (r *Reader) U16() uint16 {
	if b := r.Bytes(2); b != nil {
		return uint16(b[0])<<8 | uint16(b[1])
	}
	return 0
}

// U24 reads a uint24.
func (r *Reader) U24() int {
	if b := r.Bytes(3); b != nil {
		return int(b[0])<<16 | int(b[1])<<8 | int(b[2])
	}
	return 0
}

// Vec8 reads a vector that is preceded by its length as a uint8.
func (r *Reader) Vec8() []byte { return r.Bytes(int(r.U8())) }

// Vec16 reads a vector that is preceded by its length as a uint16.
func (r *Reader) Vec16() []byte { return r.Bytes(int(r.U16())) }

// Vec24 reads a vector that is preceded by its length as a uint24.
func (r *Reader) Vec24() []byte { return r.Bytes(r.U24()) }

// Rest reads all that is left.
func (r *Reader) Rest() []byte { return r.Bytes(len(r.rest)) }

// Empty reports whether all bytes were read; false after a failure.
func (r *Reader) Empty() bool { return !r.failed && len(r.rest) == 0 }

// More reports whether there are bytes left to read; false after a failure.
func (r *Reader) More() bool { return !r.failed && len(r.rest) > 0 }

// Failed reports whether a read went beyond the end.
func (r *Reader) Failed() bool { return r.failed }

// U16s is a list of uint16 as it stands in a message: named groups, cipher suites, signature schemes, versions.
type U16s []byte

// Len returns the number of elements.
func (l U16s) Len() int { return len(l) / 2 }

// At returns element i.
func (l U16s) At(i int) uint16 { return uint16(l[2*i])<<8 | uint16(l[2*i+1]) }

// Contains reports whether v is an element.
func (l U16s) Contains(v uint16) bool { return l.Index(v) >= 0 }

// Index returns the number of the first element that is v, -1 if there is none.
func (l U16s) Index(v uint16) int {
	for i := range l.Len() {
		if l.At(i) == v {
			return i
		}
	}
	return -1
}

// wellFormed reports whether l holds at least one whole element and nothing else.
func (l U16s) wellFormed() bool { return len(l) >= 2 && len(l)%2 == 0 }
