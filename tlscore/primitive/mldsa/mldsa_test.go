package mldsa

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"colibri/fuzz/vectors"
)

// parameters is one parameter set with the SHA-256 of what TestKnownAnswers makes.
type parameters struct {
	name                  string
	public, expanded, sig int // sizes in bytes
	publicHash, hash      string
	expandedHash          string // of the expanded key in RFC 9881, appendix C.1
}

var parameterSets = []parameters{
	{"ML-DSA-44", PublicKeySize44, ExpandedKeySize44, SignatureSize44,
		"9f107644c1084526af3bc8098680b05499a2325a644e388fb4f970e058d19d46",
		"959d31854b995cd57793e8048b6538081027d164fb0f0bcac27934ab9d62fbce",
		"04bf6b9f579166a627961dfc5c3bf9717df868db88863856356c4668c8b56b0b"},
	{"ML-DSA-65", PublicKeySize65, ExpandedKeySize65, SignatureSize65,
		"d666806e11cee19a7c989f7445f90dd419cf4d2d51db8c0fdb4c0f0a542238c9",
		"9f72ee8207056f43c9d27087f0cad0d88107364db6c0e4290e2645581dde962b",
		"9f1e24f47795fe50040384e3d6183988047170fa2d866406b70fe0a3f8216063"},
	{"ML-DSA-87", PublicKeySize87, ExpandedKeySize87, SignatureSize87,
		"91dc389cfaa01470b7f66eee45a4ae9026d154817c754dfe22298b3fa241ffcd",
		"7522da85920778b6bb07f6697e01e524da19b49230e85715bb2e7cf2335e9353",
		"764d3e223ed90c07bc91a0ab6ecd170e5c66ffe39f7039298596039a36005435"},
}

// counting is the seed of the examples in RFC 9881.
func counting() *[SeedSize]byte {
	seed := new([SeedSize]byte)
	for i := range seed {
		seed[i] = byte(i)
	}
	return seed
}

func (p *parameters) publicKey(t testing.TB, private []byte) []byte {
	pub := make([]byte, p.public)
	if !PublicKey(pub, private) {
		t.Fatalf("%s: no public key", p.name)
	}
	return pub
}

func (p *parameters) expand(t testing.TB, seed *[SeedSize]byte) []byte {
	expanded := make([]byte, p.expanded)
	if !Expand(expanded, seed) {
		t.Fatalf("%s: no expanded key", p.name)
	}
	return expanded
}

func (p *parameters) sign(t testing.TB, private, message, context, entropy []byte) []byte {
	sig := make([]byte, p.sig)
	if !Sign(sig, private, message, context, entropy) {
		t.Fatalf("%s: no signature", p.name)
	}
	return sig
}

// TestKnownAnswers makes a key and a signature from fixed inputs and compares their hashes. The Python
// package cryptography 48 computes the same public keys of the first two sets from the seed and verified the signatures; the expanded
// keys, and the public keys in certificates, are those of RFC 9881, appendix C.
func TestKnownAnswers(t *testing.T) {
	seed := counting()
	message, context := []byte("sample"), []byte("context")
	for _, p := range parameterSets {
		pub, expanded := p.publicKey(t, seed[:]), p.expand(t, seed)
		sig := p.sign(t, seed[:], message, context, nil)
		for _, h := range []struct {
			what  string
			bytes []byte
			want  string
		}{{"public key", pub, p.publicHash}, {"signature", sig, p.hash}, {"expanded key", expanded, p.expandedHash}} {
			if got := sha256.Sum256(h.bytes); hex.EncodeToString(got[:]) != h.want {
				t.Errorf("%s: SHA-256 of the %s: %x, want %s", p.name, h.what, got, h.want)
			}
		}
		if !bytes.Equal(sig, p.sign(t, expanded, message, context, nil)) {
			t.Errorf("%s: the expanded key signs otherwise", p.name)
		}
		if !bytes.Equal(pub, p.publicKey(t, expanded)) {
			t.Errorf("%s: the expanded key has another public key", p.name)
		}
		if !Verify(pub, message, context, sig) {
			t.Errorf("%s: signature does not verify", p.name)
		}
	}
}

