package tcpip

import (
	"io"
	mathrand "math/rand/v2"
	"strings"
	"testing"

	"github.com/soypat/lneto/tcp"
)

// newTalk is a client whose connection the board has answered.
func newTalk(t *testing.T) *talk {
	k := &talk{bench: newBench(t, 1), random: mathrand.New(mathrand.NewPCG(7, 8)), drop: -1}
	k.port, k.iss = 1024, 7
	k.wire.deliver(k.segment(0, tcp.FlagSYN, ""))
	k.poll(1)
	k.listen(true)
	return k
}

// arrive lets a segment of the client arrive, and the stack answer.
func (k *talk) arrive(segment []byte) {
	k.wire.deliver(segment)
	k.poll(1)
}

// connect ends the handshake and accepts the connection.
func (k *talk) connect() {
	k.arrive(k.segment(1, tcp.FlagACK, ""))
	k.app()
	if k.socket == 0 {
		k.Fatal("the connection is not there")
	}
}

// TestTimerOutlivesRejectedAcknowledgements: the client's own acknowledgement of the alert gets lost, another comes with a segment that
// is rejected because it is a repetition; the alert is sent again all the same, and the end follows.
func TestTimerOutlivesRejectedAcknowledgements(t *testing.T) {
	k := newTalk(t)
	k.connect()
	k.arrive(k.say(rubbish, true))
	k.wire.out = nil // the client does not hear that it was heard
	for !k.told {
		k.app()
	}
	k.poll(1)
	k.listen(true)
	if string(k.got) != alert {
		t.Fatalf("the client has read %q", k.got)
	}
	k.acknowledging, k.una = false, 1 // the one is lost, and what the alert acknowledged comes too late
	k.arrive(k.repeat())
	for range 400 {
		for _, i := range [...]int{5, 2, 2, 3} {
			k.step(i)
		}
		k.poll(10)
	}
	if !k.ended {
		t.Errorf("after 4 s the client does not know the end; reset %v", k.reset)
	}
}

// TestHandshakesLastSegmentMayCarryEverything: the acknowledgement that ends the handshake got lost, and the client's data and end come in
// its place.
func TestHandshakesLastSegmentMayCarryEverything(t *testing.T) {
	k := newTalk(t)
	k.arrive(k.say(rubbish, true))
	k.app()
	k.listen(true)
	if k.una != k.total() {
		t.Errorf("acknowledged up to %d of %d", k.una, k.total())
	}
	var buf [64]byte
	if n, err := k.Recv(k.socket, buf[:]); string(buf[:n]) != rubbish || err != nil {
		t.Errorf("%q, %v", buf[:n], err)
	}
	if _, err := k.Recv(k.socket, buf[:]); err != io.EOF {
		t.Errorf("the end: %v", err)
	}
}

// TestRepetitionsDoNotEndOurSide: a repetition for which the receive buffer has no room is answered, and the device may go on sending.
func TestRepetitionsDoNotEndOurSide(t *testing.T) {
	k := newTalk(t)
	k.connect()
	k.arrive(k.say(strings.Repeat("x", 1400), true))
	k.wire.out = nil
	k.arrive(k.repeat())
	k.listen(true)
	if k.una != k.total() {
		t.Errorf("acknowledged up to %d of %d", k.una, k.total())
	}
	if n, err := k.Send(k.socket, []byte(alert)); n != len(alert) || err != nil || k.ended {
		t.Errorf("sent %d, %v; the client was told the end: %v", n, err, k.ended)
	}
}

// TestOldAcknowledgementsDoNotEndConnections: our end gets lost, and an acknowledgement of what came before it arrives late.
func TestOldAcknowledgementsDoNotEndConnections(t *testing.T) {
	k := newTalk(t)
	k.connect()
	k.arrive(k.say(rubbish, true))
	for !k.told {
		k.app()
	}
	k.poll(1)
	k.listen(true)
	old := k.segment(k.total(), tcp.FlagACK, "")
	k.arrive(old)
	if k.conns[0].tcp.State() != tcp.StateLastAck {
		t.Fatal(k.conns[0].tcp.State())
	}
	k.wire.out = nil // our end
	k.arrive(old)
	k.poll(repeatTime + 1)
	k.listen(true)
	if !k.ended || k.reset {
		t.Errorf("ended %v, reset %v", k.ended, k.reset)
	}
}

