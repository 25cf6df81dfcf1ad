package json

import (
	"bytes"
	"encoding/base64"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text string
		want error
	}{
		{`{}`, nil}, {`[]`, nil}, {`""`, nil}, {`0`, nil}, {`-0`, nil}, {`null`, nil}, {`true`, nil}, {`false`, nil},
		{" \t\r\n{ \"a\" : [ 1 , 2.5e+3 , \"x\" ] , \"b\":{}} \n", nil},
		{`1.5`, nil}, {`1e5`, nil}, {`1E-5`, nil}, {`0.0`, nil}, {`"\u00e4\ud83d\ude00\"\\\/\b\f\n\r\t"`, nil},
		{`[[],{},[[{}]]]`, nil}, {`{"a":{"a":1},"b":{"a":2}}`, nil}, {`""`, nil}, {"\"\u007f\"", nil},

		{``, ErrTruncated}, {` `, ErrTruncated}, {`{`, ErrTruncated}, {`[`, ErrTruncated}, {`[1`, ErrTruncated},
		{`[1,`, ErrTruncated}, {`{"a"`, ErrTruncated}, {`{"a":`, ErrTruncated}, {`"`, ErrTruncated},
		{`"\`, ErrTruncated}, {`"\u12`, ErrTruncated}, {`tru`, ErrTruncated}, {`-`, ErrTruncated},
		{`1.`, ErrTruncated}, {`1e`, ErrTruncated}, {`"\ud83d`, ErrTruncated},
		{`[1,]`, ErrSyntax}, {`{,}`, ErrSyntax}, {`{"a":1,}`, ErrSyntax}, {`[,1]`, ErrSyntax}, {`[1 2]`, ErrSyntax},
		{`{"a" 1}`, ErrSyntax}, {`{"a":}`, ErrSyntax}, {`{1:2}`, ErrSyntax}, {`[}`, ErrSyntax}, {`{]`, ErrSyntax},
		{`[1}`, ErrSyntax}, {`{"a":1]`, ErrSyntax}, {`01`, ErrTrailing}, {`-01`, ErrTrailing}, {`+1`, ErrSyntax},
		{`.5`, ErrSyntax}, {`1.e5`, ErrSyntax}, {`--1`, ErrSyntax}, {`0x10`, ErrTrailing}, {`NaN`, ErrSyntax},
		{`nul1`, ErrSyntax}, {`'a'`, ErrSyntax}, {"\"\n\"", ErrSyntax}, {`"\x41"`, ErrSyntax}, {`"\u00g0"`, ErrSyntax},
		{`{} {}`, ErrTrailing}, {`1 2`, ErrTrailing}, {`{}}`, ErrTrailing}, {"\ufeff{}", ErrSyntax}, {`// x`, ErrSyntax},
		{"\"\xff\"", ErrEncoding}, {"\"\xc0\x80\"", ErrEncoding}, {"\"\xed\xa0\x80\"", ErrEncoding},
		{"\"\xf4\x90\x80\x80\"", ErrEncoding}, {"\"\xe2\x82\"", ErrEncoding}, {`"\ud83d"`, ErrEncoding},
		{`"\ude00"`, ErrEncoding}, {`"\ud83d\u0041"`, ErrEncoding}, {`"\ud83dx"`, ErrEncoding},
		{`{"a":1,"a":2}`, ErrDuplicate}, {`{"a":1,"b":{},"\u0061":2}`, ErrDuplicate},
		{`{"x":{"a":[1,{"b":"}"}],"c":1,"a":2}}`, ErrDuplicate},
		{strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth), nil},
		{strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1), ErrDepth},
		{strings.Repeat(`{"a":`, MaxDepth) + "1" + strings.Repeat("}", MaxDepth), nil},
		{object(MaxMembers), nil}, {object(MaxMembers + 1), ErrMembers},
		{`"` + strings.Repeat("x", MaxSize) + `"`, ErrSize},
	} {
		v, offset, err := Parse([]byte(c.text))
		if err != c.want {
			t.Errorf("Parse(%.60q): %v at %d, want %v", c.text, err, offset, c.want)
		}
		if err == nil && string(v) != strings.Trim(c.text, " \t\r\n") {
			t.Errorf("Parse(%.60q) = %.60q", c.text, v)
		}
	}
}

