package tcpip

import (
	"errors"
	"io"
	"unsafe"

	"github.com/soypat/lneto/arp"
	"github.com/soypat/lneto/ethernet"
	"github.com/soypat/lneto/ipv4"
	"github.com/soypat/lneto/tcp"
)

// Config says who we are and how much memory there is.
type Config struct {
	MAC  [6]byte   // of the link
	Addr [4]byte   // IPv4
	Port uint16    // that the server listens on
	DHCP bool      // give addresses to clients of the network: see dhcp.go
	Rand io.Reader // initial sequence numbers; cryptographically secure

	Conns    int // connections at one time, those not yet accepted and those not yet forgotten included
	Receive  int // bytes of each connection's receive buffer: the window that peers see, so at least one record's header
	Send     int // bytes of each connection's send buffer; two segments keep a peer that delays its acknowledgements going
	InFlight int // segments of a connection that may be unacknowledged
}

// Size returns the bytes that one connection takes: its state and its two buffers.
func (c *Config) Size() int {
	const segment, held = 4 * unsafe.Sizeof(int(0)), 2 * unsafe.Sizeof(int(0)) // lneto's records of sent and of early segments
	return int(unsafe.Sizeof(conn{})) + c.Receive + c.Send + c.InFlight*int(segment) + 8*int(held)
}

// Stack serves one port over one link. It belongs to one event loop.
type Stack struct {
	Config
	link   Link
	conns  []conn
	now    int64 // milliseconds since the start
	nano   func() int64
	ready  uint32 // counts connections that became ready, to keep their order
	most   int    // connections that the device has had at one time
	id     uint16 // of the last datagram
	random [4]byte
	leases [maxLeases][6]byte // hardware addresses; the index makes the IPv4 address
	leased int                // how many have ever been given

	question question // that we ask ourselves
}

// ErrConfig is returned when a Config cannot work.
var ErrConfig = errors.New("tcpip: a size is missing or too small")

// New takes all the memory of a stack from the heap.
func New(link Link, c Config) (*Stack, error) {
	if link == nil || c.Rand == nil || c.Port == 0 || c.Conns < 1 || c.Receive < 64 || c.Receive > 1<<16-1 || c.Send < 64 || c.InFlight < 1 {
		return nil, ErrConfig
	}
	s := &Stack{Config: c, link: link, conns: make([]conn, c.Conns)}
	s.nano = func() int64 { return s.now * 1e6 }
	slab := make([]byte, c.Conns*(c.Receive+c.Send))
	for i := range s.conns {
		n := &s.conns[i]
		receive, send := slab[:c.Receive:c.Receive], slab[c.Receive:c.Receive+c.Send:c.Receive+c.Send]
		slab = slab[c.Receive+c.Send:]
		if err := n.tcp.SetBuffers(send, receive, c.InFlight); err != nil {
			return nil, err
		}
		n.tcp.SetLossRecovery(&n.rto, s.nano)
	}
	return s, nil
}

// Most returns how many connections the device has had at one time.
func (s *Stack) Most() int { return s.most }

// maxFrames bounds the frames taken from the link in one Poll, so that the device gets its turn under a flood.
const maxFrames = 16

// Poll takes what the link has received and sends what is due. now is in milliseconds, from any beginning, never going
// back. It reports whether it got anywhere.
func (s *Stack) Poll(now int64) (busy bool) {
	s.now = now
	for range maxFrames {
		frame := s.link.Frame()
		if frame == nil {
			break
		}
		s.receive(frame)
		s.link.Done()
		busy = true
	}
	for i := range s.conns {
		if n := &s.conns[i]; n.state != free && s.step(n) {
			busy = true
		}
	}
	return busy
}

// receive takes in a frame: an ARP request or an IPv4 datagram for us.
func (s *Stack) receive(p []byte) {
	frame, err := ethernet.NewFrame(p)
	if err != nil || *frame.DestinationHardwareAddr() != s.MAC && !frame.IsBroadcast() {
		return
	}
	switch frame.EtherTypeOrSize() {
	case ethernet.TypeARP:
		s.receiveARP(p[etherHeader:])
	case ethernet.TypeIPv4:
		s.receiveIP(*frame.SourceHardwareAddr(), p[etherHeader:])
	}
}

