package rsa

import (
	"bytes"
	"crypto"
	stdrsa "crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"math/rand"
	"os"
	"strings"
	"testing"
	"unsafe"

	"colibri/tlscore/primitive/sha2"
)

// implementation is one of the ways to compute the same functions.
type implementation struct {
	name                      string
	verifyPKCS1v15, verifyPSS func(k *PublicKey, a sha2.Algorithm, digest, sig []byte, scratch *Scratch) bool
	signPKCS1v15              func(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, blinding []byte, scratch *Scratch) error
	signPSS                   func(sig []byte, k *PrivateKey, a sha2.Algorithm, digest, salt, blinding []byte, scratch *Scratch) error
}

// testKey is a key in the form of crypto/rsa and in ours.
type testKey struct {
	*stdrsa.PrivateKey
	key *PrivateKey
}

// keys returns keys of 2048, 2056, 2304, 3072 and 4096 bits and one of 2048 bits with the exponent 3.
func keys(t testing.TB) (all []testKey) {
	t.Helper()
	data, err := os.ReadFile("testdata/keys.pem")
	if err != nil {
		t.Fatal(err)
	}
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return all
		}
		key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, testKey{key, ours(key)})
	}
}

// ours returns a key in our form.
func ours(key *stdrsa.PrivateKey) *PrivateKey {
	return &PrivateKey{
		PublicKey: publicOf(&key.PublicKey),
		P:         key.Primes[0].Bytes(), Q: key.Primes[1].Bytes(),
		Dp: key.Precomputed.Dp.Bytes(), Dq: key.Precomputed.Dq.Bytes(), Qinv: key.Precomputed.Qinv.Bytes(),
	}
}

func publicOf(key *stdrsa.PublicKey) PublicKey { return PublicKey{N: key.N.Bytes(), E: uint32(key.E)} }

// signing are the keys that we sign with: their lengths are multiples of 256 bits.
func signing(t testing.TB) (some []testKey) {
	for _, k := range keys(t) {
		if k.N.BitLen()%256 == 0 {
			some = append(some, k)
		}
	}
	return some
}

var hashes = []struct {
	ours sha2.Algorithm
	std  crypto.Hash
}{{sha2.SHA256, crypto.SHA256}, {sha2.SHA384, crypto.SHA384}, {sha2.SHA512, crypto.SHA512}}

func random(n int) []byte {
	b := make([]byte, n)
	rand.New(rand.NewSource(int64(n))).Read(b)
	return b
}

// TestAgreesWithStandardLibrary: our signatures of PKCS #1 v1.5 are those of crypto/rsa bit for bit, those of PSS verify there,
// and those that crypto/rsa makes verify here, for all hashes, exponents and lengths of keys. The next digest they do not
// verify for, nor with a bit turned over.
func TestAgreesWithStandardLibrary(t *testing.T) {
	var scratch Scratch
	for _, k := range keys(t) {
		bits := k.N.BitLen()
		for i, h := range hashes {
			digest, salt, other := random(h.ours.Size()), random(h.ours.Size()), random(h.ours.Size())
			other[i] ^= 1
			pkcs, err := stdrsa.SignPKCS1v15(nil, k.PrivateKey, h.std, digest)
			if err != nil {
				t.Fatal(err)
			}
			options := &stdrsa.PSSOptions{SaltLength: stdrsa.PSSSaltLengthEqualsHash}
			pss, err := stdrsa.SignPSS(bytes.NewReader(salt), k.PrivateKey, h.std, digest, options)
			if err != nil {
				t.Fatal(err)
			}
			for _, impl := range implementations {
				if bits%256 == 0 {
					sig := make([]byte, len(pkcs))
					if err := impl.signPKCS1v15(sig, k.key, h.ours, digest, random(32), &scratch); err != nil || !bytes.Equal(sig, pkcs) {
						t.Errorf("%s, %d bits, %v: signature %x, %v, want %x", impl.name, bits, h.std, sig, err, pkcs)
					}
					err := impl.signPSS(sig, k.key, h.ours, digest, salt, nil, &scratch)
					if err == nil {
						err = stdrsa.VerifyPSS(&k.PublicKey, h.std, digest, sig, options)
					}
					if err != nil {
						t.Errorf("%s, %d bits, %v: PSS: %v", impl.name, bits, h.std, err)
					}
				}
				for _, c := range []struct {
					name   string
					verify func(k *PublicKey, a sha2.Algorithm, digest, sig []byte, scratch *Scratch) bool
					sig    []byte
				}{{"PKCS #1 v1.5", impl.verifyPKCS1v15, pkcs}, {"PSS", impl.verifyPSS, pss}} {
					if !c.verify(&k.key.PublicKey, h.ours, digest, c.sig, &scratch) {
						t.Errorf("%s, %d bits, %v, %s: does not verify", impl.name, bits, h.std, c.name)
					}
					if c.verify(&k.key.PublicKey, h.ours, other, c.sig, &scratch) {
						t.Errorf("%s, %d bits, %v, %s: verifies for another digest", impl.name, bits, h.std, c.name)
					}
					wrong := bytes.Clone(c.sig)
					wrong[bits/9] ^= 8
					if c.verify(&k.key.PublicKey, h.ours, digest, wrong, &scratch) {
						t.Errorf("%s, %d bits, %v, %s: a wrong signature verifies", impl.name, bits, h.std, c.name)
					}
				}
			}
		}
	}
}

