package tcpip

import (
	"github.com/soypat/lneto"
	"github.com/soypat/lneto/ethernet"
	"github.com/soypat/lneto/ipv4"
	"github.com/soypat/lneto/tcp"
)

// receiveTCP hands the segment to its connection, or begins one.
func (s *Stack) receiveTCP(mac [6]byte, addr [4]byte, segment []byte, f tcp.Frame) {
	port := f.SourcePort()
	n := s.find(addr, port)
	_, flags := f.OffsetAndFlags()
	if n == nil && flags.HasAny(tcp.FlagSYN) && !flags.HasAny(tcp.FlagACK|tcp.FlagRST) {
		if n = s.vacant(); n != nil && !s.begin(n, mac, addr, port) {
			n = nil
		}
	}
	if n != nil {
		s.input(n, segment, f)
		return
	}
	if !flags.HasAny(tcp.FlagRST) {
		s.refuse(mac, addr, f, len(segment)-f.HeaderLength())
	}
}

// find returns the connection with a peer, or nil.
func (s *Stack) find(addr [4]byte, port uint16) *conn {
	for i := range s.conns {
		if n := &s.conns[i]; n.state != free && !n.dead && n.port == port && n.addr == addr {
			return n
		}
	}
	return nil
}

// vacant returns a connection that is free, or failing that the one that has been leaving for longest, or nil.
func (s *Stack) vacant() *conn {
	var oldest *conn
	for i := range s.conns {
		n := &s.conns[i]
		if n.state == free {
			return n
		}
		if n.state == leaving && (oldest == nil || int32(n.deadline-oldest.deadline) < 0) {
			oldest = n
		}
	}
	if oldest != nil {
		s.abandon(oldest)
	}
	return oldest
}

// refuse answers a segment that belongs to no connection with a reset (RFC 9293, section 3.5.2, group 1).
func (s *Stack) refuse(mac [6]byte, addr [4]byte, f tcp.Frame, dataLength int) {
	out := s.link.Room()
	if out == nil {
		return
	}
	segment := f.Segment(dataLength)
	answer, _ := tcp.NewFrame(out[headers:])
	answer.SetSourcePort(s.Port)
	answer.SetDestinationPort(f.SourcePort())
	answer.SetUrgentPtr(0)
	if segment.Flags.HasAny(tcp.FlagACK) {
		answer.SetSegment(tcp.Segment{SEQ: segment.ACK, Flags: tcp.FlagRST}, 5)
	} else {
		answer.SetSegment(tcp.Segment{ACK: tcp.Add(segment.SEQ, segment.LEN()), Flags: tcp.FlagRST | tcp.FlagACK}, 5)
	}
	s.send(out, &mac, addr, tcpHeader)
}

// transmit sends the next segment of a connection. It returns false when there is none, or no room for one.
func (s *Stack) transmit(n *conn) bool {
	if s.mayEnd(n) {
		n.due = false
		return false
	}
	out := s.link.Room()
	if out == nil {
		return false
	}
	length, err := n.tcp.Send(out[headers : headers+tcpHeader+MaxSegment])
	n.answer = false
	if length > 0 {
		s.sent(n, out[headers:headers+length])
		s.send(out, &n.mac, n.addr, length)
	}
	if n.tcp.IsTxOver() {
		s.done(n)
		return false
	}
	// An error says that this segment cannot be sent now (as many are under way as may be): acknowledgements or the timer of
	// retransmission get it going again.
	n.due = err == nil && length > 0
	return n.due
}

// sent takes note of a segment of n.
func (s *Stack) sent(n *conn, segment []byte) {
	f, _ := tcp.NewFrame(segment)
	_, flags := f.OffsetAndFlags()
	next := uint32(f.Seq()) + uint32(len(segment)-f.HeaderLength())
	if flags.HasAny(tcp.FlagSYN | tcp.FlagFIN) {
		next++
	}
	if flags.HasAny(tcp.FlagSYN) || int32(next-n.next) > 0 {
		n.next = next
	}
	if flags.HasAny(tcp.FlagFIN) && !n.ended {
		n.ended, n.repeat = true, s.after(repeatTime)
	}
	n.edge = uint32(f.Ack()) + uint32(f.WindowSize())
}

// control sends a segment without data for n, which lneto does not send or does not send again.
func (s *Stack) control(n *conn, seq uint32, flags tcp.Flags) {
	out := s.link.Room()
	if out == nil {
		return
	}
	f, _ := tcp.NewFrame(out[headers:])
	f.SetSourcePort(s.Port)
	f.SetDestinationPort(n.port)
	f.SetUrgentPtr(0)
	f.SetSegment(tcp.Segment{SEQ: tcp.Value(seq), ACK: tcp.Value(n.expect), WND: tcp.Size(n.window()), Flags: flags}, 5)
	s.send(out, &n.mac, n.addr, tcpHeader)
}

// send puts the headers before a segment of n bytes, its checksum into it, and sends the frame.
func (s *Stack) send(out []byte, mac *[6]byte, addr [4]byte, n int) {
	segment := out[headers : headers+n]
	p := s.headerIP(out, mac, addr, protocolTCP, n)
	f, _ := tcp.NewFrame(segment)
	f.SetCRC(0)
	f.SetCRC(^sum(pseudo(p, n), segment))
	s.link.Send(pad(out, headers+n))
}

// headerIP writes the headers of a frame whose datagram has n bytes of the protocol, and returns the datagram.
func (s *Stack) headerIP(out []byte, mac *[6]byte, addr [4]byte, protocol lneto.IPProto, n int) []byte {
	s.header(out, mac, ethernet.TypeIPv4)
	p := out[etherHeader : headers+n]
	d, _ := ipv4.NewFrame(p)
	d.SetVersionAndIHL(4, 5)
	d.SetToS(0)
	d.SetTotalLength(uint16(len(p)))
	s.id++
	d.SetID(s.id)
	const dontFragment = 0x4000
	d.SetFlags(dontFragment)
	d.SetTTL(64)
	d.SetProtocol(protocol)
	*d.SourceAddr(), *d.DestinationAddr() = s.Addr, addr
	d.SetCRC(0)
	d.SetCRC(^sum(0, p[:ipHeader]))
	return p
}
