//go:build (amd64 || arm64) && !portable && !tinygo

package rsa

import (
	"sync"
	"testing"

	"colibri/tlscore/primitive/sha2"
)

var implementations = []implementation{
	{"portable", verifyPKCS1v15Portable, verifyPSSPortable, signPKCS1v15Portable, signPSSPortable},
	{"host", verifyPKCS1v15Host, verifyPSSHost, signPKCS1v15Host, signPSSHost},
}

// TestHostAllocations: crypto/rsa allocates, but a server's handshake has to stay below a tenth of what crypto/tls
// allocates in one: 35, or 48 with a client's certificate. The bounds leave room for another version of Go.
func TestHostAllocations(t *testing.T) {
	k := keys(t)[0]
	digest := make([]byte, 32)
	sig := make([]byte, len(k.key.N))
	var scratch Scratch
	if err := k.key.Check(&scratch); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		most float64
		f    func() bool
	}{
		{"SignPKCS1v15", 6, func() bool { return SignPKCS1v15(sig, k.key, sha2.SHA256, digest, nil, &scratch) == nil }},
		{"VerifyPKCS1v15", 14, func() bool { return VerifyPKCS1v15(&k.key.PublicKey, sha2.SHA256, digest, sig, &scratch) }},
		{"SignPSS", 11, func() bool { return SignPSS(sig, k.key, sha2.SHA256, digest, digest, nil, &scratch) == nil }},
		{"VerifyPSS", 17, func() bool { return VerifyPSS(&k.key.PublicKey, sha2.SHA256, digest, sig, &scratch) }},
	} {
		n := testing.AllocsPerRun(3, func() {
			if !c.f() {
				t.Errorf("%s failed", c.name)
			}
		})
		t.Logf("%s: %v allocations", c.name, n)
		if n > c.most {
			t.Errorf("%s makes %v allocations, at most %v are allowed", c.name, n, c.most)
		}
	}
}

// TestConcurrentSigning: after Check the key is only read. The race detector has something to say otherwise.
func TestConcurrentSigning(t *testing.T) {
	k := keys(t)[0].key
	var scratch Scratch
	if err := k.Check(&scratch); err != nil {
		t.Fatal(err)
	}
	digest := random(32)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			sig := make([]byte, len(k.N))
			if err := SignPSS(sig, k, sha2.SHA256, digest, digest, nil, &scratch); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}
