package chachapoly

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

// TestRFC8439 has the example of RFC 8439, section 2.8.2.
func TestRFC8439(t *testing.T) {
	plaintext := []byte("Ladies and Gentlemen of the class of '99: " +
		"If I could offer you only one tip for the future, sunscreen would be it.")
	key := unhex(t, "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f")
	ad := unhex(t, "50515253c0c1c2c3c4c5c6c7")
	nonce := [NonceSize]byte(unhex(t, "070000004041424344454647"))
	want := unhex(t, "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"+
		"3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"+
		"92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"+
		"3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691")
	var k Key
	k.Init(key)
	buf := append(bytes.Clone(plaintext), make([]byte, TagSize)...)
	k.Seal(buf, &nonce, ad)
	if !bytes.Equal(buf, want) {
		t.Errorf("sealed:\n got %x\nwant %x", buf, want)
	}
	if !k.Open(want, &nonce, ad) || !bytes.Equal(want[:len(plaintext)], plaintext) {
		t.Error("a good ciphertext does not open")
	}
}
