package tcpip

import (
	"bytes"
	"testing"
)

// says returns what a station sends us by UDP.
func (b *bench) says(mac [6]byte, from, to [4]byte, fromPort, toPort uint16, text string) []byte {
	s := Stack{Config: Config{MAC: mac, Addr: from}}
	var w wire
	s.link = &w
	n := udpHeader + len(text)
	p := w.room[headers:]
	put16(p, fromPort)
	put16(p[2:], toPort)
	put16(p[4:], uint16(n))
	copy(p[udpHeader:], text)
	d := s.headerIP(w.room[:], &boardMAC, to, protocolUDP, n)
	put16(p[6:], ^sum(pseudo(d, n), p[:n]))
	w.Send(headers + n)
	return w.out[0]
}

// said returns the only frame that the board has sent.
func (b *bench) said() []byte {
	b.Helper()
	if len(b.wire.out) != 1 {
		b.Fatalf("%d frames", len(b.wire.out))
	}
	p := b.wire.out[0]
	b.wire.out = nil
	return p
}

// isAt returns the answer of a station to the question where addr is.
func isAt(mac [6]byte, addr [4]byte) []byte {
	s := Stack{Config: Config{MAC: mac, Addr: addr}}
	var w wire
	s.link = &w
	s.sendARP(w.room[:], 2, &boardMAC, boardMAC, boardAddr)
	return w.out[0]
}

func TestQuestion(t *testing.T) {
	b := newBench(t, 1)
	ports := map[uint16]bool{}
	for _, text := range []string{"What is the time?", "Tell me"} {
		b.Ask(peerAddr, 123, []byte(text))
		p := b.said()
		if !bytes.Equal(p[:6], everybody[:]) || get16(p[12:]) != 0x0806 || get16(p[20:]) != 1 || !bytes.Equal(p[38:42], peerAddr[:]) {
			t.Fatalf("frame % x", p)
		}
		b.wire.deliver(isAt([6]byte{2, 9}, [4]byte{10, 0, 2, 9}))             // not who was asked for
		b.wire.deliver(isAt([6]byte{0x01, 0, 0x5e, 0, 0, 1}, peerAddr))       // no neighbour
		b.wire.deliver(b.says(peerMAC, peerAddr, boardAddr, 123, 0, "early")) // before the question
		if b.Poll(1); len(b.wire.out) > 0 {
			t.Fatalf("frame % x", b.wire.out[0])
		}
		b.wire.deliver(isAt(peerMAC, peerAddr))
		b.Poll(2)
		q := b.check17(b.said())
		ours := get16(q)
		if get16(q[2:]) != 123 || ours < 49152 || string(q[udpHeader:]) != text {
			t.Errorf("question % x", q)
		}
		ports[ours] = true
		cut := b.says(peerMAC, peerAddr, boardAddr, 123, ours, "forged")
		cut[len(cut)-1] ^= 1
		for _, forged := range [][]byte{
			b.says(peerMAC, [4]byte{10, 0, 2, 9}, boardAddr, 123, ours, "forged"),
			b.says(peerMAC, peerAddr, [4]byte{10, 0, 2, 255}, 123, ours, "forged"),
			b.says(peerMAC, peerAddr, boardAddr, 124, ours, "forged"),
			b.says(peerMAC, peerAddr, boardAddr, 123, ours^1, "forged"),
			b.says(peerMAC, peerAddr, boardAddr, 123, ours, string(make([]byte, MaxQuestion+1))),
			cut,
		} {
			b.wire.deliver(forged)
			if b.Poll(3); b.Answer() != nil {
				t.Errorf("took % x", forged)
			}
		}
		b.wire.deliver(b.says(peerMAC, peerAddr, boardAddr, 123, ours, "Four"))
		b.Poll(4)
		if got := b.Answer(); string(got) != "Four" || b.Answer() != nil {
			t.Errorf("answer %q", got)
		}
	}
	if len(ports) < 2 {
		t.Error("the port is the same each time")
	}
}

// check17 looks at a frame from the board and returns its UDP datagram.
func (b *bench) check17(p []byte) []byte {
	b.Helper()
	d := p[etherHeader:]
	q := d[ipHeader:get16(d[2:])]
	if !bytes.Equal(p[:6], peerMAC[:]) || sum(0, d[:ipHeader]) != 0xffff || d[9] != protocolUDP || sum(pseudo(d, len(q)), q) != 0xffff {
		b.Fatalf("frame % x", p)
	}
	return q
}
