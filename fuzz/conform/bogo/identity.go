package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"time"

	"colibri/tlscore/primitive/mldsa"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// signer is an identity of ours that remembers whether it was used.
type signer struct {
	key   signature.PrivateKey
	chain [][]byte
	used  bool
}

func (s *signer) Supports(scheme signature.Scheme) bool { return s.key.Supports(scheme) }

func (s *signer) Sign(scheme signature.Scheme, sig []byte, message, entropy []byte) (n int, err error) {
	s.used = true
	return s.key.Sign(scheme, sig, message, entropy)
}

func (s *signer) SignDigest(scheme signature.Scheme, sig []byte, digest, entropy []byte) (n int, err error) {
	s.used = true
	return s.key.SignDigest(scheme, sig, digest, entropy)
}

// load reads the files of a credential.
func (c *credential) load() (*signer, error) {
	if !c.raw && c.certFile == "" || c.keyFile == "" {
		return nil, errUnimplemented("a certificate without its key")
	}
	s := &signer{key: signature.PrivateKey{MLDSA: mldsa.Scheme{}}}
	text, err := os.ReadFile(c.keyFile)
	if err != nil {
		return nil, err
	}
	if c.raw {
		s.chain, err = publicKey(text)
	} else {
		s.chain, err = certificates(c.certFile)
	}
	if err != nil {
		return nil, err
	}
	if err := s.key.ParsePEM(make([]byte, len(text)), text); errors.Is(err, signature.ErrKeyAlgorithm) {
		return nil, errUnimplemented(err.Error())
	} else if err != nil {
		return nil, fmt.Errorf("%s: %w", c.keyFile, err)
	}
	return s, nil
}

// publicKey returns the SubjectPublicKeyInfo that belongs to the private key in a PEM text.
func publicKey(text []byte) ([][]byte, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, signature.ErrKeyMissing
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	spki, err := x509.MarshalPKIXPublicKey(key.(crypto.Signer).Public())
	return [][]byte{spki}, err
}

// certificates returns the DER of the certificates in a PEM file.
func certificates(file string) (chain [][]byte, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		chain = append(chain, block.Bytes)
	}
	return chain, nil
}

// anchors returns whom to trust: whom the runner says, or a stranger where it says nothing, as the peer has no certificate.
//
// If there are names, they are those of the anchors: what the runner wants named and trusts nobody for, a stranger bears. later is the
// file of the chain that the runner shows in a later connection, "" if that is as the first; who has issued it is trusted, too.
func anchors(file, later string, names [][]byte) (*x509lite.Anchors, error) {
	var roots [][]byte
	if file != "" {
		var err error
		if roots, err = certificates(file); err != nil {
			return nil, err
		}
	} else if names == nil {
		names = [][]byte{nil}
	}
	if later != "" {
		root, err := rootOf(later)
		if err != nil {
			return nil, err
		}
		roots = append(roots, root)
	}
	for _, name := range names {
		if slices.ContainsFunc(roots, func(der []byte) bool { return bytes.Contains(der, name) }) {
			continue
		}
		der, err := stranger(name)
		if err != nil {
			return nil, err
		}
		roots = append(roots, der)
	}
	a := new(x509lite.Anchors)
	for _, der := range roots {
		if err := a.Add(der); err != nil {
			return nil, errUnimplemented("trust in a certificate that is refused: " + err.Error())
		}
	}
	return a, nil
}

// rootOf returns the root behind the chain in a PEM file. The runner does not say which it is, but all of its certificates are in one place.
func rootOf(file string) ([]byte, error) {
	chain, err := certificates(file)
	if err != nil {
		return nil, err
	}
	last, err := x509.ParseCertificate(chain[len(chain)-1])
	if err != nil {
		return nil, err
	}
	others, err := filepath.Glob(filepath.Join(filepath.Dir(file), "test-cert*"))
	if err != nil {
		return nil, err
	}
	for _, other := range others {
		ders, err := certificates(other)
		if err != nil || len(ders) != 1 {
			continue
		}
		root, err := x509.ParseCertificate(ders[0])
		if err == nil && bytes.Equal(root.RawSubject, last.RawIssuer) && last.CheckSignatureFrom(root) == nil {
			return ders[0], nil
		}
	}
	return nil, fmt.Errorf("%s: no root", file)
}

// stranger makes a certificate that nobody in the test knows, of a subject of this name, if it is not nil.
func stranger(name []byte) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		RawSubject:            name,
		Subject:               pkix.Name{CommonName: "a stranger"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	return x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
}
