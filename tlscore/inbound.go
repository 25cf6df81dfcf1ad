package tlscore

import (
	"colibri/tlscore/record"
)

// inbound is the receiving half of a connection: one buffer, in which a record is received, opened in place and, if it
// carries handshake messages, joined to what came of them before.
//
//	buf: | handshake bytes of a message under way | the record under way ... |
//	     0                                        start                   end
//
// Between records it holds no buffer: the header of the next one goes to a few bytes of its own, and tells how large a
// buffer must be borrowed.
type inbound struct {
	protection record.Protection
	buf        []byte // header[:] or a borrowed buffer
	start, end int
	plaintext  []byte // application data not yet consumed, a part of buf
	borrowed   bool
	lent       bool   // the caller may be filling the window
	limit      uint16 // of the content and padding of protected records, as agreed; 0: that of the protocol
	dropped    bool   // drop was asked for meanwhile
	header     [record.HeaderSize]byte
}

func (in *inbound) reset() {
	in.buf, in.borrowed = in.header[:], false
	in.start, in.end = 0, 0
	in.plaintext = nil
	in.lent, in.dropped = false, false
}

// size returns where the record under way ends in buf, as far as is known: after its header, until that is complete.
func (in *inbound) size() (int, error) {
	if in.end-in.start < record.HeaderSize {
		return in.start + record.HeaderSize, nil
	}
	t, n, err := record.ParseHeader(in.buf[in.start:])
	if err == nil && in.limit > 0 && in.protection.Cipher() != record.None && t != record.ChangeCipherSpec &&
		n > in.protection.Room(int(in.limit))-record.HeaderSize {
		return 0, record.ErrOverflow
	}
	return in.start + record.HeaderSize + n, err
}

// missing returns how many bytes of the window that window returned are still to be filled.
func (in *inbound) missing() int {
	size, err := in.size()
	if err != nil || size > len(in.buf) || in.plaintext != nil {
		return 0
	}
	return size - in.end
}

// window returns the room for the rest of the record under way. It borrows a buffer when the record does not fit; the
// window is empty as long as there is none.
func (in *inbound) window(m Memory) ([]byte, error) {
	if in.plaintext != nil {
		return nil, nil
	}
	size, err := in.size()
	if err != nil {
		return nil, err
	}
	if size > len(in.buf) {
		if size > m.Largest() {
			if in.start == 0 {
				return nil, ErrRecordTooLong
			}
			return nil, ErrMessageTooLong
		}
		b := m.Borrow(size, false)
		if b == nil {
			return nil, nil
		}
		in.moveTo(b, m)
	}
	in.lent = in.end < size
	return in.buf[in.end:size], nil
}

// moveTo goes on in the buffer b, which is larger than the one there is.
func (in *inbound) moveTo(b []byte, m Memory) {
	copy(b, in.buf[:in.end])
	if in.borrowed {
		m.GiveBack(in.buf)
	}
	in.buf, in.borrowed = b, true
}

// behind returns n bytes of the buffer behind all that was received, which stay until more is; nil as long as there is no buffer for
// them. It is for who works on a message, when no window is lent.
func (in *inbound) behind(n int, m Memory) []byte {
	size := in.end + n
	if size > len(in.buf) {
		b := m.Borrow(size, false)
		if b == nil {
			return nil
		}
		in.moveTo(b, m)
	}
	return in.buf[in.end:size:size]
}

// received says that n bytes of the window were filled; it reports whether anybody still wants them.
func (in *inbound) received(n int, m Memory) bool {
	in.lent = false
	if in.dropped {
		in.drop(m)
		return false
	}
	in.end += n
	return true
}

// complete returns the record under way if all of it is there.
func (in *inbound) complete() (rec []byte, whole bool, err error) {
	size, err := in.size()
	if err != nil || in.plaintext != nil || size > in.end {
		return nil, false, err
	}
	return in.buf[in.start:size], true, nil
}

// joinHandshake takes fragment, a part of the record under way, as the continuation of the handshake bytes before it.
func (in *inbound) joinHandshake(fragment []byte) {
	in.start += copy(in.buf[in.start:], fragment)
	in.end = in.start
}

// handshakeBytes returns what is there of handshake messages.
func (in *inbound) handshakeBytes() []byte { return in.buf[:in.start] }

// dropMessage removes a handshake message of n bytes that was worked on.
func (in *inbound) dropMessage(n int, m Memory) {
	in.start = copy(in.buf, in.buf[n:in.start])
	in.end = in.start
	in.release(m)
}

// dropRecord removes the record under way.
func (in *inbound) dropRecord(m Memory) {
	in.end = in.start
	in.release(m)
}

// consume removes n bytes of the plaintext, and its record with the last of them.
func (in *inbound) consume(n int, m Memory) {
	if in.plaintext = in.plaintext[n:]; len(in.plaintext) == 0 {
		in.plaintext = nil
		in.dropRecord(m)
	}
}

// release gives the buffer back if nothing is in it.
func (in *inbound) release(m Memory) {
	if in.end == 0 {
		in.drop(m)
	}
}

// drop gives the buffer back, whatever is in it; one whose window is lent only when that comes back.
func (in *inbound) drop(m Memory) {
	if in.lent {
		in.dropped = true
		in.plaintext = nil
		return
	}
	if in.borrowed {
		m.GiveBack(in.buf)
	}
	in.reset()
}