// TestKnownAnswers: signatures that OpenSSL made verify; those of PKCS #1 v1.5 are made again.
func TestKnownAnswers(t *testing.T) {
	data, err := os.ReadFile("testdata/openssl.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := keys(t)
	var scratch Scratch
	seen := 0
	for _, line := range strings.Split(string(data), "\n") {
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		seen++
		var index, hash int
		var scheme string
		var want []byte
		if _, err := fmt.Sscanf(line, "%d %s %d %x", &index, &scheme, &hash, &want); err != nil {
			t.Fatal(err)
		}
		h := hashes[(hash-256)/128]
		digest := make([]byte, h.ours.Size())
		sha2.Sum(h.ours, digest, []byte("sample"))
		k := all[index].key
		for _, impl := range implementations {
			if scheme == "pss" {
				if !impl.verifyPSS(&k.PublicKey, h.ours, digest, want, &scratch) {
					t.Errorf("%s, line %d: PSS does not verify", impl.name, seen)
				}
				continue
			}
			if !impl.verifyPKCS1v15(&k.PublicKey, h.ours, digest, want, &scratch) {
				t.Errorf("%s, line %d: PKCS #1 v1.5 does not verify", impl.name, seen)
			}
			sig := make([]byte, len(want))
			if len(sig)%32 != 0 {
				continue // no length that we sign with
			}
			if err := impl.signPKCS1v15(sig, k, h.ours, digest, nil, &scratch); err != nil || !bytes.Equal(sig, want) {
				t.Errorf("%s, line %d: signature %x, %v, want %x", impl.name, seen, sig, err, want)
			}
		}
	}
	if seen != 2*len(hashes)*len(all) {
		t.Errorf("%d known answers", seen)
	}
}

// TestNoOtherNumbers: a signature has the length of the modulus and is below it.
func TestNoOtherNumbers(t *testing.T) {
	k := keys(t)[0]
	var scratch Scratch
	digest := random(32)
	sig := make([]byte, len(k.key.N))
	for _, impl := range implementations {
		if err := impl.signPKCS1v15(sig, k.key, sha2.SHA256, digest, nil, &scratch); err != nil {
			t.Fatal(err)
		}
		// s + N is the same number modulo N, one bit longer: not a signature (RFC 8017, section 5.2.2, step 1).
		sum := new(big.Int).Add(new(big.Int).SetBytes(sig), k.N)
		if sum.BitLen() <= 2048 && impl.verifyPKCS1v15(&k.key.PublicKey, sha2.SHA256, digest, sum.FillBytes(make([]byte, 256)), &scratch) {
			t.Errorf("%s: s + N verifies", impl.name)
		}
		for _, wrong := range [][]byte{nil, sig[1:], append([]byte{0}, sig...), make([]byte, 256), k.key.N} {
			if impl.verifyPKCS1v15(&k.key.PublicKey, sha2.SHA256, digest, wrong, &scratch) ||
				impl.verifyPSS(&k.key.PublicKey, sha2.SHA256, digest, wrong, &scratch) {
				t.Errorf("%s: %d bytes that are no signature verify", impl.name, len(wrong))
			}
		}
	}
}

// TestOneEncoding: forgeries of PKCS #1 v1.5 that lenient parsers took (Bleichenbacher 2006 and its successors). The holder of the
// key signs each malformed encoding, which is what a forger with a small exponent achieves.
func TestOneEncoding(t *testing.T) {
	k := keys(t)[0]
	digest := random(32)
	em := make([]byte, 256)
	encodePKCS1v15(em, sha2.SHA256, digest)
	info := len(em) - 51
	without := bytes.Clone(em) // DigestInfo without NULL
	copy(without[2+2:], without[2:info])
	copy(without[4:], bytes.Repeat([]byte{0xff}, info-1-2))
	without[info+1] = 0
	copy(without[info+2:], "\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20")
	for _, c := range []struct {
		name string
		ok   bool
		edit func(em []byte) []byte
	}{
		{"right", true, func(em []byte) []byte { return em }},
		{"block type 0", false, func(em []byte) []byte { em[1] = 0; return em }},
		{"block type 2", false, func(em []byte) []byte { em[1] = 2; return em }},
		{"first byte", false, func(em []byte) []byte { em[0] = 1; return em }},
		{"padding", false, func(em []byte) []byte { em[9] = 0xfe; return em }},
		{"padding ends early", false, func(em []byte) []byte { em[10] = 0; return em }},
		{"padding does not end", false, func(em []byte) []byte { em[info-1] = 0xff; return em }},
		{"other hash", false, func(em []byte) []byte { em[info+14] = 2; return em }},
		{"no NULL", false, func([]byte) []byte { return without }},
		{"short padding and garbage behind", false, func(em []byte) []byte {
			moved := make([]byte, len(em))
			copy(moved, em[:10])
			copy(moved[10:], em[info-1:])
			return moved
		}},
	} {
		forged := c.edit(bytes.Clone(em))
		sig := new(big.Int).Exp(new(big.Int).SetBytes(forged), k.D, k.N).FillBytes(make([]byte, 256))
		for _, impl := range implementations {
			var scratch Scratch
			if got := impl.verifyPKCS1v15(&k.key.PublicKey, sha2.SHA256, digest, sig, &scratch); got != c.ok {
				t.Errorf("%s: %s: %v", impl.name, c.name, got)
			}
		}
	}
}

// TestPSSRefusals: each check of RFC 8017, section 9.1.2, refuses what it is there for.
func TestPSSRefusals(t *testing.T) {
	digest, salt := random(32), random(32)
	for _, emBits := range []int{2047, 2048, 2055} {
		size := (emBits + 8) / 8
		good := make([]byte, size)
		encodePSS(good, emBits, sha2.SHA256, digest, salt)
		if !checkPSS(bytes.Clone(good), emBits, sha2.SHA256, digest) {
			t.Errorf("%d bits: the encoding itself is refused", emBits)
		}
		for bit := range 8 * size {
			wrong := bytes.Clone(good)
			wrong[bit/8] ^= 0x80 >> (bit % 8)
			if checkPSS(wrong, emBits, sha2.SHA256, digest) {
				t.Errorf("%d bits: accepted with bit %d turned over", emBits, bit)
			}
		}
		for _, length := range []int{0, 20, 31, 33, 64} {
			wrong := make([]byte, size)
			encodePSS(wrong, emBits, sha2.SHA256, digest, random(length))
			if checkPSS(wrong, emBits, sha2.SHA256, digest) {
				t.Errorf("%d bits: accepted with a salt of %d bytes", emBits, length)
			}
		}
	}
}

// TestMalformedPublicKeys: outside of the limits nothing verifies, and nothing panics.
func TestMalformedPublicKeys(t *testing.T) {
	k := keys(t)[0]
	digest := random(32)
	sig := make([]byte, 256)
	var scratch Scratch
	if err := SignPKCS1v15(sig, k.key, sha2.SHA256, digest, nil, &scratch); err != nil {
		t.Fatal(err)
	}
	n := k.key.N
	even := bytes.Clone(n)
	even[255] &^= 1
	for name, c := range map[string]struct {
		key    PublicKey
		a      sha2.Algorithm
		digest []byte
	}{
		"no modulus":        {PublicKey{nil, 65537}, sha2.SHA256, digest},
		"even modulus":      {PublicKey{even, 65537}, sha2.SHA256, digest},
		"leading zero":      {PublicKey{append([]byte{0}, n...), 65537}, sha2.SHA256, digest},
		"2040 bits":         {PublicKey{n[1:], 65537}, sha2.SHA256, digest},
		"2047 bits":         {PublicKey{append([]byte{0x7f}, n[1:]...), 65537}, sha2.SHA256, digest},
		"4104 bits":         {PublicKey{append(bytes.Repeat([]byte{0xff}, 257), n...), 65537}, sha2.SHA256, digest},
		"exponent 0":        {PublicKey{n, 0}, sha2.SHA256, digest},
		"exponent 1":        {PublicKey{n, 1}, sha2.SHA256, digest},
		"even exponent":     {PublicKey{n, 65536}, sha2.SHA256, digest},
		"long exponent":     {PublicKey{n, 0xffffffff}, sha2.SHA256, digest},
		"no hash":           {PublicKey{n, 65537}, 0, nil},
		"unknown hash":      {PublicKey{n, 65537}, 200, nil},
		"short digest":      {PublicKey{n, 65537}, sha2.SHA256, digest[1:]},
		"digest of SHA-384": {PublicKey{n, 65537}, sha2.SHA256, random(48)},
	} {
		for _, length := range []int{0, 255, 256, 257, len(c.key.N)} {
			s := make([]byte, length)
			copy(s, sig)
			if VerifyPKCS1v15(&c.key, c.a, c.digest, s, &scratch) || VerifyPSS(&c.key, c.a, c.digest, s, &scratch) {
				t.Errorf("%s: verifies", name)
			}
		}
	}
}

// TestExponents: signatures verify for exponents of all shapes, where Go's is a bound to be passed too.
func TestExponents(t *testing.T) {
	p, q := keys(t)[0].Primes[0], keys(t)[0].Primes[1]
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	digest := random(32)
	tested := 0
	for _, e := range []uint32{3, 5, 7, 17, 257, 65537, 65539, 0x7fffffff, 0x80000001, 0xfffffffb, 0xffffffff} {
		d := new(big.Int).ModInverse(new(big.Int).SetUint64(uint64(e)), phi)
		if d == nil {
			continue
		}
		tested++
		k := ours(keys(t)[0].PrivateKey)
		k.E = e
		k.Dp = new(big.Int).Mod(d, new(big.Int).Sub(p, one)).Bytes()
		k.Dq = new(big.Int).Mod(d, new(big.Int).Sub(q, one)).Bytes()
		var scratch Scratch
		if err := k.Check(&scratch); err != nil {
			t.Errorf("exponent %d: %v", e, err)
		}
		sig := make([]byte, len(k.N))
		for _, impl := range implementations {
			if err := impl.signPKCS1v15(sig, k, sha2.SHA256, digest, nil, &scratch); err != nil {
				t.Errorf("%s, exponent %d: %v", impl.name, e, err)
			}
			for _, other := range implementations {
				if !other.verifyPKCS1v15(&k.PublicKey, sha2.SHA256, digest, sig, &scratch) {
					t.Errorf("%s, exponent %d: %s does not verify", impl.name, e, other.name)
				}
			}
		}
	}
	if tested < 6 {
		t.Errorf("only %d exponents have an inverse", tested)
	}
}

// TestBlindingChangesNothing but the way to the signature.
func TestBlindingChangesNothing(t *testing.T) {
	k := keys(t)[0]
	digest := random(32)
	var scratch Scratch
	want := make([]byte, 256)
	for i, blinding := range [][]byte{nil, random(1), random(32), random(64), random(1000)} {
		sig := make([]byte, 256)
		if err := signPKCS1v15Portable(sig, k.key, sha2.SHA256, digest, blinding, &scratch); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			copy(want, sig)
		}
		if !bytes.Equal(sig, want) {
			t.Errorf("%d bytes of blinding: signature %x, want %x", len(blinding), sig, want)
		}
	}
}

