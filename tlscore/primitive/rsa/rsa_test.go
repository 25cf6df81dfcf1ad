package rsa

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"testing"
	"time"

	"colibri/tlscore/primitive/sha2"
)

func TestQuick(t *testing.T) {
	for _, bits := range []int{2048, 3072, 4096} {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		k := &PrivateKey{PublicKey: PublicKey{N: key.N.Bytes(), E: uint32(key.E)}, P: key.Primes[0].Bytes(), Q: key.Primes[1].Bytes(),
			Dp: key.Precomputed.Dp.Bytes(), Dq: key.Precomputed.Dq.Bytes(), Qinv: key.Precomputed.Qinv.Bytes()}
		var digest [32]byte
		rand.Read(digest[:])
		sig := make([]byte, bits/8)
		var s Scratch
		start := time.Now()
		if err := signPKCS1v15Portable(sig, k, sha2.SHA256, digest[:], nil, &s); err != nil {
			t.Fatal(err)
		}
		t.Log(time.Since(start))
		want, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(sig, want) {
			t.Fatal("differ")
		}
		if !verifyPKCS1v15Portable(&k.PublicKey, sha2.SHA256, digest[:], sig, &s) {
			t.Fatal("verify")
		}
		if err := signPSSPortable(sig, k, sha2.SHA256, digest[:], digest[:], nil, &s); err != nil {
			t.Fatal(err)
		}
		if !verifyPSSPortable(&k.PublicKey, sha2.SHA256, digest[:], sig, &s) {
			t.Fatal("verify")
		}
		if rsa.VerifyPSS(&key.PublicKey, crypto.SHA256, digest[:], sig, saltHost) != nil {
			t.Fatal("std verify")
		}
	}
}
