package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	_ "crypto/sha256" // crypto.SHA256
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
)

// The signature algorithms with SHA-256: RFC 4055 section 5, RFC 5758 section 3.2.
var (
	sha256WithRSA = pkix.AlgorithmIdentifier{
		Algorithm:  asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11},
		Parameters: asn1.NullRawValue,
	}
	ecdsaWithSHA256 = pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}}
)

// signVersion1 returns the certificate der as one of version 1: without version and extensions.
func signVersion1(der []byte, key crypto.Signer) ([]byte, error) {
	var algorithm pkix.AlgorithmIdentifier
	switch key.Public().(type) {
	case *rsa.PublicKey:
		algorithm = sha256WithRSA
	case *ecdsa.PublicKey:
		algorithm = ecdsaWithSHA256
	default:
		return nil, fmt.Errorf("no certificate of version 1 by a key of type %T", key.Public())
	}
	return resign(der, key, crypto.SHA256, algorithm, func(fields [][]byte) [][]byte {
		return fields[versionField+1 : extensionsField]
	})
}
