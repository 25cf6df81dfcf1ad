package wire

// Builder writes the presentation language of RFC 8446, section 3, into a buffer of the caller. What does not fit is
// dropped and remembered: a builder is asked once, at the end, whether it overflowed.
type Builder struct {
	buf      []byte
	n        int
	overflow bool
}

// NewBuilder returns a builder that writes to the start of buf and uses all of its length.
func NewBuilder(buf []byte) Builder { return Builder{buf: buf} }

// Len returns the number of bytes written.
func (b *Builder) Len() int { return b.n }

// Overflowed reports whether something did not fit, or a vector was longer than its length field can say.
func (b *Builder) Overflowed() bool { return b.overflow }

// Written returns the bytes written so far; they stand in the buffer of the caller.
func (b *Builder) Written() []byte { return b.buf[:b.n] }

// Extend reserves n bytes and returns them, or nil if they do not fit. The caller fills them.
func (b *Builder) Extend(n int) []byte {
	if b.overflow || n > len(b.buf)-b.n {
		b.overflow = true
		return nil
	}
	p := b.buf[b.n : b.n+n : b.n+n]
	b.n += n
	return p
}

// Room returns the part of the buffer that is not written yet. A caller that writes there itself then says how much with Extend.
func (b *Builder) Room() []byte { return b.buf[b.n:] }

// U8 writes a uint8.
func (b *Builder) U8(v uint8) {
	if p := b.Extend(1); p != nil {
		p[0] = v
	}
}

// U16 writes a uint16.
func (b *Builder) U16(v uint16) {
	if p := b.Extend(2); p != nil {
		p[0], p[1] = byte(v>>8), byte(v)
	}
}

// U24 writes the low 24 bits of v.
func (b *Builder) U24(v int) {
	if p := b.Extend(3); p != nil {
		p[0], p[1], p[2] = byte(v>>16), byte(v>>8), byte(v)
	}
}

// Bytes writes p. It is not inlined: it stands in many places.
//
//go:noinline
func (b *Builder) Bytes(p []byte) { copy(b.Extend(len(p)), p) }

// String writes the bytes of s.
func (b *Builder) String(s string) { copy(b.Extend(len(s)), s) }

// Mark is the place of a length field that is filled in when its vector is complete: where it stands, times 4, and its width in bytes.
type Mark int

// Begin starts a vector whose length field has width bytes: 1, 2 or 3.
func (b *Builder) Begin(width int) Mark {
	m := Mark(b.n<<2 | width)
	b.Extend(width)
	return m
}

// End fills in the length of the vector that Begin started.
func (b *Builder) End(m Mark) {
	if b.overflow {
		return
	}
	at, width := int(m>>2), int(m&3)
	n := b.n - at - width
	if n>>(8*width) != 0 {
		b.overflow = true
		return
	}
	for i := width - 1; i >= 0; i-- {
		b.buf[at+i] = byte(n)
		n >>= 8
	}
}

// BeginMessage writes the header of a handshake message; End of the mark it returns completes the message.
func (b *Builder) BeginMessage(t MessageType) Mark {
	b.U8(uint8(t))
	return b.Begin(3)
}

// BeginExtension writes the type of an extension; End of the mark it returns completes the extension.
func (b *Builder) BeginExtension(t ExtensionType) Mark {
	b.U16(uint16(t))
	return b.Begin(2)
}
