package p384

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"math/big"
	"testing"
)

// seeds returns some of the scalars: plain `go test` runs them all.
func seeds() (some [][ScalarSize]byte) {
	all := scalars()
	for i := 0; i < len(all); i += 9 {
		some = append(some, all[i])
	}
	return some
}

// FuzzECDH compares with crypto/ecdh: keys of any value, peers of any bytes.
func FuzzECDH(f *testing.F) {
	for i, k := range seeds() {
		f.Add(k[:], known(big.NewInt(int64(i+1))))
	}
	f.Add(make([]byte, ScalarSize), []byte{0})
	f.Fuzz(func(t *testing.T, privBytes, peer []byte) {
		var priv [ScalarSize]byte
		copy(priv[:], privBytes)
		var wantPub, want []byte
		if key, err := stdCurve.NewPrivateKey(priv[:]); err == nil {
			wantPub = key.PublicKey().Bytes()
			if p, err := stdCurve.NewPublicKey(peer); err == nil {
				if want, err = key.ECDH(p); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, impl := range implementations {
			var pub [PointSize]byte
			if ok := impl.publicKey(&pub, &priv); ok != (wantPub != nil) || ok && !bytes.Equal(pub[:], wantPub) {
				t.Errorf("%s: public key of %x: %v, %x, want %x", impl.name, priv, ok, pub, wantPub)
			}
			var shared [ScalarSize]byte
			if ok := impl.ecdh(&shared, &priv, peer); ok != (want != nil) || ok && !bytes.Equal(shared[:], want) {
				t.Errorf("%s: ECDH of %x with %x: %v, %x, want %x", impl.name, priv, peer, ok, shared, want)
			}
		}
	})
}

// FuzzVerify compares with crypto/ecdsa: keys, digests and signatures of any bytes.
func FuzzVerify(f *testing.F) {
	for i, k := range seeds() {
		digest := known(big.NewInt(int64(i + 1)))[:i%80%PointSize+1]
		var pub [PointSize]byte
		var sig [SignatureSize]byte
		if !PublicKey(&pub, &k) || !Sign(&sig, &k, digest, nil) {
			f.Fatal("a seed cannot be made")
		}
		f.Add(pub[:], digest, sig[:])
	}
	f.Fuzz(func(t *testing.T, pub, digest, sigBytes []byte) {
		var sig [SignatureSize]byte
		copy(sig[:], sigBytes)
		want := false
		if _, err := stdCurve.NewPublicKey(pub); err == nil {
			key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P384(), pub)
			if err != nil {
				t.Fatal(err)
			}
			r := new(big.Int).SetBytes(sig[:ScalarSize])
			s := new(big.Int).SetBytes(sig[ScalarSize:])
			want = ecdsa.Verify(key, digest, r, s)
		}
		for _, impl := range implementations {
			if got := impl.verify(pub, digest, &sig); got != want {
				t.Errorf("%s: %x by %x of %x: %v, want %v", impl.name, sig, pub, digest, got, want)
			}
		}
	})
}

// FuzzSign checks that all implementations make the same signatures and that crypto/ecdsa accepts them.
func FuzzSign(f *testing.F) {
	for i, k := range seeds() {
		f.Add(k[:], k[:i%ScalarSize], k[i%ScalarSize:])
	}
	f.Fuzz(func(t *testing.T, privBytes, digest, entropy []byte) {
		var priv [ScalarSize]byte
		copy(priv[:], privBytes)
		key, err := ecdsa.ParseRawPrivateKey(elliptic.P384(), priv[:])
		var first [SignatureSize]byte
		for i, impl := range implementations {
			var sig [SignatureSize]byte
			if ok := impl.sign(&sig, &priv, digest, entropy); ok != (err == nil) {
				t.Fatalf("%s: signs with %x: %v, crypto/ecdsa: %v", impl.name, priv, ok, err)
			} else if !ok {
				continue
			}
			r := new(big.Int).SetBytes(sig[:ScalarSize])
			s := new(big.Int).SetBytes(sig[ScalarSize:])
			if !ecdsa.Verify(&key.PublicKey, digest, r, s) {
				t.Errorf("%s: signature %x of %x with %x does not verify", impl.name, sig, digest, priv)
			}
			if i == 0 {
				first = sig
			} else if sig != first {
				t.Errorf("%s: signature %x of %x with %x, %s has %x", impl.name, sig, digest, priv,
					implementations[0].name, first)
			}
		}
	})
}
