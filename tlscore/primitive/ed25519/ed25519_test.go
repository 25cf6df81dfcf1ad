package ed25519

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"testing"
)

func TestQuick(t *testing.T) {
	for i := range 300 {
		var seed, pub [32]byte
		var sig [64]byte
		rand.Read(seed[:])
		m := make([]byte, i)
		rand.Read(m)
		publicKeyPortable(&pub, &seed)
		key := ed25519.NewKeyFromSeed(seed[:])
		if !bytes.Equal(pub[:], key[32:]) {
			t.Fatalf("%x %x", pub, key[32:])
		}
		signPortable(&sig, &seed, m)
		if !bytes.Equal(sig[:], ed25519.Sign(key, m)) {
			t.Fatal("sig")
		}
		if !verifyPortable(&pub, m, &sig) {
			t.Fatal("verify")
		}
		sig[i%64] ^= 4
		if verifyPortable(&pub, m, &sig) {
			t.Fatal("verify2")
		}
	}
}
