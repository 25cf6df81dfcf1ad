package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	_ "crypto/sha1" // crypto.SHA1
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
)

// The signature algorithms with SHA-1: RFC 3279 sections 2.2.1 and 2.2.3. RSA's has a NULL parameter, ECDSA's
// has none.
var (
	sha1WithRSA = pkix.AlgorithmIdentifier{
		Algorithm:  asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 5},
		Parameters: asn1.NullRawValue,
	}
	ecdsaWithSHA1 = pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 1}}
)

// signSHA1 returns the certificate der with SHA-1 as its hash, signed by key. crypto/x509 rightly makes no
// such certificate, so this takes the TBSCertificate it did make, replaces the algorithm inside, and signs
// the result.
func signSHA1(der []byte, key crypto.Signer) ([]byte, error) {
	var algorithm pkix.AlgorithmIdentifier
	switch key.Public().(type) {
	case *rsa.PublicKey:
		algorithm = sha1WithRSA
	case *ecdsa.PublicKey:
		algorithm = ecdsaWithSHA1
	case ed25519.PublicKey:
		return nil, errors.New("Ed25519 has no variant with SHA-1")
	default:
		return nil, fmt.Errorf("no signature with SHA-1 by a key of type %T", key.Public())
	}
	return resign(der, key, crypto.SHA1, algorithm, func(fields [][]byte) [][]byte { return fields })
}
