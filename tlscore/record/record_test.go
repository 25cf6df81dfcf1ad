package record

import (
	"bytes"
	"testing"
)

var ciphers = []Cipher{AES128GCM, AES256GCM, ChaCha20Poly1305, AES128CCM, AES128CCM8}

// pair returns both ends of a direction.
func pair(c Cipher) (seal, open *Protection) {
	key := bytes.Repeat([]byte{7}, c.KeySize())
	iv := [12]byte{1, 2, 3}
	seal, open = new(Protection), new(Protection)
	seal.Init(c, key, &iv)
	open.Init(c, key, &iv)
	return seal, open
}

func sealed(p *Protection, t ContentType, text []byte) []byte {
	rec := make([]byte, p.Room(len(text)))
	copy(rec[HeaderSize:], text)
	return rec[:p.Seal(rec, t, len(text))]
}

func TestOpenWhatWasSealed(t *testing.T) {
	for _, c := range ciphers {
		seal, open := pair(c)
		for i, n := range []int{0, 1, 15, 16, 17, 1000, MaxPlaintext} {
			text := bytes.Repeat([]byte{byte(i + 1)}, n)
			rec := sealed(seal, Handshake, text)
			if ct, size, err := ParseHeader(rec); ct != ApplicationData || size != len(rec)-HeaderSize || err != nil {
				t.Errorf("cipher %d, %d bytes: header %v, %d, %v", c, n, ct, size, err)
			}
			ct, got, err := open.Open(rec)
			if ct != Handshake || !bytes.Equal(got, text) || err != nil {
				t.Errorf("cipher %d, %d bytes: %v, %d bytes, %v", c, n, ct, len(got), err)
			}
		}
		if seal.Sequence() != 7 || open.Sequence() != 7 {
			t.Errorf("sequence numbers %d and %d", seal.Sequence(), open.Sequence())
		}
	}
}

// TestEveryByteIsProtected: a change anywhere in a record, header included, is noticed; so is a record that is repeated or
// left out.
func TestEveryByteIsProtected(t *testing.T) {
	for _, c := range ciphers {
		seal, _ := pair(c)
		rec := sealed(seal, ApplicationData, []byte("protected"))
		for i := range rec {
			_, open := pair(c)
			changed := bytes.Clone(rec)
			changed[i] ^= 1
			if _, _, err := open.Open(changed); err != ErrBadMAC {
				t.Errorf("cipher %d, byte %d: %v", c, i, err)
			}
		}
		_, open := pair(c)
		second := sealed(seal, ApplicationData, []byte("second"))
		if _, _, err := open.Open(bytes.Clone(second)); err != ErrBadMAC {
			t.Errorf("cipher %d, a record was left out: %v", c, err)
		}
		_, open = pair(c)
		open.Open(bytes.Clone(rec))
		if _, _, err := open.Open(bytes.Clone(rec)); err != ErrBadMAC {
			t.Errorf("cipher %d, a record was repeated: %v", c, err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, test := range []struct {
		name string
		rec  func(p *Protection) []byte
		want error
	}{
		{"no tag", func(*Protection) []byte { return []byte{23, 3, 3, 0, 1, 0} }, ErrBadMAC},
		{"tag only", func(*Protection) []byte { return append([]byte{23, 3, 3, 0, 16}, make([]byte, 16)...) }, ErrBadMAC},
		{"padding only", func(p *Protection) []byte { return sealed(p, 0, make([]byte, 20)) }, ErrNoContentType},
		{"too much plaintext", func(p *Protection) []byte { return sealed(p, ApplicationData, make([]byte, MaxPlaintext+1)) }, ErrOverflow},
	} {
		seal, open := pair(AES128GCM)
		if _, _, err := open.Open(test.rec(seal)); err != test.want {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
}

func TestParseHeader(t *testing.T) {
	for _, test := range []struct {
		header string
		want   error
	}{
		{"\x16\x03\x01\x00\x05", nil},
		{"\x17\x03\x03\x41\x00", nil},
		{"\x17\x03\x03\x41\x01", ErrOverflow},
		{"\x13\x03\x03\x00\x05", ErrContentType},
		{"\x18\x03\x03\x00\x05", ErrContentType},
		{"\x16\x02\x03\x00\x05", ErrNotTLS},
		{"GET /", ErrNotTLS},
	} {
		if _, _, err := ParseHeader([]byte(test.header)); err != test.want {
			t.Errorf("%x: %v, want %v", test.header, err, test.want)
		}
	}
}

// TestRoom: a record with n bytes is Room(n) long, and the overhead is never more than Overhead.
func TestRoom(t *testing.T) {
	for _, c := range ciphers {
		seal, _ := pair(c)
		rec := sealed(seal, ApplicationData, make([]byte, 100))
		if len(rec) != seal.Room(100) || len(rec) > 100+Overhead {
			t.Errorf("cipher %d: %d bytes, Room says %d", c, len(rec), seal.Room(100))
		}
		if short := c == AES128CCM8; short != (len(rec) == 100+HeaderSize+1+8) {
			t.Errorf("cipher %d: a record of %d bytes", c, len(rec))
		}
	}
}

func TestUnprotected(t *testing.T) {
	var p Protection
	rec := sealed(&p, Alert, []byte{2, 40})
	if !bytes.Equal(rec, []byte{21, 3, 3, 0, 2, 2, 40}) {
		t.Errorf("%x", rec)
	}
}

func TestWipe(t *testing.T) {
	for _, c := range ciphers {
		seal, _ := pair(c)
		seal.Wipe()
		if seal.Cipher() != None || seal.Sequence() != 0 || seal.iv != [12]byte{} {
			t.Errorf("cipher %d: something is left", c)
		}
	}
}

// TestNoAllocationPerRecord: not one; but for CCM on hosts, where the standard library expands its key on the heap.
func TestNoAllocationPerRecord(t *testing.T) {
	for _, c := range ciphers {
		if !portableBuild && (c == AES128CCM || c == AES128CCM8) {
			continue
		}
		seal, open := pair(c)
		rec := make([]byte, seal.Room(1000))
		if n := testing.AllocsPerRun(10, func() {
			seal.Seal(rec, ApplicationData, 1000)
			if _, _, err := open.Open(rec); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("cipher %d: %v allocations", c, n)
		}
	}
}
