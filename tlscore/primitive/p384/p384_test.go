package p384

import (
	"bytes"
	"crypto"
	stdecdh "crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha512"
	"encoding/hex"
	"math/big"
	"math/rand"
	"testing"
)

var stdCurve = stdecdh.P384()

// implementation is one of the ways to compute the same functions.
type implementation struct {
	name      string
	publicKey func(pub *[PointSize]byte, priv *[ScalarSize]byte) bool
	ecdh      func(shared, priv *[ScalarSize]byte, peer []byte) bool
	sign      func(sig *[SignatureSize]byte, priv *[ScalarSize]byte, digest, entropy []byte) bool
	verify    func(pub, digest []byte, sig *[SignatureSize]byte) bool
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// RFC 6979, A.2.6, with SHA-384, the hash of the same size as the curve.
func TestSignaturesOfRFC6979(t *testing.T) {
	priv := [ScalarSize]byte(unhex(t, "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5"))
	point := unhex(t, "04"+"ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13"+
		"8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720")
	for _, c := range []struct{ message, r, s string }{
		{"sample", "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46",
			"99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8"},
		{"test", "8203b63d3c853e8d77227fb377bcf7b7b772e97892a80f36ab775d509d7a5feb0542a7f0812998da8f1dd3ca3cf023db",
			"ddd0760448d42d8a43af45af836fce4de8be06b485e9b61b827c2f13173923e06a739f040649a667bf3b828246baa5a5"},
	} {
		digest := sha512.Sum384([]byte(c.message))
		for _, impl := range implementations {
			var pub [PointSize]byte
			if !impl.publicKey(&pub, &priv) || !bytes.Equal(pub[:], point) {
				t.Errorf("%s: public key %x", impl.name, pub)
			}
			var sig [SignatureSize]byte
			if !impl.sign(&sig, &priv, digest[:], nil) || !bytes.Equal(sig[:], unhex(t, c.r+c.s)) {
				t.Errorf("%s: %q: signature %x", impl.name, c.message, sig)
			}
			if !impl.verify(point, digest[:], &sig) {
				t.Errorf("%s: %q: the signature does not verify", impl.name, c.message)
			}
		}
	}
}

// scalars returns edge cases of private keys and random ones.
func scalars() [][ScalarSize]byte {
	n := elliptic.P384().Params().N
	var all [][ScalarSize]byte
	add := func(k *big.Int) {
		var b [ScalarSize]byte
		k.FillBytes(b[:])
		all = append(all, b)
	}
	for d := int64(1); d < 40; d++ {
		add(big.NewInt(d))
		add(new(big.Int).Sub(n, big.NewInt(d)))
	}
	for i := uint(0); i < 384; i += 5 {
		add(new(big.Int).Lsh(big.NewInt(1), i))
	}
	r := rand.New(rand.NewSource(1))
	for range 30 {
		k := new(big.Int).Rand(r, n)
		add(k.Add(k, big.NewInt(1)).Mod(k, n))
	}
	return all
}

func TestAgreesWithStandardLibrary(t *testing.T) {
	all := scalars()
	for i, k := range all {
		key, err := stdCurve.NewPrivateKey(k[:])
		if err != nil {
			t.Fatal(err)
		}
		peerKey := all[(i*7+3)%len(all)]
		peer, err := stdCurve.NewPrivateKey(peerKey[:])
		if err != nil {
			t.Fatal(err)
		}
		want, err := key.ECDH(peer.PublicKey())
		if err != nil {
			t.Fatal(err)
		}
		signer, err := ecdsa.ParseRawPrivateKey(elliptic.P384(), k[:])
		if err != nil {
			t.Fatal(err)
		}
		digest := sha512.Sum384(peerKey[:])
		der, err := signer.Sign(nil, digest[:], crypto.SHA384)
		if err != nil {
			t.Fatal(err)
		}
		for _, impl := range implementations {
			var pub [PointSize]byte
			if !impl.publicKey(&pub, &k) || !bytes.Equal(pub[:], key.PublicKey().Bytes()) {
				t.Fatalf("%s: public key of %x: %x", impl.name, k, pub)
			}
			var shared [ScalarSize]byte
			if !impl.ecdh(&shared, &k, peer.PublicKey().Bytes()) || !bytes.Equal(shared[:], want) {
				t.Fatalf("%s: ECDH of %x with %x: %x, want %x", impl.name, k, peerKey, shared, want)
			}
			var sig [SignatureSize]byte
			if !impl.sign(&sig, &k, digest[:], nil) {
				t.Fatalf("%s: no signature with %x", impl.name, k)
			}
			if got := toDER(sig[:]); !bytes.Equal(got, der) {
				t.Fatalf("%s: signature of %x with %x: %x, want %x", impl.name, digest, k, got, der)
			}
			if !impl.verify(pub[:], digest[:], &sig) {
				t.Fatalf("%s: signature %x of %x with %x does not verify", impl.name, sig, digest, k)
			}
			sig[i%SignatureSize] ^= 1 << (i % 8)
			if impl.verify(pub[:], digest[:], &sig) {
				t.Fatalf("%s: wrong signature %x of %x with %x verifies", impl.name, sig, digest, k)
			}
		}
	}
}

// The exported functions are one of the implementations; none allocates.
func TestExportedFunctions(t *testing.T) {
	priv := scalars()[90]
	digest := make([]byte, ScalarSize)
	all := append([]implementation{{"exported", PublicKey, ECDH, Sign, Verify}}, implementations...)
	var pubs [3][PointSize]byte
	var sigs [3][SignatureSize]byte
	var secrets [3][ScalarSize]byte
	for i, impl := range all {
		pub, sig, shared := &pubs[i], &sigs[i], &secrets[i]
		ok := true
		if n := testing.AllocsPerRun(2, func() {
			ok = ok && impl.publicKey(pub, &priv) && impl.ecdh(shared, &priv, pub[:]) &&
				impl.sign(sig, &priv, digest, digest) && impl.verify(pub[:], digest, sig)
		}); n != 0 {
			t.Errorf("%s: %v allocations", impl.name, n)
		}
		if !ok {
			t.Errorf("%s: a function failed", impl.name)
		}
		if *pub != pubs[0] || *sig != sigs[0] || *shared != secrets[0] {
			t.Errorf("%s: results differ from those of the exported functions", impl.name)
		}
	}
}

// toDER writes r || s as an ECDSA-Sig-Value (RFC 3279, 2.2.3).
func toDER(sig []byte) []byte {
	var body []byte
	for _, half := range [][]byte{sig[:len(sig)/2], sig[len(sig)/2:]} {
		v := new(big.Int).SetBytes(half).Bytes()
		if v[0] >= 0x80 {
			v = append([]byte{0}, v...)
		}
		body = append(append(body, 2, byte(len(v))), v...)
	}
	return append([]byte{0x30, byte(len(body))}, body...) // at most 102 bytes: a short length
}
