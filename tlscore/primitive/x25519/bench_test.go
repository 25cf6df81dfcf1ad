package x25519

import (
	"crypto/ecdh"
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
	priv := keys()[70]
	var pub [Size]byte
	benchmark(b, func() {
		key, err := ecdh.X25519().NewPrivateKey(priv[:])
		if err != nil {
			b.Fatal(err)
		}
		key.PublicKey() // computed when it is asked for
	}, func(impl implementation) {
		impl.publicKey(&pub, &priv)
	})
}

func BenchmarkShared(b *testing.B) {
	priv, peer := keys()[70], keys()[71]
	key, err := ecdh.X25519().NewPrivateKey(priv[:])
	if err != nil {
		b.Fatal(err)
	}
	var shared [Size]byte
	benchmark(b, func() {
		point, err := ecdh.X25519().NewPublicKey(peer[:])
		if err != nil {
			b.Fatal(err)
		}
		if _, err := key.ECDH(point); err != nil {
			b.Fatal(err)
		}
	}, func(impl implementation) {
		if !impl.shared(&shared, &priv, &peer) {
			b.Fatal("failed")
		}
	})
}
