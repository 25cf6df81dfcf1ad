package ca_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
)

var now = time.Date(2026, 5, 17, 12, 30, 15, 999, time.UTC)

var families = []ca.Family{ca.ECDSA, ca.RSA, ca.P384, ca.Ed25519}

func TestChainsVerify(t *testing.T) {
	for _, family := range families {
		t.Run(family.String(), func(t *testing.T) {
			for depth := range 3 {
				anchor, issuer, err := ca.Chain(family, now, depth)
				if err != nil {
					t.Fatal(err)
				}
				id, err := issuer.Issue(ca.Request{Names: []string{"changeme", "192.168.4.1"}, Usage: ca.Server | ca.Client})
				if err != nil {
					t.Fatal(err)
				}
				if len(id.Chain) != depth+1 {
					t.Fatalf("depth %d: chain of %d", depth, len(id.Chain))
				}
				roots, mids := x509.NewCertPool(), x509.NewCertPool()
				roots.AddCert(anchor)
				mids.AppendCertsFromPEM(ca.CertificatePEM(id.Chain[1:]...))
				for _, name := range []string{"changeme", "192.168.4.1"} {
					_, err := id.Cert.Verify(x509.VerifyOptions{DNSName: name, Roots: roots, Intermediates: mids, CurrentTime: now,
						KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}})
					if err != nil {
						t.Errorf("depth %d, name %s: %v", depth, name, err)
					}
				}
			}
		})
	}
}

