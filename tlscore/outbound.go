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
	limit       uint16             // of the content of a record, as the peer wants it; 0: that of the protocol
	padding     uint16             // records are padded to a multiple of it; 0: they are not
}

// borrow makes sure that there is a buffer, in which n bytes fit unless there is something in it already.
func (o *outbound) borrow(m Memory, n int) bool {
	n = min(n+n/o.most()*record.Overhead, m.Largest())
	if len(o.buf) < n {
		o.release(m)
	}
	if o.buf == nil {
		o.buf = m.Borrow(n, true)
	}
	return o.buf != nil
}

// limitTo bounds the content of each record; the lowest bound counts.
func (o *outbound) limitTo(n int) {
	if n < o.most() {
		o.limit = uint16(n)
	}
}

// most returns how much content a record may have.
func (o *outbound) most() int {
	if o.limit > 0 {
		return int(o.limit)
	}
	return record.MaxPlaintext
}

// window returns the room left in the open record for plaintext of type t. It seals a record of another type first. The open
// record may hold more than the peer takes in one: seal divides it.
func (o *outbound) window(t record.ContentType) []byte {
	if o.fill > 0 && o.contentType != t {
		o.seal()
	}
	free, each := len(o.buf)-o.end, o.most()+record.Overhead
	n := free / each * o.most()
	if rest := free % each; rest > record.Overhead {
		n += rest - record.Overhead
	}
	n = min(n, record.MaxPlaintext)
	if p := int(o.padding); t == record.ApplicationData && n >= p && n <= o.most() && p > 0 {
		n = (n+1)/p*p - 1 // With its type, the longest that padding can make a multiple.
	}
	if n <= o.fill {
		return nil
	}
	from := o.end + o.protection.Head()
	return o.buf[from+o.fill : from+n]
}

// full reports whether the open record has no room left.
func (o *outbound) full() bool { return len(o.window(o.contentType)) == 0 }

// seal closes the open record, if there is one: it becomes as many records as the peer's limit demands.
func (o *outbound) seal() {
	most, expansion := o.most(), o.protection.Room(0)
	// From behind, so that each part finds its place free.
	for i := (o.fill - 1) / most; i > 0; i-- {
		from := o.end + o.protection.Head() + i*most
		part := o.buf[from : from+min(most, o.fill-i*most)]
		copy(o.buf[from+i*expansion:], part)
	}
	for n := 0; o.fill > 0; o.fill -= n {
		n = min(most, o.fill)
		o.end += o.protection.SealPadded(o.buf[o.end:], o.contentType, n, o.paddingFor(n))
	}
}

// paddingFor returns how many bytes of padding a record of n bytes gets: what makes it, with its type, a multiple of padding, as far as
// there is room and the peer takes it.
func (o *outbound) paddingFor(n int) int {
	if o.padding == 0 || n < o.fill || o.protection.Cipher() == record.None {
		return 0
	}
	p := int(o.padding)
	return min((p-(n+1)%p)%p, o.most()-n, len(o.buf)-o.end-o.protection.Room(n))
}

// changeCipherSpec appends the record of middlebox compatibility mode (RFC 8446, appendix D.4); it reports whether it fits.
func (o *outbound) changeCipherSpec() bool {
	if len(o.buf)-o.end < changeCipherSpecSize {
		return false
	}
	putChangeCipherSpec(o.buf[o.end:])
	o.end += changeCipherSpecSize
	return true
}

const changeCipherSpecSize = record.HeaderSize + 1

func putChangeCipherSpec(b []byte) {
	record.PutHeader(b, record.ChangeCipherSpec, 1)
	b[record.HeaderSize] = 1
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
