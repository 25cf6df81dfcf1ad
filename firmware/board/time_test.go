package board

import (
	"encoding/binary"
	"strings"
	"testing"

	"colibri/firmware/device/sntp"
)

// settable is a clock that takes what is not before its floor.
type settable struct{ mono, unix, floor int64 }

func (c *settable) Milliseconds() int64 { return c.mono }
func (c *settable) Unix() int64         { return c.unix }

func (c *settable) Set(unix int64) bool {
	if unix < c.floor {
		return false
	}
	c.unix = unix
	return true
}

// neighbour is a link with one station on it that knows the time: 10.0.2.2, port 1123.
type neighbour struct {
	room    [1514]byte
	frames  [][]byte // to the board
	seconds uint32   // since 1900
	kiss    bool
	asked   int
}

func (n *neighbour) Done()        { n.frames = n.frames[1:] }
func (n *neighbour) Room() []byte { return n.room[:] }

func (n *neighbour) Frame() []byte {
	if len(n.frames) == 0 {
		return nil
	}
	return n.frames[0]
}

func (n *neighbour) Send(size int) {
	p := append([]byte(nil), n.room[:size]...)
	copy(p, p[6:12])
	copy(p[6:], []byte{2, 0, 0, 0, 0, 2})
	switch {
	case p[12] == 8 && p[13] == 6: // ARP
		p[21] = 2
		copy(p[32:], p[22:32])
		copy(p[22:], []byte{2, 0, 0, 0, 0, 2, 10, 0, 2, 2})
	case p[23] == 17 && binary.BigEndian.Uint16(p[36:]) == 1123: // UDP
		n.asked++
		from, to := [4]byte(p[26:]), [4]byte(p[30:])
		copy(p[26:], to[:])
		copy(p[30:], from[:])
		copy(p[36:], p[34:36])
		binary.BigEndian.PutUint16(p[34:], 1123)
		binary.BigEndian.PutUint16(p[40:], 0) // no checksum
		q := p[42:]
		copy(q[24:], q[40:48])
		q[0], q[1] = 0x24, 1
		if n.kiss {
			q[1] = 0
			copy(q[12:], "DENY")
		}
		for _, at := range []int{16, 32, 40} {
			binary.BigEndian.PutUint64(q[at:], uint64(n.seconds)<<32)
		}
	default:
		return
	}
	n.frames = append(n.frames, p)
}

// run polls a board on which the neighbour answers, and returns its log.
func run(t *testing.T, n *neighbour, c *settable, floor int64) string {
	t.Helper()
	var out console
	o := options(t)
	o.Floor = floor
	o.Site = image(t, strings.Replace(lines, "]]", `],["sntp.server","10.0.2.2:1123"]]`, 1))
	b, err := New(Hardware{MAC: [6]byte{2}, Noise: noise{}, Quality: 8, Clock: c, Console: &out}, o)
	if err == nil {
		err = b.Start(n, [4]byte{10, 0, 2, 15})
	}
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		c.mono++
		b.Poll()
	}
	return out.String()
}

func TestTheServersTime(t *testing.T) {
	const build, now, year1970 = 1_796_083_200, 1_796_090_000, 2_208_988_800
	c := new(settable)
	n := &neighbour{seconds: now + year1970}
	if text := run(t, n, c, build); c.unix != now*1000 || n.asked != 1 || !strings.Contains(text, "the clock is set") {
		t.Errorf("%d; asked %d times; log: %s", c.unix, n.asked, text)
	}
	c.unix += 5000
	if text := run(t, n, c, build); c.unix != now*1000 || !strings.Contains(text, "the clock was moved by -5000 ms") {
		t.Errorf("%d; log: %s", c.unix, text)
	}
	for name, want := range map[string]error{"old": sntp.ErrFloor, "kiss": sntp.ErrDenied, "clock": nil} {
		c, n := new(settable), &neighbour{seconds: now + year1970}
		reason := "the clock does not take the time"
		switch name {
		case "old":
			n.seconds = build + year1970 - 1
		case "kiss":
			n.kiss = true
		case "clock":
			c.floor = now*1000 + 1
		}
		if want != nil {
			reason = want.Error()
		}
		if text := run(t, n, c, build); c.unix != 0 || !strings.Contains(text, reason) {
			t.Errorf("%s: %d; log: %s", name, c.unix, text)
		}
	}
}