func object(members int) string {
	var b strings.Builder
	b.WriteByte('{')
	for i := range members {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"%d":0`, i)
	}
	return b.String() + "}"
}

func TestInt(t *testing.T) {
	for _, c := range []struct {
		text string
		want int64
		ok   bool
	}{
		{"0", 0, true}, {"-0", 0, true}, {"42", 42, true}, {"-7", -7, true},
		{"9223372036854775807", 1<<63 - 1, true}, {"-9223372036854775808", -1 << 63, true},
		{"9223372036854775808", 0, false}, {"-9223372036854775809", 0, false}, {"99999999999999999999", 0, false},
		{"1.0", 0, false}, {"1e2", 0, false}, {`"1"`, 0, false}, {"null", 0, false}, {"", 0, false},
	} {
		if got, ok := Value(c.text).Int(); ok != c.ok || ok && got != c.want {
			t.Errorf("Int(%s) = %d, %v", c.text, got, ok)
		}
	}
}

func TestValueOfOtherKind(t *testing.T) {
	var buf [8]byte
	for _, v := range []Value{nil, Value("1"), Value("[]"), Value("true")} {
		if _, ok := v.Text(buf[:]); ok {
			t.Errorf("%s is a string", v)
		}
		if v.Get("a") != nil || v.Is("a") {
			t.Errorf("%s has members or is a string", v)
		}
	}
	if _, ok := Value(`"123456789"`).Text(buf[:]); ok {
		t.Error("a string of 9 bytes fits in 8")
	}
}

// check compares what Parse, the walks and the decoders say about text with encoding/json.
func check(t *testing.T, text []byte) {
	v, offset, err := Parse(text)
	if offset < 0 || offset > len(text) {
		t.Fatalf("offset %d of %d", offset, len(text))
	}
	std := stdjson.Valid(text)
	switch {
	case err == nil && !std:
		t.Fatalf("Parse(%q) accepts what encoding/json refuses", text)
	case err != nil && std:
		// Refused on purpose, see the package's doc; anything else is a fault.
		if !errors.Is(err, ErrDuplicate) && !errors.Is(err, ErrEncoding) && !errors.Is(err, ErrDepth) &&
			!errors.Is(err, ErrMembers) && !errors.Is(err, ErrSize) {
			t.Fatalf("Parse(%q): %v, encoding/json accepts", text, err)
		}
	case err == nil:
		var want any
		d := stdjson.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&want); err != nil {
			t.Fatal(err)
		}
		compare(t, v, want)
	}
}

func compare(t *testing.T, v Value, want any) {
	t.Helper()
	switch want := want.(type) {
	case nil:
		if v.Kind() != Null {
			t.Fatalf("%q is not null", v)
		}
	case bool:
		if b, ok := v.Bool(); !ok || b != want {
			t.Fatalf("%q: %v", v, want)
		}
	case stdjson.Number:
		if v.Kind() != Number || string(v) != want.String() {
			t.Fatalf("%q: %v", v, want)
		}
		n, err := want.Int64()
		if got, ok := v.Int(); ok != (err == nil) || ok && got != n {
			t.Fatalf("Int(%q) = %d, %v; encoding/json: %d, %v", v, got, ok, n, err)
		}
	case string:
		dst := make([]byte, len(v))
		n, ok := v.Text(dst)
		if !ok || string(dst[:n]) != want || !v.Is(want) || v.Is(want+"x") {
			t.Fatalf("Text(%q) = %q, want %q", v, dst[:n], want)
		}
	case []any:
		e := v.Elements()
		for _, w := range want {
			if !e.Next() {
				t.Fatalf("%q has too few elements", v)
			}
			compare(t, e.Value, w)
		}
		if e.Next() {
			t.Fatalf("%q has too many elements", v)
		}
	case map[string]any:
		m, n := v.Members(), 0
		for m.Next() {
			n++
		}
		if n != len(want) {
			t.Fatalf("%q has %d members, want %d", v, n, len(want))
		}
		for name, w := range want {
			compare(t, v.Get(name), w)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`{"id":1,"method":"FS.Get","args":{"filename":"a\u00e4.txt","offset":0,"len":100}}`,
		`[1,-2.5e3,"x",null,true,false,{},[]]`, `{"a":1,"a":2}`, `"\ud83d\ude00"`, " [ ] ", `{"a":{"b":[{"c":"}]"}]},"d":1}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(check)
}

func TestAgainstEncodingJSON(t *testing.T) {
	for _, s := range []string{`[1,[2,[3,{"a":"b,:}]"}],"\"]"],{"x":[]}]`, `{"a,b":1,"c}":{"d]":2},"e\"":3}`, `[ [ ] , { } ]`} {
		check(t, []byte(s))
	}
}

// FuzzWriter lets encoding/json read what the Writer wrote.
func FuzzWriter(f *testing.F) {
	f.Add([]byte("text\x00\x7f\n\"\\ä\xff"), int64(-5), 100, 7)
	f.Add([]byte(""), int64(-1<<63), 1, 0)
	f.Fuzz(func(t *testing.T, text []byte, n int64, size, spare int) {
		if size < 0 || size > 1<<12 || spare < 0 || spare > size {
			t.Skip("not a buffer")
		}
		buf := make([]byte, size+8)
		copy(buf[size:], "canaries")
		var w Writer
		w.Reset(buf[:size:size])
		w.Object()
		w.Key("text")
		w.Text(text)
		w.Key("n")
		w.Int(n)
		w.KeyBytes([]byte("b"))
		w.Array()
		w.Bool(n < 0)
		w.Null()
		w.Raw(Value(`{"raw":1}`))
		w.Hex(text)
		w.EndArray()
		w.Key("data")
		lent := w.Lend(len(text), spare)
		k := copy(lent, text)
		w.Base64(k)
		w.EndObject()
		if string(buf[size:]) != "canaries" {
			t.Fatal("written beyond the buffer")
		}
		if w.Bytes() == nil {
			if !w.Full() {
				t.Fatal("no bytes though not full")
			}
			return
		}
		if _, _, err := Parse(w.Bytes()); err != nil && size < MaxSize {
			t.Fatalf("own Parse refuses %q: %v", w.Bytes(), err)
		}
		var got struct {
			Text string
			N    int64
			B    []any
			Data []byte
		}
		if err := stdjson.Unmarshal(w.Bytes(), &got); err != nil {
			t.Fatalf("%q: %v", w.Bytes(), err)
		}
		want := string(text)
		if utf8.ValidString(want) && got.Text != want || got.N != n || len(got.B) != 4 || string(got.Data) != want[:k] {
			t.Fatalf("wrote %q", w.Bytes())
		}
	})
}

func TestWriterTruncate(t *testing.T) {
	var w Writer
	w.Reset(make([]byte, 12))
	w.Array()
	w.Int(1)
	n := w.Len()
	w.Str("does not fit")
	if !w.Full() || w.Bytes() != nil {
		t.Fatal("it fits")
	}
	w.Truncate(n, true)
	w.Int(2)
	w.EndArray()
	if got := string(w.Bytes()); got != "[1,2]" {
		t.Errorf("wrote %s", got)
	}
}

func TestBase64(t *testing.T) {
	for n := range 20 {
		raw := bytes.Repeat([]byte{0xfb, 0x00, 0xff}, 7)[:n]
		text := `"` + base64.StdEncoding.EncodeToString(raw) + `"`
		buf := []byte(text)
		k, ok := Value(buf).DecodeBase64(buf) // in place
		if !ok || !bytes.Equal(buf[:k], raw) {
			t.Errorf("%s decodes to %x, want %x", text, buf[:k], raw)
		}
	}
	for _, s := range []string{`"A"`, `"AA"`, `"AAA"`, `"AA="`, `"A==="`, `"===="`, `"AA=A"`, `"AB=="`, `"AAB="`, `"AA==AAAA"`,
		`"AAA A"`, `"AAA\n"`, `"AA-_"`, `1`, ``} {
		if n, ok := Value(s).DecodeBase64(make([]byte, 16)); ok && s != `""` {
			t.Errorf("%s decodes to %d bytes", s, n)
		}
	}
}

// FuzzBase64 compares with encoding/base64 in strict mode, which still passes over line breaks: those are
// refused here.
func FuzzBase64(f *testing.F) {
	f.Add("AAEC")
	f.Add("AB==")
	f.Fuzz(func(t *testing.T, s string) {
		quoted, err := stdjson.Marshal(s)
		if err != nil || !utf8.ValidString(s) {
			t.Skip("not a string")
		}
		want, err := base64.StdEncoding.Strict().DecodeString(s)
		dst := make([]byte, len(quoted))
		n, ok := Value(quoted).DecodeBase64(dst)
		if ok != (err == nil && !strings.ContainsAny(s, "\r\n")) || ok && !bytes.Equal(dst[:n], want) {
			t.Fatalf("%q: %x, %v; encoding/base64: %x, %v", s, dst[:n], ok, want, err)
		}
	})
}

func TestNoAllocation(t *testing.T) {
	text := []byte(`{"id":1,"method":"FS.Get","args":{"filename":"a.txt","offset":0,"list":[1,2,3]}}`)
	buf := make([]byte, 256)
	var w Writer
	n := testing.AllocsPerRun(100, func() {
		v, _, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		name, _ := v.Get("args").Get("filename").Text(buf)
		w.Reset(buf[name:])
		w.Object()
		w.Key("id")
		w.Raw(v.Get("id"))
		w.Key("name")
		w.Text(buf[:name])
		w.EndObject()
		if w.Full() {
			t.Fatal("full")
		}
	})
	if n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

// TestConformance runs testdata/conformance.txt: on each line y (accept) or n (refuse) and a text in Go's
// quoted form.
func TestConformance(t *testing.T) {
	file, err := os.ReadFile("testdata/conformance.txt")
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for i, line := range strings.Split(string(file), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var want, text string
		if _, err := fmt.Sscanf(line, "%1s %q", &want, &text); err != nil && err != io.EOF {
			t.Fatalf("line %d: %v", i+1, err)
		}
		cases++
		if _, _, err := Parse([]byte(text)); (err == nil) != (want == "y") {
			t.Errorf("line %d: Parse(%q): %v, want %s", i+1, text, err, want)
		}
	}
	if cases < 40 {
		t.Errorf("only %d cases", cases)
	}
}
