package mldsa

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"github.com/cloudflare/circl/sign/mldsa/mldsa65"

	"colibri/fuzz/vectors"
)

// parameters is one parameter set with what makes signatures to verify: the public key of a seed, and the
// deterministic signature of a message by it (FIPS 204, algorithm 2, with rnd = 0).
type parameters struct {
	name             string
	public, sig      int // sizes in bytes
	verify           func(pub, message, context, sig []byte) bool
	sign             func(seed *[32]byte, message, context []byte) (pub, sig []byte)
	publicHash, hash string // SHA-256 of the public key and the signature in TestKnownAnswers
}

var sets = []parameters{
	{"ML-DSA-44", PublicKeySize44, SignatureSize44, Verify44, func(seed *[32]byte, message, context []byte) ([]byte, []byte) {
		pub, key := mldsa44.NewKeyFromSeed(seed)
		sig := make([]byte, SignatureSize44)
		if err := mldsa44.SignTo(key, message, context, false, sig); err != nil {
			panic(err)
		}
		return pub.Bytes(), sig
	}, "9f107644c1084526af3bc8098680b05499a2325a644e388fb4f970e058d19d46",
		"959d31854b995cd57793e8048b6538081027d164fb0f0bcac27934ab9d62fbce"},
	{"ML-DSA-65", PublicKeySize65, SignatureSize65, Verify65, func(seed *[32]byte, message, context []byte) ([]byte, []byte) {
		pub, key := mldsa65.NewKeyFromSeed(seed)
		sig := make([]byte, SignatureSize65)
		if err := mldsa65.SignTo(key, message, context, false, sig); err != nil {
			panic(err)
		}
		return pub.Bytes(), sig
	}, "d666806e11cee19a7c989f7445f90dd419cf4d2d51db8c0fdb4c0f0a542238c9",
		"9f72ee8207056f43c9d27087f0cad0d88107364db6c0e4290e2645581dde962b"},
}

func counting() (seed [32]byte) {
	for i := range seed {
		seed[i] = byte(i)
	}
	return seed
}

// TestKnownAnswers makes a key and a signature from fixed inputs and compares their hashes. The Python
// package cryptography 48 computes the same public keys from the seed and verified the signatures.
func TestKnownAnswers(t *testing.T) {
	seed := counting()
	message, context := []byte("sample"), []byte("context")
	for _, p := range sets {
		pub, sig := p.sign(&seed, message, context)
		if len(pub) != p.public || len(sig) != p.sig {
			t.Errorf("%s: sizes %d and %d", p.name, len(pub), len(sig))
		}
		for _, h := range []struct {
			what  string
			bytes []byte
			want  string
		}{{"public key", pub, p.publicHash}, {"signature", sig, p.hash}} {
			if got := sha256.Sum256(h.bytes); hex.EncodeToString(got[:]) != h.want {
				t.Errorf("%s: SHA-256 of the %s: %x, want %s", p.name, h.what, got, h.want)
			}
		}
		if !p.verify(pub, message, context, sig) {
			t.Errorf("%s: signature does not verify", p.name)
		}
	}
}

func TestRefusals(t *testing.T) {
	seed := counting()
	message, context := []byte("sample"), []byte("context")
	for _, p := range sets {
		pub, sig := p.sign(&seed, message, context)
		if p.verify(pub, []byte("simple"), context, sig) {
			t.Errorf("%s: verifies for another message", p.name)
		}
		if p.verify(pub, message, nil, sig) {
			t.Errorf("%s: verifies in another context", p.name)
		}
		if p.verify(pub, message, make([]byte, MaxContext+1), sig) {
			t.Errorf("%s: verifies with a context that is too long", p.name)
		}
		if p.verify(pub[:len(pub)-1], message, context, sig) ||
			p.verify(append(pub, 0), message, context, sig) ||
			p.verify(nil, message, context, sig) {
			t.Errorf("%s: public key of wrong length accepted", p.name)
		}
		if p.verify(pub, message, context, sig[:len(sig)-1]) ||
			p.verify(pub, message, context, append(sig, 0)) ||
			p.verify(pub, message, context, nil) {
			t.Errorf("%s: signature of wrong length accepted", p.name)
		}
		for i := 0; i < len(sig); i += 97 {
			bad := bytes.Clone(sig)
			bad[i] ^= 0x10
			if p.verify(pub, message, context, bad) {
				t.Errorf("%s: verifies with byte %d changed", p.name, i)
			}
		}
	}
}

type wycheproof struct {
	NumberOfTests int
	TestGroups    []struct {
		PublicKey vectors.Hex
		Tests     []struct {
			TcID          any
			Comment       string
			Msg, Ctx, Sig vectors.Hex
			Result        string
		}
	}
}

func TestWycheproof(t *testing.T) {
	for i, file := range []string{"mldsa_44_verify_test.json.gz", "mldsa_65_verify_test.json.gz"} {
		var data wycheproof
		vectors.Read(t, "wycheproof/"+file, &data)
		passed := 0
		for _, g := range data.TestGroups {
			for _, c := range g.Tests {
				if got := sets[i].verify(g.PublicKey, c.Msg, c.Ctx, c.Sig); got != (c.Result == "valid") {
					t.Errorf("%s: test %v (%s): %v, want %s", file, c.TcID, c.Comment, got, c.Result)
					continue
				}
				passed++
			}
		}
		if passed != data.NumberOfTests {
			t.Errorf("%s: %d tests of %d passed", file, passed, data.NumberOfTests)
		}
		t.Logf("%s: %d tests, %d passed", file, data.NumberOfTests, passed)
	}
}

// TestAllocations pins how often circl allocates.
func TestAllocations(t *testing.T) {
	seed := counting()
	for _, p := range sets {
		pub, sig := p.sign(&seed, []byte("sample"), nil)
		n := testing.AllocsPerRun(5, func() { p.verify(pub, []byte("sample"), nil, sig) })
		t.Logf("%s: %v allocations", p.name, n)
		if n > 5 {
			t.Errorf("%s: verification makes %v allocations", p.name, n)
		}
	}
}

// FuzzVerify: nothing panics, and nothing verifies but the two signatures that were made.
func FuzzVerify(f *testing.F) {
	seed := counting()
	message := []byte("sample")
	var pubs, sigs [2][]byte
	for i, p := range sets {
		pubs[i], sigs[i] = p.sign(&seed, message, nil)
		f.Add(i == 1, pubs[i], message, sigs[i])
	}
	f.Fuzz(func(t *testing.T, second bool, pub, m, sig []byte) {
		i := 0
		if second {
			i = 1
		}
		genuine := bytes.Equal(pub, pubs[i]) && bytes.Equal(m, message) && bytes.Equal(sig, sigs[i])
		if got := sets[i].verify(pub, m, nil, sig); got != genuine {
			t.Fatalf("%s: %v for key %x, message %x, signature %x", sets[i].name, got, pub, m, sig)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	seed := counting()
	for _, p := range sets {
		pub, sig := p.sign(&seed, []byte("sample"), nil)
		b.Run("set="+p.name+"/impl=circl", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !p.verify(pub, []byte("sample"), nil, sig) {
					b.Fatal("does not verify")
				}
			}
		})
	}
}