// corrupt are ways to spoil a key so that signing goes wrong modulo one prime.
var corrupt = map[string]func(k *PrivateKey) *[]byte{
	"Dp":   func(k *PrivateKey) *[]byte { return &k.Dp },
	"Dq":   func(k *PrivateKey) *[]byte { return &k.Dq },
	"Qinv": func(k *PrivateKey) *[]byte { return &k.Qinv },
	"P":    func(k *PrivateKey) *[]byte { return &k.P },
	"Q":    func(k *PrivateKey) *[]byte { return &k.Q },
	"N":    func(k *PrivateKey) *[]byte { return &k.N },
}

// TestFaultsAreCaught: a signature that is wrong modulo one prime would give away the other one. It is not let out, and
// nothing of the computation is left in the scratch. Check refuses such keys beforehand.
func TestFaultsAreCaught(t *testing.T) {
	for name, part := range corrupt {
		k := ours(keys(t)[0].PrivateKey)
		b := part(k)
		*b = bytes.Clone(*b)
		(*b)[len(*b)/2] ^= 0x10
		var scratch Scratch
		if err := k.Check(&scratch); err != ErrKey {
			t.Errorf("%s: Check: %v", name, err)
		}
		for _, sign := range []func(sig []byte) error{
			func(sig []byte) error {
				return signPKCS1v15Portable(sig, k, sha2.SHA256, random(32), random(32), &scratch)
			},
			func(sig []byte) error {
				return signPSSPortable(sig, k, sha2.SHA256, random(32), random(32), nil, &scratch)
			},
		} {
			sig := bytes.Repeat([]byte{0xaa}, 256)
			if err := sign(sig); err != ErrFault {
				t.Errorf("%s: %v", name, err)
			}
			if !bytes.Equal(sig, make([]byte, 256)) {
				t.Errorf("%s: something was let out: %x", name, sig)
			}
			if scratch != (Scratch{}) {
				t.Errorf("%s: the scratch is not wiped", name)
			}
		}
	}
}

