package mlkem

import (
	"bytes"
	stdmlkem "crypto/mlkem"
	"crypto/sha256"
	"encoding/hex"
	"math/rand"
	"testing"

	"colibri/fuzz/vectors"
)

// implementation is one of the ways to compute the same functions.
type implementation struct {
	name        string
	publicKey   func(pub *[PublicKeySize]byte, seed *[SeedSize]byte)
	encapsulate func(shared *[SharedSize]byte, ciphertext *[CiphertextSize]byte, pub []byte, message *[MessageSize]byte) bool
	decapsulate func(shared *[SharedSize]byte, seed *[SeedSize]byte, ciphertext []byte) bool
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The first of the known answers of Kyber, round 3, carried over to FIPS 203.
func TestKnownAnswer(t *testing.T) {
	for _, impl := range implementations {
		t.Run(impl.name, func(t *testing.T) { testKnownAnswer(t, impl) })
	}
}

func testKnownAnswer(t *testing.T, impl implementation) {
	const (
		seed = "7c9935a0b07694aa0c6d10e4db6b1add2fd81a25ccb148032dcd739936737f2d" +
			"8626ed79d451140800e03b59b956f8210e556067407d13dc90fa9e8b872bfb8f"
		message        = "147c03f7a5bebba406c8fae1874d7f13c80efe79a3a9a874cc09fe76f6997615"
		secret         = "e7184a0975ee3470878d2d159ec83129c8aec253d4ee17b4810311d198cd0368"
		publicHash     = "86adbca81f4fee893e2fb58fb98aa2fe188f501fed268d7f4056f8c05c4e53c4"
		ciphertextHash = "36829a2f35cbf4deb62c0a12a15c22dae9f8d2c252566fc24f88abe805cb575e"
	)
	key := [SeedSize]byte(unhex(t, seed))
	m := [MessageSize]byte(unhex(t, message))
	var pub [PublicKeySize]byte
	impl.publicKey(&pub, &key)
	if hash := sha256.Sum256(pub[:]); !bytes.Equal(hash[:], unhex(t, publicHash)) {
		t.Errorf("SHA-256 of the public key: %x", hash)
	}
	var shared [SharedSize]byte
	var ciphertext [CiphertextSize]byte
	if !impl.encapsulate(&shared, &ciphertext, pub[:], &m) || !bytes.Equal(shared[:], unhex(t, secret)) {
		t.Errorf("encapsulated secret: %x", shared)
	}
	if hash := sha256.Sum256(ciphertext[:]); !bytes.Equal(hash[:], unhex(t, ciphertextHash)) {
		t.Errorf("SHA-256 of the ciphertext: %x", hash)
	}
	clear(shared[:])
	if !impl.decapsulate(&shared, &key, ciphertext[:]) || !bytes.Equal(shared[:], unhex(t, secret)) {
		t.Errorf("decapsulated secret: %x", shared)
	}
}

func TestAgreesWithStandardLibrary(t *testing.T) {
	for _, impl := range implementations {
		t.Run(impl.name, func(t *testing.T) { testAgreesWithStandardLibrary(t, impl) })
	}
}

func testAgreesWithStandardLibrary(t *testing.T, impl implementation) {
	r := rand.New(rand.NewSource(1))
	for range 20 {
		var seed [SeedSize]byte
		var message [MessageSize]byte
		r.Read(seed[:])
		r.Read(message[:])
		key, err := stdmlkem.NewDecapsulationKey768(seed[:])
		if err != nil {
			t.Fatal(err)
		}
		var pub [PublicKeySize]byte
		impl.publicKey(&pub, &seed)
		if !bytes.Equal(pub[:], key.EncapsulationKey().Bytes()) {
			t.Fatalf("public key of %x", seed)
		}
		var ours, theirs [SharedSize]byte
		var ciphertext [CiphertextSize]byte
		if !impl.encapsulate(&ours, &ciphertext, pub[:], &message) {
			t.Fatalf("public key of %x refused", seed)
		}
		want, err := key.Decapsulate(ciphertext[:])
		if err != nil || !bytes.Equal(ours[:], want) {
			t.Fatalf("secret %x, crypto/mlkem has %x, %v", ours, want, err)
		}
		if !impl.decapsulate(&theirs, &seed, ciphertext[:]) || theirs != ours {
			t.Fatalf("decapsulated %x instead of %x", theirs, ours)
		}
		// A ciphertext made for nobody gives the secret of the implicit rejection.
		ciphertext[r.Intn(CiphertextSize)] ^= 1 << r.Intn(8)
		if want, err = key.Decapsulate(ciphertext[:]); err != nil {
			t.Fatal(err)
		}
		if !impl.decapsulate(&theirs, &seed, ciphertext[:]) || !bytes.Equal(theirs[:], want) || theirs == ours {
			t.Fatalf("implicit rejection gave %x, crypto/mlkem has %x", theirs, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, impl := range implementations {
		t.Run(impl.name, func(t *testing.T) { testRefusals(t, impl) })
	}
}

func testRefusals(t *testing.T, impl implementation) {
	var seed [SeedSize]byte
	var message [MessageSize]byte
	var pub [PublicKeySize + 1]byte
	var shared [SharedSize]byte
	var ciphertext [CiphertextSize]byte
	impl.publicKey((*[PublicKeySize]byte)(pub[:]), &seed)
	for _, n := range []int{0, 1, PublicKeySize - 1, PublicKeySize + 1} {
		if impl.encapsulate(&shared, &ciphertext, pub[:n], &message) {
			t.Errorf("public key of %d bytes accepted", n)
		}
	}
	pub[0], pub[1] = 0xff, pub[1]|0x0f // the first coefficient is 4095
	if impl.encapsulate(&shared, &ciphertext, pub[:PublicKeySize], &message) {
		t.Error("public key that is not reduced accepted")
	}
	if shared != [SharedSize]byte{} || ciphertext != [CiphertextSize]byte{} {
		t.Error("a refusal wrote something")
	}
	for _, n := range []int{0, CiphertextSize - 1, CiphertextSize + 1} {
		if impl.decapsulate(&shared, &seed, make([]byte, n)) {
			t.Errorf("ciphertext of %d bytes accepted", n)
		}
	}
}

// wycheproof is a case of Project Wycheproof.
type wycheproof struct {
	TcID              any
	Comment           string
	Flags             []string
	Seed, Ek, C, K, M vectors.Hex
	Result            string
}

// runWycheproof runs all cases of a file: try does what a case is about, and says whether the operation succeeded and, if so, whether
// its results are those of the case.
func runWycheproof(t *testing.T, impl implementation, file string, try func(c *wycheproof) (ok, right bool)) {
	t.Helper()
	var data struct {
		NumberOfTests int
		TestGroups    []struct{ Tests []wycheproof }
	}
	vectors.Read(t, "wycheproof/"+file, &data)
	passed := 0
	for _, g := range data.TestGroups {
		for i := range g.Tests {
			c := &g.Tests[i]
			if ok, right := try(c); ok != (c.Result == "valid") || ok && !right {
				t.Errorf("%s: test %v (%s): %v, results right: %v, want %s", file, c.TcID, c.Comment, ok, right, c.Result)
				continue
			}
			passed++
		}
	}
	if passed != data.NumberOfTests {
		t.Errorf("%s: %d tests of %d passed", file, passed, data.NumberOfTests)
	}
	t.Logf("%s: %s: %d tests, %d passed", impl.name, file, data.NumberOfTests, passed)
}

// TestWycheproof runs the files for keys that are seeds. The file with expanded private keys has nothing
// to test here: they are not read.
func TestWycheproof(t *testing.T) {
	for _, impl := range implementations {
		t.Run(impl.name, func(t *testing.T) { testWycheproof(t, impl) })
	}
}

func testWycheproof(t *testing.T, impl implementation) {
	runWycheproof(t, impl, "mlkem_768_test.json.gz", func(c *wycheproof) (ok, right bool) {
		var pub [PublicKeySize]byte
		var shared [SharedSize]byte
		if len(c.Seed) != SeedSize {
			return false, false
		}
		seed := [SeedSize]byte(c.Seed)
		impl.publicKey(&pub, &seed)
		ok = impl.decapsulate(&shared, &seed, c.C) && (len(c.Ek) == 0 || bytes.Equal(pub[:], c.Ek))
		return ok, bytes.Equal(shared[:], c.K)
	})
	runWycheproof(t, impl, "mlkem_768_encaps_test.json.gz", func(c *wycheproof) (ok, right bool) {
		var shared [SharedSize]byte
		var ciphertext [CiphertextSize]byte
		if len(c.M) != MessageSize {
			return false, false
		}
		message := [MessageSize]byte(c.M)
		ok = impl.encapsulate(&shared, &ciphertext, c.Ek, &message)
		return ok, bytes.Equal(shared[:], c.K) && bytes.Equal(ciphertext[:], c.C)
	})
	runWycheproof(t, impl, "mlkem_768_keygen_seed_test.json.gz", func(c *wycheproof) (ok, right bool) {
		var pub [PublicKeySize]byte
		seed := [SeedSize]byte(c.Seed)
		impl.publicKey(&pub, &seed)
		return true, bytes.Equal(pub[:], c.Ek)
	})
}

// TestAllocations: the portable operations make none. How often circl allocates, on hosts, is pinned.
func TestAllocations(t *testing.T) {
	var seed [SeedSize]byte
	var message [MessageSize]byte
	var pub [PublicKeySize]byte
	var shared [SharedSize]byte
	var ciphertext [CiphertextSize]byte
	for _, impl := range implementations {
		for _, c := range []struct {
			name string
			host float64
			f    func()
		}{
			{"PublicKey", 4, func() { impl.publicKey(&pub, &seed) }},
			{"Encapsulate", 1, func() { impl.encapsulate(&shared, &ciphertext, pub[:], &message) }},
			{"Decapsulate", 4, func() { impl.decapsulate(&shared, &seed, ciphertext[:]) }},
		} {
			most := 0.0
			if impl.name == "host" {
				most = c.host
			}
			if n := testing.AllocsPerRun(5, c.f); n > most {
				t.Errorf("%s: %s makes %v allocations, at most %v are allowed", impl.name, c.name, n, most)
			}
		}
	}
}

func FuzzEncapsulate(f *testing.F) {
	var seed [SeedSize]byte
	var pub [PublicKeySize]byte
	PublicKey(&pub, &seed)
	f.Add(pub[:], []byte("message"))
	f.Add(bytes.Repeat([]byte{0xff}, PublicKeySize), []byte{})
	f.Fuzz(func(t *testing.T, pub, randomness []byte) {
		var message [MessageSize]byte
		copy(message[:], randomness)
		_, err := stdmlkem.NewEncapsulationKey768(pub)
		var shared, first [SharedSize]byte
		var ciphertext, firstCiphertext [CiphertextSize]byte
		for i, impl := range implementations {
			if ok := impl.encapsulate(&shared, &ciphertext, pub, &message); ok != (err == nil) {
				t.Fatalf("%s: accepted: %v, crypto/mlkem says %v", impl.name, ok, err)
			}
			if i == 0 {
				first, firstCiphertext = shared, ciphertext
			} else if shared != first || ciphertext != firstCiphertext {
				t.Fatalf("%s and %s differ", impl.name, implementations[0].name)
			}
		}
	})
}

func FuzzDecapsulate(f *testing.F) {
	f.Add([]byte("seed"), make([]byte, CiphertextSize))
	f.Fuzz(func(t *testing.T, randomness, ciphertext []byte) {
		var shared [SharedSize]byte
		var seed [SeedSize]byte
		copy(seed[:], randomness)
		key, err := stdmlkem.NewDecapsulationKey768(seed[:])
		if err != nil {
			t.Fatal(err)
		}
		want, err := key.Decapsulate(ciphertext)
		for _, impl := range implementations {
			ok := impl.decapsulate(&shared, &seed, ciphertext)
			if ok != (err == nil) || ok && !bytes.Equal(shared[:], want) {
				t.Fatalf("%s: %v %x, crypto/mlkem has %x, %v", impl.name, ok, shared, want, err)
			}
		}
	})
}

func BenchmarkMLKEM768(b *testing.B) {
	var seed [SeedSize]byte
	var message [MessageSize]byte
	var pub [PublicKeySize]byte
	var shared [SharedSize]byte
	var ciphertext [CiphertextSize]byte
	PublicKey(&pub, &seed)
	Encapsulate(&shared, &ciphertext, pub[:], &message)
	run := func(op, impl string, f func()) {
		b.Run("op="+op+"/impl="+impl, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
	}
	for _, impl := range implementations {
		run("PublicKey", impl.name, func() { impl.publicKey(&pub, &seed) })
		run("Encapsulate", impl.name, func() { impl.encapsulate(&shared, &ciphertext, pub[:], &message) })
		run("Decapsulate", impl.name, func() { impl.decapsulate(&shared, &seed, ciphertext[:]) })
	}
	run("PublicKey", "std", func() { stdmlkem.NewDecapsulationKey768(seed[:]) })
	run("Encapsulate", "std", func() {
		key, _ := stdmlkem.NewEncapsulationKey768(pub[:])
		key.Encapsulate()
	})
	run("Decapsulate", "std", func() {
		key, _ := stdmlkem.NewDecapsulationKey768(seed[:])
		key.Decapsulate(ciphertext[:])
	})
}
