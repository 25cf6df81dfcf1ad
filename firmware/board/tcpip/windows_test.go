package tcpip

import (
	"bytes"
	"strings"
	"testing"

	"github.com/soypat/lneto/tcp"
)

// answers returns the segments of the board that are on the wire, and takes them away.
func (k *talk) answers() (all []tcp.Frame) {
	k.Helper()
	for _, frame := range k.wire.out {
		f, _ := tcp.NewFrame(k.check(frame))
		all = append(all, f)
	}
	k.wire.out = nil
	return all
}

// answered checks that the board says once where it is, with window bytes free, and nothing else.
func (k *talk) answered(what string, window int) {
	k.Helper()
	all := k.answers()
	if len(all) != 1 {
		k.Fatalf("%s: %d answers", what, len(all))
	}
	_, flags := all[0].OffsetAndFlags()
	if flags != tcp.FlagACK || len(all[0].Payload()) != 0 || uint32(all[0].Ack()) != k.iss+k.total() || int(all[0].WindowSize()) != window {
		k.Errorf("%s: answered with %v of %d, window %d, and not with %d and %d", what, flags, uint32(all[0].Ack())-k.iss, all[0].WindowSize(), k.total(), window)
	}
}

// TestClosedWindowsAreProbed: the client's window is closed, and what opens it gets lost.
func TestClosedWindowsAreProbed(t *testing.T) {
	for name, full := range map[string]bool{"from the start": true, "later": false} {
		k := newTalk(t)
		k.full = full
		k.connect()
		message := random(MaxSegment + 100)
		k.Send(k.socket, message[:100])
		if k.poll(1); !full {
			k.listen(true)
			k.full = true
			k.arrive(k.segment(1, tcp.FlagACK, ""))
		}
		k.Send(k.socket, message[100:])
		var times []int64
		for k.time < 200_000 {
			k.poll(50)
			for _, f := range k.answers() {
				if len(f.Payload()) != 0 || uint32(f.Seq()) != k.irs+k.next-1 {
					t.Fatalf("%s: a segment of %d bytes, number %d, while the client expects %d", name, len(f.Payload()), uint32(f.Seq())-k.irs, k.next)
				}
				times = append(times, k.time)
				k.arrive(k.segment(1, tcp.FlagACK, ""))
			}
		}
		if n := len(times); n < 7 || n > 12 || times[0] > 2000 || times[n-1]-times[n-2] < 3*(times[2]-times[1]) {
			t.Errorf("%s: asked after %v ms", name, times)
		}
		k.full = false // which is said, and lost; the answer to the next question says it as well
		for range 2 * probeMost / 50 {
			k.poll(50)
			if len(k.wire.out) > 0 {
				k.listen(true)
				k.arrive(k.segment(1, tcp.FlagACK, ""))
			}
		}
		if !bytes.Equal(k.got, message) {
			t.Errorf("%s: %d bytes of %d arrived", name, len(k.got), len(message))
		}
	}
}

// TestWindowsThatCloseOverDataUnderWay: the client has received two segments, but says at first that it has no room behind the one. lneto
// would take back the other, and ignore that it is acknowledged when the window opens.
func TestWindowsThatCloseOverDataUnderWay(t *testing.T) {
	k := newTalk(t)
	k.connect()
	message := random(2 * MaxSegment)
	k.Send(k.socket, message)
	k.poll(1)
	if len(k.wire.out) != 2 {
		t.Fatal(len(k.wire.out), "segments")
	}
	k.listen(false)
	k.full = true
	k.arrive(k.segment(1, tcp.FlagACK, ""))
	k.listen(true)
	for k.time < 3000 { // the acknowledgement of the other is lost
		k.poll(50)
	}
	if len(k.wire.out) == 0 {
		t.Fatal("not asked")
	}
	k.full, k.wire.out = false, nil
	k.arrive(k.segment(1, tcp.FlagACK, ""))
	if k.Send(k.socket, message); k.conns[0].tcp.FreeOutput() != 0 {
		t.Error("the acknowledgement was not accepted")
	}
	for range 100 {
		k.poll(50)
		k.listen(true)
		k.arrive(k.segment(1, tcp.FlagACK, ""))
	}
	if !bytes.Equal(k.got, append(message, message...)) {
		t.Errorf("%d bytes of %d arrived", len(k.got), 2*len(message))
	}
}