// TestScratchIsWiped after a good signature too.
func TestScratchIsWiped(t *testing.T) {
	k := keys(t)[0]
	var scratch Scratch
	if err := signPSSPortable(make([]byte, 256), k.key, sha2.SHA256, random(32), random(32), nil, &scratch); err != nil {
		t.Fatal(err)
	}
	if scratch != (Scratch{}) {
		t.Error("the scratch is not wiped after a signature")
	}
	if err := k.key.Check(&scratch); err != nil || scratch != (Scratch{}) {
		t.Errorf("after Check: %v", err)
	}
}

// TestMalformedPrivateKeys: keys of an impossible shape are refused by all functions, without a panic.
func TestMalformedPrivateKeys(t *testing.T) {
	var scratch Scratch
	for _, k := range signing(t) {
		if err := k.key.Check(&scratch); err != nil {
			t.Errorf("%d bits: %v", k.N.BitLen(), err)
		}
	}
	odd := keys(t)[1]
	if odd.N.BitLen() != 2056 {
		t.Fatal("the second key has not 2056 bits")
	}
	if err := odd.key.Check(&scratch); err != ErrKey {
		t.Errorf("2056 bits: %v", err)
	}
	for name, part := range corrupt {
		for what, edit := range map[string]func(b []byte) []byte{
			"missing":  func([]byte) []byte { return nil },
			"too long": func(b []byte) []byte { return append(bytes.Repeat([]byte{0x91}, 128), b...) },
			"even":     func(b []byte) []byte { b = bytes.Clone(b); b[len(b)-1] &^= 1; return b },
			"short":    func(b []byte) []byte { return b[:len(b)/2] },
			"zero":     func(b []byte) []byte { return make([]byte, len(b)) },
		} {
			if what == "even" && len(name) > 1 {
				continue // as good as any other number
			}
			k := ours(keys(t)[0].PrivateKey)
			b := part(k)
			*b = edit(*b)
			if err := k.Check(&scratch); err != ErrKey {
				t.Errorf("%s %s: Check: %v", name, what, err)
			}
			sig := bytes.Repeat([]byte{0xaa}, len(k.N))
			digest := random(32)
			want := Error(ErrKey)
			if k.acceptable() {
				want = ErrFault
			}
			if err := SignPKCS1v15(sig, k, sha2.SHA256, digest, nil, &scratch); err != want {
				t.Errorf("%s %s: SignPKCS1v15: %v, want %v", name, what, err, want)
			}
			if err := SignPSS(sig, k, sha2.SHA256, digest, digest, nil, &scratch); err != want {
				t.Errorf("%s %s: SignPSS: %v, want %v", name, what, err, want)
			}
			if !bytes.Equal(sig, make([]byte, len(k.N))) {
				t.Errorf("%s %s: something was let out", name, what)
			}
		}
	}
}

