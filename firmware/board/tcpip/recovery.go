package tcpip

import "github.com/soypat/lneto/tcp"

// recovery is lneto's timer of retransmission, told of acknowledgements only once they have been accepted. lneto 0.3.2 tells
// it of those, too, that come with a segment which tcp.Handler then rejects, such as an end that the peer repeats: the timer
// would stop with our data still unacknowledged, and neither the data nor our end after it would ever be sent.
type recovery struct{ tcp.RTO }

// PreRx implements tcp.LossRecovery.
func (*recovery) PreRx(tcp.Segment, int64) tcp.RxDirective { return tcp.RxDirective{Keep: true} }

// acknowledged tells the timer of an acknowledgement that freed some of the send buffer. The nanosecond is for round trips
// within a millisecond: lneto ignores a sample of 0, and a timeout that was doubled by a loss would never shrink.
func (s *Stack) acknowledged(n *conn, f tcp.Frame) { n.rto.RTO.PreRx(f.Segment(0), s.nano()+1) }
