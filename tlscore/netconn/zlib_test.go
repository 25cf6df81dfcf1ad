package netconn

import (
	"bytes"
	"compress/zlib"
	"math/rand/v2"
	"testing"
)

func squeezed(t testing.TB, p []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(p); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestInflate: what is whole and fits comes out, and nothing else.
func TestInflate(t *testing.T) {
	text := bytes.Repeat([]byte("certificate "), 100)
	short := squeezed(t, text)
	bomb := squeezed(t, make([]byte, 1<<24))
	wrong := bytes.Clone(short)
	wrong[len(wrong)-1] ^= 1
	for _, test := range []struct {
		name string
		dst  int
		src  []byte
		n    int
		ok   bool
	}{
		{"as it should be", len(text), short, len(text), true},
		{"more room than it takes", len(text) + 1, short, len(text), true},
		{"a byte too little", len(text) - 1, short, 0, false},
		{"no room", 0, short, 0, false},
		{"a bomb", 1 << 14, bomb, 0, false},
		{"bytes behind it", len(text), append(bytes.Clone(short), 0), 0, false},
		{"a wrong checksum", len(text), wrong, 0, false},
		{"cut off", len(text), short[:len(short)-1], 0, false},
		{"the header alone", len(text), short[:2], 0, false},
		{"empty", len(text), nil, 0, false},
		{"of another format", len(text), []byte("certificate"), 0, false},
		{"nothing, compressed", 0, squeezed(t, nil), 0, true},
	} {
		dst := make([]byte, test.dst)
		for range 2 { // the second time with a reader that has been used
			n, ok := inflate(dst, test.src)
			if ok != test.ok || ok && (n != test.n || !bytes.Equal(dst[:n], text[:n])) {
				t.Errorf("%s: %d, %v", test.name, n, ok)
			}
		}
	}
}

// TestDeflate: what comes out is what went in, or nothing if it would be longer, or there is no room.
func TestDeflate(t *testing.T) {
	text := bytes.Repeat([]byte("certificate "), 100)
	dst := make([]byte, 2000)
	n, ok := deflate(dst, text)
	back := make([]byte, len(text))
	if m, fine := inflate(back, dst[:n]); !ok || !fine || m != len(text) || !bytes.Equal(back, text) {
		t.Errorf("%d bytes, %v; %d, %v", n, ok, m, fine)
	}
	if _, ok := deflate(dst[:n-1], text); ok {
		t.Error("it fits where there is no room")
	}
	noise := make([]byte, 1000)
	for i := range noise {
		noise[i] = byte(rand.IntN(256))
	}
	if _, ok := deflate(dst, noise); ok {
		t.Error("noise gets shorter")
	}
}
