package hkdf

import (
	"bytes"
	stdhkdf "crypto/hkdf"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"testing"

	"colibri/tlscore/primitive/sha2"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestRFC5869 has the test cases for SHA-256 of RFC 5869, appendix A.
func TestRFC5869(t *testing.T) {
	counting := func(from, n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(from + i)
		}
		return b
	}
	for i, c := range []struct {
		ikm, salt, info []byte
		prk, okm        string
	}{
		{bytes.Repeat([]byte{0x0b}, 22), counting(0, 13), counting(0xf0, 10),
			"077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
			"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
		{counting(0, 80), counting(0x60, 80), counting(0xb0, 80),
			"06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
			"b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09" +
				"da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
		{bytes.Repeat([]byte{0x0b}, 22), nil, nil,
			"19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
			"8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
	} {
		var prk [32]byte
		Extract(sha2.SHA256, prk[:], c.salt, c.ikm)
		if !bytes.Equal(prk[:], unhex(t, c.prk)) {
			t.Errorf("case %d: PRK %x", i+1, prk)
		}
		want := unhex(t, c.okm)
		okm := make([]byte, len(want))
		Expand(sha2.SHA256, okm, prk[:], c.info)
		if !bytes.Equal(okm, want) {
			t.Errorf("case %d: OKM %x", i+1, okm)
		}
	}
}

// TestRFC8448 follows RFC 8448, section 3: from the handshake secret to the next one's salt, and from the
// server's handshake traffic secret to its key, IV and finished key.
func TestRFC8448(t *testing.T) {
	handshake := unhex(t, "1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac")
	traffic := unhex(t, "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38")
	empty := sha256.Sum256(nil)
	for _, c := range []struct {
		secret  []byte
		label   string
		context []byte
		want    string
	}{
		{handshake, "derived", empty[:], "43de77e0c77713859a944db9db2590b53190a65b3ee2e4f12dd7a0bb7ce254b4"},
		{traffic, "key", nil, "3fce516009c21727d0f2e4e86ee403bc"},
		{traffic, "iv", nil, "5d313eb2671276ee13000b30"},
		{traffic, "finished", nil, "008d3b66f816ea559f96b537e885c31fc068bf492c652f01f288a1d8cdc19fc8"},
	} {
		want := unhex(t, c.want)
		got := make([]byte, len(want))
		ExpandLabel(sha2.SHA256, got, c.secret, c.label, c.context)
		if !bytes.Equal(got, want) {
			t.Errorf("%s: got %x", c.label, got)
		}
	}
}

var algorithms = []struct {
	name string
	alg  sha2.Algorithm
	std  func() hash.Hash
}{
	{"sha256", sha2.SHA256, sha256.New},
	{"sha384", sha2.SHA384, sha512.New384},
	{"sha512", sha2.SHA512, sha512.New},
}

func TestAgreesWithStandardLibrary(t *testing.T) {
	data := make([]byte, 400)
	for i := range data {
		data[i] = byte(i * i >> 3)
	}
	for _, a := range algorithms {
		size := a.alg.Size()
		for _, n := range []int{0, 1, size - 1, size, size + 1, 3 * size, 255 * size} {
			salt, ikm, info := data[:n%300], data[n%300:], data[n%100:n%100+n%200]
			prk := make([]byte, size)
			Extract(a.alg, prk, salt, ikm)
			want, err := stdhkdf.Extract(a.std, ikm, salt)
			if err != nil || !bytes.Equal(prk, want) {
				t.Errorf("%s: Extract differs (%v)", a.name, err)
			}
			out := make([]byte, n)
			Expand(a.alg, out, prk, info)
			want, err = stdhkdf.Expand(a.std, prk, string(info), n)
			if err != nil || !bytes.Equal(out, want) {
				t.Errorf("%s: Expand to %d bytes differs (%v)", a.name, n, err)
			}
		}
	}
}

// TestExtractInPlace: the output may stand where salt or input keying material stood.
func TestExtractInPlace(t *testing.T) {
	salt, ikm := []byte("0123456789abcdef0123456789abcdef"), []byte("fedcba9876543210fedcba9876543210")
	var want [32]byte
	Extract(sha2.SHA256, want[:], salt, ikm)
	a, b := append([]byte(nil), salt...), append([]byte(nil), ikm...)
	Extract(sha2.SHA256, a, a, ikm)
	Extract(sha2.SHA256, b, salt, b)
	if !bytes.Equal(a, want[:]) || !bytes.Equal(b, want[:]) {
		t.Error("Extract in place gives another result")
	}
}

func TestMisusePanics(t *testing.T) {
	secret := make([]byte, 32)
	for name, f := range map[string]func(){
		"output": func() { Expand(sha2.SHA256, make([]byte, 255*32+1), secret, nil) },
		"label":  func() { ExpandLabel(sha2.SHA256, secret, secret, string(make([]byte, 250)), nil) },
		"context": func() {
			ExpandLabel(sha2.SHA256, secret, secret, "label", make([]byte, 256))
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s too long: no panic", name)
				}
			}()
			f()
		}()
	}
}

func TestAllocatesNothing(t *testing.T) {
	secret, transcript := make([]byte, 48), make([]byte, 48)
	for _, a := range algorithms {
		if n := testing.AllocsPerRun(10, func() {
			var out [100]byte
			Extract(a.alg, out[:], secret, transcript)
			ExpandLabel(a.alg, out[:], secret, "label", transcript)
		}); n != 0 {
			t.Errorf("%s: %v allocations", a.name, n)
		}
	}
}
