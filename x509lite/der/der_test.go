package der

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"
)

// TestHeaderRefusals lists encodings that BER allows or that are cut off, none of which is DER.
func TestHeaderRefusals(t *testing.T) {
	for name, b := range map[string][]byte{
		"empty":                      {},
		"tag only":                   {0x30},
		"short":                      {0x30, 0x02, 0x00},
		"indefinite length":          {0x30, 0x80, 0x00, 0x00},
		"long form of a short size":  {0x30, 0x81, 0x01, 0x00},
		"leading zero in the length": append([]byte{0x30, 0x82, 0x00, 0x80}, make([]byte, 0x80)...),
		"length cut off":             {0x30, 0x82, 0x01},
		"five octets of length":      {0x30, 0x85, 1, 1, 1, 1, 1, 0},
		"more than there is":         {0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0},
		"high tag number":            {0x1f, 0x01, 0x00},
		"high context tag number":    {0xbf, 0x81, 0x00, 0x00},
	} {
		c := Cursor(b)
		if _, _, _, ok := c.Any(); ok {
			t.Errorf("%s: accepted", name)
		}
		if len(c) != len(b) {
			t.Errorf("%s: the cursor moved", name)
		}
		if _, ok := c.Read(Sequence); ok {
			t.Errorf("%s: read", name)
		}
	}
}

// TestHeaderPieces: a header that arrives octet by octet is asked for more until it is complete.
func TestHeaderPieces(t *testing.T) {
	for _, b := range [][]byte{{0x30, 0x7f}, {0x30, 0x81, 0x80}, {0x30, 0x82, 0x01, 0x00}, {0x04, 0x84, 0xff, 0xff, 0xff, 0xff}} {
		for n := range b {
			if _, _, _, more, ok := Header(b[:n]); !more || !ok {
				t.Errorf("%x: more %v, ok %v", b[:n], more, ok)
			}
		}
		if tag, head, _, more, ok := Header(b); tag != Tag(b[0]) || head != len(b) || more || !ok {
			t.Errorf("%x: %v, %d, more %v, ok %v", b, tag, head, more, ok)
		}
	}
}

func TestHeaderSizes(t *testing.T) {
	for _, n := range []int{0, 1, 127, 128, 255, 256, 65535, 65536, 1 << 20} {
		out := make([]byte, 8)
		head := PutHeader(out, OctetString, n)
		if head != HeaderSize(n) {
			t.Fatalf("%d: wrote %d octets, announced %d", n, head, HeaderSize(n))
		}
		b := append(out[:head], make([]byte, n)...)
		c := Cursor(b)
		tag, element, contents, ok := c.Any()
		if !ok || tag != OctetString || len(element) != len(b) || len(contents) != n || !c.Empty() {
			t.Errorf("%d: read back as %v, %d of %d octets, ok %v", n, tag, len(contents), len(element), ok)
		}
	}
}

// TestFailureLeavesCursor checks the promise that a refused read changes nothing.
func TestFailureLeavesCursor(t *testing.T) {
	bad := []byte{0x02, 0x02, 0x00, 0x01, 0x01, 0x01, 0x55, 0x03, 0x01, 0x01}
	reads := map[string]func(*Cursor) bool{
		"Integer":   func(c *Cursor) bool { _, ok := c.Read(Integer); return ok },
		"Unsigned":  func(c *Cursor) bool { _, ok := c.Unsigned(); return ok },
		"Uint32":    func(c *Cursor) bool { _, ok := c.Uint32(); return ok },
		"BitString": func(c *Cursor) bool { _, ok := c.BitString(); return ok },
		"ObjectID":  func(c *Cursor) bool { _, ok := c.Read(ObjectID); return ok },
		"Time":      func(c *Cursor) bool { _, ok := c.Time(); return ok },
		"Read":      func(c *Cursor) bool { _, ok := c.Read(Sequence); return ok },
		"Element":   func(c *Cursor) bool { _, _, ok := c.Element(Sequence); return ok },
	}
	for name, read := range reads {
		c := Cursor(bad)
		if read(&c) {
			t.Errorf("%s: accepted", name)
		}
		if len(c) != len(bad) {
			t.Errorf("%s: the cursor moved", name)
		}
	}
}

func TestBoolean(t *testing.T) {
	for _, v := range []struct {
		in []byte
		ok bool
	}{
		{[]byte{1, 1, 0xff}, true},
		{[]byte{1, 1, 0}, false},
		{[]byte{1, 1, 1}, false},
		{[]byte{1, 2, 0xff, 0xff}, false},
		{[]byte{1, 0}, false},
	} {
		c := Cursor(v.in)
		if _, ok := c.Read(Boolean); ok != v.ok {
			t.Errorf("%x: %v", v.in, ok)
		}
	}
}

