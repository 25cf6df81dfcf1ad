package log

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

type lines []string

func (s *lines) Line(level Level, line []byte) { *s = append(*s, fmt.Sprintf("%d %s", level, line)) }

func TestLines(t *testing.T) {
	var got lines
	var l Logger
	l.At(Error, "x").Str("dropped: no sink yet").End()
	l.Init(&got, Info)
	l.SetTime(12345, 0)
	l.At(Info, "device").Str("no clock").End()
	l.SetTime(12345, time.Date(2026, 11, 23, 10, 0, 0, 123e6, time.UTC).UnixMilli())
	l.At(Info, "http").Str("HTTP server started on [").Bytes([]byte("8443")).Str("]").End()
	l.At(Debug, "http").Str("dropped").Int(1).Bytes(nil).Err(fmt.Errorf("x")).End()
	l.At(Warn, "tls").Bytes([]byte("a\n[Nov 23] forged\x1b[2J\\\xff")).Str(" ").Int(-1 << 63).Int(0).End()
	l.At(Error, "http").Bytes([]byte(strings.Repeat("y", 500))).Err(fmt.Errorf(" why")).Err(nil).End()
	l.At(Error, "http").Str(strings.Repeat("z", 500)).End()
	want := lines{
		"2 [+12.345] device       no clock",
		"2 [Nov 23 10:00:00.123] http         HTTP server started on [8443]",
		`1 [Nov 23 10:00:00.123] tls          a\x0a[Nov 23] forged\x1b[2J\x5c\xff -92233720368547758080`,
		"0 [Nov 23 10:00:00.123] http         " + strings.Repeat("y", maxPiece) + "... why",
		"0 [Nov 23 10:00:00.123] http         " + strings.Repeat("z", maxLine-38) + "...",
	}
	if len(got) != len(want) {
		t.Fatalf("%d lines, want %d: %q", len(got), len(want), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d:\n got %s\nwant %s", i, got[i], want[i])
		}
	}
}

func TestRing(t *testing.T) {
	r := NewRing(0)
	var l Logger
	l.Init(r, Info)
	for i := range 100 {
		l.At(Info, "x").Int(int64(i)).End()
	}
	buf := make([]byte, 1000)
	got := string(buf[:r.Read(buf, 0)])
	if !strings.HasSuffix(got, "99\n") || strings.HasPrefix(got, "\n") || len(got) > maxLine+1 {
		t.Errorf("kept %q", got)
	}
	for _, line := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
		if !strings.HasPrefix(line, "[+0.000] x ") {
			t.Errorf("line %q is not whole", line)
		}
	}
	if rest := string(buf[:r.Read(buf, 5)]); rest != got[5:] {
		t.Errorf("from offset 5: %q", rest)
	}
	if r.Read(buf, 1000) != 0 || r.Read(buf, -1) != 0 {
		t.Error("read outside")
	}
}

func TestNoAllocation(t *testing.T) {
	var l Logger
	l.Init(NewRing(1000), Info)
	l.SetTime(1, 1e12)
	peer := []byte("peer\r\n")
	if n := testing.AllocsPerRun(100, func() {
		l.At(Info, "http").Str("text ").Bytes(peer).Int(42).End()
		l.At(Debug, "http").Bytes(peer).End()
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