func TestRefusals(t *testing.T) {
	seed := counting()
	message, context := []byte("sample"), []byte("context")
	for i, p := range parameterSets {
		pub, sig := p.publicKey(t, seed[:]), p.sign(t, seed[:], message, context, nil)
		if Verify(pub, []byte("simple"), context, sig) {
			t.Errorf("%s: verifies for another message", p.name)
		}
		if Verify(pub, message, nil, sig) {
			t.Errorf("%s: verifies in another context", p.name)
		}
		if Verify(pub, message, make([]byte, MaxContext+1), sig) {
			t.Errorf("%s: verifies with a context that is too long", p.name)
		}
		other := parameterSets[(i+1)%len(parameterSets)]
		if Verify(other.publicKey(t, seed[:]), message, context, sig) {
			t.Errorf("%s: verifies by a key of %s", p.name, other.name)
		}
		if Verify(pub[:len(pub)-1], message, context, sig) ||
			Verify(append(pub, 0), message, context, sig) ||
			Verify(nil, message, context, sig) {
			t.Errorf("%s: public key of wrong length accepted", p.name)
		}
		if Verify(pub, message, context, sig[:len(sig)-1]) ||
			Verify(pub, message, context, append(sig, 0)) ||
			Verify(pub, message, context, nil) {
			t.Errorf("%s: signature of wrong length accepted", p.name)
		}
		for i := 0; i < len(sig); i += 97 {
			bad := bytes.Clone(sig)
			bad[i] ^= 0x10
			if Verify(pub, message, context, bad) {
				t.Errorf("%s: verifies with byte %d changed", p.name, i)
			}
		}
		if Sign(sig[1:], seed[:], message, nil, nil) || Sign(sig, seed[1:], message, nil, nil) ||
			Sign(sig, seed[:], message, make([]byte, MaxContext+1), nil) || Sign(sig, other.expand(t, seed), message, nil, nil) {
			t.Errorf("%s: signs with a wrong length", p.name)
		}
		if PublicKey(pub[1:], seed[:]) || PublicKey(pub, seed[1:]) || PublicKey(pub, other.expand(t, seed)) || Expand(make([]byte, p.expanded+1), seed) {
			t.Errorf("%s: makes keys of wrong lengths", p.name)
		}
	}
}

// TestHedging: entropy changes the signature, the same entropy in the same way, whatever form the key has; it verifies.
func TestHedging(t *testing.T) {
	seed, message := counting(), []byte("sample")
	for _, p := range parameterSets {
		pub, plain := p.publicKey(t, seed[:]), p.sign(t, seed[:], message, nil, nil)
		one, two := p.sign(t, seed[:], message, nil, []byte("one")), p.sign(t, seed[:], message, nil, []byte("two"))
		if bytes.Equal(one, plain) || bytes.Equal(one, two) {
			t.Errorf("%s: entropy changes nothing", p.name)
		}
		if !bytes.Equal(one, p.sign(t, p.expand(t, seed), message, nil, []byte("one"))) {
			t.Errorf("%s: the two forms of the key sign otherwise with the same entropy", p.name)
		}
		if !Verify(pub, message, nil, one) || !Verify(pub, message, nil, two) {
			t.Errorf("%s: a hedged signature does not verify", p.name)
		}
	}
}

// TestConsistent: an expanded key is refused that is not of its seed, whose tr or t0 is another, or with a number out of range; the
// three examples of RFC 9881, appendix C.4, are of these kinds.
func TestConsistent(t *testing.T) {
	seed := counting()
	var other [SeedSize]byte
	for _, p := range parameterSets {
		key := p.expand(t, seed)
		if !Consistent(seed[:], key) || !Consistent(nil, key) {
			t.Errorf("%s: a good key is refused", p.name)
		}
		if Consistent(other[:], key) || Consistent(seed[1:], key) || Consistent(nil, key[1:]) {
			t.Errorf("%s: another seed, or a wrong length, is accepted", p.name)
		}
		for _, change := range []struct {
			what string
			at   int
			mask byte
		}{{"rho", 0, 1}, {"tr", trAt, 1}, {"tr", secretsAt - 1, 0x80}, {"s1", secretsAt, 1}, {"s1 out of range", secretsAt, 0xff}, {"s1 out of range", secretsAt + 5, 0xff},
			{"t0", len(key) - 1, 0x80}, {"t0", len(key) - 4*416, 1}} {
			bad := bytes.Clone(key)
			if bad[change.at] ^= change.mask; strings.HasSuffix(change.what, "range") {
				bad[change.at] = change.mask
			}
			if Consistent(nil, bad) || Consistent(seed[:], bad) {
				t.Errorf("%s: a changed %s is accepted", p.name, change.what)
			}
		}
	}
}

// TestDerives: what is computed here is what circl computes, for many keys, and each bit of a key behind K counts: the expanded forms
// are canonical.
func TestDerives(t *testing.T) {
	for _, p := range parameterSets {
		for i := range 20 {
			if !derives(p.expand(t, &[SeedSize]byte{byte(i), 1})) {
				t.Fatalf("%s, key %d: not what circl makes", p.name, i)
			}
		}
		key := p.expand(t, counting())
		for i := trAt; i < len(key); i += 13 {
			key[i] ^= 1 << (i % 8)
			if derives(key) {
				t.Fatalf("%s: byte %d does not count", p.name, i)
			}
			key[i] ^= 1 << (i % 8)
		}
		s := shapeOf(key)
		secrets := key[secretsAt:]
		for i := range (s.k + s.l) * n {
			bad := bytes.Clone(secrets)
			put(bad, s.width, i, 1<<s.width-1)
			var v poly
			if v.unpack(bad, i/n, s) == 0 {
				t.Fatalf("%s: number %d may be out of range", p.name, i)
			}
		}
	}
}

