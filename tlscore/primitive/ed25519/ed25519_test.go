package ed25519

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/hex"
	"math/big"
	"math/rand"
	"testing"

	"colibri/tlscore/primitive/internal/edwards25519"
)

// implementation is one of the ways to compute the same functions.
type implementation struct {
	name      string
	publicKey func(pub, seed *[SeedSize]byte)
	sign      func(sig *[SignatureSize]byte, k *Key, msg []byte)
	verify    func(pub *[SeedSize]byte, msg []byte, sig *[SignatureSize]byte) bool
}

// keyOf returns the key of a seed.
func keyOf(seed *[SeedSize]byte) *Key {
	var k Key
	k.Init(seed)
	return &k
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// RFC 8032, section 7.1, all but the test with 1023 bytes.
func TestSignaturesOfRFC8032(t *testing.T) {
	abc := sha512.Sum512([]byte("abc"))
	for _, c := range []struct{ seed, pub, msg, sig string }{
		{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
			"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
			"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b" +
				"d25bf5f0595bbe24655141438e7a100b"},
		{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
			"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
			"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c" +
				"387b2eaeb4302aeeb00d291612bb0c00"},
		{"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
			"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
			"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659" +
				"4a7c15e9716ed28dc027beceea1ec40a"},
		{"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
			"ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf", hex.EncodeToString(abc[:]),
			"dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030" +
				"3dca179c138ac17ad9bef1177331a704"},
	} {
		seed := [SeedSize]byte(unhex(t, c.seed))
		want, msg := [SignatureSize]byte(unhex(t, c.sig)), unhex(t, c.msg)
		for _, impl := range implementations {
			var pub [SeedSize]byte
			var sig [SignatureSize]byte
			if impl.publicKey(&pub, &seed); !bytes.Equal(pub[:], unhex(t, c.pub)) {
				t.Errorf("%s: public key %x, want %s", impl.name, pub, c.pub)
			}
			if impl.sign(&sig, keyOf(&seed), msg); sig != want {
				t.Errorf("%s: signature %x", impl.name, sig)
			}
			if !impl.verify(&pub, msg, &want) {
				t.Errorf("%s: %x does not verify", impl.name, want)
			}
		}
	}
}

// cases returns seeds and messages of many lengths.
func cases(n int) (seeds [][SeedSize]byte, messages [][]byte) {
	r := rand.New(rand.NewSource(8032))
	for i := range n {
		var seed [SeedSize]byte
		if i > 0 { // the first is zero
			r.Read(seed[:])
		}
		msg := make([]byte, i*5)
		r.Read(msg)
		seeds, messages = append(seeds, seed), append(messages, msg)
	}
	return seeds, messages
}

func TestAgreesWithStandardLibrary(t *testing.T) {
	seeds, messages := cases(60)
	for i, seed := range seeds {
		msg := messages[i]
		key := ed25519.NewKeyFromSeed(seed[:])
		want := ed25519.Sign(key, msg)
		for _, impl := range implementations {
			var pub [SeedSize]byte
			var sig [SignatureSize]byte
			if impl.publicKey(&pub, &seed); !bytes.Equal(pub[:], key[SeedSize:]) {
				t.Fatalf("%s: public key of %x: %x, want %x", impl.name, seed, pub, key[SeedSize:])
			}
			if impl.sign(&sig, keyOf(&seed), msg); !bytes.Equal(sig[:], want) {
				t.Fatalf("%s: signature of %x by %x: %x, want %x", impl.name, msg, seed, sig, want)
			}
			if !impl.verify(&pub, msg, &sig) {
				t.Fatalf("%s: signature %x of %x by %x does not verify", impl.name, sig, msg, pub)
			}
			for bit := i; bit < 8*SignatureSize; bit += 61 {
				sig[bit/8] ^= 1 << (bit % 8)
				if impl.verify(&pub, msg, &sig) {
					t.Fatalf("%s: signature %x of %x by %x verifies", impl.name, sig, msg, pub)
				}
				sig[bit/8] ^= 1 << (bit % 8)
			}
			other := append([]byte{1}, msg...)
			if impl.verify(&pub, other, &sig) {
				t.Fatalf("%s: signature %x of %x by %x verifies", impl.name, sig, other, pub)
			}
		}
	}
}

var (
	prime    = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	order, _ = new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
)

func littleEndian(v *big.Int) (b [32]byte) {
	for i, x := range v.FillBytes(make([]byte, 32)) {
		b[31-i] = x
	}
	return b
}

func number(b [32]byte) *big.Int {
	reversed := littleEndian(new(big.Int).SetBytes(b[:]))
	return new(big.Int).SetBytes(reversed[:])
}

// strict is what verification should say: what crypto/ed25519 does, but for keys that no encoder writes.
func strict(pub *[SeedSize]byte, msg []byte, sig *[SignatureSize]byte) bool {
	y := number(*pub)
	sign := y.Bit(255)
	y.SetBit(y, 255, 0)
	square := new(big.Int).Mul(y, y)
	xIsZero := square.Mod(square, prime).Cmp(big.NewInt(1)) == 0
	return y.Cmp(prime) < 0 && !(xIsZero && sign == 1) && ed25519.Verify(pub[:], msg, sig[:])
}

// smallOrder returns the encodings of the points whose order divides 8, first the canonical ones.
func smallOrder(t *testing.T) (all [][SeedSize]byte, canonical int) {
	t.Helper()
	for _, s := range []string{
		"0100000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0000000000000000000000000000000000000000000000000000000000000080",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",

		"0100000000000000000000000000000000000000000000000000000000000080",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	} {
		all = append(all, [SeedSize]byte(unhex(t, s)))
	}
	return all, 8
}

// Keys and first halves of small order, by all encodings: the equation without the cofactor holds for
// some, and the encoding decides too. Any difference in the equation or the decoding shows here.
func TestPointsOfSmallOrder(t *testing.T) {
	points, canonical := smallOrder(t)
	accepted, refusedByUs := 0, 0
	msg := []byte("small order")
	for s := range int64(6) {
		var scalar, one edwards25519.Scalar
		scalarBytes, oneBytes := littleEndian(big.NewInt(s)), littleEndian(big.NewInt(1))
		if !scalar.SetBytes(&scalarBytes) || !one.SetBytes(&oneBytes) {
			t.Fatal("not a scalar")
		}
		for i, pub := range points {
			for _, torsion := range points[:canonical] {
				var r edwards25519.Point
				var sig [SignatureSize]byte
				if !r.SetBytes(&torsion) {
					t.Fatalf("%x is not a point", torsion)
				}
				r.MultBoth(&scalar, &one) // s*B - torsion
				r.Bytes((*[32]byte)(sig[:32]))
				copy(sig[32:], scalarBytes[:])
				want := strict(&pub, msg, &sig)
				if want {
					accepted++
				} else if i >= canonical && ed25519.Verify(pub[:], msg, sig[:]) {
					refusedByUs++
				}
				for _, impl := range implementations {
					if got := impl.verify(&pub, msg, &sig); got != want {
						t.Errorf("%s: %x by %x: %v, want %v", impl.name, sig, pub, got, want)
					}
				}
			}
		}
		// R itself in encodings that are not canonical.
		for _, pub := range points[:canonical] {
			for _, r := range points {
				sig := [SignatureSize]byte(append(r[:], make([]byte, 32)...))
				want := strict(&pub, msg, &sig)
				for _, impl := range implementations {
					if got := impl.verify(&pub, msg, &sig); got != want {
						t.Errorf("%s: %x by %x: %v, want %v", impl.name, sig, pub, got, want)
					}
				}
			}
		}
	}
	if accepted == 0 || refusedByUs == 0 {
		t.Errorf("%d accepted, %d refused for the encoding of the key", accepted, refusedByUs)
	}
}

// The second half must be below the order: s + L would make a second signature of the same message.
func TestScalarOutOfRange(t *testing.T) {
	seeds, messages := cases(8)
	for i := range seeds {
		var pub [SeedSize]byte
		var sig [SignatureSize]byte
		PublicKey(&pub, &seeds[i])
		Sign(&sig, keyOf(&seeds[i]), messages[i])
		v := number([32]byte(sig[32:]))
		for v.Add(v, order); v.BitLen() <= 256; v.Add(v, order) {
			larger := littleEndian(v)
			copy(sig[32:], larger[:])
			for _, impl := range implementations {
				if impl.verify(&pub, messages[i], &sig) {
					t.Errorf("%s: accepts %x", impl.name, sig)
				}
			}
		}
	}
}

// Keys whose encoding is next to 0, 1, -1, p and 2^255, with both signs: a point, canonical or not, or no
// point.
func TestEncodingsOfKeys(t *testing.T) {
	msg := []byte("encodings")
	for i := range 1024 {
		var pub [SeedSize]byte
		for j := range pub {
			pub[j] = byte(-(i >> 8 & 1))
		}
		pub[0] = byte(i)
		pub[31] = pub[31]&0x7f | byte(i>>9<<7)
		// R = B and S = 1 is a signature by the neutral element.
		b, one := littleEndian(new(big.Int)), littleEndian(big.NewInt(1))
		b[0] = 0x58
		for j := 1; j < 32; j++ {
			b[j] = 0x66
		}
		sig := [SignatureSize]byte(append(b[:], one[:]...))
		want := strict(&pub, msg, &sig)
		if isNeutral := pub == one; want != isNeutral {
			t.Fatalf("%x: %v", pub, want)
		}
		for _, impl := range implementations {
			if got := impl.verify(&pub, msg, &sig); got != want {
				t.Errorf("%s: key %x: %v, want %v", impl.name, pub, got, want)
			}
		}
	}
}

// The exported functions are one of the implementations. None allocates: the standard library does so for the first signature
// with a key only, for it keeps what it computes from a private key for the next signature with the same memory.
func TestExportedFunctions(t *testing.T) {
	seeds, messages := cases(31)
	seed, msg := seeds[30], messages[30]
	all := append([]implementation{{"exported", PublicKey, Sign, Verify}}, implementations...)
	var pubs [3][SeedSize]byte
	var sigs [3][SignatureSize]byte
	var key Key
	for i, impl := range all {
		pub, sig := &pubs[i], &sigs[i]
		ok := true
		for _, c := range []struct {
			name string
			f    func()
		}{
			{"a public key", func() { impl.publicKey(pub, &seed) }},
			{"a key", func() { key.Init(&seed) }},
			{"a signature", func() { impl.sign(sig, &key, msg) }},
			{"a verification", func() { ok = ok && impl.verify(pub, msg, sig) }},
		} {
			if n := testing.AllocsPerRun(20, c.f); n > 0 {
				t.Errorf("%s: %v allocations for %s", impl.name, n, c.name)
			}
		}
		if !ok || *pub != pubs[0] || *pub != *key.Public() || *sig != sigs[0] {
			t.Errorf("%s: %v, %x, %x; the exported functions: %x, %x",
				impl.name, ok, *pub, *sig, pubs[0], sigs[0])
		}
	}
}

// A Key can be made again for another seed, whatever the standard library remembers of its memory, and forgets it.
func TestKeyAnew(t *testing.T) {
	seeds, messages := cases(4)
	var key Key
	for i := range seeds {
		key.Init(&seeds[i])
		var sig [SignatureSize]byte
		Sign(&sig, &key, messages[i])
		if want := ed25519.Sign(ed25519.NewKeyFromSeed(seeds[i][:]), messages[i]); !bytes.Equal(sig[:], want) {
			t.Errorf("signature %x, want %x", sig, want)
		}
	}
	if key.Wipe(); key != (Key{}) {
		t.Errorf("a wiped key is %x", key)
	}
}
