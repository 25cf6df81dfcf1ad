package x25519

import (
	"bytes"
	"crypto/ecdh"
	"encoding/hex"
	"math/big"
	"math/rand"
	"testing"
)

// implementation is one of the ways to compute the same functions.
type implementation struct {
	name      string
	publicKey func(pub, priv *[Size]byte)
	shared    func(shared, priv, peer *[Size]byte) bool
}

func unhex(t testing.TB, s string) (b [Size]byte) {
	t.Helper()
	if n, err := hex.Decode(b[:], []byte(s)); err != nil || n != Size {
		t.Fatal(s)
	}
	return b
}

// RFC 7748, section 5.2: one multiplication each.
func TestMultiplicationsOfRFC7748(t *testing.T) {
	for _, c := range []struct{ scalar, u, want string }{
		{"a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
			"e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
			"c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"},
		{"4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
			"e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
			"95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"},
	} {
		scalar, u, want := unhex(t, c.scalar), unhex(t, c.u), unhex(t, c.want)
		for _, impl := range implementations {
			var got [Size]byte
			if !impl.shared(&got, &scalar, &u) || got != want {
				t.Errorf("%s: %x times %x = %x", impl.name, scalar, u, got)
			}
		}
	}
}

// RFC 7748, section 5.2: each result is the next scalar, and the scalar the next point.
func TestIterationsOfRFC7748(t *testing.T) {
	for _, impl := range implementations {
		k := [Size]byte{9}
		u := k
		for i := 1; i <= 1000; i++ {
			var next [Size]byte
			if !impl.shared(&next, &k, &u) {
				t.Fatalf("%s: zero after %d iterations", impl.name, i)
			}
			k, u = next, k
			switch i {
			case 1:
				if k != unhex(t, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079") {
					t.Fatalf("%s: %x after one iteration", impl.name, k)
				}
			case 1000:
				if k != unhex(t, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51") {
					t.Fatalf("%s: %x after 1000 iterations", impl.name, k)
				}
			}
		}
	}
}

