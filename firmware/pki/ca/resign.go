package ca

import (
	"crypto"
	"crypto/rand"
	"crypto/x509/pkix"
	"encoding/asn1"
)

// Fields of a TBSCertificate (RFC 5280 section 4.1) that are edited here, counted as crypto/x509 writes them.
const (
	versionField    = 0
	signatureField  = 2
	extensionsField = 7
)

// resign returns the certificate der with its TBSCertificate edited, with another signature algorithm, and signed anew by
// key. edit gets the fields, each a whole element, and returns those that remain. crypto/x509 rightly makes no certificate
// of the kinds that need this.
func resign(der []byte, key crypto.Signer, hash crypto.Hash, algorithm pkix.AlgorithmIdentifier,
	edit func(fields [][]byte) [][]byte) ([]byte, error) {
	var cert struct {
		TBS       asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &cert); err != nil {
		return nil, err
	}
	var fields [][]byte
	for rest := cert.TBS.Bytes; len(rest) > 0; {
		var field asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &field); err != nil {
			return nil, err
		}
		fields = append(fields, field.FullBytes)
	}
	var err error
	if fields[signatureField], err = asn1.Marshal(algorithm); err != nil {
		return nil, err
	}
	var body []byte
	for _, f := range edit(fields) {
		body = append(body, f...)
	}
	tbs, err := asn1.Marshal(asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, Bytes: body})
	if err != nil {
		return nil, err
	}
	digest := hash.New()
	digest.Write(tbs)
	signature, err := key.Sign(rand.Reader, digest.Sum(nil), hash)
	if err != nil {
		return nil, err
	}
	cert.TBS = asn1.RawValue{FullBytes: tbs}
	cert.Algorithm = algorithm
	cert.Signature = asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)}
	return asn1.Marshal(cert)
}
