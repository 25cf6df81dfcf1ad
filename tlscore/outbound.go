package tlscore

import "colibri/tlscore/record"

// outbound is the sending half of a connection: one buffer, borrowed while there is something in it.
//
//	buf: | sent | sealed, to be sent | the open record: room for its header, fill bytes of plaintext | room |
//	     0      sent                 end
type outbound struct {
	protection  record.Protection
	buf         []byte
	sent, end   int
	fill        int
	contentType record.ContentType // of the open record
	lent        bool               // the caller may be filling the window
}

// borrow makes sure that there is a buffer.
func (o *outbound) borrow(m Memory) bool {
	if o.buf == nil {
		o.buf = m.Borrow(MinBuffer, true)
	}
	return o.buf != nil
}

// window returns the room left in the open record for plaintext of type t. It seals a record of another type first.
func (o *outbound) window(t record.ContentType) []byte {
	if o.fill > 0 && o.contentType != t {
		o.seal()
	}
	from := o.end + record.HeaderSize + o.fill
	to := min(len(o.buf)-(record.Overhead-record.HeaderSize), o.end+record.HeaderSize+record.MaxPlaintext)
	if from >= to {
		return nil
	}
	return o.buf[from:to]
}

// full reports whether the open record has no room left.
func (o *outbound) full() bool { return len(o.window(o.contentType)) == 0 }

// seal closes the open record, if there is one.
func (o *outbound) seal() {
	if o.fill > 0 {
		o.end += o.protection.Seal(o.buf[o.end:], o.contentType, o.fill)
		o.fill = 0
	}
}

// changeCipherSpec appends the record of middlebox compatibility mode (RFC 8446, appendix D.4); it reports whether it fits.
func (o *outbound) changeCipherSpec() bool {
	const size = record.HeaderSize + 1
	if len(o.buf)-o.end < size {
		return false
	}
	o.buf[o.end+record.HeaderSize] = 1
	record.PutHeader(o.buf[o.end:], record.ChangeCipherSpec, 1)
	o.end += size
	return true
}

// empty reports whether there is nothing to send and nothing to seal.
func (o *outbound) empty() bool { return o.sent == o.end && o.fill == 0 }

// release gives the buffer back if nothing is in it and its window is not lent.
func (o *outbound) release(m Memory) {
	if o.buf != nil && o.empty() && !o.lent {
		o.drop(m)
	}
}

// drop gives the buffer back, whatever is in it.
func (o *outbound) drop(m Memory) {
	if o.buf != nil {
		m.GiveBack(o.buf)
	}
	o.buf, o.sent, o.end, o.fill, o.lent = nil, 0, 0, 0, false
}

// append says that n bytes of the window for handshake messages were filled.
func (o *outbound) append(n int) {
	o.fill += n
	o.contentType = record.Handshake
}