// fill lets the client fill the board's receive buffer.
func (k *talk) fill() {
	k.Helper()
	for _, n := range [...]int{MaxSegment, k.Receive - MaxSegment} {
		k.arrive(k.say(strings.Repeat("x", n), false))
		k.answers()
	}
}

// TestOurWindowOpens: once there is room again the client hears of it, and if that gets lost, it hears of it when it asks: with a segment
// without data as some do, or with a byte more than fits, as others do.
func TestOurWindowOpens(t *testing.T) {
	probes := map[string]func(k *talk) []byte{
		"nothing, old": func(k *talk) []byte { return k.segment(k.total()-1, tcp.FlagACK, "") },
		"a byte, old":  func(k *talk) []byte { return k.segment(k.total()-1, tcp.FlagACK, "x") },
		"a byte, new":  func(k *talk) []byte { return k.segment(k.total(), tcp.FlagACK, "y") },
	}
	for name, probe := range probes {
		k := newTalk(t)
		k.connect()
		k.fill()
		k.arrive(probe(k))
		k.answered(name+": closed", 0)
		buf := make([]byte, k.Receive)
		n, _ := k.Recv(k.socket, buf)
		k.poll(1)
		k.answered(name+": open", n) // which gets lost
		if k.arrive(probe(k)); strings.HasSuffix(name, "new") {
			k.client.said += "y"
			n--
		}
		k.answered(name+": asked", n)
		if n, _ := k.Recv(k.socket, buf); string(buf[:n]) != k.client.said[len(k.client.said)-n:] || n == 0 != strings.HasSuffix(name, "old") {
			t.Errorf("%s: %d bytes more", name, n)
		}
	}
}

// TestWhatDoesNotFitIsCut: of a segment that is longer than the window the first part is taken.
func TestWhatDoesNotFitIsCut(t *testing.T) {
	k := newTalk(t)
	k.connect()
	k.arrive(k.say(strings.Repeat("x", MaxSegment), false))
	k.answers()
	room := k.Receive - MaxSegment
	k.arrive(k.segment(k.total(), tcp.FlagACK|tcp.FlagFIN, strings.Repeat("y", MaxSegment)))
	k.client.said += strings.Repeat("y", room)
	k.answered("more than fits", 0)
	buf := make([]byte, k.Receive)
	if n, err := k.Recv(k.socket, buf); string(buf[:n]) != k.client.said || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
	if n, err := k.Recv(k.socket, buf); n != 0 || err != nil {
		t.Errorf("then %d bytes, %v", n, err)
	}
}

// TestKeepAlivesAreAnswered: both forms (RFC 9293, section 3.8.4), before and after the client's end; and so is the repetition of a single
// byte, which looks the same.
func TestKeepAlivesAreAnswered(t *testing.T) {
	k := newTalk(t)
	k.connect()
	for _, what := range []string{"at first", "after a byte", "after the end"} {
		for _, data := range []string{"", "x"} {
			k.time += challengeTime
			k.arrive(k.segment(k.total()-1, tcp.FlagACK, data))
			k.answered(what, k.Receive-len(k.client.said))
		}
		if k.ends {
			break
		}
		k.arrive(k.say("x", what == "after a byte"))
		k.answers()
		if k.ends {
			continue
		}
		k.time += challengeTime
		k.arrive(k.repeat())
		k.answered("a byte again", k.Receive-len(k.client.said))
	}
	if k.conns[0].state != open || k.conns[0].tcp.State() != tcp.StateCloseWait {
		t.Error(k.conns[0].state, k.conns[0].tcp.State())
	}
}
