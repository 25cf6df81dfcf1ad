package ed25519

import (
	"bytes"
	"crypto/ed25519"
	"testing"
)

// FuzzSign compares with crypto/ed25519: seeds and messages of any value.
func FuzzSign(f *testing.F) {
	seeds, messages := cases(20)
	for i, seed := range seeds {
		f.Add(seed[:], messages[i])
	}
	f.Fuzz(func(t *testing.T, seedBytes, msg []byte) {
		var seed [SeedSize]byte
		copy(seed[:], seedBytes)
		key := ed25519.NewKeyFromSeed(seed[:])
		want := ed25519.Sign(key, msg)
		for _, impl := range implementations {
			var pub [SeedSize]byte
			var sig [SignatureSize]byte
			impl.publicKey(&pub, &seed)
			impl.sign(&sig, keyOf(&seed), msg)
			if !bytes.Equal(pub[:], key[SeedSize:]) || !bytes.Equal(sig[:], want) {
				t.Errorf("%s: %x signs %x: %x, %x, want %x, %x",
					impl.name, seed, msg, pub, sig, key[SeedSize:], want)
			}
			if !impl.verify(&pub, msg, &sig) {
				t.Errorf("%s: %x does not verify", impl.name, sig)
			}
		}
	})
}

// FuzzVerify compares with crypto/ed25519 and what RFC 8032 asks of a key's encoding: keys, messages and
// signatures of any value.
func FuzzVerify(f *testing.F) {
	seeds, messages := cases(20)
	for i, seed := range seeds {
		var pub [SeedSize]byte
		var sig [SignatureSize]byte
		PublicKey(&pub, &seed)
		Sign(&sig, keyOf(&seed), messages[i])
		f.Add(pub[:], messages[i], sig[:])
	}
	neutral := []byte{1}
	f.Add(neutral, neutral, neutral) // R = B*0, S = 0
	f.Fuzz(func(t *testing.T, pubBytes, msg, sigBytes []byte) {
		var pub [SeedSize]byte
		var sig [SignatureSize]byte
		copy(pub[:], pubBytes)
		copy(sig[:], sigBytes)
		want := strict(&pub, msg, &sig)
		for _, impl := range implementations {
			if got := impl.verify(&pub, msg, &sig); got != want {
				t.Errorf("%s: %x of %x by %x: %v, want %v", impl.name, sig, msg, pub, got, want)
			}
		}
	})
}
