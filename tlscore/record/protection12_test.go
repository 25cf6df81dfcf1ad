package record

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"
)

// pair12 returns both ends of a direction in TLS 1.2.
func pair12(c Cipher) (seal, open *Protection) {
	key := bytes.Repeat([]byte{7}, c.KeySize())
	salt := bytes.Repeat([]byte{9}, c.SaltSize())
	seal, open = new(Protection), new(Protection)
	seal.Init12(c, key, salt)
	open.Init12(c, key, salt)
	return seal, open
}

func sealed12(p *Protection, t ContentType, text []byte) []byte {
	rec := make([]byte, p.Room(len(text)))
	copy(rec[p.Head():], text)
	return rec[:p.Seal(rec, t, len(text))]
}

func TestOpenWhatWasSealed12(t *testing.T) {
	for _, c := range ciphers {
		seal, open := pair12(c)
		for i, n := range []int{0, 1, 15, 16, 17, 1000, MaxPlaintext} {
			text := bytes.Repeat([]byte{byte(i + 1)}, n)
			rec := sealed12(seal, Handshake, text)
			if ct, size, err := ParseHeader(rec); ct != Handshake || size != len(rec)-HeaderSize || err != nil {
				t.Errorf("cipher %d, %d bytes: header %v, %d, %v", c, n, ct, size, err)
			}
			if len(rec) > n+Overhead {
				t.Errorf("cipher %d, %d bytes: %d bytes of overhead", c, n, len(rec)-n)
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

// TestEveryByteIsProtected12: a change anywhere in a record, header and explicit nonce included, is noticed; so is a record that is
// repeated or left out.
func TestEveryByteIsProtected12(t *testing.T) {
	for _, c := range ciphers {
		seal, _ := pair12(c)
		rec := sealed12(seal, ApplicationData, []byte("protected"))
		for i := range rec {
			if i == 3 || i == 4 {
				continue // Who reads the header hands over as many bytes as it says.
			}
			_, open := pair12(c)
			changed := bytes.Clone(rec)
			changed[i] ^= 1
			if _, _, err := open.Open(changed); err != ErrBadMAC {
				t.Errorf("cipher %d, byte %d: %v", c, i, err)
			}
		}
		_, open := pair12(c)
		second := sealed12(seal, ApplicationData, []byte("second"))
		if _, _, err := open.Open(bytes.Clone(second)); err != ErrBadMAC {
			t.Errorf("cipher %d, a record was left out: %v", c, err)
		}
		_, open = pair12(c)
		open.Open(bytes.Clone(rec))
		if _, _, err := open.Open(bytes.Clone(rec)); err != ErrBadMAC {
			t.Errorf("cipher %d, a record was repeated: %v", c, err)
		}
		for n := HeaderSize; n < len(rec); n++ {
			_, open = pair12(c)
			if _, _, err := open.Open(bytes.Clone(rec[:n])); err != ErrBadMAC {
				t.Errorf("cipher %d, %d bytes of a record: %v", c, n, err)
			}
		}
	}
}

// TestForm12: records look as RFC 5288 and RFC 7905 have them, by the ciphers of others; an explicit nonce need not be the sequence number.
func TestForm12(t *testing.T) {
	text := []byte("application data")
	for _, c := range []Cipher{AES128GCM, AES256GCM, ChaCha20Poly1305} {
		key, salt := bytes.Repeat([]byte{7}, c.KeySize()), bytes.Repeat([]byte{9}, c.SaltSize())
		var aead cipher.AEAD
		if c == ChaCha20Poly1305 {
			aead, _ = chacha20poly1305.New(key)
		} else {
			block, err := aes.NewCipher(key)
			if err != nil {
				t.Fatal(err)
			}
			aead, _ = cipher.NewGCM(block)
		}
		seal, open := pair12(c)
		for seq := range uint64(300) {
			ad := binary.BigEndian.AppendUint64(nil, seq)
			ad = append(ad, 23, 3, 3, 0, byte(len(text)))
			explicit := binary.BigEndian.AppendUint64(nil, seq)
			nonce := append(bytes.Clone(salt), explicit...)
			if c == ChaCha20Poly1305 {
				nonce = bytes.Clone(salt)
				for i, b := range explicit {
					nonce[4+i] ^= b
				}
				explicit = nil
			}
			want := append(bytes.Clone(explicit), aead.Seal(nil, nonce, text, ad)...)
			rec := sealed12(seal, ApplicationData, text)
			if !bytes.Equal(rec[HeaderSize:], want) {
				t.Fatalf("cipher %d, record %d: %x, want %x", c, seq, rec[HeaderSize:], want)
			}
			if c != ChaCha20Poly1305 {
				copy(nonce[4:], "anything")
				want = append([]byte("anything"), aead.Seal(nil, nonce, text, ad)...)
			}
			PutHeader(rec, ApplicationData, len(want))
			copy(rec[HeaderSize:], want)
			if _, got, err := open.Open(rec); err != nil || !bytes.Equal(got, text) {
				t.Fatalf("cipher %d, record %d: %q, %v", c, seq, got, err)
			}
		}
	}
}

func TestTooMuchPlaintext12(t *testing.T) {
	for _, c := range ciphers {
		seal, open := pair12(c)
		if _, _, err := open.Open(sealed12(seal, ApplicationData, make([]byte, MaxPlaintext+1))); err != ErrOverflow {
			t.Errorf("cipher %d: %v", c, err)
		}
	}
}

// TestBothForms: a Protection that has had keys of one version works with those of the other.
func TestBothForms(t *testing.T) {
	for _, c := range ciphers {
		p, open12 := pair12(c)
		key, iv := bytes.Repeat([]byte{7}, c.KeySize()), [12]byte{1, 2, 3}
		p.Init(c, key, &iv)
		_, open13 := pair(c)
		if ct, got, err := open13.Open(sealed(p, Alert, []byte{1, 0})); ct != Alert || len(got) != 2 || err != nil {
			t.Errorf("cipher %d, TLS 1.3: %v, %x, %v", c, ct, got, err)
		}
		p.Init12(c, key, bytes.Repeat([]byte{9}, c.SaltSize()))
		if ct, got, err := open12.Open(sealed12(p, Alert, []byte{1, 0})); ct != Alert || len(got) != 2 || err != nil {
			t.Errorf("cipher %d, TLS 1.2: %v, %x, %v", c, ct, got, err)
		}
		p.Wipe()
		if p.Head() != HeaderSize || p.Room(3) != HeaderSize+3 || p.Sequence() != 0 {
			t.Errorf("cipher %d: something is left", c)
		}
	}
}

func TestNoAllocationPerRecord12(t *testing.T) {
	for _, c := range ciphers {
		if !portableBuild && (c == AES128CCM || c == AES128CCM8) {
			continue // See TestNoAllocationPerRecord.
		}
		seal, open := pair12(c)
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
