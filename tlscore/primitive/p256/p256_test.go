package p256

import (
	"bytes"
	"crypto"
	stdecdh "crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"math/rand"
	"testing"
)

var stdCurve = stdecdh.P256()

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

// RFC 6979, A.2.5, with SHA-256, the hash of the same size as the curve.
func TestSignaturesOfRFC6979(t *testing.T) {
	priv := [ScalarSize]byte(unhex(t, "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"))
	point := unhex(t, "04"+"60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"+
		"7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")
	for _, c := range []struct{ message, r, s string }{
		{"sample", "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
			"f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"},
		{"test", "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
			"019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"},
	} {
		digest := sha256.Sum256([]byte(c.message))
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
	n := elliptic.P256().Params().N
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
	for i := uint(0); i < 256; i += 5 {
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
		signer, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), k[:])
		if err != nil {
			t.Fatal(err)
		}
		digest := sha256.Sum256(peerKey[:])
		der, err := signer.Sign(nil, digest[:], crypto.SHA256)
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
	return append([]byte{0x30, byte(len(body))}, body...)
}
