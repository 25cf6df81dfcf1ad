package x25519

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"testing"
)

func TestQuick(t *testing.T) {
	for range 300 {
		var k, u, s [32]byte
		rand.Read(k[:])
		rand.Read(u[:])
		priv, _ := ecdh.X25519().NewPrivateKey(k[:])
		p, _ := ecdh.X25519().NewPublicKey(u[:])
		want, _ := priv.ECDH(p)
		if !sharedPortable(&s, &k, &u) || !bytes.Equal(s[:], want) {
			t.Fatalf("%x %x", s, want)
		}
	}
}
