package p384

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"math/big"
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
	priv := scalars()[90]
	var pub [PointSize]byte
	benchmark(b, func() {
		key, err := stdCurve.NewPrivateKey(priv[:])
		if err != nil {
			b.Fatal(err)
		}
		key.PublicKey() // computed when it is asked for
	}, func(impl implementation) {
		if !impl.publicKey(&pub, &priv) {
			b.Fatal("failed")
		}
	})
}

func BenchmarkECDH(b *testing.B) {
	priv := scalars()[90]
	peer := known(big.NewInt(12345))
	key, err := stdCurve.NewPrivateKey(priv[:])
	if err != nil {
		b.Fatal(err)
	}
	var shared [ScalarSize]byte
	benchmark(b, func() {
		point, err := stdCurve.NewPublicKey(peer)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := key.ECDH(point); err != nil {
			b.Fatal(err)
		}
	}, func(impl implementation) {
		if !impl.ecdh(&shared, &priv, peer) {
			b.Fatal("failed")
		}
	})
}

func BenchmarkSign(b *testing.B) {
	priv := scalars()[90]
	digest, entropy := make([]byte, ScalarSize), make([]byte, ScalarSize)
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P384(), priv[:])
	if err != nil {
		b.Fatal(err)
	}
	var sig [SignatureSize]byte
	benchmark(b, func() {
		if _, err := key.Sign(nil, digest, crypto.SHA384); err != nil {
			b.Fatal(err)
		}
	}, func(impl implementation) {
		if !impl.sign(&sig, &priv, digest, entropy) {
			b.Fatal("failed")
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	priv := scalars()[90]
	digest := make([]byte, ScalarSize)
	var sig [SignatureSize]byte
	var pub [PointSize]byte
	if !PublicKey(&pub, &priv) || !Sign(&sig, &priv, digest, nil) {
		b.Fatal("failed")
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P384(), pub[:])
	if err != nil {
		b.Fatal(err)
	}
	r := new(big.Int).SetBytes(sig[:ScalarSize])
	s := new(big.Int).SetBytes(sig[ScalarSize:])
	benchmark(b, func() {
		if !ecdsa.Verify(key, digest, r, s) {
			b.Fatal("failed")
		}
	}, func(impl implementation) {
		if !impl.verify(pub[:], digest, &sig) {
			b.Fatal("failed")
		}
	})
}
