package aesgcm

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

// TestKnownAnswers has test cases 1, 4, 13 and 16 of the specification of GCM that its authors gave to NIST
// (McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B).
func TestKnownAnswers(t *testing.T) {
	const (
		zeros     = "0000000000000000000000000000000000000000000000000000000000000000"
		key       = "feffe9928665731c6d6a8f9467308308"
		plaintext = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72" +
			"1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
		ad = "feedfacedeadbeeffeedfacedeadbeefabaddad2"
		iv = "cafebabefacedbaddecaf888"
	)
	for _, c := range []struct{ key, nonce, ad, plaintext, sealed string }{
		{zeros[:32], zeros[:24], "", "", "58e2fccefa7e3061367f1d57a4e7455a"},
		{key, iv, ad, plaintext, "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e" +
			"21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47"},
		{zeros, zeros[:24], "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
		{key + key, iv, ad, plaintext, "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa" +
			"8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"},
	} {
		var k Key
		k.Init(unhex(t, c.key))
		nonce := [NonceSize]byte(unhex(t, c.nonce))
		plaintext, want := unhex(t, c.plaintext), unhex(t, c.sealed)
		buf := append(unhex(t, c.plaintext), make([]byte, TagSize)...)
		k.Seal(buf, &nonce, unhex(t, c.ad))
		if !bytes.Equal(buf, want) {
			t.Errorf("sealed with a key of %d bytes:\n got %x\nwant %x", len(c.key)/2, buf, want)
		}
		if !k.Open(want, &nonce, unhex(t, c.ad)) || !bytes.Equal(want[:len(plaintext)], plaintext) {
			t.Errorf("a good ciphertext of %d bytes does not open", len(want))
		}
	}
}
