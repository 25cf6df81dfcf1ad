package tcpip

import (
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"testing"

	"github.com/soypat/lneto/tcp"
)

// stray returns a segment of somebody who knows addresses and ports of a connection, drawn from choices: where its number lies, what it
// acknowledges, its flags and data. It is never one that the client itself could have sent in its turn: those begin with the expected byte
// and acknowledge what was sent, or reset with exactly that number.
func (k *talk) stray(choices [6]byte) []byte {
	expected := k.total()
	seq := expected + [...]uint32{0, 1, ^uint32(0), 100, ^uint32(99), uint32(k.Receive) - 1, uint32(k.Receive), 1 << 20, 1 << 31, 3 << 30}[choices[0]%10]
	flags := tcp.Flags(choices[1]) & 0x3f // FIN, SYN, RST, PSH, ACK, URG
	data := [...]string{"", "z", rubbish, string(make([]byte, MaxSegment))}[choices[2]%4]
	wrong := [...]uint32{0, 1, 1000, 1 << 31, ^uint32(1 << 17)}[choices[3]%5] // more than what was sent
	own := seq == expected && (flags.HasAny(tcp.FlagRST) || !flags.HasAny(tcp.FlagSYN) && flags.HasAny(tcp.FlagACK) && wrong == 0)
	if own {
		seq++
	}
	k.next += wrong
	frame := k.segment(seq, flags, data)
	k.next -= wrong
	switch choices[4] % 8 {
	case 0: // a sum that is wrong
		frame[headers+16] ^= 1 + choices[5]>>1
	case 1: // or a header
		frame[etherHeader+int(choices[5])%ipHeader] ^= 0x40
	case 2: // or a length: the sum is wrong as well
		frame[headers+12] = choices[5]
	}
	return frame
}

// withstand lets strays arrive between the segments of a conversation, and looks whether it comes to its end as if there had been none; and
// whether no more is answered than is due: one segment to each that lies ahead, within the window, and challengeMost to the others.
func withstand(t *testing.T, strays [][6]byte) {
	k := newTalk(t)
	k.connect()
	k.answers()
	answered := 0
	for i, choices := range strays {
		ahead, loud := choices[0]%10, choices[1]&byte(tcp.FlagRST|tcp.FlagSYN) == 0
		k.arrive(k.stray(choices))
		all := k.answers()
		for _, f := range all {
			if _, flags := f.OffsetAndFlags(); flags != tcp.FlagACK || len(f.Payload()) != 0 || uint32(f.Ack()) != k.iss+k.total() || uint32(f.Seq()) != k.irs+k.next {
				t.Fatalf("stray %d, %v, is answered with %v", i, choices, f)
			}
		}
		if len(all) > 1 {
			t.Fatalf("stray %d, %v, is answered %d times", i, choices, len(all))
		}
		if within := loud && choices[2]%4 != 0 && slices.Contains([]byte{0, 1, 3, 5}, ahead); !within {
			answered += len(all)
		}
		if n := &k.conns[0]; n.state != open || n.dead || n.tcp.State() != tcp.StateEstablished {
			t.Fatalf("stray %d, %v: %v, %v", i, choices, n.state, n.tcp.State())
		}
	}
	if most := challengeMost * (int(k.time/challengeTime) + 1); answered > most {
		t.Errorf("%d answers in %d ms", answered, k.time)
	}
	k.arrive(k.say(rubbish, true))
	for range 400 {
		for _, i := range [...]int{5, 2, 2, 3} {
			k.step(i)
		}
		k.poll(10)
	}
	if k.heard != rubbish[:5] || string(k.got) != alert || !k.ended || k.reset {
		t.Errorf("the device heard %q, the client %q; ended %v, reset %v", k.heard, k.got, k.ended, k.reset)
	}
	if k.Close(k.socket); k.conns[0].state != free {
		t.Errorf("the place is not free: %v", k.conns[0].state)
	}
}

// TestStraysDoNotHarm draws a thousand strays for each of a hundred connections.
func TestStraysDoNotHarm(t *testing.T) {
	random := mathrand.New(mathrand.NewPCG(9, 10))
	for range 100 {
		strays := make([][6]byte, 1000)
		for i := range strays {
			for j := range strays[i] {
				strays[i][j] = byte(random.Uint32())
			}
		}
		withstand(t, strays)
	}
}

