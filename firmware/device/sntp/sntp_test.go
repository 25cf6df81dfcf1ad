package sntp

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"
	"testing/iotest"
	"time"
)

const floor = 1_796_083_200 // 1 December 2026

var now = time.Unix(floor+1000, 250e6)

// seconds1900 is the timestamp of a time.
func seconds1900(t time.Time) uint64 {
	return uint64(t.Unix()+2_208_988_800)<<32 | uint64(t.Nanosecond())<<32/1e9
}

// answer is what a good server says to a request.
func answer(request []byte, came, went time.Time) []byte {
	p := make([]byte, Size)
	p[0], p[stratum] = 4<<3|4, 2
	binary.BigEndian.PutUint32(p[rootDelay:], 1<<14)
	binary.BigEndian.PutUint32(p[rootSpread:], 1<<12)
	copy(p[reference:], []byte{192, 0, 2, 1})
	binary.BigEndian.PutUint64(p[updated:], seconds1900(came.Add(-time.Minute)))
	copy(p[origin:], request[transmit:])
	binary.BigEndian.PutUint64(p[receive:], seconds1900(came))
	binary.BigEndian.PutUint64(p[transmit:], seconds1900(went))
	return p
}

// asked returns a client that has asked at 1000.
func asked(t *testing.T) (*Client, []byte) {
	t.Helper()
	c, p := new(Client), make([]byte, Size)
	c.Init(rand.Reader, floor, 7200)
	if c.Request(p, 1000) != Size {
		t.Fatal("no request")
	}
	return c, p
}

func TestExchange(t *testing.T) {
	c, q := asked(t)
	if q[0] != 0x23 || !bytes.Equal(q[1:transmit], make([]byte, transmit-1)) || bytes.Equal(q[transmit:], make([]byte, 8)) {
		t.Errorf("request % x", q)
	}
	p := answer(q, now, now.Add(20*time.Millisecond))
	// 100 ms, 20 of them at the server: it was sent 40 ms ago.
	got, err := c.Answer(p, 1100, 0)
	if off := got - (now.UnixMilli() + 20 + 40); err != nil || off < -1 || off > 1 { // timestamps are rounded
		t.Errorf("%v; off by %d ms", err, off)
	}
	if _, err := c.Answer(p, 1101, 0); err != ErrUnasked {
		t.Errorf("the same again: %v", err)
	}
	if c.Request(q, 1100+7200_000-1) != 0 || c.Request(q, 1100+7200_000) != Size {
		t.Error("not asked again after two hours")
	}
}

func TestHostileAnswers(t *testing.T) {
	set := func(at int, b ...byte) func(p []byte) []byte {
		return func(p []byte) []byte { copy(p[at:], b); return p }
	}
	at := func(field int, when time.Time) func(p []byte) []byte {
		return func(p []byte) []byte { binary.BigEndian.PutUint64(p[field:], seconds1900(when)); return p }
	}
	for _, c := range []struct {
		name   string
		change func(p []byte) []byte
		mono   int64
		unix   int64
		want   error
	}{
		{"nothing", func([]byte) []byte { return nil }, 1100, 0, ErrFormat},
		{"a byte short", func(p []byte) []byte { return p[:Size-1] }, 1100, 0, ErrFormat},
		{"a client's", set(0, 0x23), 1100, 0, ErrFormat},
		{"a broadcast", set(0, 0x25), 1100, 0, ErrFormat},
		{"symmetric", set(0, 0x22), 1100, 0, ErrFormat},
		{"version 3", set(0, 0x1c), 1100, 0, ErrFormat},
		{"version 5", set(0, 0x2c), 1100, 0, ErrFormat},
		{"another's origin", set(origin, 1), 1100, 0, ErrUnasked},
		{"no origin", set(origin, 0, 0, 0, 0, 0, 0, 0, 0), 1100, 0, ErrUnasked},
		{"late", set(0), 6001, 0, ErrUnasked},
		{"leap alarm", set(0, 0xe4), 1100, 0, ErrUnsynced},
		{"stratum 16", set(stratum, 16), 1100, 0, ErrUnsynced},
		{"stratum 255", set(stratum, 255), 1100, 0, ErrUnsynced},
		{"far from the root", set(rootDelay, 0, 32), 1100, 0, ErrUnsynced},
		{"unsure", set(rootSpread, 0, 16), 1100, 0, ErrUnsynced},
		{"both at their greatest", set(rootDelay, 255, 255, 255, 255, 255, 255, 255, 255), 1100, 0, ErrUnsynced},
		{"no times", set(receive, make([]byte, 16)...), 1100, 0, ErrTimes},
		{"sent before it came", at(transmit, now.Add(-time.Second)), 1100, 0, ErrTimes},
		{"held longer than it took", at(transmit, now.Add(time.Second)), 1100, 0, ErrTimes},
		{"set in the future", at(updated, now.Add(time.Hour)), 1100, 0, ErrTimes},
		{"before the floor", func(p []byte) []byte {
			for _, field := range []int{updated, receive, transmit} {
				p = at(field, time.Unix(floor-1, 0))(p)
			}
			return p
		}, 1100, 0, ErrFloor},
		{"far ahead of the clock", set(0), 1100, now.UnixMilli() - MaxStep, ErrStep},
		{"far behind the clock", set(0), 1100, now.UnixMilli() + MaxStep + 100, ErrStep},
		{"near the clock", set(0), 1100, now.UnixMilli() - MaxStep + 100, nil},
		{"with a leap second announced", set(0, 0x64), 1100, 0, nil},
		{"with something behind it", func(p []byte) []byte { return append(p, make([]byte, 20)...) }, 1100, 0, nil},
	} {
		client, q := asked(t)
		if _, err := client.Answer(c.change(answer(q, now, now)), c.mono, c.unix); err != c.want {
			t.Errorf("%s: %v, not %v", c.name, err, c.want)
		}
		// What a stranger can send does not keep the server's answer out.
		_, err := client.Answer(answer(q, now, now), c.mono, 0)
		if wait := c.want == ErrFormat || c.want == ErrUnasked && c.mono < 6000; wait != (err == nil) {
			t.Errorf("%s: the right answer then: %v", c.name, err)
		}
	}
}

