package tcpip

import (
	"bytes"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"strings"
	"testing"

	"colibri/firmware/device"

	"github.com/soypat/lneto/tcp"
)

// client is the peer of a connection, in segments: it says what it has to say and then its end, acknowledges what comes in its turn, and
// repeats what is not acknowledged. It shares no code with the stack.
type client struct {
	port          uint16
	iss, irs      uint32 // initial sequence numbers, its own and the board's
	una           uint32 // its first byte that is not acknowledged, counted from iss
	next          uint32 // the board's byte that is expected, counted from irs
	said          string
	ends          bool // it has ended its own side
	synchronized  bool
	got           []byte
	ended, reset  bool // by the board
	acknowledging bool // it owes an acknowledgement
	full          bool // it has no window
}

// segment is one of the client's, with what it has received so far.
func (c *client) segment(seq uint32, flags tcp.Flags, data string) []byte {
	p := make([]byte, tcpHeader+len(data))
	copy(p[tcpHeader:], data)
	f, _ := tcp.NewFrame(p)
	f.SetSourcePort(c.port)
	f.SetDestinationPort(443)
	ack := tcp.Value(0)
	if flags.HasAny(tcp.FlagACK) {
		ack = tcp.Value(c.irs + c.next)
	}
	window := tcp.Size(maxWindow)
	if c.full {
		window = 0
	}
	f.SetSegment(tcp.Segment{SEQ: tcp.Value(c.iss + seq), ACK: ack, WND: window, DATALEN: tcp.Size(len(data)), Flags: flags}, 5)
	return datagram(p)
}

// total is the sequence number behind all that the client has said so far.
func (c *client) total() uint32 {
	n := uint32(1 + len(c.said))
	if c.ends {
		n++
	}
	return n
}

// say returns the segment for more data, and the end behind it.
func (c *client) say(data string, ends bool) []byte {
	seq := c.total()
	c.said, c.ends, c.acknowledging = c.said+data, ends, false
	flags := tcp.FlagACK
	if ends {
		flags |= tcp.FlagFIN
	}
	return c.segment(seq, flags, data)
}

// repeat returns the segment with all that is not acknowledged.
func (c *client) repeat() []byte {
	switch {
	case !c.synchronized:
		return c.segment(0, tcp.FlagSYN, "")
	case c.una >= c.total():
		return nil
	}
	flags, from := tcp.FlagACK, min(int(c.una)-1, len(c.said))
	if c.ends {
		flags |= tcp.FlagFIN
	}
	return c.segment(c.una, flags, c.said[from:])
}

// hear takes in a segment of the board.
func (c *client) hear(segment []byte) {
	f, _ := tcp.NewFrame(segment)
	_, flags := f.OffsetAndFlags()
	if flags.HasAny(tcp.FlagRST) {
		c.reset = true
		return
	}
	if flags.HasAny(tcp.FlagSYN) && !c.synchronized {
		c.irs, c.next, c.una, c.synchronized, c.acknowledging = uint32(f.Seq()), 1, 1, true, true
		return
	}
	c.una = max(c.una, uint32(f.Ack())-c.iss)
	seq, data := uint32(f.Seq())-c.irs, segment[f.HeaderLength():]
	if len(data) == 0 && !flags.HasAny(tcp.FlagFIN) {
		return
	}
	c.acknowledging = true
	if seq != c.next {
		return
	}
	c.got = append(c.got, data...)
	c.next += uint32(len(data))
	if flags.HasAny(tcp.FlagFIN) {
		c.next++
		c.ended = true
	}
}

// talk is one conversation: a client that sends rubbish and its end, and a device that answers with an alert, as slot does in package
// device. Whoever of the two, the wire and the stack takes the next step is drawn.
type talk struct {
	*bench
	client
	random  *mathrand.Rand
	socket  device.Socket
	heard   string
	alerted int // bytes of the alert that the socket has taken
	told    bool
	until   int64 // when it stops to wait for the client's end
	closed  bool
	drop    int // which of the board's frames gets lost; -1: none
	sent    int // frames of the board
	steps   strings.Builder
}

const (
	rubbish = "GET / HTTP/1.0\r\n\r\n"
	alert   = "\x15\x03\x01\x00\x02\x02\x32"
)

// app is what the device does in one turn.
func (k *talk) app() {
	var buf [64]byte
	if k.socket == 0 {
		k.socket, _ = k.Accept(buf[:])
		return
	}
	if k.closed {
		return
	}
	end := false
	if !k.told {
		n, err := k.Recv(k.socket, buf[:5])
		k.heard += string(buf[:n])
		if end = err != nil && err != io.EOF; len(k.heard) >= 5 && k.alerted < len(alert) {
			n, err := k.Send(k.socket, []byte(alert[k.alerted:]))
			if k.alerted += n; err != nil {
				end = true
			}
		}
		if k.alerted == len(alert) {
			k.CloseSend(k.socket)
			k.told, k.until = true, k.time+1000
		}
	} else if _, err := k.Recv(k.socket, buf[:]); err != nil || k.time >= k.until {
		end = true
	}
	if end {
		k.Close(k.socket)
		k.closed = true
	}
}

