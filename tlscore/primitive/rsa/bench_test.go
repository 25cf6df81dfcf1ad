package rsa

import (
	"bytes"
	"crypto"
	stdrsa "crypto/rsa"
	"fmt"
	"testing"

	"colibri/tlscore/primitive/sha2"
)

// benchmark runs f for each implementation, and std for the standard library.
func benchmark(b *testing.B, std func() error, f func(impl implementation) bool) {
	for _, impl := range implementations {
		b.Run("impl="+impl.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !f(impl) {
					b.Fatal("failed")
				}
			}
		})
	}
	b.Run("impl=std", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := std(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

var pssOptions = &stdrsa.PSSOptions{SaltLength: stdrsa.PSSSaltLengthEqualsHash}

func BenchmarkSignPSS(b *testing.B) {
	digest := random(32)
	var scratch Scratch
	for _, k := range signing(b)[:4] {
		sig := make([]byte, len(k.key.N))
		if err := k.key.Check(&scratch); err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("bits=%d", k.N.BitLen()), func(b *testing.B) {
			benchmark(b, func() error {
				_, err := stdrsa.SignPSS(bytes.NewReader(digest), k.PrivateKey, crypto.SHA256, digest, pssOptions)
				return err
			}, func(impl implementation) bool {
				return impl.signPSS(sig, k.key, sha2.SHA256, digest, digest, digest, &scratch) == nil
			})
		})
	}
}

func BenchmarkVerifyPSS(b *testing.B) {
	digest := random(32)
	var scratch Scratch
	for _, k := range signing(b)[:4] {
		sig := make([]byte, len(k.key.N))
		if err := SignPSS(sig, k.key, sha2.SHA256, digest, digest, nil, &scratch); err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("bits=%d", k.N.BitLen()), func(b *testing.B) {
			benchmark(b, func() error {
				return stdrsa.VerifyPSS(&k.PublicKey, crypto.SHA256, digest, sig, pssOptions)
			}, func(impl implementation) bool {
				return impl.verifyPSS(&k.key.PublicKey, sha2.SHA256, digest, sig, &scratch)
			})
		})
	}
}
