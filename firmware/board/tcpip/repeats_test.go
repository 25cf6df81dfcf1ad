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
