package main

import (
	"bytes"
	"errors"
	"testing"
)

// memory is flash in memory; it fails after so many writes.
type memory struct {
	bytes [3 * 4096]byte
	fail  int
}

func (m *memory) ReadAt(p []byte, off int64) (int, error) { return copy(p, m.bytes[off:]), nil }
func (m *memory) EraseBlockSize() int64                   { return 4096 }

func (m *memory) EraseBlocks(start, length int64) error {
	for i := start * 4096; i < (start+length)*4096; i++ {
		m.bytes[i] = 0xff
	}
	return nil
}

func (m *memory) WriteAt(p []byte, off int64) (int, error) {
	if m.fail--; m.fail == 0 {
		return copy(m.bytes[off:], p[:len(p)/2]), errors.New("power lost")
	}
	for i, b := range p {
		if m.bytes[off+int64(i)] &= b; m.bytes[off+int64(i)] != b {
			return i, errors.New("not erased")
		}
	}
	return len(p), nil
}

func TestConfigurationIsKept(t *testing.T) {
	m := new(memory)
	k := kept{m}
	p := make([]byte, 4096)
	if n := k.Load(p); n != 0 {
		t.Errorf("new flash has %q", p[:n])
	}
	texts := [][]byte{[]byte("{}"), bytes.Repeat([]byte("x"), 600), {}, bytes.Repeat([]byte("y"), 4080)}
	for _, text := range texts {
		if err := k.Keep(text); err != nil {
			t.Fatal(err)
		}
		if n := k.Load(p); !bytes.Equal(p[:n], text) {
			t.Errorf("%d bytes came back instead of %d", n, len(text))
		}
	}
	m.fail = 1
	if k.Keep(bytes.Repeat([]byte("new"), 200)) == nil {
		t.Error("no error")
	}
	if n := k.Load(p); !bytes.Equal(p[:n], texts[3]) {
		t.Errorf("after a loss of power: %d bytes", n)
	}
	if k.Keep(make([]byte, 4081)) == nil {
		t.Error("too long a text is kept")
	}
}

// radio is a radio that has frames, and takes some.
type radio struct {
	in  [][]byte
	out []byte
}

func (r *radio) EthPoll(buf []byte) (int, error) {
	if len(r.in) == 0 {
		return 0, nil
	}
	n := copy(buf, r.in[0])
	r.in = r.in[1:]
	return n, nil
}

func (r *radio) SendEthFrame(p []byte) error {
	r.out = append(r.out[:0], p...)
	return nil
}

func TestLink(t *testing.T) {
	r := &radio{in: [][]byte{[]byte("one"), []byte("two")}}
	l := &link{radio: r}
	for _, want := range []string{"one", "one"} {
		if got := l.Frame(); string(got) != want {
			t.Errorf("frame %q", got)
		}
	}
	l.Done()
	if got := l.Frame(); string(got) != "two" {
		t.Errorf("frame %q", got)
	}
	l.Done()
	if got := l.Frame(); got != nil {
		t.Errorf("frame %q", got)
	}
	copy(l.Room(), "three")
	l.Send(5)
	if string(r.out) != "three" {
		t.Errorf("sent %q", r.out)
	}
}

func TestClock(t *testing.T) {
	c := wallClock{floor: seconds("1796083200")}
	if c.Unix() != 0 || c.Set(1000) || c.Unix() != 0 {
		t.Error("the time is known")
	}
	if now := int64(1796083200_500); !c.Set(now) || c.Unix() < now || c.Unix() > now+5000 {
		t.Errorf("the time is %d", c.Unix())
	}
	if seconds("12x") != 0 {
		t.Error("not a number")
	}
}
