package aesccm

import (
	"bytes"
	"encoding/hex"
	"testing"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSP80038C has example 3 of SP 800-38C, appendix C.3, the one with a nonce of 12 bytes and a tag of 8.
func TestSP80038C(t *testing.T) {
	var k Key
	k.Init(unhex(t, "404142434445464748494a4b4c4d4e4f"), 8)
	nonce := [NonceSize]byte(unhex(t, "101112131415161718191a1b"))
	ad := unhex(t, "000102030405060708090a0b0c0d0e0f10111213")
	plaintext := unhex(t, "202122232425262728292a2b2c2d2e2f3031323334353637")
	want := unhex(t, "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951")
	buf := append(bytes.Clone(plaintext), make([]byte, k.Overhead())...)
	k.Seal(buf, &nonce, ad)
	if !bytes.Equal(buf, want) {
		t.Errorf("sealed:\n got %x\nwant %x", buf, want)
	}
	if !k.Open(want, &nonce, ad) || !bytes.Equal(want[:len(plaintext)], plaintext) {
		t.Error("a good ciphertext does not open")
	}
}