// RFC 7748, section 6.1.
func TestKeyExchangeOfRFC7748(t *testing.T) {
	alice := unhex(t, "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
	alicePub := unhex(t, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
	bob := unhex(t, "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
	bobPub := unhex(t, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
	want := unhex(t, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
	for _, impl := range implementations {
		var pub, shared [Size]byte
		if impl.publicKey(&pub, &alice); pub != alicePub {
			t.Errorf("%s: Alice's public key: %x", impl.name, pub)
		}
		if impl.publicKey(&pub, &bob); pub != bobPub {
			t.Errorf("%s: Bob's public key: %x", impl.name, pub)
		}
		if !impl.shared(&shared, &alice, &bobPub) || shared != want {
			t.Errorf("%s: Alice's secret: %x", impl.name, shared)
		}
		if !impl.shared(&shared, &bob, &alicePub) || shared != want {
			t.Errorf("%s: Bob's secret: %x", impl.name, shared)
		}
	}
}

// keys returns edge cases of private keys and random ones.
func keys() (all [][Size]byte) {
	for i := range 256 {
		if i%11 == 0 || i < 4 || i > 251 {
			var k [Size]byte
			k[i/8] = 1 << (i % 8)
			all = append(all, k)
			for j := range k {
				k[j] = ^k[j]
			}
			all = append(all, k)
		}
	}
	r := rand.New(rand.NewSource(7748))
	for range 60 {
		var k [Size]byte
		r.Read(k[:])
		all = append(all, k)
	}
	return all
}

// order is that of the base point.
var order, _ = new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)

// nearOrder returns private keys that are close to multiples of the order, where the reduction of scalars
// turns.
func nearOrder() (all [][Size]byte) {
	for m := int64(4); m <= 7; m++ {
		for d := int64(-2); d <= 2; d++ {
			v := new(big.Int).Mul(order, big.NewInt(m))
			v.Rsh(v, 3).Add(v, big.NewInt(d)).Lsh(v, 3)
			var k [Size]byte
			for i, b := range v.FillBytes(make([]byte, Size)) {
				k[Size-1-i] = b
			}
			all = append(all, k)
		}
	}
	return all
}

// standard is the same exchange by crypto/ecdh; shared is nil when that refuses the point.
func standard(t testing.TB, priv, peer *[Size]byte) (pub, shared []byte) {
	t.Helper()
	key, err := ecdh.X25519().NewPrivateKey(priv[:])
	if err != nil {
		t.Fatal(err)
	}
	point, err := ecdh.X25519().NewPublicKey(peer[:])
	if err != nil {
		t.Fatal(err)
	}
	shared, err = key.ECDH(point)
	if err != nil {
		shared = nil
	}
	return key.PublicKey().Bytes(), shared
}

// compare fails t when an implementation does not do what crypto/ecdh does.
func compare(t *testing.T, priv, peer [Size]byte) {
	t.Helper()
	wantPub, want := standard(t, &priv, &peer)
	for _, impl := range implementations {
		var pub, shared [Size]byte
		if impl.publicKey(&pub, &priv); !bytes.Equal(pub[:], wantPub) {
			t.Errorf("%s: public key of %x: %x, want %x", impl.name, priv, pub, wantPub)
		}
		switch ok := impl.shared(&shared, &priv, &peer); {
		case ok != (want != nil):
			t.Errorf("%s: %x with %x: %v", impl.name, priv, peer, ok)
		case ok && !bytes.Equal(shared[:], want):
			t.Errorf("%s: %x with %x: %x, want %x", impl.name, priv, peer, shared, want)
		case !ok && shared != [Size]byte{}:
			t.Errorf("%s: %x with %x: refused with %x", impl.name, priv, peer, shared)
		}
	}
}

func TestAgreesWithStandardLibrary(t *testing.T) {
	all := keys()
	for i, k := range all {
		compare(t, k, all[(7*i+3)%len(all)])
	}
	for i, k := range nearOrder() {
		compare(t, k, all[i])
	}
}

// Points of low order, on the curve and its twist, by every encoding (Wycheproof has them too).
func TestPointsOfLowOrder(t *testing.T) {
	zero := new(big.Int)
	prime := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	eight, _ := new(big.Int).SetString("325606250916557431795983626356110631294008115727848805560023387167927233504", 10)
	other, _ := new(big.Int).SetString("39382357235489614581723060781553021112529911719440698176882885853963445705823", 10)
	one := big.NewInt(1)
	minusOne := new(big.Int).Sub(prime, one)
	priv := keys()[70]
	for _, u := range []*big.Int{zero, one, eight, other, minusOne} {
		for v := new(big.Int).Set(u); v.BitLen() <= 256; v.Add(v, prime) {
			var peer [Size]byte
			for i, b := range v.FillBytes(make([]byte, Size)) {
				peer[Size-1-i] = b
			}
			if _, want := standard(t, &priv, &peer); v.BitLen() <= 255 && want != nil {
				t.Errorf("%x is not of low order", peer)
			}
			compare(t, priv, peer)
		}
	}
}

// The exported functions are one of the implementations; none allocates.
func TestExportedFunctions(t *testing.T) {
	priv, peer := keys()[70], keys()[71]
	all := append([]implementation{{"exported", PublicKey, Shared}}, implementations...)
	var pubs, secrets [3][Size]byte
	for i, impl := range all {
		pub, secret := &pubs[i], &secrets[i]
		ok := true
		if n := testing.AllocsPerRun(5, func() {
			impl.publicKey(pub, &priv)
			ok = ok && impl.shared(secret, &priv, &peer)
		}); n != 0 {
			t.Errorf("%s: %v allocations", impl.name, n)
		}
		if !ok || *pub != pubs[0] || *secret != secrets[0] {
			t.Errorf("%s: %v, %x, %x; the exported functions: %x, %x",
				impl.name, ok, *pub, *secret, pubs[0], secrets[0])
		}
	}
}

// A result may be written over an input.
func TestInPlace(t *testing.T) {
	priv, peer := keys()[70], keys()[71]
	for _, impl := range implementations {
		var pub, secret [Size]byte
		impl.publicKey(&pub, &priv)
		impl.shared(&secret, &priv, &peer)
		p, s, q := priv, priv, peer
		impl.publicKey(&p, &p)
		impl.shared(&s, &s, &peer)
		impl.shared(&q, &priv, &q)
		if p != pub || s != secret || q != secret {
			t.Errorf("%s: in place %x, %x, %x, want %x, %x", impl.name, p, s, q, pub, secret)
		}
	}
}
