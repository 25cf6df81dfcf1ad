package main

import "testing"

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
