package ca

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"net"
	"time"
)

// Usage says which end of a connection a certificate is for, RFC 5280 section 4.2.1.12.
type Usage uint8

const (
	Server Usage = 1 << iota // extendedKeyUsage serverAuth
	Client                   // extendedKeyUsage clientAuth
)

// Request is what one certificate shall be. Its zero fields mean the ordinary.
type Request struct {
	CommonName string        // default: the first of Names
	Names      []string      // subject alternative names: host names and IP addresses
	Usage      Usage         // Server, Client or both
	Key        crypto.Signer // the subject's key; default: a fresh one of the authority's family
	Family     Family        // the family of that fresh key, where it shall not be the authority's

	NotBefore time.Time // default: Backdate before the authority's now
	NotAfter  time.Time // default: LeafLifetime after NotBefore
	SHA1      bool      // sign with SHA-1 in place of SHA-256: a certificate that no one should accept any more
	Version1  bool      // version 1, without extensions, whatever else is asked for, as openssl x509 -req makes it by default
}

// Identity is a private key with the certificate for it and what leads from there to the root.
type Identity struct {
	Key   crypto.Signer
	Cert  *x509.Certificate
	Chain [][]byte // in DER: the leaf first, then the intermediates upwards, without the root
}

// Issue makes the certificate r describes, and the key where r brings none.
func (a *Authority) Issue(r Request) (*Identity, error) {
	template, err := r.template(a.now)
	if err != nil {
		return nil, err
	}
	key := r.Key
	if key == nil {
		family := r.Family
		if family == 0 {
			family = a.Family
		}
		if key, err = family.GenerateKey(); err != nil {
			return nil, err
		}
	}
	if _, ok := key.Public().(*rsa.PublicKey); ok && r.Usage&Server != 0 {
		template.KeyUsage |= x509.KeyUsageKeyEncipherment // We never encrypt keys with it, but NSS's tools demand it of servers.
	}
	if template.SubjectKeyId, err = KeyID(key.Public()); err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.Cert, key.Public(), a.Key)
	if err != nil {
		return nil, fmt.Errorf("certificate for %q: %w", template.Subject, err)
	}
	if r.Version1 {
		if der, err = signVersion1(der, a.Key); err != nil {
			return nil, fmt.Errorf("certificate for %q: %w", template.Subject, err)
		}
	}
	if r.SHA1 {
		if der, err = signSHA1(der, a.Key); err != nil {
			return nil, fmt.Errorf("certificate for %q: %w", template.Subject, err)
		}
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &Identity{Key: key, Cert: cert, Chain: append([][]byte{der}, a.chain...)}, nil
}

func (r *Request) template(now time.Time) (*x509.Certificate, error) {
	t := &x509.Certificate{
		Subject:               pkix.Name{CommonName: r.CommonName},
		BasicConstraintsValid: true, // and IsCA false: says in so many words that it is no CA
		KeyUsage:              x509.KeyUsageDigitalSignature,
	}
	if r.CommonName == "" && len(r.Names) > 0 {
		t.Subject.CommonName = r.Names[0]
	}
	if t.Subject.CommonName == "" {
		return nil, errors.New("a certificate needs a common name or a subject alternative name")
	}
	if n := len(t.Subject.CommonName); n > 64 { // ub-common-name, RFC 5280 appendix A.1
		return nil, fmt.Errorf("common name %q has %d characters: X.509 allows 64; give a shorter one first",
			t.Subject.CommonName, n)
	}
	for _, name := range r.Names {
		if ip := net.ParseIP(name); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else if err := checkHostName(name); err != nil {
			return nil, err
		} else {
			t.DNSNames = append(t.DNSNames, name)
		}
	}
	if r.Usage&Server != 0 {
		t.ExtKeyUsage = append(t.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
	}
	if r.Usage&Client != 0 {
		t.ExtKeyUsage = append(t.ExtKeyUsage, x509.ExtKeyUsageClientAuth)
	}
	if len(t.ExtKeyUsage) == 0 {
		return nil, fmt.Errorf("certificate for %q: usage is missing: Server, Client or both", t.Subject.CommonName)
	}
	t.NotBefore, t.NotAfter = r.NotBefore.UTC(), r.NotAfter.UTC()
	if r.NotBefore.IsZero() {
		t.NotBefore = now.Add(-Backdate).UTC()
	}
	t.NotBefore = t.NotBefore.Truncate(time.Second)
	if r.NotAfter.IsZero() {
		t.NotAfter = lastSecond(t.NotBefore, LeafLifetime)
	}
	if t.NotAfter.Before(t.NotBefore) {
		return nil, fmt.Errorf("certificate for %q would end (%v) before it begins (%v)",
			t.Subject.CommonName, t.NotAfter, t.NotBefore)
	}
	return t, nil
}

// checkHostName tells whether name can stand in a dNSName: labels of letters, digits and inner hyphens (RFC
// 5280 section
// 4.2.1.6 with RFC 1123 section 2.1), the first of which may be the wildcard.
func checkHostName(name string) error {
	bad := func(why string) error {
		return fmt.Errorf("name %q is neither an IP address nor a host name: %s", name, why)
	}
	if len(name) > 253 {
		return bad("it is longer than 253 characters")
	}
	start := 0
	for i := 0; i <= len(name); i++ {
		if i < len(name) && name[i] != '.' {
			c := name[i]
			wildcard := c == '*' && i == 0 && len(name) > 2 && name[1] == '.'
			if !wildcard && c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
				return bad(fmt.Sprintf("character %q", c))
			}
			continue
		}
		switch label := name[start:i]; {
		case label == "":
			return bad("a label is empty")
		case len(label) > 63:
			return bad("a label is longer than 63 characters")
		case label[0] == '-' || label[len(label)-1] == '-':
			return bad("a label begins or ends with a hyphen")
		}
		start = i + 1
	}
	return nil
}

// TLS returns the identity as crypto/tls wants it.
func (i *Identity) TLS() tls.Certificate {
	return tls.Certificate{Certificate: i.Chain, PrivateKey: i.Key, Leaf: i.Cert}
}

// CertPEM returns the chain in PEM, the leaf first.
func (i *Identity) CertPEM() []byte { return CertificatePEM(i.Chain...) }

// KeyPEM returns the private key in PEM, as PKCS #8.
func (i *Identity) KeyPEM() ([]byte, error) { return KeyPEM(i.Key) }
