package tcpip

import (
	"net"

	"github.com/soypat/lneto/tcp"
)

// conn is a connection. Its memory is used again for the next one.
type conn struct {
	tcp      tcp.Handler
	rto      recovery
	state    state
	probes   uint8   // times that the peer was asked, and once more; 0: nothing waits for it
	port     uint16  // the peer's
	addr     [4]byte // the peer's
	mac      [6]byte // where frames for the peer go
	order    uint32  // of becoming ready
	first    uint32  // sequence number of the peer's first byte
	read     uint32  // bytes that the device has read
	deadline int64   // of opening and leaving
	repeat   int64   // when the answer to SYN is sent again, or our end, or the peer asked for room
	next     uint32  // sequence number behind all that was sent
	heard    uint32  // the last acknowledgement that was sent
	due      bool    // tcp may have something to send
	answer   bool    // tcp has, after the peer's FIN, something to acknowledge
	closing  bool    // nothing more will be written
	finished bool    // tcp knows that
	ended    bool    // our end (FIN) was sent; it has the sequence number next-1
	known    bool    // and acknowledged
	alone    bool    // tcp is done before it was
	dead     bool    // the connection is over, but the device has not closed its socket yet
}

type state uint8

const (
	free    state = iota
	opening       // the answer to SYN is under way
	ready         // waits for the device to accept it
	open          // the device's
	leaving       // the device is done with it; the rest of the data and the end are under way
)

const (
	openTime   = 5000 // milliseconds from SYN to the end of the three-way handshake
	repeatTime = 1000 // until the answer to SYN, or our end, is sent again
	leaveTime  = 5000 // for sending the rest once the device is done
)

// begin opens n as a listener for the SYN that comes next.
func (s *Stack) begin(n *conn, mac [6]byte, addr [4]byte, port uint16) bool {
	if _, err := s.Rand.Read(s.random[:]); err != nil {
		return false
	}
	iss := uint32(s.random[0]) | uint32(s.random[1])<<8 | uint32(s.random[2])<<16 | uint32(s.random[3])<<24
	if n.tcp.OpenListen(s.Port, tcp.Value(iss)) != nil {
		return false
	}
	n.state, n.mac, n.addr, n.port = opening, mac, addr, port
	n.deadline, n.repeat, n.probes = s.now+openTime, s.now+repeatTime, 0
	n.due, n.answer, n.closing, n.finished, n.dead, n.ended, n.known, n.alone = false, false, false, false, false, false, false, false
	return true
}

// input hands a segment to the connection.
func (s *Stack) input(n *conn, segment []byte, f tcp.Frame) {
	before := n.tcp.State()
	if before == tcp.StateListen {
		n.first, n.read = uint32(f.Seq())+1, 0
	}
	if _, flags := f.OffsetAndFlags(); n.ended && flags.HasAny(tcp.FlagACK) && uint32(f.Ack()) == n.next {
		n.known = true
	}
	if n.alone {
		s.inputAlone(n, f)
		return
	}
	expected := n.first + n.read + uint32(n.tcp.BufferedInput())
	if before.IsSynchronized() && keepsAlive(segment, f, expected) {
		s.control(n, n.next, tcp.FlagACK)
	}
	if n.state != leaving { // where data is not kept anyway
		segment = inOrder(segment, f, expected)
	}
	if before == tcp.StateSynRcvd {
		greet(n, segment, f)
	}
	room := n.tcp.FreeOutput()
	err := n.tcp.Recv(segment)
	if n.tcp.FreeOutput() > room {
		s.acknowledged(n, f)
	}
	if err == net.ErrClosed {
		s.closed(n, f)
		return
	}
	after := n.tcp.State()
	n.due = true
	n.answer = n.answer || err != nil || after == tcp.StateCloseWait && before != after
	if n.state == opening {
		switch {
		case after.IsSynchronized():
			s.ready++
			n.state, n.order = ready, s.ready
		case after == tcp.StateListen: // reset by the peer
			s.over(n)
		}
	}
}

// greet lets the last segment of the three-way handshake be one of its own if it carries more, as when the one before it was lost:
// lneto 0.3.2 neither acknowledges data nor takes note of a FIN in SYN-RECEIVED, but counts both as received.
func greet(n *conn, segment []byte, f tcp.Frame) {
	offset, flags := f.OffsetAndFlags()
	if flags.HasAny(tcp.FlagRST|tcp.FlagSYN) || !flags.HasAny(tcp.FlagFIN) && len(segment) == f.HeaderLength() {
		return
	}
	f.SetOffsetAndFlags(offset, flags&^(tcp.FlagFIN|tcp.FlagPSH))
	n.tcp.Recv(segment[:f.HeaderLength()])
	f.SetOffsetAndFlags(offset, flags)
}

// inOrder takes the data from a segment that does not come in its turn: next is the number of the byte that is expected. What
// remains makes tcp.Handler repeat its acknowledgement, so that the peer sends again what is missing; of a repetition for which there is
// no room it would say nothing but an error, and with the next segment end our side. Data before its turn
// would be kept by lneto 0.3.2, which mixes up bytes when it does (seen in TestBytesArriveInOrder with a loss of one in five).
func inOrder(segment []byte, f tcp.Frame, next uint32) []byte {
	if uint32(f.Seq()) != next {
		return segment[:f.HeaderLength()]
	}
	return segment
}