// poll lets the stack work; what it sends is on the wire.
func (k *talk) poll(ms int64) {
	k.time += ms
	k.Poll(k.time)
}

// deliver takes the board's frames to the client, one or all.
func (k *talk) listen(all bool) {
	for len(k.wire.out) > 0 {
		segment := k.check(k.wire.out[0])
		k.wire.out = k.wire.out[1:]
		if k.sent++; k.sent-1 != k.drop {
			k.hear(segment)
		}
		if !all {
			return
		}
	}
}

// over reports whether the client knows that the connection has ended.
func (k *talk) over() bool { return k.reset || k.ended }

func (k *talk) step(i int) {
	fmt.Fprintf(&k.steps, "%d", i)
	switch i {
	case 0:
		k.poll(0)
	case 1:
		k.app()
	case 2:
		k.listen(false)
	case 3:
		if k.acknowledging {
			k.acknowledging = false
			k.wire.deliver(k.segment(k.total(), tcp.FlagACK, ""))
		}
	case 4: // the client goes on
		switch {
		case !k.synchronized || k.ends:
		case k.client.said == "":
			k.wire.deliver(k.say(rubbish, k.random.IntN(2) == 0))
		default:
			k.wire.deliver(k.say("", true))
		}
	case 6: // the last of the client's segments arrives twice, or before the one before it
		if n := len(k.wire.in); n > 1 && k.random.IntN(2) == 0 {
			k.wire.in[n-1], k.wire.in[n-2] = k.wire.in[n-2], k.wire.in[n-1]
		} else if n > 0 {
			k.wire.in = append(k.wire.in, bytes.Clone(k.wire.in[n-1]))
		}
	case 7: // the client repeats itself
		if p := k.repeat(); p != nil && k.synchronized {
			k.wire.deliver(p)
		}
	case 5: // both device and stack, as in the loop of a board
		k.poll(1)
		k.app()
		k.poll(0)
	}
}

// TestEveryConnectionEnds: whichever of the steps comes first, and though a frame of ours gets lost, the client learns that the connection is
// over, and before that what it was told; and the connection's place is free again.
func TestEveryConnectionEnds(t *testing.T) {
	random := mathrand.New(mathrand.NewPCG(3, 4))
	b := newBench(t, 1)
	for i := range 20_000 {
		k := &talk{bench: b, random: random, drop: -1}
		if i%2 == 1 {
			k.drop = random.IntN(8)
		}
		k.port, k.iss = uint16(1024+i), random.Uint32()
		b.wire.in, b.wire.out = nil, nil
		b.wire.deliver(k.segment(0, tcp.FlagSYN, ""))
		for range random.IntN(60) {
			k.step(random.IntN(8))
		}
		// From here on everybody gets a turn every 10 ms, and the client repeats itself every second.
		for ms := 0; ms < 15_000 && !(k.over() && k.closed && b.conns[0].state == free); ms += 10 {
			for _, i := range [...]int{4, 5, 2, 2, 3} {
				k.step(i)
			}
			k.poll(10)
			k.listen(true)
			if ms%1000 == 990 {
				if p := k.repeat(); p != nil {
					b.wire.deliver(p)
				}
			}
		}
		if !k.over() {
			t.Fatalf("run %d: the client hangs, having read %q; board %v %v; steps %.80s", i, k.got, b.conns[0].state, b.conns[0].tcp.State(), k.steps.String())
		}
		if string(k.got) != alert && k.drop < 0 {
			t.Fatalf("run %d: the client has read %q; ended %v, reset %v; steps %.80s", i, k.got, k.ended, k.reset, k.steps.String())
		}
		if b.conns[0].state != free {
			t.Fatalf("run %d: the place is not free: %v, %v; steps %.80s", i, b.conns[0].state, b.conns[0].tcp.State(), k.steps.String())
		}
	}
}

// TestWhoMakesRoomIsTold: a connection that gives way to a new one before its peer has acknowledged our end is reset; nobody waits in vain.
func TestWhoMakesRoomIsTold(t *testing.T) {
	b := newBench(t, 1)
	k := &talk{bench: b, random: mathrand.New(mathrand.NewPCG(5, 6)), drop: -1}
	k.port, k.iss = 1024, 7
	b.wire.deliver(k.segment(0, tcp.FlagSYN, ""))
	for !k.told {
		for _, i := range [...]int{4, 5, 2, 3} {
			k.step(i)
		}
	}
	b.Close(k.socket)
	b.wire.deliver(b.syn(2048))
	k.poll(0)
	for _, frame := range b.wire.out {
		segment := b.check(frame)
		if f, _ := tcp.NewFrame(segment); f.DestinationPort() == k.port {
			k.hear(segment)
		}
	}
	if !k.reset || k.ended {
		t.Errorf("reset %v, ended %v", k.reset, k.ended)
	}
}