func TestCertificatesFollowRFC5280(t *testing.T) {
	root := authority(t, ca.ECDSA)
	server := issue(t, root, ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	client := issue(t, root, ca.Request{CommonName: "no names at all", Usage: ca.Client})
	serials := map[string]bool{}
	for _, c := range []*x509.Certificate{root.Cert, server.Cert, client.Cert} {
		t.Run(c.Subject.CommonName, func(t *testing.T) {
			if c.Version != 3 || c.SerialNumber.Sign() <= 0 || c.SerialNumber.BitLen() > 159 || c.SerialNumber.BitLen() < 100 {
				t.Errorf("version %d, serial number %x", c.Version, c.SerialNumber)
			}
			serials[c.SerialNumber.String()] = true
			if !c.BasicConstraintsValid || c.IsCA != (c == root.Cert) {
				t.Errorf("basicConstraints: present %t, CA %t", c.BasicConstraintsValid, c.IsCA)
			}
			for _, e := range c.Extensions {
				id := e.Id.String()
				if must := id == "2.5.29.19" || id == "2.5.29.15"; must && !e.Critical { // basicConstraints, keyUsage
					t.Errorf("extension %s is not critical", id)
				}
			}
			if len(c.SubjectKeyId) != 20 {
				t.Errorf("subject key identifier %x", c.SubjectKeyId)
			}
			if c != root.Cert && !bytes.Equal(c.AuthorityKeyId, root.Cert.SubjectKeyId) {
				t.Errorf("authority key identifier %x of %x", c.AuthorityKeyId, root.Cert.SubjectKeyId)
			}
			life := ca.LeafLifetime
			if c.IsCA {
				life = ca.AuthorityLifetime
			}
			if c.NotBefore != now.Add(-ca.Backdate).Truncate(time.Second) || c.NotAfter.Sub(c.NotBefore) != life-time.Second {
				t.Errorf("valid from %v to %v", c.NotBefore, c.NotAfter)
			}
		})
	}
	if len(serials) != 3 {
		t.Errorf("serial numbers repeat: %v", serials)
	}
	if k := root.Cert.KeyUsage; k != x509.KeyUsageCertSign|x509.KeyUsageCRLSign {
		t.Errorf("key usage of the CA: %b", k)
	}
	for family, want := range map[ca.Family]x509.KeyUsage{
		ca.ECDSA: x509.KeyUsageDigitalSignature,
		ca.RSA:   x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
	} {
		id := issue(t, root, ca.Request{Names: []string{"server"}, Usage: ca.Server, Family: family})
		if k := id.Cert.KeyUsage; k != want {
			t.Errorf("key usage of a server with a key of %v: %b", family, k)
		}
	}
	if len(server.Cert.ExtKeyUsage) != 1 || server.Cert.ExtKeyUsage[0] != x509.ExtKeyUsageServerAuth {
		t.Errorf("extended key usage of the server: %v", server.Cert.ExtKeyUsage)
	}
	if len(client.Cert.ExtKeyUsage) != 1 || client.Cert.ExtKeyUsage[0] != x509.ExtKeyUsageClientAuth {
		t.Errorf("extended key usage of the client: %v", client.Cert.ExtKeyUsage)
	}
}

func TestHandshakeWithBothSides(t *testing.T) {
	for _, family := range families {
		_, issuer, err := ca.Chain(family, now, 1)
		if err != nil {
			t.Fatal(err)
		}
		server := issue(t, issuer, ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
		client := issue(t, issuer, ca.Request{Names: []string{"sandboxclient"}, Usage: ca.Client})
		clock := func() time.Time { return now }
		a, b := net.Pipe()
		defer a.Close()
		defer b.Close()
		go tls.Server(a, &tls.Config{Certificates: []tls.Certificate{server.TLS()}, ClientCAs: issuer.Pool(), Time: clock,
			ClientAuth: tls.RequireAndVerifyClientCert}).Handshake()
		conn := tls.Client(b, &tls.Config{Certificates: []tls.Certificate{client.TLS()}, RootCAs: issuer.Pool(),
			Time: clock, ServerName: "changeme"})
		if err := conn.Handshake(); err != nil {
			t.Errorf("%v: %v", family, err)
		}
	}
}

func TestSHA1IsSignedWithSHA1(t *testing.T) {
	for family, want := range map[ca.Family]x509.SignatureAlgorithm{
		ca.ECDSA: x509.ECDSAWithSHA1, ca.RSA: x509.SHA1WithRSA, ca.P384: x509.ECDSAWithSHA1} {
		root := authority(t, family)
		cert := issue(t, root, ca.Request{Names: []string{"sandboxclient"}, Usage: ca.Client, SHA1: true}).Cert
		if cert.SignatureAlgorithm != want {
			t.Errorf("%v: signed with %v", family, cert.SignatureAlgorithm)
		}
		digest := sha1.Sum(cert.RawTBSCertificate)
		switch pub := root.Cert.PublicKey.(type) {
		case *rsa.PublicKey:
			if err := rsa.VerifyPKCS1v15(pub, crypto.SHA1, digest[:], cert.Signature); err != nil {
				t.Errorf("%v: %v", family, err)
			}
		case *ecdsa.PublicKey:
			if !ecdsa.VerifyASN1(pub, digest[:], cert.Signature) {
				t.Errorf("%v: the signature is wrong", family)
			}
		}
		var insecure x509.InsecureAlgorithmError
		if err := cert.CheckSignatureFrom(root.Cert); !errors.As(err, &insecure) {
			t.Errorf("%v: crypto/x509 says %v", family, err)
		}
		// Inside and outside must agree (RFC 5280 section 4.1.1.2).
		var outer struct {
			TBS struct {
				Version   asn1.RawValue `asn1:"tag:0"`
				Serial    asn1.RawValue
				Algorithm asn1.RawValue
				Rest      asn1.RawValue
			}
			Algorithm asn1.RawValue
			Signature asn1.BitString
		}
		if _, err := asn1.Unmarshal(cert.Raw, &outer); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(outer.Algorithm.FullBytes, outer.TBS.Algorithm.FullBytes) {
			t.Errorf("%v: algorithms %x inside, %x outside", family, outer.TBS.Algorithm.FullBytes,
				outer.Algorithm.FullBytes)
		}
	}
	impossible := ca.Request{Names: []string{"x"}, Usage: ca.Client, SHA1: true}
	if _, err := authority(t, ca.Ed25519).Issue(impossible); err == nil {
		t.Error("Ed25519 with SHA-1 was made")
	}
}

func TestRequestsThatMakeNoSense(t *testing.T) {
	root := authority(t, ca.ECDSA)
	for want, r := range map[string]ca.Request{
		"needs a common name":       {Usage: ca.Server},
		"usage is missing":          {Names: []string{"changeme"}},
		"would end":                 {Names: []string{"changeme"}, Usage: ca.Server, NotAfter: now.Add(-99 * time.Hour)},
		"neither an IP address":     {Names: []string{"change me"}, Usage: ca.Server},
		"a label is empty":          {Names: []string{"changeme."}, Usage: ca.Server},
		"a hyphen":                  {Names: []string{"-changeme"}, Usage: ca.Server},
		"X.509 allows 64":           {Names: []string{strings.Repeat("ab.", 30) + "example"}, Usage: ca.Server},
		"longer than 63 characters": {CommonName: "x", Names: []string{strings.Repeat("a", 64)}, Usage: ca.Server},
		`character '*'`:             {CommonName: "x", Names: []string{"a.*.example"}, Usage: ca.Server},
	} {
		if _, err := root.Issue(r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, not %q", r, err, want)
		}
	}
	good := []string{"*.example", "xn--bcher-kva.example", "fe80::1", "a1-2.b"}
	issue(t, root, ca.Request{Names: good, Usage: ca.Server})
}

func TestLoadRefusesWhatDoesNotBelongTogether(t *testing.T) {
	a, b := authority(t, ca.ECDSA), authority(t, ca.ECDSA)
	if _, err := ca.Load(a.Cert, b.Key, now); err == nil {
		t.Error("another CA's key was taken")
	}
	leaf := issue(t, a, ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	if _, err := ca.Load(leaf.Cert, leaf.Key, now); err == nil {
		t.Error("a server was taken for a CA")
	}
	same, err := ca.Load(a.Cert, a.Key, now)
	if err != nil {
		t.Fatal(err)
	}
	issue(t, same, ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
}

func TestPEMRoundTrip(t *testing.T) {
	for _, family := range families {
		root := authority(t, family)
		text, err := ca.KeyPEM(root.Key)
		if err != nil {
			t.Fatal(err)
		}
		key, err := ca.ParseKeyPEM(text)
		if err != nil || !ca.Matches(root.Cert, key) {
			t.Errorf("%v: the key came back wrong: %v", family, err)
		}
		cert, err := ca.ParseCertificatePEM(append([]byte("words before\n"), root.CertPEM()...))
		if err != nil || !cert.Equal(root.Cert) {
			t.Errorf("%v: the certificate came back wrong: %v", family, err)
		}
		if _, err := ca.ParseKeyPEM(root.CertPEM()); err == nil {
			t.Errorf("%v: a certificate was taken for a key", family)
		}
		if parsed, err := ca.ParseFamily(family.String()); err != nil || parsed != family {
			t.Errorf("%v: parsed as %v, %v", family, parsed, err)
		}
	}
	for _, name := range []string{"", "dsa", "ECDSA"} {
		if f, err := ca.ParseFamily(name); err == nil {
			t.Errorf("family %q: %v", name, f)
		}
	}
}

func authority(t *testing.T, family ca.Family) *ca.Authority {
	t.Helper()
	a, err := ca.New(family, now, "test CA")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func issue(t *testing.T, a *ca.Authority, r ca.Request) *ca.Identity {
	t.Helper()
	id, err := a.Issue(r)
	if err != nil {
		t.Fatal(err)
	}
	return id
}