// TestUnacceptableSegmentsEndInAReset: lneto gives up after too many of them.
func TestUnacceptableSegmentsEndInAReset(t *testing.T) {
	k := newTalk(t)
	k.connect()
	for !k.conns[0].dead {
		k.arrive(k.segment(1000, tcp.FlagACK, "ahead"))
	}
	k.listen(true)
	if !k.reset {
		t.Error("the client is not told")
	}
}

// TestClosedWindowIsProbed: a client without room is asked for it now and then, less and less often, and gets the data when it has room, though
// nobody has heard it say so.
func TestClosedWindowIsProbed(t *testing.T) {
	k := newTalk(t)
	k.connect()
	send := func(text string) {
		if n, err := k.Send(k.socket, []byte(text)); n != len(text) || err != nil {
			t.Fatal(n, err)
		}
		k.poll(1)
	}
	send("the first, ")
	k.listen(true)
	k.full = true
	k.arrive(k.segment(1, tcp.FlagACK, ""))
	send("the second")
	var probes []int64
	for start := k.time; k.time < start+120_000; {
		k.poll(10)
		for _, frame := range k.wire.out {
			f, _ := tcp.NewFrame(k.check(frame))
			if _, flags := f.OffsetAndFlags(); flags != tcp.FlagACK || uint32(f.Seq()) != k.irs+k.next-1 || len(f.Payload()) > 0 {
				t.Fatalf("flags %v, number %d, %d bytes", flags, uint32(f.Seq())-k.irs, len(f.Payload()))
			}
			probes = append(probes, k.time-start)
			k.wire.deliver(k.segment(1, tcp.FlagACK, "")) // still no room
		}
		k.wire.out = nil
	}
	if len(probes) < 5 || len(probes) > 8 || probes[0] > 1100 || probes[1]-probes[0] < 1900 || probes[2]-probes[1] < 3900 {
		t.Errorf("probes after %v ms", probes)
	}
	k.full = false // and what it says of it is lost
	for range 7000 {
		k.poll(10)
		for _, frame := range k.wire.out {
			k.hear(k.check(frame))
			k.wire.deliver(k.segment(1, tcp.FlagACK, ""))
		}
		k.wire.out = nil
	}
	if string(k.got) != "the first, the second" {
		t.Errorf("the client has read %q", k.got)
	}
	if n := k.conns[0].probes; n != 0 {
		t.Errorf("%d probes are still due", n)
	}
}

// TestKeepAliveIsAnswered: with and without its byte; what comes later is received as ever.
func TestKeepAliveIsAnswered(t *testing.T) {
	k := newTalk(t)
	k.connect()
	k.arrive(k.say("hello", false))
	k.wire.out = nil
	for range 20 {
		for _, text := range []string{"", "o", "x"} {
			k.arrive(k.segment(k.total()-1, tcp.FlagACK, text))
			if len(k.wire.out) == 0 {
				t.Fatalf("no answer to one with %q", text)
			}
			for _, frame := range k.wire.out {
				f, _ := tcp.NewFrame(k.check(frame))
				if _, flags := f.OffsetAndFlags(); flags != tcp.FlagACK || uint32(f.Ack()) != k.iss+k.total() || len(f.Payload()) > 0 {
					t.Fatalf("flags %v, acknowledged %d of %d", flags, uint32(f.Ack())-k.iss, k.total())
				}
			}
			if len(k.wire.out) > 2 {
				t.Errorf("%d answers", len(k.wire.out))
			}
			k.wire.out = nil
		}
	}
	k.arrive(k.say(" world", false))
	var buf [64]byte
	if n, err := k.Recv(k.socket, buf[:]); string(buf[:n]) != "hello world" || err != nil {
		t.Errorf("%q, %v", buf[:n], err)
	}
}