func TestIntegers(t *testing.T) {
	for _, v := range []string{"0", "1", "127", "128", "255", "256", "65535", "4294967295", "-1", "-128", "-129",
		"1461501637330902918203684832716283019655932542976"} {
		n, _ := new(big.Int).SetString(v, 10)
		enc, err := asn1.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		c := Cursor(enc)
		if _, ok := c.Read(Integer); !ok || !c.Empty() {
			t.Errorf("%s: refused", v)
		}
		c = Cursor(enc)
		magnitude, ok := c.Unsigned()
		if ok != (n.Sign() >= 0) || ok && !bytes.Equal(magnitude, n.Bytes()) {
			t.Errorf("%s: unsigned %x, %v", v, magnitude, ok)
		}
		c = Cursor(enc)
		if u, ok := c.Uint32(); ok != (n.Sign() >= 0 && n.BitLen() <= 32) || ok && uint64(u) != n.Uint64() {
			t.Errorf("%s: uint32 %d, %v", v, u, ok)
		}
		if n.Sign() >= 0 {
			padded := append(make([]byte, 3), n.Bytes()...)
			out := make([]byte, 40)
			k := PutUnsigned(out, padded)
			if k != UnsignedSize(padded) || !bytes.Equal(out[:k], enc) {
				t.Errorf("%s: written as %x, want %x", v, out[:k], enc)
			}
		}
	}
	for _, b := range [][]byte{{2, 0}, {2, 2, 0, 0x7f}, {2, 2, 0xff, 0x80}, {2, 2, 0, 0}} {
		c := Cursor(b)
		if _, ok := c.Read(Integer); ok {
			t.Errorf("%x: not the shortest form, accepted", b)
		}
	}
}

func TestNamedBits(t *testing.T) {
	for _, v := range []struct {
		in            []byte
		bits          uint16
		canonical, ok bool
	}{
		{[]byte{0}, 0, true, true},
		{[]byte{7, 0x80}, 1, true, true},
		{[]byte{1, 0x06}, 1<<5 | 1<<6, true, true},
		{[]byte{7, 0x06, 0x80}, 1<<5 | 1<<6 | 1<<8, true, true},
		{[]byte{0, 0x06, 0x80}, 1<<5 | 1<<6 | 1<<8, false, true}, // trailing zero bits
		{[]byte{0, 0x80, 0x00}, 1, false, true},                  // a trailing zero octet
		{[]byte{0, 0x80, 0x80, 0x01}, 1 | 1<<8, true, true},      // bits beyond the 16th
		{[]byte{3, 0x04}, 0, false, false},                       // an unused bit is set
		{[]byte{8, 0x80}, 0, false, false},
		{[]byte{1}, 0, false, false},
		{nil, 0, false, false},
	} {
		if bits, canonical, ok := NamedBits(v.in); bits != v.bits || canonical != v.canonical || ok != v.ok {
			t.Errorf("%x: %b, %v, %v", v.in, bits, canonical, ok)
		}
	}
}

func TestObjectID(t *testing.T) {
	for _, v := range []struct {
		in []byte
		ok bool
	}{
		{[]byte{6, 3, 0x55, 0x1d, 0x0f}, true},
		{[]byte{6, 3, 0x2a, 0x86, 0x48}, true},
		{[]byte{6, 0}, false},
		{[]byte{6, 2, 0x2a, 0x86}, false},
		{[]byte{6, 3, 0x2a, 0x80, 0x01}, false},
		{[]byte{6, 2, 0x80, 0x01}, false},
	} {
		c := Cursor(v.in)
		if _, ok := c.Read(ObjectID); ok != v.ok {
			t.Errorf("%x: %v", v.in, ok)
		}
	}
}

func element(tag Tag, s string) []byte { return append([]byte{byte(tag), byte(len(s))}, s...) }

