package ca

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"time"
)

// How long certificates live. Everything begins Backdate before it is made, so that a device whose clock runs
// a little late accepts it.
const (
	// AuthorityLifetime is the time between notBefore and notAfter of an authority.
	AuthorityLifetime = 10 * 365 * 24 * time.Hour
	// LeafLifetime is the same for a server or client: Apple's platforms refuse a server certificate of more
	// than 825 days even from a CA that the user added (support.apple.com/103769).
	LeafLifetime = 825 * 24 * time.Hour
	// Backdate is what notBefore precedes the time of issue by.
	Backdate = 24 * time.Hour
)

// Authority issues certificates: a root or an intermediate.
type Authority struct {
	Family Family
	Cert   *x509.Certificate
	Key    crypto.Signer

	now   time.Time
	chain [][]byte // the intermediates from this authority towards the root, in DER; nil for a root
}

// New makes a root: a key of the family f and a self-signed certificate with the common name name. Everything
// the authority issues counts its validity from now.
func New(f Family, now time.Time, name string) (*Authority, error) {
	key, err := f.GenerateKey()
	if err != nil {
		return nil, err
	}
	return NewWithKey(key, now, name)
}

// NewWithKey is New with a key that exists already.
func NewWithKey(key crypto.Signer, now time.Time, name string) (*Authority, error) {
	template, err := authorityTemplate(key, now, name)
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("CA %q: %w", name, err)
	}
	return authority(der, key, now)
}

// Load returns the authority that a certificate and its key make up, for example one read from files.
func Load(cert *x509.Certificate, key crypto.Signer, now time.Time) (*Authority, error) {
	if !cert.IsCA {
		return nil, fmt.Errorf("the certificate of %q is not a CA's: it lacks basicConstraints CA:TRUE", cert.Subject)
	}
	if !Matches(cert, key) {
		return nil, fmt.Errorf("the key does not belong to the certificate of %q", cert.Subject)
	}
	return authority(cert.Raw, key, now)
}

// Intermediate makes an authority of the same family whose certificate a issued.
func (a *Authority) Intermediate(name string) (*Authority, error) {
	key, err := a.Family.GenerateKey()
	if err != nil {
		return nil, err
	}
	template, err := authorityTemplate(key, a.now, name)
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.Cert, key.Public(), a.Key)
	if err != nil {
		return nil, fmt.Errorf("intermediate %q: %w", name, err)
	}
	sub, err := authority(der, key, a.now)
	if err != nil {
		return nil, err
	}
	sub.chain = append([][]byte{der}, a.chain...)
	return sub, nil
}

// Chain makes a root and depth intermediates below it, and returns the root's certificate as trust anchor
// beside the lowest authority, which issues. With a depth of 0 that is the root itself.
func Chain(f Family, now time.Time, depth int) (anchor *x509.Certificate, issuer *Authority, err error) {
	issuer, err = New(f, now, "colibri test root")
	if err != nil {
		return nil, nil, err
	}
	anchor = issuer.Cert
	for i := range depth {
		if issuer, err = issuer.Intermediate(fmt.Sprintf("colibri test intermediate %d", i+1)); err != nil {
			return nil, nil, err
		}
	}
	return anchor, issuer, nil
}

// Pool returns the pool that holds just this authority's certificate, for the peers of crypto/tls and
// crypto/x509.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.Cert)
	return pool
}

// CertPEM returns the authority's certificate in PEM.
func (a *Authority) CertPEM() []byte { return CertificatePEM(a.Cert.Raw) }

func authorityTemplate(key crypto.Signer, now time.Time, name string) (*x509.Certificate, error) {
	id, err := KeyID(key.Public())
	if err != nil {
		return nil, err
	}
	if name == "" {
		return nil, errors.New("an authority needs a name: it is what its certificates are found by")
	}
	begin := now.Add(-Backdate).UTC().Truncate(time.Second)
	return &x509.Certificate{
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             begin,
		NotAfter:              lastSecond(begin, AuthorityLifetime),
		BasicConstraintsValid: true,
		IsCA:                  true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		SubjectKeyId:          id,
	}, nil
}

// lastSecond returns the notAfter of a period: it is itself part of it, RFC 5280 section 4.1.2.5.
func lastSecond(begin time.Time, life time.Duration) time.Time { return begin.Add(life - time.Second) }

func authority(der []byte, key crypto.Signer, now time.Time) (*Authority, error) {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	family, err := familyOf(key.Public())
	if err != nil {
		return nil, err
	}
	return &Authority{Family: family, Cert: cert, Key: key, now: now}, nil
}

// KeyID returns the subject key identifier of a public key: the first 160 bits of the SHA-256 of the
// subjectPublicKey's bits, RFC 7093 section 2, method 1.
func KeyID(pub crypto.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return nil, err
	}
	var spki struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &spki); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(spki.Key.RightAlign())
	return sum[:20], nil
}

// Matches reports whether the public key of cert is that of key.
func Matches(cert *x509.Certificate, key crypto.Signer) bool {
	pub, err := x509.MarshalPKIXPublicKey(key.Public())
	return err == nil && bytes.Equal(pub, cert.RawSubjectPublicKeyInfo)
}
