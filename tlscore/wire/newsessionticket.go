package wire

// NewSessionTicket gives the client what it needs to resume the session (RFC 8446, section 4.6.1).
type NewSessionTicket struct {
	Lifetime uint32 // seconds, at most seven days
	AgeAdd   uint32 // random
	Nonce    []byte // tells the tickets of one connection apart
	Ticket   []byte
}

// Parse reads the body of the message (without its header).
func (t *NewSessionTicket) Parse(body []byte) error {
	r := NewReader(body)
	t.Lifetime = uint32(r.U16())<<16 | uint32(r.U16())
	t.AgeAdd = uint32(r.U16())<<16 | uint32(r.U16())
	t.Nonce = r.Vec8()
	t.Ticket = r.Vec16()
	exts := r.Vec16()
	if !r.Empty() || len(t.Ticket) == 0 {
		return ErrDecode
	}
	_, err := CheckExtensions(exts)
	return err
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
	b.U16(0) // extensions: none, so no early data
	b.End(msg)
}
