package pem

import (
	"bytes"
	std "encoding/pem"
	"testing"
)

func TestDecode(t *testing.T) {
	for _, size := range []int{0, 1, 2, 3, 47, 48, 49, 1000} {
		want := make([]byte, size)
		for i := range want {
			want[i] = byte(i * 7)
		}
		text := append([]byte("a text before\n"), std.EncodeToMemory(&std.Block{Type: Certificate, Bytes: want})...)
		text = append(text, "after"...)
		out := make([]byte, size)
		label, got, rest, err := Decode(out, text)
		if err != nil || !Is(label, Certificate) || !bytes.Equal(got, want) || string(rest) != "after" {
			t.Errorf("%d: %q, %x, %q, %v", size, label, got, rest, err)
		}
		if size > 0 {
			if _, _, _, err := Decode(out[:size-1], text); err != ErrShort {
				t.Errorf("%d: too little memory: %v", size, err)
			}
		}
		// In place.
		if _, got, _, err = Decode(text, text); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d in place: %x, %v", size, got, err)
		}
	}
}

func TestForms(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		err              error
	}{
		{"plain", "-----BEGIN A-----\nYWJj\n-----END A-----\n", "abc", nil},
		{"no end of line at the end", "-----BEGIN A-----\nYWJj\n-----END A-----", "abc", nil},
		{"CRLF", "-----BEGIN A-----\r\nYW\r\nJj\r\n-----END A-----\r\n", "abc", nil},
		{"CR", "-----BEGIN A-----\rYWJj\r-----END A-----\r", "abc", nil},
		{"blanks", "-----BEGIN A----- \nYW Jj\t\n\n-----END A-----", "abc", nil},
		{"padding", "-----BEGIN A-----\nYWI=\n-----END A-----", "ab", nil},
		{"double padding", "-----BEGIN A-----\nYQ==\n-----END A-----", "a", nil},
		{"padding on a line of its own", "-----BEGIN A-----\nYQ\n==\n-----END A-----", "a", nil},
		{"padding missing", "-----BEGIN A-----\nYQ\n-----END A-----", "", ErrBase64},
		{"padding incomplete", "-----BEGIN A-----\nYQ=\n-----END A-----", "", ErrBase64},
		{"padding too long", "-----BEGIN A-----\nYWJj=\n-----END A-----", "", ErrBase64},
		{"padding inside", "-----BEGIN A-----\nYQ==YQ==\n-----END A-----", "", ErrBase64},
		{"bits left over", "-----BEGIN A-----\nYR==\n-----END A-----", "", ErrBase64},
		{"bits left over of three", "-----BEGIN A-----\nYWJ=\n-----END A-----", "", ErrBase64},
		{"one character", "-----BEGIN A-----\nY\n-----END A-----", "", ErrBase64},
		{"URL alphabet", "-----BEGIN A-----\n-_-_\n-----END A-----", "", ErrBase64},
		{"header", "-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n\nYWJj\n-----END A-----", "", ErrBase64},
		{"other label", "-----BEGIN A-----\nYWJj\n-----END B-----", "", ErrBoundary},
		{"no end", "-----BEGIN A-----\nYWJj\n", "", ErrBoundary},
		{"begins again", "-----BEGIN A-----\nYWJj\n-----BEGIN A-----\nYWJj\n-----END A-----", "", ErrBoundary},
		{"nothing", "", "", ErrNone},
		{"text only", "hello\nworld", "", ErrNone},
		{"dashes only", "----------", "", ErrNone},
		{"begin without dashes", "-----BEGIN A\n", "", ErrNone},
	} {
		var out [64]byte
		_, got, _, err := Decode(out[:], []byte(c.text))
		if err != c.err || string(got) != c.want {
			t.Errorf("%s: %q, %v, want %q, %v", c.name, got, err, c.want, c.err)
		}
	}
	if Error(200).Error() != "pem: unknown error" || ErrBase64.Error() != "pem: malformed Base64" {
		t.Error("texts")
	}
}

// TestGoOn: a caller can read past a broken block.
func TestGoOn(t *testing.T) {
	text := []byte("-----BEGIN A-----\nYWJj\n-----BEGIN B-----\nYWJk\n-----END B-----\n")
	var out [64]byte
	_, _, rest, err := Decode(out[:], text)
	if err != ErrBoundary {
		t.Fatal(err)
	}
	label, got, _, err := Decode(out[:], rest)
	if err != nil || !Is(label, "B") || string(got) != "abd" {
		t.Errorf("%q %q %v", label, got, err)
	}
}

func TestAllocations(t *testing.T) {
	text := []byte("-----BEGIN A-----\nYWJj\n-----END A-----\n")
	out := make([]byte, 8)
	if n := testing.AllocsPerRun(100, func() {
		if _, _, _, err := Decode(out, text); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzDecode: what we accept, encoding/pem accepts with the same result.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("-----BEGIN A-----\nYWJj\n-----END A-----\n"))
	f.Add([]byte("x\n-----BEGIN A B-----\r\nYW\r\nI=\r\n-----END A B-----"))
	f.Fuzz(func(t *testing.T, text []byte) {
		out := make([]byte, len(text))
		label, got, _, err := Decode(out, text)
		if err != nil {
			return
		}
		// The standard library knows neither CR alone nor some blanks; where it finds this block, it agrees
		// on it.
		block, _ := std.Decode(text)
		if block != nil && block.Type == string(label) && !bytes.Equal(block.Bytes, got) {
			t.Fatalf("%q: %x, encoding/pem: %x", text, got, block.Bytes)
		}
	})
}