func TestTime(t *testing.T) {
	for _, v := range []struct {
		tag  Tag
		in   string
		want string // RFC 3339, empty for a refusal
	}{
		{UTCTime, "700101000000Z", "1970-01-01T00:00:00Z"},
		{UTCTime, "500101000000Z", "1950-01-01T00:00:00Z"},
		{UTCTime, "491231235959Z", "2049-12-31T23:59:59Z"},
		{UTCTime, "240229120000Z", "2024-02-29T12:00:00Z"},
		{UTCTime, "230229120000Z", ""},
		{UTCTime, "240431120000Z", ""},
		{UTCTime, "240001120000Z", ""},
		{UTCTime, "241301120000Z", ""},
		{UTCTime, "240100120000Z", ""},
		{UTCTime, "240101240000Z", ""},
		{UTCTime, "240101006000Z", ""},
		{UTCTime, "240101000060Z", ""},
		{UTCTime, "2401010000Z", ""},
		{UTCTime, "240101000000+0000", ""},
		{UTCTime, "240101000000", ""},
		{UTCTime, "240101000000z", ""},
		{UTCTime, "24010100000 Z", ""},
		{GeneralizedTime, "20500101000000Z", "2050-01-01T00:00:00Z"},
		{GeneralizedTime, "99991231235959Z", "9999-12-31T23:59:59Z"},
		{GeneralizedTime, "19491231235959Z", "1949-12-31T23:59:59Z"},
		{GeneralizedTime, "20000101000000Z", ""},
		{GeneralizedTime, "20491231235959Z", ""},
		{GeneralizedTime, "00000101000000Z", ""},
		{GeneralizedTime, "00010101000000Z", "0001-01-01T00:00:00Z"},
		{GeneralizedTime, "20500101000000.5Z", ""},
		{GeneralizedTime, "205001010000Z", ""},
		{GeneralizedTime, "21000229000000Z", ""},
		{GeneralizedTime, "24000229000000Z", "2400-02-29T00:00:00Z"},
		{IA5String, "240101000000Z", ""},
	} {
		c := Cursor(element(v.tag, v.in))
		got, ok := c.Time()
		if v.want == "" {
			if ok {
				t.Errorf("%q: accepted", v.in)
			}
			continue
		}
		want, err := time.Parse(time.RFC3339, v.want)
		if err != nil {
			t.Fatal(err)
		}
		if !ok || got != want.Unix() {
			t.Errorf("%q: %d, %v, want %d", v.in, got, ok, want.Unix())
		}
	}
	c := Cursor(element(GeneralizedTime, "20491231235959Z"))
	if got, profiled, ok := c.AnyTime(); got != 2524607999 || profiled || !ok {
		t.Errorf("GeneralizedTime of 2049: %d, %v, %v", got, profiled, ok)
	}
}

// TestCalendar walks every day of the years 1 to 9999 beside package time.
func TestCalendar(t *testing.T) {
	day := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	for at := day.Unix(); ; at += 86400 {
		year, month, d, second := Date(at + 86399)
		if year > 9999 {
			break
		}
		if Unix(year, month, d) != at || second != 86399 {
			t.Fatalf("%d: %d-%d-%d and %d seconds", at, year, month, d, second)
		}
		if d == 1 || d == 29 {
			y, m, dd := time.Unix(at, 0).UTC().Date()
			if y != year || int(m) != month || dd != d {
				t.Fatalf("%d: %d-%d-%d, want %d-%d-%d", at, year, month, d, y, m, dd)
			}
		}
	}
}

// FuzzCursor holds the cursor to encoding/asn1: what we accept as one element, it accepts too, with the same
// contents.
func FuzzCursor(f *testing.F) {
	f.Add([]byte{0x30, 0x03, 0x02, 0x01, 0x05})
	f.Add([]byte{0x03, 0x02, 0x01, 0x06})
	f.Add(element(UTCTime, "240229120000Z"))
	f.Add([]byte{0x06, 0x03, 0x55, 0x1d, 0x0f})
	f.Add(append([]byte{0x30, 0x81, 0x80}, make([]byte, 0x80)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := Cursor(b)
		_, whole, contents, ok := c.Any()
		if !ok {
			return
		}
		var raw asn1.RawValue
		rest, err := asn1.Unmarshal(b, &raw)
		if err != nil || !bytes.Equal(rest, c) || !bytes.Equal(raw.FullBytes, whole) || !bytes.Equal(raw.Bytes, contents) {
			t.Fatalf("%x: contents %x, encoding/asn1: %v, %x", b, contents, err, raw.Bytes)
		}
		c = Cursor(b)
		if integer, ok := c.Read(Integer); ok {
			var n *big.Int
			if _, err := asn1.Unmarshal(b, &n); err != nil {
				t.Fatalf("%x: INTEGER %x, encoding/asn1: %v", b, integer, err)
			}
		}
		if at, ok := c.Time(); ok {
			var want time.Time
			if _, err := asn1.Unmarshal(b, &want); err != nil || want.Unix() != at {
				t.Fatalf("%x: time %d, encoding/asn1: %v, %v", b, at, want, err)
			}
		}
	})
}

func TestAllocations(t *testing.T) {
	b := []byte{0x30, 0x08, 0x02, 0x01, 0x05, 0x06, 0x03, 0x55, 0x1d, 0x0f}
	if n := testing.AllocsPerRun(100, func() {
		in, _ := Only(b, Sequence)
		in.Uint32()
		in.Read(ObjectID)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
