package wire

// NewSessionTicket gives the client what it needs to resume the session (RFC 8446, section 4.6.1).
type NewSessionTicket struct {
	Lifetime uint32 // seconds, at most seven days
	AgeAdd   uint32 // random
	Nonce    []byte // tells the tickets of one connection apart
	Ticket   []byte
	// MaxEarlyData is how many bytes of early data the ticket is good for (RFC 8446, section 4.2.10); 0: none.
	MaxEarlyData uint32
	GREASE       uint16 // an extension that means nothing (RFC 8701); 0: none. Parse does not set it
}

// Parse reads the body of the message (without its header).
func (t *NewSessionTicket) Parse(body []byte) error {
	r := NewReader(body)
	t.Lifetime = uint32(r.U16())<<16 | uint32(r.U16())
	t.AgeAdd = uint32(r.U16())<<16 | uint32(r.U16())
	t.Nonce = r.Vec8()
	t.Ticket = r.Vec16()
	exts, err := r.extensions()
	if err != nil {
		return err
	}
	if len(t.Ticket) == 0 {
		return ErrDecode
	}
	t.MaxEarlyData = 0
	if early, found := exts.Find(ExtEarlyData); found {
		r = NewReader(early)
		t.MaxEarlyData = uint32(r.U16())<<16 | uint32(r.U16())
		if !r.Empty() {
			return ErrDecode
		}
	}
	return nil
}

// Append writes the whole message.
func (t *NewSessionTicket) Append(b *Builder) {
	msg := b.BeginMessage(TypeNewSessionTicket)
	b.U16(uint16(t.Lifetime >> 16))
	b.U16(uint16(t.Lifetime))
	b.U16(uint16(t.AgeAdd >> 16))
	b.U16(uint16(t.AgeAdd))
	nonce := b.Begin(1)
	b.Bytes(t.Nonce)
	b.End(nonce)
	ticket := b.Begin(2)
	b.Bytes(t.Ticket)
	b.End(ticket)
	exts := b.Begin(2)
	if t.MaxEarlyData != 0 {
		early := b.BeginExtension(ExtEarlyData)
		b.U16(uint16(t.MaxEarlyData >> 16))
		b.U16(uint16(t.MaxEarlyData))
		b.End(early)
	}
	if t.GREASE != 0 {
		b.End(b.BeginExtension(ExtensionType(t.GREASE)))
	}
	b.End(exts)
	b.End(msg)
}
