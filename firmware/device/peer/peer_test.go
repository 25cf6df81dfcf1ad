package peer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"net/url"
	"strings"
	"testing"

	"colibri/x509lite"
)

func certificate(t testing.TB, template *x509.Certificate) *x509lite.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber = big.NewInt(1)
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c := new(x509lite.Certificate)
	if err := c.Parse(raw); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSubject(t *testing.T) {
	for want, name := range map[string]pkix.Name{
		"CN=joe":                       {CommonName: "joe"},
		"C=DE, O=Acme, OU=R&D, CN=joe": {CommonName: "joe", Organization: []string{"Acme"}, OrganizationalUnit: []string{"R&D"}, Country: []string{"DE"}},
		`CN=a\x0ab\x00`:                {CommonName: "a\nb\x00"},
		"CN=" + strings.Repeat("x", maxSubject-3): {CommonName: strings.Repeat("x", 200)},
	} {
		var p Peer
		p.Verified = true
		c := certificate(t, &x509.Certificate{Subject: name})
		p.Set(c)
		if got := string(p.Subject()); got != want || p.Verified || len(p.Names()) != 0 {
			t.Errorf("subject %q, want %q", got, want)
		}
		if p.Fingerprint != sha256.Sum256(c.Raw) {
			t.Error("another fingerprint")
		}
	}
}

func TestNames(t *testing.T) {
	u, _ := url.Parse("spiffe://x/y")
	var p Peer
	p.Set(certificate(t, &x509.Certificate{
		DNSNames: []string{"joe.example"}, EmailAddresses: []string{"joe@example"}, URIs: []*url.URL{u},
		IPAddresses: []net.IP{net.IPv4(192, 168, 4, 1).To4(), net.ParseIP("fe80::1")},
	}))
	const want = "DNS:joe.example,email:joe@example,IP:192.168.4.1,IP:fe80:0000:0000:0000:0000:0000:0000:0001,URI:spiffe://x/y"
	if got := string(p.Names()); got != want[:maxNames-3]+"..." {
		t.Errorf("names %q", got)
	}
	p.Set(certificate(t, &x509.Certificate{DNSNames: []string{"a"}, IPAddresses: []net.IP{net.IPv4(1, 2, 3, 4).To4()}}))
	if got := string(p.Names()); got != "DNS:a,IP:1.2.3.4" {
		t.Errorf("names %q", got)
	}
}

func TestNoAllocation(t *testing.T) {
	c := certificate(t, &x509.Certificate{Subject: pkix.Name{CommonName: "joe"}, DNSNames: []string{"joe.example"}})
	var p Peer
	if n := testing.AllocsPerRun(100, func() { p.Set(c) }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

// FuzzSet: whatever stands in names and extensions, Set stays in its buffers and ends.
func FuzzSet(f *testing.F) {
	c := certificate(f, &x509.Certificate{Subject: pkix.Name{CommonName: "joe"}, DNSNames: []string{"joe.example"}})
	f.Add(c.Subject, c.Extensions)
	f.Fuzz(func(t *testing.T, subject, extensions []byte) {
		var p Peer
		p.Set(&x509lite.Certificate{Subject: subject, Extensions: extensions})
		for _, b := range p.Names() {
			if b < 0x20 || b > 0x7e {
				t.Fatalf("names %q", p.Names())
			}
		}
		for _, b := range p.Subject() {
			if b < 0x20 || b > 0x7e {
				t.Fatalf("subject %q", p.Subject())
			}
		}
	})
}

// TestNote: a peer that was saved is restored with its fingerprint and as much of its subject as fits, and is not verified by that.
func TestNote(t *testing.T) {
	for want, name := range map[string]pkix.Name{
		"(no name)":                             {},
		"CN=joe":                                {CommonName: "joe"},
		"CN=" + strings.Repeat("x", 29):         {CommonName: strings.Repeat("x", 29)},
		"CN=" + strings.Repeat("x", 26) + "...": {CommonName: strings.Repeat("x", 30)},
	} {
		p, q := Peer{Verified: true}, Peer{Verified: true}
		p.Set(certificate(t, &x509.Certificate{Subject: name}))
		note := [NoteSize]byte{NoteSize - 1: 'x'}
		p.Save(&note)
		q.Restore(&note)
		if got := string(q.Subject()); got != want || q.Fingerprint != p.Fingerprint || q.Verified || len(q.Names()) != 0 {
			t.Errorf("restored as %q, want %q", got, want)
		}
	}
}
