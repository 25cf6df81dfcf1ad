package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
)

// Family is the kind of key that an authority and what it issues have. The zero value is invalid.
type Family uint8

const (
	ECDSA   Family = iota + 1 // P-256, signatures with SHA-256
	RSA                       // 2048 bits (loaded keys may have more), PKCS #1 v1.5 signatures with SHA-256
	P384                      // ECDSA on P-384, signatures with SHA-384
	Ed25519                   // RFC 8410
)

var familyNames = [...]string{ECDSA: "ecdsa", RSA: "rsa", P384: "p384", Ed25519: "ed25519"}

// String returns the family's name in lower case, as ParseFamily reads it.
func (f Family) String() string {
	if f == 0 || int(f) >= len(familyNames) {
		return fmt.Sprintf("Family(%d)", uint8(f))
	}
	return familyNames[f]
}

// ParseFamily returns the family called name.
func ParseFamily(name string) (Family, error) {
	for f, n := range familyNames {
		if n != "" && n == name {
			return Family(f), nil
		}
	}
	return 0, fmt.Errorf("unknown key family %q: there are ecdsa, rsa, p384 and ed25519", name)
}

// GenerateKey makes a fresh private key of the family.
func (f Family) GenerateKey() (crypto.Signer, error) {
	switch f {
	case ECDSA:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case RSA:
		return rsa.GenerateKey(rand.Reader, 2048)
	case P384:
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case Ed25519:
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	}
	return nil, fmt.Errorf("no key can be made for %v", f)
}
