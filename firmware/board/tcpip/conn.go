package tcpip

import (
	"net"

	"github.com/soypat/lneto/tcp"
)

// conn is a connection. Its memory is used again for the next one.
type conn struct {
	tcp        tcp.Handler
	rto        recovery
	state      state
	port       uint16  // the peer's
	addr       [4]byte // the peer's
	mac        [6]byte // where frames for the peer go
	order      uint32  // of becoming ready
	expect     uint32  // sequence number that the peer's next byte has
	edge       uint32  // sequence number behind the window that the peer was told last
	una        uint32  // sequence number of ours that the peer expects
	next       uint32  // sequence number behind all that was sent
	deadline   uint32  // of opening and leaving; as repeat the time's low bits, see past
	repeat     uint32  // when the answer to SYN is sent again, or our end, or the peer's window is probed
	section    uint8   // of the time in which challenges are counted
	challenges uint8   // acknowledgements that nothing but a strange segment asked for
	waits      uint8   // by which the time to the next probe was doubled
	probing    bool    // the window is probed
	due        bool    // tcp may have something to send
	answer     bool    // tcp has, after the peer's FIN, something to acknowledge
	closing    bool    // nothing more will be written
	finished   bool    // tcp knows that
	ended      bool    // our end (FIN) was sent; it has the sequence number next-1
	known      bool    // and acknowledged
	alone      bool    // tcp is done before it was
	dead       bool    // the connection is over, but the device has not closed its socket yet
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
	n.deadline, n.repeat = s.after(openTime), s.after(repeatTime)
	n.una, n.next, n.challenges, n.probing = iss, iss, 0, false
	n.due, n.answer, n.closing, n.finished, n.dead, n.ended, n.known, n.alone = false, false, false, false, false, false, false, false
	return true
}

// input hands a segment to the connection.
func (s *Stack) input(n *conn, segment []byte, f tcp.Frame) {
	before := n.tcp.State()
	if before == tcp.StateListen {
		s.hello(n, segment, f)
		return
	}
	if segment = s.accept(n, segment, f); segment == nil {
		return
	}
	n.acknowledges(f)
	if n.alone {
		s.inputAlone(n)
		return
	}
	if before == tcp.StateSynRcvd {
		greet(n, segment, f)
	}
	room := n.tcp.FreeOutput()
	err := n.tcp.Recv(segment)
	if n.tcp.FreeOutput() > room {
		s.acknowledged(n, f)
	}
	n.due = true
	switch after := n.tcp.State(); {
	case err == net.ErrClosed:
		// lneto takes any acknowledgement in LAST-ACK for that of our end.
		s.done(n)
		return
	case err != nil:
		n.answer = true
	default:
		n.expect += uint32(len(segment) - f.HeaderLength())
		if _, flags := f.OffsetAndFlags(); flags.HasAny(tcp.FlagFIN) {
			n.expect++
		}
		n.answer = n.answer || after == tcp.StateCloseWait && before != after
	}
	if n.state == opening && n.tcp.State().IsSynchronized() {
		s.ready++
		n.state, n.order = ready, s.ready
	}
}

// hello takes in the SYN of a connection. Data in it would be early: the peer sends it again.
func (s *Stack) hello(n *conn, segment []byte, f tcp.Frame) {
	offset, _ := f.OffsetAndFlags()
	f.SetOffsetAndFlags(offset, tcp.FlagSYN)
	n.expect, n.edge = uint32(f.Seq())+1, uint32(f.Seq())+1
	n.rto.shut = f.WindowSize() == 0
	n.due = n.tcp.Recv(segment[:f.HeaderLength()]) == nil
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

// done ends a connection that is at its end for tcp. It may not be for the peer: lneto takes an end that crosses ours for an acknowledgement
// of it.
func (s *Stack) done(n *conn) {
	if n.ended && !n.known {
		n.alone = true
		return
	}
	s.over(n)
}

// inputAlone takes in a segment when tcp is done: it may acknowledge our end.
func (s *Stack) inputAlone(n *conn) {
	if n.known {
		s.over(n)
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
	if (n.state == opening || n.state == leaving) && s.past(n.deadline) {
		s.abandon(n)
		return true
	}
	if n.ended && !n.known && s.past(n.repeat) {
		s.control(n, n.next-1, tcp.FlagFIN|tcp.FlagACK)
		n.repeat = s.after(repeatTime)
	}
	if n.state == opening && s.past(n.repeat) {
		n.repeat = s.after(repeatTime)
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

// after returns the time in so many milliseconds, for past. Its upper half is left away: a connection has to be small.
func (s *Stack) after(ms int64) uint32 { return uint32(s.now + ms) }

// past reports whether it is at least that time, less than 24 days away.
func (s *Stack) past(at uint32) bool { return int32(uint32(s.now)-at) >= 0 }