// receiveARP answers the question who has our address, and hears who has another.
func (s *Stack) receiveARP(p []byte) {
	ask, err := arp.NewFrame(p)
	if err != nil {
		return
	}
	hardware, hardwareSize := ask.Hardware()
	protocol, protocolSize := ask.Protocol()
	if hardware != 1 || hardwareSize != 6 || protocol != ethernet.TypeIPv4 || protocolSize != 4 {
		return
	}
	mac, addr := ask.Sender4()
	if _, target := ask.Target4(); *target != s.Addr {
		return
	}
	if ask.Operation() == arp.OpReply {
		s.heardARP(*mac, *addr)
	}
	if ask.Operation() != arp.OpRequest {
		return
	}
	out := s.link.Room()
	if out == nil {
		return // who asked will ask again
	}
	s.sendARP(out, arp.OpReply, mac, *mac, *addr)
}

// sendARP sends a question or an answer to a station; target and addr are what it says of the other side.
func (s *Stack) sendARP(out []byte, op arp.Operation, to *[6]byte, target [6]byte, addr [4]byte) {
	s.header(out, to, ethernet.TypeARP)
	f, _ := arp.NewFrame(out[etherHeader:])
	f.SetHardware(1, 6)
	f.SetProtocol(ethernet.TypeIPv4, 4)
	f.SetOperation(op)
	ourMAC, ourAddr := f.Sender4()
	*ourMAC, *ourAddr = s.MAC, s.Addr
	theirMAC, theirAddr := f.Target4()
	*theirMAC, *theirAddr = target, addr
	s.link.Send(pad(out, etherHeader+28))
}

// header writes the Ethernet header.
func (s *Stack) header(p []byte, to *[6]byte, t ethernet.Type) {
	frame, _ := ethernet.NewFrame(p)
	*frame.DestinationHardwareAddr(), *frame.SourceHardwareAddr() = *to, s.MAC
	frame.SetEtherType(t)
}

// pad fills the frame of n bytes up to the least length, and returns its length.
func pad(p []byte, n int) int {
	for ; n < minFrame; n++ {
		p[n] = 0
	}
	return n
}

// receiveIP takes in a datagram: a TCP segment for our port, whole and with right checksums, or a client's question for an address.
func (s *Stack) receiveIP(from [6]byte, p []byte) {
	d, err := ipv4.NewFrame(p)
	if err != nil || p[0]>>4 != 4 {
		return
	}
	header, total := d.HeaderLength(), int(d.TotalLength())
	if header < ipHeader || total > len(p) || total < header {
		return
	}
	const fragment = 0x3fff // more fragments follow, or an offset
	if uint16(d.Flags())&fragment != 0 || sum(0, p[:header]) != 0xffff {
		return
	}
	switch {
	case d.Protocol() == protocolUDP:
		s.receiveUDP(p, p[header:total])
		return
	case d.Protocol() != protocolTCP || total < header+tcpHeader || *d.DestinationAddr() != s.Addr:
		return
	}
	segment := p[header:total]
	if sum(pseudo(p, len(segment)), segment) != 0xffff {
		return
	}
	f, err := tcp.NewFrame(segment)
	if err != nil || f.HeaderLength() < tcpHeader || f.HeaderLength() > len(segment) || f.DestinationPort() != s.Port {
		return
	}
	s.receiveTCP(from, *d.SourceAddr(), segment, f)
}

// Numbers of protocols in the header of IPv4.
const (
	protocolTCP = 6
	protocolUDP = 17
)

// sum returns the ones' complement sum of a start value and p as 16-bit words (RFC 1071).
func sum(start uint32, p []byte) uint16 {
	n := start
	for len(p) >= 2 {
		n += uint32(p[0])<<8 | uint32(p[1])
		p = p[2:]
	}
	if len(p) == 1 {
		n += uint32(p[0]) << 8
	}
	n = n>>16 + n&0xffff
	return uint16(n>>16 + n&0xffff)
}

// pseudo returns the sum of the header that the checksums of TCP and UDP include (RFC 9293, section 3.1): the addresses of datagram
// p, its protocol, and the length of what it carries.
func pseudo(p []byte, length int) uint32 {
	return uint32(sum(0, p[12:20])) + uint32(p[9]) + uint32(length)
}
