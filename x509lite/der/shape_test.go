package der

import (
	"bytes"
	"slices"
	"testing"
)

// tlv is a short element.
func tlv(tag Tag, parts ...[]byte) []byte {
	contents := bytes.Join(parts, nil)
	out := make([]byte, 8)
	return slices.Concat(out[:PutHeader(out, tag, len(contents))], contents)
}

func TestMatch(t *testing.T) {
	var (
		one     = tlv(Integer, []byte{1})
		id      = tlv(ObjectID, []byte{0x55, 4, 3})
		badID   = tlv(ObjectID, []byte{0x80, 1})
		yes     = tlv(Boolean, []byte{0xff})
		no      = tlv(Boolean, []byte{0})
		name    = tlv(0x82, []byte("a"))
		text    = tlv(UTF8String, []byte("ä"))
		latin   = tlv(UTF8String, []byte{0xe4})
		seq     = func(parts ...[]byte) []byte { return tlv(Sequence, parts...) }
		set     = func(parts ...[]byte) []byte { return tlv(Set, parts...) }
		integer = "\x02"
	)
	for _, c := range []struct {
		shape string
		in    []byte
		ok    bool
	}{
		{"." + integer, one, true},
		{"." + integer, nil, false},
		{"." + integer, id, false},
		{"." + integer, slices.Concat(one, one), false}, // more than the shape
		{".\x00", one, true},
		{".\x00", badID, true}, // any: not looked at
		{".\x06", badID, false},
		{".\x01", yes, true},
		{".\x01", no, false},
		{".\x03", tlv(BitString), false},
		{"?.\x02", nil, true},
		{"?.\x02.\x06", id, true},
		{"?.\x02.\x06", slices.Concat(one, id), true},
		{"?.\x02.\x06", one, false},
		{"+.\x02", nil, false},
		{"+.\x02", slices.Concat(one, one), true},
		{"+.\x02", slices.Concat(one, id), false},
		{"(\x30)", seq(), true},
		{"(\x30)", seq(one), false},
		{"(\x30.\x02)", seq(one), true},
		{"(\x30.\x02)", seq(), false},
		{"(\x30.\x02).\x06", slices.Concat(seq(one), id), true},
		{"(\x30+(\x31.\x02))", seq(set(one), set(one)), true},
		{"(\x30+(\x31.\x02))", seq(set(one), seq(one)), false},
		{"(\x30+(\x31.\x02))", seq(set(one), set()), false},
		{"(\x30+(\x31.\x02))", seq(), false},
		{"(\x30+(\x31+(\x30.\x06$\x00)))", seq(set(seq(id, text), seq(id, text)), set(seq(id, text))), true},
		{"(\x30+(\x31+(\x30.\x06$\x00)))", seq(set(seq(id, text), seq(id, latin))), false},
		{"(\x30+(\x31+(\x30.\x06$\x00)))", seq(set(seq(id, text)), set()), false},
		{"@\x00", name, true},
		{"@\x00", tlv(0x89), false},
		{"@\x00", one, false},
		{"$\x00", text, true},
		{"$\x00", latin, false},
		{"$\x00", one, false},
		{"(\x30.\x02)", seq(one)[:4], false},
		{"(\x30.\x02)", slices.Concat(seq(), one), false},
	} {
		if ok := Matches(c.in, c.shape, nil); ok != c.ok {
			t.Errorf("%q, %x: %v", c.shape, c.in, ok)
		}
		rest := Cursor(c.in)
		if !rest.Match(c.shape, nil) && len(rest) != len(c.in) {
			t.Errorf("%q, %x: refused, and the cursor moved", c.shape, c.in)
		}
	}
}

// TestMatchOut: contents and whole elements go where the letters say, and nil for what is absent, whatever was there.
func TestMatchOut(t *testing.T) {
	b := tlv(Sequence, tlv(Integer, []byte{7}), tlv(OctetString, []byte("x")))
	out := [][]byte{nil, []byte("old"), nil}
	c := Cursor(slices.Concat(b, []byte{5, 0}))
	if !c.Match("(\x30A\x02?b\x01c\x04)", out) {
		t.Fatal("refused")
	}
	if !bytes.Equal(out[0], []byte{2, 1, 7}) || out[1] != nil || string(out[2]) != "x" || !bytes.Equal(c, []byte{5, 0}) {
		t.Errorf("%x, rest %x", out, c)
	}
	if n := testing.AllocsPerRun(10, func() { Matches(b, "(\x30A\x02?b\x01c\x04)", out) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzMatch: no input makes Match fail otherwise than by saying so, and what it says does not depend on being asked for views.
func FuzzMatch(f *testing.F) {
	f.Add(tlv(Sequence, tlv(Set, tlv(Sequence, tlv(ObjectID, []byte{0x55, 4, 3}), tlv(UTF8String, []byte("a"))))))
	f.Add(tlv(Sequence, tlv(Sequence, tlv(ObjectID, []byte{0x55, 4, 3}), tlv(0x86, []byte("a")))))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, pair := range [][2]string{
			{"(\x30+(\x31+(\x30.\x06$\x00)))", "(\x30+(\x31+(\x30a\x06B\x00)))"},
			{"(\x30+(\x30.\x06@\x00))", "(\x30+(\x30A\x06b\x00))"},
			{"?.\x02(\x30?.\x80?.\x81)", "?a\x02(\x30?b\x80?C\x81)"},
		} {
			var out [3][]byte
			if Matches(b, pair[0], nil) && !Matches(b, pair[1], out[:]) {
				t.Errorf("%q, but not %q", pair[0], pair[1])
			}
		}
	})
}
