package tcpip

import "github.com/soypat/lneto/tcp"

const (
	challengeMost = 10   // answers to segments that are not what was expected, within a section of
	challengeTime = 5000 // milliseconds (RFC 5961, section 7)
	maxWindow     = 1<<16 - 1
)

// accept judges a segment of a connection's peer, or of somebody who pretends to be the peer, before tcp.Handler sees it (RFC 9293, section
// 3.10.7.4, with the answers of RFC 5961). It returns what the handler shall see, nil for nothing: only what comes in its turn and fits.
// lneto 0.3.2 would end a connection after nine segments that are unacceptable, answer neither keep-alives nor probes of a closed window, and
// mix up bytes when it keeps what comes before its turn (seen in TestBytesArriveInOrder with a loss of one in five).
func (s *Stack) accept(n *conn, segment []byte, f tcp.Frame) []byte {
	offset, flags := f.OffsetAndFlags()
	header, window := f.HeaderLength(), n.window()
	ahead := uint32(f.Seq()) - n.expect // of what is expected; wraps when it is behind
	switch {
	case flags.HasAny(tcp.FlagRST):
		if ahead == 0 {
			s.over(n)
		} else if ahead < window {
			s.challenge(n)
		}
		return nil
	case flags.HasAny(tcp.FlagSYN):
		if n.state == opening && ahead+1 == 0 { // our answer to it got lost
			n.tcp.RequeueControl()
			n.due = true
		} else {
			s.challenge(n)
		}
		return nil
	case !flags.HasAny(tcp.FlagACK):
		return nil
	case n.state == opening && uint32(f.Ack()) != n.una+1:
		s.refuse(n.mac, n.addr, f, len(segment)-header)
		return nil
	case n.next-uint32(f.Ack()) > n.next-n.una+maxWindow: // it acknowledges what was not sent, or not for a long time
		s.challenge(n)
		return nil
	case ahead != 0 && ahead < window && len(segment) > header:
		s.control(n, n.next, tcp.FlagACK) // at once, so that the peer sends soon what is missing (RFC 5681, section 4.2)
		return nil
	case ahead != 0: // a repetition, a keep-alive, a probe of the window; or nonsense
		s.challenge(n)
		return nil
	}
	room, ended := int(window), n.tcp.State() != tcp.StateSynRcvd && !n.tcp.State().RxDataOpen()
	if ended { // behind the peer's end nothing can follow
		room = 0
	}
	if data := len(segment) - header; data > room || ended {
		f.SetOffsetAndFlags(offset, flags&^(tcp.FlagFIN|tcp.FlagPSH))
		segment = segment[:header+room]
		if room == 0 && (data > 0 || flags.HasAny(tcp.FlagFIN)) {
			s.challenge(n)
		}
	}
	return segment
}

// window returns how many bytes from the expected one on the peer has been told that it may send.
func (n *conn) window() uint32 { return uint32(max(0, int32(n.edge-n.expect))) }

// challenge answers a segment that is not what was expected with where we are (RFC 5961, section 3 to 5), but not too many of them.
func (s *Stack) challenge(n *conn) {
	if section := uint8(s.now / challengeTime); section != n.section {
		n.section, n.challenges = section, 0
	}
	if n.challenges < challengeMost {
		n.challenges++
		s.control(n, n.next, tcp.FlagACK)
	}
}

// acknowledges takes note of what a segment that accept let pass says about our data and about the peer's window.
func (n *conn) acknowledges(f tcp.Frame) {
	ack := uint32(f.Ack())
	if int32(ack-n.una) >= 0 { // of two the later one
		n.una, n.rto.shut = ack, f.WindowSize() == 0
	}
	if n.ended && ack == n.next {
		n.known = true
	}
}
