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
	PublicKey(&pub, &key)
	if hash := sha256.Sum256(pub[:]); !bytes.Equal(hash[:], unhex(t, publicHash)) {
		t.Errorf("SHA-256 of the public key: %x", hash)
	}
	var shared [SharedSize]byte
	var ciphertext [CiphertextSize]byte
	if !Encapsulate(&shared, &ciphertext, pub[:], &m) || !bytes.Equal(shared[:], unhex(t, secret)) {
		t.Errorf("encapsulated secret: %x", shared)
	}
	if hash := sha256.Sum256(ciphertext[:]); !bytes.Equal(hash[:], unhex(t, ciphertextHash)) {
		t.Errorf("SHA-256 of the ciphertext: %x", hash)
	}
	clear(shared[:])
	if !Decapsulate(&shared, &key, ciphertext[:]) || !bytes.Equal(shared[:], unhex(t, secret)) {
		t.Errorf("decapsulated secret: %x", shared)
	}
}

func TestAgreesWithStandardLibrary(t *testing.T) {
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
		PublicKey(&pub, &seed)
		if !bytes.Equal(pub[:], key.EncapsulationKey().Bytes()) {
			t.Fatalf("public key of %x", seed)
		}
		var ours, theirs [SharedSize]byte
		var ciphertext [CiphertextSize]byte
		if !Encapsulate(&ours, &ciphertext, pub[:], &message) {
			t.Fatalf("public key of %x refused", seed)
		}
		want, err := key.Decapsulate(ciphertext[:])
		if err != nil || !bytes.Equal(ours[:], want) {
			t.Fatalf("secret %x, crypto/mlkem has %x, %v", ours, want, err)
		}
		if !Decapsulate(&theirs, &seed, ciphertext[:]) || theirs != ours {
			t.Fatalf("decapsulated %x instead of %x", theirs, ours)
		}
		// A ciphertext made for nobody gives the secret of the implicit rejection.
		ciphertext[r.Intn(CiphertextSize)] ^= 1 << r.Intn(8)
		if want, err = key.Decapsulate(ciphertext[:]); err != nil {
			t.Fatal(err)
		}
		if !Decapsulate(&theirs, &seed, ciphertext[:]) || !bytes.Equal(theirs[:], want) || theirs == ours {
			t.Fatalf("implicit rejection gave %x, crypto/mlkem has %x", theirs, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	var seed [SeedSize]byte
	var message [MessageSize]byte
	var pub [PublicKeySize + 1]byte
	var shared [SharedSize]byte
	var ciphertext [CiphertextSize]byte
	PublicKey((*[PublicKeySize]byte)(pub[:]), &seed)
	for _, n := range []int{0, 1, PublicKeySize - 1, PublicKeySize + 1} {
		if Encapsulate(&shared, &ciphertext, pub[:n], &message) {
			t.Errorf("public key of %d bytes accepted", n)
		}
	}
	pub[0], pub[1] = 0xff, pub[1]|0x0f // the first coefficient is 4095
	if Encapsulate(&shared, &ciphertext, pub[:PublicKeySize], &message) {
		t.Error("public key that is not reduced accepted")
	}
	if shared != [SharedSize]byte{} || ciphertext != [CiphertextSize]byte{} {
		t.Error("a refusal wrote something")
	}
	for _, n := range []int{0, CiphertextSize - 1, CiphertextSize + 1} {
		if Decapsulate(&shared, &seed, make([]byte, n)) {
			t.Errorf("ciphertext of %d bytes accepted", n)
		}
	}
}

type wycheproof struct {
	NumberOfTests int
	TestGroups    []struct {
		Tests []struct {
			TcID              any
			Comment           string
			Flags             []string
			Seed, Ek, C, K, M vectors.Hex
			Result            string
		}
	}
}

// TestWycheproof runs the files for keys that are seeds. The file with expanded private keys has nothing
// to test here: they are not read.
func TestWycheproof(t *testing.T) {
	var data wycheproof
	file := "mlkem_768_test.json.gz"
	vectors.Read(t, "wycheproof/"+file, &data)
	passed := 0
	for _, g := range data.TestGroups {
		for _, c := range g.Tests {
			var pub [PublicKeySize]byte
			var shared [SharedSize]byte
			ok := len(c.Seed) == SeedSize
			if ok {
				seed := [SeedSize]byte(c.Seed)
				PublicKey(&pub, &seed)
				ok = Decapsulate(&shared, &seed, c.C) && (len(c.Ek) == 0 || bytes.Equal(pub[:], c.Ek))
			}
			if ok != (c.Result == "valid") || ok && !bytes.Equal(shared[:], c.K) {
				t.Errorf("%s: test %v (%s): %v, want %s", file, c.TcID, c.Comment, ok, c.Result)
				continue
			}
			passed++
		}
	}
	if passed != data.NumberOfTests {
		t.Errorf("%s: %d tests of %d passed", file, passed, data.NumberOfTests)
	}
	t.Logf("%s: %d tests, %d passed", file, data.NumberOfTests, passed)

	data = wycheproof{}
	file = "mlkem_768_encaps_test.json.gz"
	vectors.Read(t, "wycheproof/"+file, &data)
	passed = 0
	for _, g := range data.TestGroups {
		for _, c := range g.Tests {
			var shared [SharedSize]byte
			var ciphertext [CiphertextSize]byte
			ok := len(c.M) == MessageSize
			if ok {
				message := [MessageSize]byte(c.M)
				ok = Encapsulate(&shared, &ciphertext, c.Ek, &message)
			}
			if ok != (c.Result == "valid") ||
				ok && (!bytes.Equal(shared[:], c.K) || !bytes.Equal(ciphertext[:], c.C)) {
				t.Errorf("%s: test %v (%s): %v, want %s", file, c.TcID, c.Comment, ok, c.Result)
				continue
			}
			passed++
		}
	}
	if passed != data.NumberOfTests {
		t.Errorf("%s: %d tests of %d passed", file, passed, data.NumberOfTests)
	}
	t.Logf("%s: %d tests, %d passed", file, data.NumberOfTests, passed)

	data = wycheproof{}
	file = "mlkem_768_keygen_seed_test.json.gz"
	vectors.Read(t, "wycheproof/"+file, &data)
	passed = 0
	for _, g := range data.TestGroups {
		for _, c := range g.Tests {
			var pub [PublicKeySize]byte
			seed := [SeedSize]byte(c.Seed)
			if PublicKey(&pub, &seed); !bytes.Equal(pub[:], c.Ek) {
				t.Errorf("%s: test %v (%s): wrong public key", file, c.TcID, c.Comment)
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

// TestAllocations pins how often circl allocates.
func TestAllocations(t *testing.T) {
	var seed [SeedSize]byte
	var message [MessageSize]byte
	var pub [PublicKeySize]byte
	var shared [SharedSize]byte
	var ciphertext [CiphertextSize]byte
	for _, c := range []struct {
		name string
		most float64
		f    func()
	}{
		{"PublicKey", 4, func() { PublicKey(&pub, &seed) }},
		{"Encapsulate", 1, func() { Encapsulate(&shared, &ciphertext, pub[:], &message) }},
		{"Decapsulate", 4, func() { Decapsulate(&shared, &seed, ciphertext[:]) }},
	} {
		n := testing.AllocsPerRun(5, c.f)
		t.Logf("%s: %v allocations", c.name, n)
		if n > c.most {
			t.Errorf("%s makes %v allocations, at most %v are allowed", c.name, n, c.most)
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
		var shared [SharedSize]byte
		var ciphertext [CiphertextSize]byte
		var message [MessageSize]byte
		copy(message[:], randomness)
		_, err := stdmlkem.NewEncapsulationKey768(pub)
		if ok := Encapsulate(&shared, &ciphertext, pub, &message); ok != (err == nil) {
			t.Fatalf("accepted: %v, crypto/mlkem says %v", ok, err)
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
		ok := Decapsulate(&shared, &seed, ciphertext)
		if ok != (err == nil) || ok && !bytes.Equal(shared[:], want) {
			t.Fatalf("%v %x, crypto/mlkem has %x, %v", ok, shared, want, err)
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
	std, err := stdmlkem.NewDecapsulationKey768(seed[:])
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		f    func()
	}{
		{"op=PublicKey/impl=circl", func() { PublicKey(&pub, &seed) }},
		{"op=PublicKey/impl=std", func() { stdmlkem.NewDecapsulationKey768(seed[:]) }},
		{"op=Encapsulate/impl=circl", func() { Encapsulate(&shared, &ciphertext, pub[:], &message) }},
		{"op=Encapsulate/impl=std", func() {
			key, _ := stdmlkem.NewEncapsulationKey768(pub[:])
			key.Encapsulate()
		}},
		{"op=Decapsulate/impl=circl", func() { Decapsulate(&shared, &seed, ciphertext[:]) }},
		{"op=Decapsulate/impl=std", func() { std.Decapsulate(ciphertext[:]) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.f()
			}
		})
	}
}
