package tcpip

import (
	"bytes"
	"crypto/rand"
	"io"
	"testing"

	"colibri/firmware/device"

	"github.com/soypat/lneto/tcp"
)

// accepted waits for the next connection.
func (b *bench) accepted(peers ...*peer) (d device.Socket) {
	b.Helper()
	var addr [32]byte
	b.until("accepted", func() bool {
		var n int
		d, n = b.Accept(addr[:])
		if d != 0 && !bytes.HasPrefix(addr[:n], []byte("10.0.2.2:")) {
			b.Errorf("the address is %q", addr[:n])
		}
		return d != 0
	}, peers...)
	return d
}

func TestBytesArriveInOrder(t *testing.T) {
	for _, loss := range []float64{0, 0.05, 0.2} {
		b := newBench(t, 2)
		b.wire.loss = loss
		p := b.dial(4000)
		d := b.accepted(p)
		question, answer := random(20_000), random(100_000)
		var asked []byte
		in, out := question, answer
		b.until("all arrived", func() bool {
			if n := min(len(in), p.tcp.FreeOutput()); n > 0 {
				if n, err := p.tcp.Write(in[:n]); err == nil {
					in = in[n:]
				}
			}
			var buf [700]byte
			if n, err := b.Recv(d, buf[:]); err == nil {
				asked = append(asked, buf[:n]...)
			}
			n, err := b.Send(d, out)
			if err != nil {
				t.Fatalf("loss %v: after %d and %d bytes: %v", loss, len(asked), len(p.got), err)
			}
			out = out[n:]
			p.read(700)
			return len(asked) >= len(question) && len(p.got) >= len(answer)
		}, p)
		if !bytes.Equal(asked, question) || !bytes.Equal(p.got, answer) {
			t.Errorf("loss %v: what arrived is not what was sent", loss)
		}
	}
}

func random(n int) []byte {
	p := make([]byte, n)
	rand.Read(p)
	return p
}

func TestEndsAreInOrder(t *testing.T) {
	b := newBench(t, 1)
	want := map[string]string{"board": "goodbye", "peer": "goodbye, and thanks"}
	for first := range want {
		p := b.dial(4000)
		d := b.accepted(p)
		b.Send(d, []byte("goodbye"))
		if first == "board" {
			b.CloseSend(d)
			b.until("the peer has seen the end", func() bool { p.read(32); return p.tcp.State() == tcp.StateCloseWait }, p)
		}
		p.tcp.Close()
		var buf [16]byte
		b.until("we have seen the end", func() bool { p.read(32); _, err := b.Recv(d, buf[:]); return err == io.EOF || err == errReset }, p)
		if first == "peer" {
			for range 50 { // the peer's end alone must not be ours
				b.round(p)
				p.read(32)
			}
			if _, err := b.Send(d, []byte(", and thanks")); err != nil {
				t.Fatal("after the peer's end nothing can be sent:", err)
			}
			b.CloseSend(d)
		}
		b.Close(d)
		b.until("the place is free", func() bool { p.read(32); return b.conns[0].state == free }, p)
		if string(p.got) != want[first] {
			t.Errorf("%s first: the peer got %q", first, p.got)
		}
	}
}

func TestClosedSocketsDeliverWhatTheyTook(t *testing.T) {
	b := newBench(t, 1)
	b.wire.loss = 0.1
	p := b.dial(4000)
	d := b.accepted(p)
	data := random(2000)
	if n, err := b.Send(d, data); n != len(data) || err != nil {
		t.Fatal(n, err)
	}
	b.Close(d)
	b.until("all arrived", func() bool { p.read(512); return len(p.got) == len(data) }, p)
	if !bytes.Equal(p.got, data) {
		t.Error("what arrived is not what was sent")
	}
	if _, err := b.Recv(d, data); err == nil {
		t.Error("a closed socket can be read")
	}
}

func TestResetsEndConnections(t *testing.T) {
	b := newBench(t, 1)
	p := b.dial(4000)
	d := b.accepted(p)
	next := b.conns[0].tcp // a copy: the sequence numbers are needed
	reset := make([]byte, tcpHeader)
	f, _ := tcp.NewFrame(reset)
	ack := make([]byte, tcpHeader+MaxSegment)
	next.Write([]byte("x"))
	n, _ := next.Send(ack)
	probe, _ := tcp.NewFrame(ack[:n])
	f.SetSourcePort(4000)
	f.SetDestinationPort(443)
	f.SetSegment(tcp.Segment{SEQ: probe.Ack(), Flags: tcp.FlagRST}, 5)
	b.wire.deliver(datagram(reset))
	b.round()
	if _, err := b.Recv(d, make([]byte, 1)); err != errReset {
		t.Error("after a reset:", err)
	}
	b.Close(d)
	if b.conns[0].state != free {
		t.Error("the place of a connection that was reset is not free")
	}
}

