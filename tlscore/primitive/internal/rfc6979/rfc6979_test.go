package rfc6979

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"strings"
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

// RFC 6979, A.2.5 (P-256) and A.2.6 (P-384): the numbers k.
func TestKnownNumbers(t *testing.T) {
	const (
		key256 = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
		key384 = "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d8" +
			"96d5724e4c70a825f872c9ea60d2edf5"
	)
	sum256 := func(s string) []byte { d := sha256.Sum256([]byte(s)); return d[:] }
	sum384 := func(s string) []byte { d := sha512.Sum384([]byte(s)); return d[:] }
	for _, c := range []struct {
		algorithm sha2.Algorithm
		key       string
		digest    []byte
		k         string
	}{
		{sha2.SHA256, key256, sum256("sample"), "a6e3c57dd01abe90086538398355dd4c3b17aa873382b0f24d6129493d8aad60"},
		{sha2.SHA256, key256, sum256("test"), "d16b6ae827f17175e040871a1c7ec3500192c4c92677336ec2537acaee0008e0"},
		{sha2.SHA384, key384, sum384("sample"), "94ed910d1a099dad3254e9242ae85abde4ba15168eaf0ca87a555fd56d10fbca" +
			"2907e3e83ba95368623b8c4686915cf9"},
		{sha2.SHA384, key384, sum384("test"), "015ee46a5bf88773ed9123a5ab0807962d193719503c527b031b4c2d225092ad" +
			"a71f4a459bc0da98adb95837db8312ea"},
	} {
		var g Generator
		g.Init(c.algorithm, unhex(t, c.key), c.digest, nil)
		k := make([]byte, len(c.digest))
		g.Next(k)
		if hex.EncodeToString(k) != c.k {
			t.Errorf("k = %x, want %s", k, c.k)
		}
	}
}

// reference is section 3.2 with 3.6 word by word, over the standard library; it returns the first candidates.
func reference(newHash func() hash.Hash, key, digest, entropy []byte, candidates int) [][]byte {
	mac := func(k []byte, parts ...[]byte) []byte {
		h := hmac.New(newHash, k)
		for _, p := range parts {
			h.Write(p)
		}
		return h.Sum(nil)
	}
	v := bytes.Repeat([]byte{1}, newHash().Size())
	k := make([]byte, len(v))
	k = mac(k, v, []byte{0}, key, digest, entropy)
	v = mac(k, v)
	k = mac(k, v, []byte{1}, key, digest, entropy)
	v = mac(k, v)
	var all [][]byte
	for range candidates {
		v = mac(k, v)
		all = append(all, v)
		k = mac(k, v, []byte{0})
		v = mac(k, v)
	}
	return all
}

func TestFurtherCandidatesAndEntropy(t *testing.T) {
	hashes := map[sha2.Algorithm]func() hash.Hash{sha2.SHA256: sha256.New, sha2.SHA384: sha512.New384}
	for a, newHash := range hashes {
		key, digest := make([]byte, a.Size()), make([]byte, a.Size())
		for i := range key {
			key[i], digest[i] = byte(i), byte(255-i)
		}
		for _, entropy := range []string{"", "a", strings.Repeat("0123456789", 9)} {
			var g Generator
			g.Init(a, key, digest, []byte(entropy))
			for i, want := range reference(newHash, key, digest, []byte(entropy), 4) {
				k := make([]byte, a.Size())
				g.Next(k)
				if !bytes.Equal(k, want) {
					t.Errorf("hash of %d bytes, entropy %q, candidate %d: %x, want %x", a.Size(), entropy, i, k, want)
				}
			}
		}
	}
}

func TestNoAllocations(t *testing.T) {
	var g Generator
	var key, digest, k [32]byte
	if n := testing.AllocsPerRun(10, func() {
		g.Init(sha2.SHA256, key[:], digest[:], nil)
		g.Next(k[:])
		g.Next(k[:])
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestWipe(t *testing.T) {
	var g Generator
	g.Init(sha2.SHA256, make([]byte, 32), make([]byte, 32), nil)
	g.Wipe()
	if g.k != [maxSize]byte{} || g.v != [maxSize]byte{} {
		t.Error("Wipe leaves something")
	}
}
