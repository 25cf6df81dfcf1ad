package rsa

import (
	"bytes"
	"crypto"
	stdrsa "crypto/rsa"
	"math/big"
	"testing"

	"colibri/tlscore/primitive/sha2"
)

// FuzzVerify compares with crypto/rsa for moduli, exponents, digests and signatures of any bytes. Where the limits of both differ, ours
// are what is expected.
func FuzzVerify(f *testing.F) {
	var scratch Scratch
	for _, k := range signing(f)[:2] {
		digest, sig := random(32), make([]byte, len(k.key.N))
		for _, pss := range []bool{false, true} {
			if pss {
				SignPSS(sig, k.key, sha2.SHA256, digest, digest, nil, &scratch)
			} else {
				SignPKCS1v15(sig, k.key, sha2.SHA256, digest, nil, &scratch)
			}
			f.Add(k.key.N, k.key.E, digest, bytes.Clone(sig), pss)
			f.Add(k.key.N, uint32(5), digest, bytes.Clone(sig), pss)
			f.Add(k.key.N, k.key.E, digest[1:], sig[1:], pss)
			f.Add(append([]byte{9}, k.key.N...), k.key.E, digest, append([]byte{0}, sig...), pss)
		}
	}
	f.Fuzz(func(t *testing.T, n []byte, e uint32, digest, sig []byte, pss bool) {
		k := PublicKey{n, e}
		key := stdrsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(e)}
		want := k.acceptable() && len(n) > 0 && e < 1<<31
		if want && pss {
			want = stdrsa.VerifyPSS(&key, crypto.SHA256, digest, sig, pssOptions) == nil
		} else if want {
			want = stdrsa.VerifyPKCS1v15(&key, crypto.SHA256, digest, sig) == nil
		}
		if !k.acceptable() || len(digest) != 32 {
			if VerifyPSS(&k, sha2.SHA256, digest, sig, &scratch) || VerifyPKCS1v15(&k, sha2.SHA256, digest, sig, &scratch) {
				t.Fatalf("verifies with modulus %x, exponent %d", n, e)
			}
			return
		}
		for _, impl := range implementations {
			verify := impl.verifyPKCS1v15
			if pss {
				verify = impl.verifyPSS
			}
			if got := verify(&k, sha2.SHA256, digest, sig, &scratch); got != want && e < 1<<31 {
				t.Errorf("%s: modulus %x, exponent %d, digest %x, signature %x: %v, want %v", impl.name, n, e, digest, sig, got, want)
			}
		}
	})
}

// FuzzSign: whatever stands in a key, a signature that comes out verifies, and nothing panics.
func FuzzSign(f *testing.F) {
	var scratch Scratch
	for _, k := range keys(f)[:3] {
		f.Add(k.key.N, k.key.E, k.key.P, k.key.Q, k.key.Dp, k.key.Dq, k.key.Qinv)
		f.Add(k.key.N, k.key.E, k.key.P, k.key.Q, k.key.Dp, k.key.Dp, k.key.Qinv)
		f.Add(k.key.N, k.key.E, k.key.Q, k.key.P, k.key.Dq, k.key.Dp, k.key.Qinv)
		f.Add(k.key.N, uint32(3), k.key.P, k.key.Q, []byte{}, []byte{0}, []byte{1})
	}
	digest := random(32)
	f.Fuzz(func(t *testing.T, n []byte, e uint32, p, q, dp, dq, qinv []byte) {
		k := &PrivateKey{PublicKey: PublicKey{n, e}, P: p, Q: q, Dp: dp, Dq: dq, Qinv: qinv}
		k.Check(&scratch)
		sig := make([]byte, len(n))
		if !k.acceptable() {
			if err := SignPKCS1v15(sig, k, sha2.SHA256, digest, nil, &scratch); err != ErrKey {
				t.Fatal(err)
			}
			return
		}
		err := signPKCS1v15Portable(sig, k, sha2.SHA256, digest, nil, &scratch)
		if ok := verifyPKCS1v15Portable(&k.PublicKey, sha2.SHA256, digest, sig, &scratch); ok != (err == nil) {
			t.Fatalf("error %v, verifies: %v", err, ok)
		}
		if err != nil && !bytes.Equal(sig, make([]byte, len(n))) {
			t.Fatal("something was let out")
		}
	})
}
