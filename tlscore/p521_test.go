package tlscore_test

import (
	stdecdsa "crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/primitive/p521"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// p521PKI is p with a root whose key is on P-521, and certificates that it has signed.
type p521PKI struct {
	*pki
	root *x509.Certificate
	key  *stdecdsa.PrivateKey
}

func newP521PKI(t *testing.T) *p521PKI {
	t.Helper()
	p := &p521PKI{pki: newPKI(t, ca.ECDSA), key: newP521Key(t)}
	p.root = p.sign(t, p.pki.root.Cert, p.pki.root.Cert, p.key)
	return p
}

func newP521Key(t *testing.T) *stdecdsa.PrivateKey {
	t.Helper()
	key, err := stdecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// sign makes a certificate like cert for key, issued by parent, signed by the root's key with the hash of its size.
func (p *p521PKI) sign(t *testing.T, cert, parent *x509.Certificate, key *stdecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	template := *cert
	template.SignatureAlgorithm, template.PublicKey = 0, nil
	issuer := *parent
	issuer.PublicKey = &p.key.PublicKey
	der, err := x509.CreateCertificate(rand.Reader, &template, &issuer, &key.PublicKey, p.key)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// identity is cert's with another key.
func (p *p521PKI) identity(t *testing.T, id *ca.Identity, key *stdecdsa.PrivateKey) tls.Certificate {
	t.Helper()
	return tls.Certificate{Certificate: [][]byte{p.sign(t, id.Cert, p.root, key).Raw}, PrivateKey: key}
}

// anchor makes the root the only one that cfg trusts.
func (p *p521PKI) anchor(t *testing.T, cfg *tlscore.Config) *tlscore.Config {
	t.Helper()
	cfg.Anchors = new(x509lite.Anchors)
	if err := cfg.Anchors.Add(p.root.Raw); err != nil {
		t.Fatal(err)
	}
	return cfg
}

// TestP521: servers and clients of crypto/tls prove who they are by keys on P-521, certified by one, if Config names it.
func TestP521(t *testing.T) {
	p := newP521PKI(t)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		cfg, std := p.anchor(t, p.clientConfig12(t)), p.stdServer()
		cfg.P521 = p521.ECDSA{}
		std.Certificates = []tls.Certificate{p.identity(t, p.server, newP521Key(t))}
		std.MaxVersion = version
		want := signature.ECDSAWithP521AndSHA512
		if version == tls.VersionTLS12 {
			want = signature.ECDSAWithP256AndSHA256 // which stands first in the offer, and says nothing about the curve
		}
		if info, _ := chat(t, cfg, std); info.Version != version || info.PeerScheme != want {
			t.Errorf("version %#x: %+v", version, info)
		}
	}

	cfg := p.anchor(t, p.config(t))
	cfg.P521, cfg.ClientAuth = p521.ECDSA{}, tlscore.RequireClientCert
	near, far := loopback(t)
	client := tls.Client(far, &tls.Config{ServerName: "changeme", InsecureSkipVerify: true, Time: p.stdServer().Time,
		Certificates: []tls.Certificate{p.identity(t, p.client, newP521Key(t))}})
	go client.Handshake()
	var server tlscore.Conn
	if err := server.Server(cfg, newPool(t)); err != nil {
		t.Fatal(err)
	}
	if err := drive(&server, near, server.HandshakeDone); err != nil || server.Info().PeerScheme != signature.ECDSAWithP521AndSHA512 {
		t.Errorf("%v, %+v", err, server.Info())
	}
}

// TestWithoutP521: who does not name P-521 does not offer it, and a chain that ends there is of an unknown algorithm.
func TestWithoutP521(t *testing.T) {
	p := newP521PKI(t)
	for _, test := range []struct {
		name string
		key  *stdecdsa.PrivateKey
		want error
	}{
		{"a key on P-521", newP521Key(t), tlscore.PeerAlert(tlscore.AlertHandshakeFailure)},
		{"a key on P-256 that one on P-521 has certified", p.server.Key.(*stdecdsa.PrivateKey), x509lite.ErrUnsupportedAlgorithm},
	} {
		std := p.stdServer()
		std.Certificates = []tls.Certificate{p.identity(t, p.server, test.key)}
		client, transport, server := dial(t, p.anchor(t, p.clientConfig(t)), "changeme", std)
		go server.Handshake()
		if err := drive(client, transport, client.HandshakeDone); err != test.want {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
}