// keepsAlive reports whether a segment only asks whether we are still there: it has the number before the one that is expected, and no byte or
// one (RFC 9293, section 3.8.4). lneto 0.3.2 knows such a segment, and leaves the answer to others.
func keepsAlive(segment []byte, f tcp.Frame, expected uint32) bool {
	_, flags := f.OffsetAndFlags()
	return flags == tcp.FlagACK && uint32(f.Seq())+1 == expected && len(segment)-f.HeaderLength() <= 1
}

// closed ends a connection that tcp has given up after a segment: by a reset, by an acknowledgement in LAST-ACK, which lneto 0.3.2
// takes for that of our end whatever it acknowledges, or because too many segments were unacceptable, which nobody has told the peer.
func (s *Stack) closed(n *conn, f tcp.Frame) {
	_, flags := f.OffsetAndFlags()
	switch {
	case flags.HasAny(tcp.FlagRST):
		s.over(n)
		return
	case !n.ended:
		s.control(n, n.next, tcp.FlagRST|tcp.FlagACK)
	}
	s.done(n)
}

// done ends a connection that is at its end for tcp. It may not be for the peer: lneto takes an end that crosses ours for an acknowledgement
// of it.
func (s *Stack) done(n *conn) {
	if n.ended && !n.known {
		n.alone = true
		return
	}
	s.over(n)
}

// inputAlone takes in a segment when tcp is done: an acknowledgement of our end, or the peer's end once more.
func (s *Stack) inputAlone(n *conn, f tcp.Frame) {
	_, flags := f.OffsetAndFlags()
	switch {
	case n.known || flags.HasAny(tcp.FlagRST):
		s.over(n)
	case flags.HasAny(tcp.FlagFIN):
		s.control(n, n.next, tcp.FlagACK)
	}
}

// over notes that the connection has come to its end.
func (s *Stack) over(n *conn) {
	if n.state == open {
		n.dead = true
		return
	}
	n.tcp.Abort()
	n.state = free
}

// abandon ends a connection that nobody waits for any longer. A peer that does not know our end would wait for it: it hears that there
// is none.
func (s *Stack) abandon(n *conn) {
	if n.state == leaving && !n.known {
		s.control(n, n.next, tcp.FlagRST|tcp.FlagACK)
	}
	s.over(n)
}

// step sends what is due, and ends what takes too long. It reports whether it got anywhere.
func (s *Stack) step(n *conn) (busy bool) {
	if n.dead {
		return false
	}
	if (n.state == opening || n.state == leaving) && s.now >= n.deadline {
		s.abandon(n)
		return true
	}
	if n.ended && !n.known && s.now >= n.repeat {
		s.control(n, n.next-1, tcp.FlagFIN|tcp.FlagACK)
		n.repeat = s.now + repeatTime
	}
	if n.state == opening && s.now >= n.repeat {
		n.repeat = s.now + repeatTime
		n.tcp.RequeueControl()
		n.due = true
	}
	if n.alone {
		return false
	}
	n.due = n.due || s.late(n)
	if n.closing && !n.finished && n.tcp.FreeOutput() == n.tcp.SizeOutput() { // see the package's comment
		n.finished, n.due = true, true
		if n.tcp.Close() != nil {
			s.over(n)
			return true
		}
	}
	for n.due && s.transmit(n) {
		busy = true
	}
	s.probe(n)
	return busy
}

// probe asks a peer that has no room for our data whether it has some now: what it said when it had may have been lost (RFC 9293, section
// 3.8.6.1). The segment is one that it has acknowledged, so that all it can do is answer. It is sent after a second, and from then on at
// twice the distance each time, up to about a minute; lneto 0.3.2 sends none.
func (s *Stack) probe(n *conn) {
	switch {
	case n.state == opening || n.ended || n.tcp.NextDeadline() != 0 || n.tcp.BufferedUnsent() == 0:
		n.probes = 0 // There is nothing to send, or an acknowledgement will come.
	case n.probes == 0:
		n.probes, n.repeat = 1, s.now+repeatTime
	case s.now >= n.repeat:
		s.control(n, n.next-1, tcp.FlagACK)
		n.repeat = s.now + repeatTime<<n.probes
		n.probes = min(n.probes+1, 6)
	}
}

// mayEnd reports whether tcp.Handler, asked for a segment now, would end our side by itself: once the peer has ended its own,
// it does so when there is nothing to send at that moment, though the device may still be about to answer.
func (s *Stack) mayEnd(n *conn) bool {
	return n.tcp.State() == tcp.StateCloseWait && !n.finished && !n.answer && n.tcp.BufferedUnsent() == 0 && !s.late(n)
}

// late reports whether it is time to send something again.
func (s *Stack) late(n *conn) bool {
	at := n.tcp.NextDeadline()
	return at != 0 && s.nano() >= at
}