// TestArithmetic: sums, differences and products at the ends of the range; the transform and back.
func TestArithmetic(t *testing.T) {
	for _, a := range []uint32{0, 1, 2, zeta, q / 2, q/2 + 1, q - 2, q - 1} {
		for _, b := range []uint32{0, 1, 2, 8347681, q / 2, q/2 + 1, q - 2, q - 1} {
			if add(a, b) != (a+b)%q || sub(a, b) != (a+q-b)%q || uint64(mul(a, b)) != uint64(a)*uint64(b)%q {
				t.Errorf("%d and %d: %d, %d, %d", a, b, add(a, b), sub(a, b), mul(a, b))
			}
		}
	}
	var p poly
	for i := range p {
		p[i] = uint32(i*i*31337) % q
	}
	again := p
	if again.transform(); again == p {
		t.Error("the transform changes nothing")
	}
	if again.untransform(); again != p {
		t.Error("the transform is not undone")
	}
}

// TestScheme: the methods are the functions.
func TestScheme(t *testing.T) {
	seed, message := counting(), []byte("sample")
	p := parameterSets[0]
	pub, sig := p.publicKey(t, seed[:]), make([]byte, p.sig)
	var s Scheme
	if !s.Sign(sig, seed[:], message, nil) || !bytes.Equal(sig, p.sign(t, seed[:], message, nil, nil)) {
		t.Error("another signature")
	}
	if !s.Verify(pub, message, sig) || s.Verify(pub, message[1:], sig) {
		t.Error("it does not verify, or anything does")
	}
	if !s.Matches(pub, seed[:]) || s.Matches(pub, make([]byte, SeedSize)) || s.Matches(make([]byte, 3000), seed[:]) {
		t.Error("keys match that do not, or none do")
	}
	if !s.Consistent(seed[:], p.expand(t, seed)) {
		t.Error("a key does not belong to its seed")
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
	for _, file := range []string{"mldsa_44_verify_test.json.gz", "mldsa_65_verify_test.json.gz", "mldsa_87_verify_test.json.gz"} {
		var data wycheproof
		vectors.Read(t, "wycheproof/"+file, &data)
		passed := 0
		for _, g := range data.TestGroups {
			for _, c := range g.Tests {
				if got := Verify(g.PublicKey, c.Msg, c.Ctx, c.Sig); got != (c.Result == "valid") {
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
	seed, message := counting(), []byte("sample")
	for _, p := range parameterSets {
		pub, sig := p.publicKey(t, seed[:]), p.sign(t, seed[:], message, nil, nil)
		verify := testing.AllocsPerRun(5, func() { Verify(pub, message, nil, sig) })
		sign := testing.AllocsPerRun(5, func() { Sign(sig, seed[:], message, nil, message) })
		t.Logf("%s: %v allocations to verify, %v to sign", p.name, verify, sign)
		if verify > 6 || sign > 20 {
			t.Errorf("%s: %v allocations to verify, %v to sign", p.name, verify, sign)
		}
	}
}

// FuzzVerify: nothing panics, and nothing verifies but the signatures that were made.
func FuzzVerify(f *testing.F) {
	seed, message := counting(), []byte("sample")
	genuine := map[string]bool{}
	for _, p := range parameterSets {
		pub, sig := p.publicKey(f, seed[:]), p.sign(f, seed[:], message, nil, nil)
		f.Add(pub, message, sig)
		genuine[string(pub)+string(message)+string(sig)] = true
	}
	f.Fuzz(func(t *testing.T, pub, m, sig []byte) {
		if got := Verify(pub, m, nil, sig); got != genuine[string(pub)+string(m)+string(sig)] {
			t.Fatalf("%v for key %x, message %x, signature %x", got, pub, m, sig)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	seed := counting()
	for _, p := range parameterSets {
		pub, sig := p.publicKey(b, seed[:]), p.sign(b, seed[:], []byte("sample"), nil, nil)
		b.Run("set="+p.name+"/impl=circl", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !Verify(pub, []byte("sample"), nil, sig) {
					b.Fatal("does not verify")
				}
			}
		})
	}
}

func BenchmarkSign(b *testing.B) {
	seed := counting()
	for _, p := range parameterSets {
		sig := make([]byte, p.sig)
		b.Run("set="+p.name+"/impl=circl", func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				Sign(sig, seed[:], []byte{byte(i), byte(i >> 8)}, nil, seed[:])
			}
		})
	}
}
