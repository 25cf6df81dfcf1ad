package p521

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha512"
	"encoding/asn1"
	"math/big"
	"testing"

	"colibri/tlscore/primitive/internal/ecvectors"
)

func TestNumbers(t *testing.T) {
	p := elliptic.P521().Params()
	if !bytes.Equal(p.N.Bytes(), []byte(order)) || !bytes.Equal(p.P.Bytes(), []byte(prime)) || len(order) != size {
		t.Error("the numbers of another curve")
	}
}

func TestWycheproof(t *testing.T) {
	curve := ecvectors.Curve{
		Name: "host",
		Size: size,
		OID:  asn1.ObjectIdentifier{1, 3, 132, 0, 35}, // RFC 5480, 2.1.1.1
		Verify: func(pub, digest, sig []byte) bool {
			return Verify(pub, digest, sig)
		},
	}
	curve.ECDSA(t, "ecdsa_secp521r1_sha512_test.json.gz")
}

// sign makes a signature by the standard library.
func sign(t testing.TB, key *ecdsa.PrivateKey, digest []byte) []byte {
	t.Helper()
	r, s, err := ecdsa.Sign(rand.Reader, key, digest)
	if err != nil {
		t.Fatal(err)
	}
	sig := make([]byte, SignatureSize)
	r.FillBytes(sig[:size])
	s.FillBytes(sig[size:])
	return sig
}

func newKey(t testing.TB) (*ecdsa.PrivateKey, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pub, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return key, pub
}

// TestSignaturesOfStd: signatures of the standard library verify, for digests of all lengths, and for nothing else.
func TestSignaturesOfStd(t *testing.T) {
	key, pub := newKey(t)
	_, other := newKey(t)
	sum := sha512.Sum512([]byte("sample"))
	for _, n := range []int{0, 1, 32, 48, 63, 64} {
		digest := sum[:n]
		sig := sign(t, key, digest)
		if !Verify(pub, digest, sig) || !(ECDSA{}).Verify(pub, digest, sig) {
			t.Errorf("%d bytes: the signature does not verify", n)
		}
		if Verify(other, digest, sig) || Verify(pub, append([]byte{1}, digest...), sig) {
			t.Errorf("%d bytes: verifies by another key, or for another digest", n)
		}
		for i := 0; i < len(sig); i += 13 {
			bad := bytes.Clone(sig)
			bad[i] ^= 1
			if Verify(pub, digest, bad) {
				t.Errorf("%d bytes: verifies with byte %d changed", n, i)
			}
		}
		// -s signs as well, as it always does in ECDSA.
		s := new(big.Int).SetBytes(sig[size:])
		s.Sub(elliptic.P521().Params().N, s).FillBytes(sig[size:])
		if !Verify(pub, digest, sig) {
			t.Errorf("%d bytes: n-s does not verify", n)
		}
	}
}

func TestRefusals(t *testing.T) {
	key, pub := newKey(t)
	digest := sha512.Sum512([]byte("sample"))
	sig := sign(t, key, digest[:])
	with := func(r, s string) []byte {
		bad := bytes.Clone(sig)
		if r != "" {
			copy(bad, r)
		}
		if s != "" {
			copy(bad[size:], s)
		}
		return bad
	}
	zero := string(make([]byte, size))
	for name, bad := range map[string][]byte{"r=0": with(zero, ""), "s=0": with("", zero), "r=n": with(order, ""), "s=n": with("", order),
		"r=p": with(prime, ""), "short": sig[1:], "long": append(bytes.Clone(sig), 0), "empty": nil} {
		if Verify(pub, digest[:], bad) {
			t.Errorf("%s verifies", name)
		}
	}
	off := bytes.Clone(pub)
	off[PointSize-1] ^= 1
	for name, bad := range map[string][]byte{"off the curve": off, "short": pub[1:], "compressed": append([]byte{2}, pub[1:1+size]...), "infinity": {0}} {
		if Verify(bad, digest[:], sig) {
			t.Errorf("a key %s verifies", name)
		}
	}
	if Verify(pub, make([]byte, size), sig) {
		t.Error("a digest of 66 bytes verifies")
	}
}

// TestLargeX: a signature whose r is n less than the x coordinate. Its key is made to fit: Q = (s*R - e*G)/r for a point R whose x is at
// least n.
func TestLargeX(t *testing.T) {
	curve := elliptic.P521()
	n := curve.Params().N
	var rx, ry *big.Int
	for x := new(big.Int).Set(n); ; x.Add(x, big.NewInt(1)) {
		compressed := append([]byte{2}, x.FillBytes(make([]byte, size))...)
		if rx, ry = elliptic.UnmarshalCompressed(curve, compressed); rx != nil && rx.Cmp(n) > 0 {
			break
		}
	}
	digest := sha512.Sum512([]byte("sample"))
	e, s, r := new(big.Int).SetBytes(digest[:]), big.NewInt(12345), new(big.Int).Sub(rx, n)
	sx, sy := curve.ScalarMult(rx, ry, s.Bytes())
	ex, ey := curve.ScalarBaseMult(new(big.Int).Sub(n, e).Bytes())
	qx, qy := curve.Add(sx, sy, ex, ey)
	qx, qy = curve.ScalarMult(qx, qy, new(big.Int).ModInverse(r, n).Bytes())
	pub := elliptic.Marshal(curve, qx, qy)
	sig := make([]byte, SignatureSize)
	r.FillBytes(sig[:size])
	s.FillBytes(sig[size:])
	if !ecdsa.Verify(&ecdsa.PublicKey{Curve: curve, X: qx, Y: qy}, digest[:], r, s) {
		t.Fatal("the standard library refuses the signature")
	}
	if !Verify(pub, digest[:], sig) {
		t.Error("the signature does not verify")
	}
}

// FuzzVerify: the standard library agrees.
func FuzzVerify(f *testing.F) {
	key, pub := newKey(f)
	digest := sha512.Sum512([]byte("sample"))
	f.Add(pub, digest[:], sign(f, key, digest[:]))
	f.Add(pub, []byte{}, sign(f, key, nil))
	f.Fuzz(func(t *testing.T, pub, digest, sig []byte) {
		want := false
		if k, err := ecdsa.ParseUncompressedPublicKey(elliptic.P521(), pub); err == nil && len(sig) == SignatureSize && len(digest) < size {
			want = ecdsa.Verify(k, digest, new(big.Int).SetBytes(sig[:size]), new(big.Int).SetBytes(sig[size:]))
		}
		if got := Verify(pub, digest, sig); got != want {
			t.Fatalf("%v, the standard library: %v", got, want)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	key, pub := newKey(b)
	digest := sha512.Sum512([]byte("sample"))
	sig := sign(b, key, digest[:])
	b.Run("impl=nistec", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if !Verify(pub, digest[:], sig) {
				b.Fatal("does not verify")
			}
		}
	})
}
