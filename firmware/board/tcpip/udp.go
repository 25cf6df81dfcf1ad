package tcpip

import "github.com/soypat/lneto/arp"

// One question by UDP (RFC 768) to one neighbour at a time, such as a server of the time: the only thing that the stack says unasked.
// Where the neighbour is it asks by ARP each time; what gets lost is the asker's to ask again. The port that the answer has to come
// to is another each time, so that who does not see the question has to guess it.

// MaxQuestion is the most that a question or an answer may have, in bytes.
const MaxQuestion = 128

// question is the exchange under way.
type question struct {
	addr     [4]byte // the neighbour's
	port     uint16  // the neighbour's
	ours     uint16  // our port, 0: nothing is asked
	data     [MaxQuestion]byte
	length   int
	resolved bool // the neighbour's hardware address was known, and the question is sent
	answered int  // bytes of the answer, in data; -1: none yet
}

// Ask sends p, of at most MaxQuestion bytes, to a port of a neighbour. What was asked before is forgotten.
func (s *Stack) Ask(addr [4]byte, port uint16, p []byte) {
	q := &s.question
	q.ours = 0
	if _, err := s.Rand.Read(s.random[:]); err != nil || len(p) > MaxQuestion {
		return
	}
	const dynamic = 49152 // the first of the ports that are nobody's (RFC 6335)
	q.addr, q.port, q.resolved, q.answered = addr, port, false, -1
	q.ours = dynamic | get16(s.random[:])
	q.length = copy(q.data[:], p)
	s.askARP(addr)
}

// Answer returns what was answered, once; it is valid until the next question. nil: nothing yet.
func (s *Stack) Answer() []byte {
	q := &s.question
	if q.ours == 0 || q.answered < 0 {
		return nil
	}
	p := q.data[:q.answered]
	q.answered = -1
	return p
}

var everybody = [6]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// askARP asks everybody who has an address.
func (s *Stack) askARP(addr [4]byte) {
	out := s.link.Room()
	if out == nil {
		return
	}
	s.sendARP(out, arp.OpRequest, &everybody, [6]byte{}, addr)
}

// heardARP takes in who has an address, and sends the question that waits for it.
func (s *Stack) heardARP(mac [6]byte, addr [4]byte) {
	q := &s.question
	if q.ours == 0 || q.resolved || addr != q.addr || mac[0]&1 != 0 { // a group of stations is not a neighbour
		return
	}
	out := s.link.Room()
	if out == nil {
		return
	}
	q.resolved = true
	n := udpHeader + q.length
	p := out[headers : headers+n]
	put16(p, q.ours)
	put16(p[2:], q.port)
	put16(p[4:], uint16(n))
	put16(p[6:], 0)
	copy(p[udpHeader:], q.data[:q.length])
	d := s.headerIP(out, &mac, addr, protocolUDP, n)
	check := ^sum(pseudo(d, n), p)
	if check == 0 {
		check = 0xffff // 0 would mean that there is none
	}
	put16(p[6:], check)
	s.link.Send(pad(out, headers+n))
}

// receiveUDP takes in a datagram with p behind its header: the answer to our question, or a client's question for an address.
func (s *Stack) receiveUDP(d, p []byte) {
	if len(p) < udpHeader {
		return
	}
	if get16(p[2:]) == portServer && s.DHCP {
		s.receiveDHCP(p)
		return
	}
	q := &s.question
	if q.ours == 0 || !q.resolved || get16(p) != q.port || get16(p[2:]) != q.ours ||
		[4]byte(d[12:16]) != q.addr || [4]byte(d[16:20]) != s.Addr {
		return
	}
	length := int(get16(p[4:]))
	if length < udpHeader || length > len(p) || length-udpHeader > MaxQuestion {
		return
	}
	p = p[:length]
	if get16(p[6:]) != 0 && sum(pseudo(d, length), p) != 0xffff {
		return
	}
	q.answered = copy(q.data[:], p[udpHeader:])
}
