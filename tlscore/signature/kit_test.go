package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"sync"
	"testing"

	"colibri/x509lite"
)

// testKey is a key of the standard library and what is expected of it.
type testKey struct {
	name      string
	std       crypto.Signer
	algorithm x509lite.KeyAlgorithm
	schemes   []Scheme // that handshakes may use
}

// makeKeys makes one key of each kind. Those for RSA come from the tests of package rsa.
var makeKeys = sync.OnceValues(func() ([]testKey, error) {
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		return nil, err
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	all := []testKey{
		{"P-256", p256, x509lite.KeyP256, []Scheme{ECDSAWithP256AndSHA256}},
		{"P-384", p384, x509lite.KeyP384, []Scheme{ECDSAWithP384AndSHA384}},
		{"Ed25519", ed, x509lite.KeyEd25519, []Scheme{Ed25519}},
	}
	data, err := os.ReadFile("../primitive/rsa/testdata/keys.pem")
	if err != nil {
		return nil, err
	}
	pss := []Scheme{RSAPSSWithSHA256, RSAPSSWithSHA384, RSAPSSWithSHA512}
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
		if err != nil {
			return nil, err
		}
		switch key.N.BitLen() {
		case 2048:
			all = append(all, testKey{"RSA-2048", key, x509lite.KeyRSA, pss})
		case 3072:
			all = append(all, testKey{"RSA-3072", key, x509lite.KeyRSA, pss})
		}
	}
	return all, nil
})

func keys(t testing.TB) []testKey {
	t.Helper()
	all, err := makeKeys()
	if err != nil || len(all) < 5 {
		t.Fatal(len(all), err)
	}
	return all
}

// pkcs8 returns a key's PKCS #8 form.
func (k testKey) pkcs8(t testing.TB) []byte {
	t.Helper()
	b, err := x509.MarshalPKCS8PrivateKey(k.std)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// public returns a key's public part as it comes from a certificate.
func (k testKey) public(t testing.TB) *x509lite.PublicKey {
	t.Helper()
	pub := &x509lite.PublicKey{Algorithm: k.algorithm}
	var err error
	switch key := k.std.Public().(type) {
	case *ecdsa.PublicKey:
		pub.Bytes, err = key.Bytes()
	case ed25519.PublicKey:
		pub.Bytes = key
	case *rsa.PublicKey:
		pub.N, pub.E = key.N.Bytes(), uint32(key.E)
	}
	if err != nil {
		t.Fatal(err)
	}
	return pub
}

// parsed returns a key as this package reads it.
func (k testKey) parsed(t testing.TB) *PrivateKey {
	t.Helper()
	key := new(PrivateKey)
	if err := key.Parse(k.pkcs8(t)); err != nil {
		t.Fatalf("%s: %v", k.name, err)
	}
	return key
}

// fill returns n bytes that are not all the same.
func fill(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*i + 3*i + n)
	}
	return b
}
