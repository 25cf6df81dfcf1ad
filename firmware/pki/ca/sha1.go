package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
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
	var cert struct {
		TBS       asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &cert); err != nil {
		return nil, err
	}
	tbs, err := replaceAlgorithm(cert.TBS, algorithm)
	if err != nil {
		return nil, err
	}
	digest := sha1.Sum(tbs)
	signature, err := key.Sign(rand.Reader, digest[:], crypto.SHA1)
	if err != nil {
		return nil, err
	}
	cert.TBS = asn1.RawValue{FullBytes: tbs}
	cert.Algorithm = algorithm
	cert.Signature = asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)}
	return asn1.Marshal(cert)
}

// replaceAlgorithm returns the TBSCertificate tbs with another signature algorithm. That is its third field,
// after version and serialNumber (RFC 5280 section 4.1); the rest is copied as it stands.
func replaceAlgorithm(tbs asn1.RawValue, algorithm pkix.AlgorithmIdentifier) ([]byte, error) {
	const signatureField = 2
	var body []byte
	rest := tbs.Bytes
	for i := 0; len(rest) > 0; i++ {
		var field asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &field); err != nil {
			return nil, err
		}
		full := field.FullBytes
		if i == signatureField {
			if full, err = asn1.Marshal(algorithm); err != nil {
				return nil, err
			}
		}
		body = append(body, full...)
	}
	return asn1.Marshal(asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, Bytes: body})
}