func FuzzStrays(f *testing.F) {
	f.Add([]byte("0123456789ab"))
	f.Add([]byte{0, byte(tcp.FlagSYN), 0, 0, 7, 0, 3, byte(tcp.FlagRST), 0, 0, 7, 0, 5, byte(tcp.FlagACK | tcp.FlagFIN), 2, 0, 7, 0})
	f.Fuzz(func(t *testing.T, p []byte) {
		var strays [][6]byte
		for ; len(p) >= 6 && len(strays) < 500; p = p[6:] {
			strays = append(strays, [6]byte(p))
		}
		withstand(t, strays)
	})
}

// TestChallenges: what RFC 5961 says of single segments, by name.
func TestChallenges(t *testing.T) {
	for _, c := range []struct {
		name     string
		seq, ack uint32 // more than what is expected
		flags    tcp.Flags
		data     string
		answered bool
	}{
		{"a reset in the window", 1, 0, tcp.FlagRST, "", true},
		{"a reset at the window's end", 2047, 0, tcp.FlagRST, "", true},
		{"a reset behind the window", 2048, 0, tcp.FlagRST, "", false},
		{"a reset before the window", ^uint32(0), 0, tcp.FlagRST | tcp.FlagACK, "", false},
		{"a SYN that is expected", 0, 0, tcp.FlagSYN, "", true},
		{"a SYN in the window", 1, 0, tcp.FlagSYN, "", true},
		{"a SYN anywhere", 1 << 30, 0, tcp.FlagSYN | tcp.FlagACK, "", true},
		{"an acknowledgement of the future", 0, 1, tcp.FlagACK, "x", true},
		{"an acknowledgement of long ago", 0, ^uint32(1 << 16), tcp.FlagACK, "x", true},
		{"an end in the window", 1, 0, tcp.FlagACK | tcp.FlagFIN, "", true},
		{"data ahead", 1, 0, tcp.FlagACK, "x", true},
		{"data behind the window", 2048, 0, tcp.FlagACK, "x", true},
		{"data that is not expected after data that is", ^uint32(0), 0, tcp.FlagACK, "xy", true},
		{"no acknowledgement", 0, 0, tcp.FlagPSH, "x", false},
	} {
		k := newTalk(t)
		k.connect()
		k.answers()
		k.next += c.ack
		segment := k.segment(k.total()+c.seq, c.flags, c.data)
		k.next -= c.ack
		if k.arrive(segment); c.answered {
			k.answered(c.name, k.Receive)
		} else if len(k.wire.out) > 0 {
			t.Errorf("%s is answered", c.name)
		}
		if k.conns[0].dead || k.conns[0].tcp.BufferedInput() > 0 {
			t.Errorf("%s: dead %v, %d bytes", c.name, k.conns[0].dead, k.conns[0].tcp.BufferedInput())
		}
	}
}

// TestChallengesAreFew: and there are more of them later.
func TestChallengesAreFew(t *testing.T) {
	k := newTalk(t)
	k.connect()
	k.answers()
	for range 3 {
		k.time += challengeTime - k.time%challengeTime
		answered := 0
		for range 100 {
			k.wire.deliver(k.segment(k.total(), tcp.FlagSYN, ""))
			k.poll(0)
			answered += len(k.answers())
		}
		if answered != challengeMost {
			t.Errorf("%d answers", answered)
		}
	}
}

// TestHandshakesWithstandStrays: a SYN again is answered again, a wrong acknowledgement by a reset which is its sender's alone; then the
// handshake ends as ever.
func TestHandshakesWithstandStrays(t *testing.T) {
	k := newTalk(t)
	for i, want := range []tcp.Flags{tcp.FlagSYN | tcp.FlagACK, tcp.FlagACK, tcp.FlagRST, 0, 0} {
		k.arrive([][]byte{
			k.segment(0, tcp.FlagSYN, ""),
			k.segment(50, tcp.FlagSYN, ""),
			func() []byte { k.next += 5; defer func() { k.next -= 5 }(); return k.segment(1, tcp.FlagACK, "x") }(),
			k.segment(0, tcp.FlagRST, ""),
			k.segment(1, tcp.FlagPSH, "x"),
		}[i])
		got := ""
		for _, f := range k.answers() {
			_, flags := f.OffsetAndFlags()
			got += fmt.Sprint(flags)
		}
		if want != 0 && got != fmt.Sprint(want) || want == 0 && got != "" || k.conns[0].state != opening {
			t.Errorf("%d: answered with %s; %v", i, got, k.conns[0].state)
		}
	}
	k.connect()
	k.arrive(k.say(rubbish, true))
	k.app()
	if k.heard != rubbish[:5] {
		t.Errorf("heard %q", k.heard)
	}
}
