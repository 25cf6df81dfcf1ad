package tcpip

import (
	"errors"
	"io"

	"colibri/firmware/device"
)

var (
	errReset  = errors.New("tcpip: the connection was reset")
	errSocket = errors.New("tcpip: no such socket")
)

var _ device.Network = (*Stack)(nil)

// Accept implements device.Network.
func (s *Stack) Accept(addr []byte) (device.Socket, int) {
	first := -1
	for i := range s.conns {
		// The difference, not the order: the counter may wrap.
		if s.conns[i].state == ready && (first < 0 || int32(s.conns[i].order-s.conns[first].order) < 0) {
			first = i
		}
	}
	if first < 0 {
		return 0, 0
	}
	n := &s.conns[first]
	n.state = open
	now := 0
	for i := range s.conns {
		if s.conns[i].state == open {
			now++
		}
	}
	s.most = max(s.most, now)
	var text [len("255.255.255.255:65535")]byte
	end := 0
	for i, b := range n.addr {
		if i > 0 {
			text[end] = '.'
			end++
		}
		end += decimal(text[end:], uint32(b))
	}
	text[end] = ':'
	end += 1 + decimal(text[end+1:], uint32(n.port))
	return device.Socket(first + 1), copy(addr, text[:end])
}

// decimal writes n and returns the number of its digits.
func decimal(p []byte, n uint32) int {
	digits := 1
	for m := n; m > 9; m /= 10 {
		digits++
	}
	for i := digits - 1; i >= 0; i-- {
		p[i] = byte('0' + n%10)
		n /= 10
	}
	return digits
}

// socket returns the connection of a socket, or nil.
func (s *Stack) socket(d device.Socket) *conn {
	if d < 1 || int(d) > len(s.conns) || s.conns[d-1].state != open {
		return nil
	}
	return &s.conns[d-1]
}

// Recv implements device.Network.
func (s *Stack) Recv(d device.Socket, p []byte) (int, error) {
	n := s.socket(d)
	if n == nil {
		return 0, errSocket
	}
	if n.tcp.BufferedInput() > 0 {
		got, _ := n.tcp.Read(p)
		n.due = true // the window has grown
		return got, nil
	}
	switch {
	case n.dead:
		return 0, errReset
	case !n.tcp.State().RxDataOpen():
		return 0, io.EOF
	}
	return 0, nil
}

// Send implements device.Network.
func (s *Stack) Send(d device.Socket, p []byte) (int, error) {
	n := s.socket(d)
	switch {
	case n == nil:
		return 0, errSocket
	case n.dead:
		return 0, errReset
	case n.closing || !n.tcp.State().TxDataOpen():
		return 0, io.ErrClosedPipe
	}
	if room := n.tcp.FreeOutput(); len(p) > room {
		p = p[:room]
	}
	if len(p) == 0 {
		return 0, nil
	}
	sent, err := n.tcp.Write(p)
	n.due = true
	return sent, err
}

// CloseSend implements device.Network.
func (s *Stack) CloseSend(d device.Socket) {
	if n := s.socket(d); n != nil {
		n.closing = true
	}
}

// Close implements device.Network. What was taken for sending is sent all the same, for a while; what still arrives
// is dropped.
func (s *Stack) Close(d device.Socket) {
	n := s.socket(d)
	if n == nil {
		return
	}
	n.state = leaving
	if n.dead {
		s.over(n)
		return
	}
	n.closing = true
	n.deadline = s.after(leaveTime)
	n.tcp.ShutdownRead()
}