func TestFullStacksRefuse(t *testing.T) {
	b := newBench(t, 2)
	first, second := b.dial(1), b.dial(2)
	d := b.accepted(first, second)
	b.accepted(first, second)
	b.wire.deliver(b.syn(3))
	b.Poll(b.time)
	if f, _ := tcp.NewFrame(b.check(b.wire.out[0])); f.DestinationPort() != 3 {
		t.Error("no answer")
	} else if _, flags := f.OffsetAndFlags(); flags != tcp.FlagRST|tcp.FlagACK {
		t.Errorf("a third connection is answered with %v", flags)
	}
	b.wire.out = nil
	b.Close(d) // one that leaves makes room even before its peer has answered
	fourth := b.dial(4)
	b.accepted(fourth)
}

func TestStrangersGetNothing(t *testing.T) {
	b := newBench(t, 1)
	syn := func(change func(p []byte)) []byte {
		frame := b.syn(5)
		change(frame)
		return frame
	}
	for name, frame := range map[string][]byte{
		"empty":            {},
		"short":            syn(func([]byte) {})[:20],
		"to another MAC":   syn(func(p []byte) { p[0] ^= 4 }),
		"to another host":  syn(func(p []byte) { p[33] ^= 1 }),
		"to another port":  syn(func(p []byte) { p[37] ^= 1 }),
		"header's sum":     syn(func(p []byte) { p[24] ^= 1 }),
		"segment's sum":    syn(func(p []byte) { p[50] ^= 1 }),
		"longer than long": syn(func(p []byte) { p[16] = 0xff }),
		"fragment":         fragment(syn(func([]byte) {})),
	} {
		b.wire.deliver(frame)
		b.Poll(1)
		if len(b.wire.out) != 0 || b.conns[0].state != free {
			t.Errorf("%s: answered", name)
		}
		b.wire.out = nil
	}
	b.wire.deliver(syn(func([]byte) {}))
	b.Poll(1)
	if len(b.wire.out) != 1 {
		t.Error("a good one is not answered")
	}
}

// fragment marks a datagram as the first of several and sets the sum anew.
func fragment(frame []byte) []byte {
	p := frame[etherHeader:]
	p[6], p[10], p[11] = 0x20, 0, 0
	c := ^sum(0, p[:ipHeader])
	p[10], p[11] = byte(c>>8), byte(c)
	return frame
}

func TestARP(t *testing.T) {
	b := newBench(t, 1)
	ask := append(bytes.Repeat([]byte{0xff}, 6), peerMAC[:]...)
	ask = append(ask, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1)
	ask = append(ask, peerMAC[:]...)
	ask = append(ask, peerAddr[:]...)
	ask = append(ask, make([]byte, 6)...)
	other := append(bytes.Clone(ask), 10, 0, 2, 16)
	b.wire.deliver(append(ask, boardAddr[:]...))
	b.wire.deliver(other)
	b.Poll(1)
	if len(b.wire.out) != 1 {
		t.Fatalf("%d answers", len(b.wire.out))
	}
	want := append(bytes.Clone(peerMAC[:]), boardMAC[:]...)
	want = append(want, 8, 6, 0, 1, 8, 0, 6, 4, 0, 2)
	want = append(want, boardMAC[:]...)
	want = append(want, boardAddr[:]...)
	want = append(want, peerMAC[:]...)
	want = append(want, peerAddr[:]...)
	if got := b.wire.out[0]; !bytes.Equal(got[:len(want)], want) || len(got) != minFrame {
		t.Errorf("% x", got)
	}
}

func TestHalfOpenConnectionsGoAway(t *testing.T) {
	b := newBench(t, 1)
	b.wire.deliver(b.syn(7))
	b.until("answered and given up", func() bool { return b.time > openTime+10 })
	if b.conns[0].state != free {
		t.Error("a half-open connection keeps its place")
	}
}

func TestNothingAllocates(t *testing.T) {
	b := newBench(t, 1)
	p := b.dial(4000)
	d := b.accepted(p)
	data, buf := make([]byte, 1000), make([]byte, 1000)
	if n := testing.AllocsPerRun(100, func() {
		b.Send(d, data)
		b.Recv(d, buf)
		b.Stack.Poll(b.time)
		b.wire.out = b.wire.out[:0]
	}); n > 2 { // the test's own wire takes up to two
		t.Errorf("%v allocations", n)
	}
}