func TestWrongLengths(t *testing.T) {
	k := keys(t)[0].key
	var scratch Scratch
	digest, sig := random(32), make([]byte, 256)
	for name, err := range map[string]error{
		"short signature":    SignPSS(sig[1:], k, sha2.SHA256, digest, digest, nil, &scratch),
		"long signature":     SignPKCS1v15(make([]byte, 257), k, sha2.SHA256, digest, nil, &scratch),
		"short digest":       SignPKCS1v15(sig, k, sha2.SHA256, digest[1:], nil, &scratch),
		"short digest, PSS":  SignPSS(sig, k, sha2.SHA256, digest[1:], digest, nil, &scratch),
		"short salt":         SignPSS(sig, k, sha2.SHA256, digest, digest[1:], nil, &scratch),
		"long salt":          SignPSS(sig, k, sha2.SHA256, digest, random(33), nil, &scratch),
		"no hash":            SignPKCS1v15(sig, k, 0, nil, nil, &scratch),
		"unknown hash":       SignPSS(sig, k, 9, nil, nil, nil, &scratch),
		"hash of other size": SignPSS(sig, k, sha2.SHA512, digest, digest, nil, &scratch),
	} {
		if err != ErrLength {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAllocations: the portable operations allocate nothing.
func TestAllocations(t *testing.T) {
	k := keys(t)[0].key
	var scratch Scratch
	digest, longer, sig := random(32), random(48), make([]byte, 256)
	for name, f := range map[string]func() bool{
		"SignPKCS1v15": func() bool { return signPKCS1v15Portable(sig, k, sha2.SHA256, digest, digest, &scratch) == nil },
		"SignPSS":      func() bool { return signPSSPortable(sig, k, sha2.SHA256, digest, digest, digest, &scratch) == nil },
		"Check":        func() bool { return k.belong(scratch.words[:]) },
		"Verify": func() bool {
			return !verifyPSSPortable(&k.PublicKey, sha2.SHA256, digest, digest, &scratch) &&
				!verifyPKCS1v15Portable(&k.PublicKey, sha2.SHA384, longer, sig, &scratch)
		},
	} {
		if n := testing.AllocsPerRun(2, func() {
			if !f() {
				t.Errorf("%s: failed", name)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
	if size := unsafe.Sizeof(scratch); size != 3072 {
		t.Errorf("Scratch has %d bytes, not 3072 as its comment says", size)
	}
}

func TestErrorTexts(t *testing.T) {
	for _, e := range []Error{ErrKey, ErrLength, ErrFault} {
		if e.Error() == Error(0).Error() || e.Error() == "" {
			t.Errorf("error %d has no text", e)
		}
	}
	if Error(77).Error() != Error(0).Error() {
		t.Error("an unknown error has a text of its own")
	}
}
