package ed25519

import (
	"crypto/ed25519"
	"testing"
)

// benchmark runs f for each implementation, and std for the standard library.
func benchmark(b *testing.B, std func(), f func(impl implementation)) {
	for _, impl := range implementations {
		b.Run("impl="+impl.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f(impl)
			}
		})
	}
	b.Run("impl=std", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			std()
		}
	})
}

func BenchmarkPublicKey(b *testing.B) {
	seeds, _ := cases(2)
	var pub [SeedSize]byte
	benchmark(b, func() { ed25519.NewKeyFromSeed(seeds[1][:]) }, func(impl implementation) {
		impl.publicKey(&pub, &seeds[1])
	})
}

func BenchmarkSign(b *testing.B) {
	seeds, messages := cases(2)
	key := ed25519.NewKeyFromSeed(seeds[1][:])
	ours := keyOf(&seeds[1])
	var sig [SignatureSize]byte
	benchmark(b, func() { ed25519.Sign(key, messages[1]) }, func(impl implementation) {
		impl.sign(&sig, ours, messages[1])
	})
}

func BenchmarkVerify(b *testing.B) {
	seeds, messages := cases(2)
	var pub [SeedSize]byte
	var sig [SignatureSize]byte
	PublicKey(&pub, &seeds[1])
	Sign(&sig, keyOf(&seeds[1]), messages[1])
	benchmark(b, func() {
		if !ed25519.Verify(pub[:], messages[1], sig[:]) {
			b.Fatal("failed")
		}
	}, func(impl implementation) {
		if !impl.verify(&pub, messages[1], &sig) {
			b.Fatal("failed")
		}
	})
}
