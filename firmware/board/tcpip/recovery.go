package tcpip

import "github.com/soypat/lneto/tcp"

const (
	probeMost = 60_000 // milliseconds between two questions about a peer's window at most
	maxWaits  = 9      // doublings: the shortest timeout is 200 ms
)

// recovery is lneto's timer of retransmission, told of acknowledgements only once they have been accepted. lneto 0.3.2 tells
// it of those, too, that come with a segment which tcp.Handler then rejects: the timer
// would stop with our data still unacknowledged, and neither the data nor our end after it would ever be sent.
type recovery struct {
	tcp.RTO
	shut bool // the peer has no window
}

// PreRx implements tcp.LossRecovery.
func (*recovery) PreRx(tcp.Segment, int64) tcp.RxDirective { return tcp.RxDirective{Keep: true} }

// PreTx implements tcp.LossRecovery. Nothing is repeated to a peer without a window: lneto would take back what it has sent, could not send
// it, and would then ignore the acknowledgement of it, the new window with it.
func (r *recovery) PreTx(now int64) tcp.TxDirective {
	if r.shut {
		return tcp.TxDirective{}
	}
	return r.RTO.PreTx(now)
}

// NextDeadline implements tcp.LossRecovery.
func (r *recovery) NextDeadline() int64 {
	if r.shut {
		return 0
	}
	return r.RTO.NextDeadline()
}

// acknowledged tells the timer of an acknowledgement that freed some of the send buffer. The nanosecond is for round trips
// within a millisecond: lneto ignores a sample of 0, and a timeout that was doubled by a loss would never shrink.
func (s *Stack) acknowledged(n *conn, f tcp.Frame) { n.rto.RTO.PreRx(f.Segment(0), s.nano()+1) }

// probe asks a peer whose window is closed whether it still is, because what opens it may get lost and is not repeated (RFC 9293, section
// 3.8.6.1): at growing intervals, for as long as there is something to be sent. lneto 0.3.2 does not ask. The question is a segment
// without data before what the peer expects, which it has to answer with where it is.
func (s *Stack) probe(n *conn) {
	unacknowledged := n.tcp.SizeOutput() - n.tcp.FreeOutput()
	stuck := unacknowledged > 0 && !n.due && (n.rto.shut || n.tcp.BufferedUnsent() == unacknowledged)
	switch {
	case n.state == opening || n.ended: // where repeat has another meaning
		return
	case !stuck:
		n.probing = false
		return
	case !n.probing:
		n.probing, n.waits = true, 0
	case s.past(n.repeat):
		s.control(n, n.una-1, tcp.FlagACK)
		n.waits = min(n.waits+1, maxWaits)
	default:
		return
	}
	n.repeat = s.after(min(n.rto.CurrentRTO().Milliseconds()<<n.waits, probeMost))
}