func TestKisses(t *testing.T) {
	const day = 24 * 60 * 60 * 1000
	for _, k := range []struct {
		code string
		want error
		next int64 // when the next request is due
	}{
		{"DENY", ErrDenied, -1},
		{"RSTR", ErrDenied, -1},
		{"RATE", ErrRate, 1000 + 2*7200_000},
		{"INIT", ErrKiss, 1000 + retry},
	} {
		c, q := asked(t)
		p := answer(q, now, now)
		p[stratum] = 0
		copy(p[reference:], k.code)
		if _, err := c.Answer(p, 1100, 0); err != k.want {
			t.Errorf("%s: %v", k.code, err)
		}
		if k.next < 0 {
			if c.Request(q, 365*day) != 0 {
				t.Errorf("%s: asked again", k.code)
			}
		} else if c.Request(q, k.next-1) != 0 || c.Request(q, k.next) != Size {
			t.Errorf("%s: not asked again at %d but at %d", k.code, k.next, c.next)
		}
	}
}

// TestSilence: a server that does not answer is asked less and less often, and with another number each time.
func TestSilence(t *testing.T) {
	c, q := asked(t)
	seen := map[string]bool{string(q[transmit:]): true}
	last, gap := int64(1000), int64(retry)
	for range 20 {
		if c.Request(q, last+gap-1) != 0 || c.Request(q, last+gap) != Size {
			t.Fatalf("the gap is not %d", gap)
		}
		if seen[string(q[transmit:])] {
			t.Error("a number comes twice")
		}
		seen[string(q[transmit:])] = true
		last, gap = last+gap, min(2*gap, 7200_000)
	}
	if _, err := c.Answer(answer(q, now, now), last+10, 0); err != nil || c.next != last+10+7200_000 {
		t.Errorf("%v, %d", err, c.next)
	}
}

func TestNoEntropy(t *testing.T) {
	c := new(Client)
	c.Init(iotest.ErrReader(errors.New("broken")), 0, 0)
	if p := make([]byte, Size); c.Request(p, 0) != 0 {
		t.Error("asked with a number that can be guessed")
	}
	if _, err := c.Answer(answer(make([]byte, Size), now, now), 1, 0); err != ErrUnasked {
		t.Error("took an answer to the number 0")
	}
}

func TestEras(t *testing.T) {
	for stamp, want := range map[uint64]string{
		0x8000_0000 << 32:             "1968-01-20T03:14:08Z",
		0xffff_ffff << 32:             "2036-02-07T06:28:15Z",
		0:                             "2036-02-07T06:28:16Z",
		0x7fff_ffff<<32 | 0x8000_0000: "2104-02-26T09:42:23.5Z",
	} {
		if got := time.UnixMilli(unixTime(stamp)).UTC().Format(time.RFC3339Nano); got != want {
			t.Errorf("%x: %s, not %s", stamp, got, want)
		}
	}
}

// TestOverUDP is an exchange with a server on the loopback interface, whose clock is wrong by a minute.
func TestOverUDP(t *testing.T) {
	server, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	ahead := func() time.Time { return time.Now().Add(time.Minute) }
	go func() {
		q := make([]byte, 100)
		n, from, err := server.ReadFromUDP(q)
		if err == nil && n == Size {
			came := ahead()
			time.Sleep(5 * time.Millisecond)
			server.WriteToUDP(answer(q, came, ahead()), from)
		}
	}()
	conn, err := net.Dial("udp", server.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	start := time.Now()
	mono := func() int64 { return time.Since(start).Milliseconds() }
	c, p := new(Client), make([]byte, 100)
	c.Init(rand.Reader, 0, 7200)
	if _, err := conn.Write(p[:c.Request(p, mono())]); err != nil {
		t.Fatal(err)
	}
	conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	n, err := conn.Read(p)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Answer(p[:n], mono(), time.Now().UnixMilli())
	if off := got - ahead().UnixMilli(); err != nil || off < -1000 || off > 1000 {
		t.Errorf("%v; off by %d ms", err, off)
	}
}

func TestAllocations(t *testing.T) {
	c, p := new(Client), make([]byte, Size)
	zero := io.Reader(zeros{})
	c.Init(zero, 0, 15)
	mono := int64(0)
	if n := testing.AllocsPerRun(100, func() {
		mono += 20_000
		c.Request(p, mono)
		c.Answer(p, mono, 0)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func FuzzAnswer(f *testing.F) {
	f.Add(answer(make([]byte, Size), now, now), int64(1100), int64(0))
	f.Fuzz(func(t *testing.T, p []byte, mono, unix int64) {
		unix &= 1<<53 - 1
		c, q := new(Client), make([]byte, Size)
		c.Init(zeros{}, floor, 7200)
		c.Request(q, 1000)
		got, err := c.Answer(p, mono, unix)
		if err == nil && (got < floor*1000 || unix != 0 && (got-unix > MaxStep || unix-got > MaxStep)) {
			t.Errorf("%d at %d", got, unix)
		}
	})
}
