package tcpip

import (
	"bytes"
	"testing"
)

// ask returns a client's frame to everybody with a DHCP message.
func ask(mac [6]byte, options ...byte) []byte {
	s := Stack{Config: Config{MAC: mac}}
	var w wire
	s.link = &w
	q := w.room[headers+udpHeader:]
	copy(q, []byte{1, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef})
	copy(q[28:], mac[:])
	put32(q[dhcpHeader:], dhcpCookie)
	n := udpHeader + dhcpOptions + copy(q[dhcpOptions:], options)
	p := w.room[headers:]
	put16(p, portClient)
	put16(p[2:], portServer)
	put16(p[4:], uint16(n))
	s.headerIP(w.room[:], &[6]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, [4]byte{255, 255, 255, 255}, protocolUDP, n)
	w.Send(headers + n)
	return w.out[0]
}

// answered hands the question to the board and returns the message that it answers with and the address; 0 for no answer.
func (b *bench) answered(frame []byte) (message byte, addr []byte) {
	b.Helper()
	b.wire.deliver(frame)
	b.Poll(1)
	if len(b.wire.out) == 0 {
		return 0, nil
	}
	p := b.wire.out[0]
	b.wire.out = nil
	if d := p[etherHeader:]; sum(0, d[:ipHeader]) != 0xffff || !bytes.Equal(p[:6], frame[6:12]) || d[9] != protocolUDP {
		b.Fatalf("frame % x", p[:headers])
	}
	a := p[headers+udpHeader:]
	if a[0] != 2 || get32(a[4:]) != 0xdeadbeef || !bytes.Equal(a[20:24], boardAddr[:]) || !bytes.Equal(a[28:34], frame[6:12]) {
		b.Fatalf("answer % x", a[:44])
	}
	message, _, server := dhcpParse(a[dhcpOptions:])
	if !bytes.Equal(server, boardAddr[:]) {
		b.Fatalf("server % x", server)
	}
	return message, a[16:20]
}

func TestDHCP(t *testing.T) {
	b := newBench(t, 1)
	b.DHCP = true
	one, two := [6]byte{2, 1}, [6]byte{2, 2}
	discover := []byte{0, optionMessage, 1, dhcpDiscover, optionEnd}
	request := func(addr ...byte) []byte {
		return append(append([]byte{optionMessage, 1, dhcpRequest, optionAddress, 4}, addr...), optionEnd)
	}
	for _, c := range []struct {
		name    string
		frame   []byte
		message byte
		addr    []byte
	}{
		{"offer", ask(one, discover...), dhcpOffer, []byte{10, 0, 2, 100}},
		{"another's offer", ask(two, discover...), dhcpOffer, []byte{10, 0, 2, 101}},
		{"request", ask(one, request(10, 0, 2, 100)...), dhcpACK, []byte{10, 0, 2, 100}},
		{"the same again", ask(one, discover...), dhcpOffer, []byte{10, 0, 2, 100}},
		{"another's address", ask(one, request(10, 0, 2, 101)...), dhcpNAK, []byte{0, 0, 0, 0}},
		{"to another server", ask(one, append([]byte{optionServer, 4, 10, 0, 2, 2}, discover...)...), 0, nil},
		{"a cut option", ask(one, optionMessage, 2, 1), 0, nil},
		{"no message", ask(one, optionEnd), 0, nil},
	} {
		message, addr := b.answered(c.frame)
		if message != c.message || !bytes.Equal(addr, c.addr) {
			t.Errorf("%s: message %d, address %v", c.name, message, addr)
		}
	}
	seen := map[byte]bool{}
	for i := range byte(3 * maxLeases) {
		_, addr := b.answered(ask([6]byte{4, i}, discover...))
		seen[addr[3]] = true
	}
	if len(seen) != maxLeases {
		t.Errorf("%d addresses for many clients", len(seen))
	}
	b.DHCP = false
	if message, _ := b.answered(ask(one, discover...)); message != 0 {
		t.Error("answered without being asked to")
	}
}

func FuzzFrames(f *testing.F) {
	f.Add(ask([6]byte{2, 1}, optionMessage, 1, dhcpDiscover, optionEnd))
	b := bench{T: new(testing.T)}
	f.Add(b.syn(5))
	f.Fuzz(func(t *testing.T, frame []byte) {
		b := newBench(t, 1)
		b.DHCP = true
		for i := range int64(3) {
			b.wire.deliver(frame)
			b.Poll(i)
		}
	})
}
