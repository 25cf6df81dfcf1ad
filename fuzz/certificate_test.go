package fuzz

import (
	"bytes"
	"crypto/x509"
	"math/big"
	"sync"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// genuine is chains of several shapes that lead to one anchor, made once.
type genuine struct {
	anchors x509lite.Anchors
	chains  [][][]byte
	known   map[string]bool // every tbsCertificate that was really signed
}

var theGenuine = sync.OnceValue(func() *genuine {
	g := &genuine{known: map[string]bool{}}
	for _, family := range []ca.Family{ca.ECDSA, ca.RSA} {
		root := must(ca.New(family, now, "colibri fuzz CA "+family.String()))
		if err := g.anchors.Add(root.Cert.Raw); err != nil {
			panic(err)
		}
		mid := must(root.Intermediate("intermediate"))
		g.chains = append(g.chains,
			must(root.Issue(ca.Request{Names: []string{"changeme", "192.0.2.1"}, Usage: ca.Server | ca.Client})).Chain,
			must(mid.Issue(ca.Request{Names: []string{"*.example.com"}, Usage: ca.Server | ca.Client})).Chain)
	}
	for _, chain := range g.chains {
		for _, der := range chain {
			g.known[string(must(x509.ParseCertificate(der)).RawTBSCertificate)] = true
		}
	}
	return g
})

// FuzzCertificate changes a byte string that stands for a certificate. Parsing it must not fail in other ways than by an
// error; what crypto/x509 reads too must mean the same; and no change may verify: a chain that leads to the anchor has
// only certificates that were signed.
func FuzzCertificate(f *testing.F) {
	for _, chain := range theGenuine().chains {
		f.Add(chain[0])
		f.Add(chain[len(chain)-1])
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		g := theGenuine()
		var c x509lite.Certificate
		if c.Parse(der) != nil {
			return
		}
		compare(t, &c, der)

		options := x509lite.Options{Anchors: &g.anchors, Crypto: &signature.Verifier{RSA: new(signature.Scratch)}, Now: now.Unix(), Usage: x509lite.UsageClient}
		var verifier x509lite.Verifier
		for _, chain := range g.chains {
			if verifier.Verify(&options, append([][]byte{der}, chain[1:]...)) == nil && !g.known[string(c.TBS)] {
				t.Errorf("a certificate that was never signed verifies: %x", der)
			}
			if err := verifier.Verify(&options, append([][]byte{chain[0], der}, chain[1:]...)); err != nil && len(der) < 4096 {
				t.Errorf("a certificate beside the path keeps it from being found: %v, %x", err, der)
			}
		}
	})
}

// compare compares the view with what crypto/x509 reads, if it does.
func compare(t *testing.T, c *x509lite.Certificate, der []byte) {
	t.Helper()
	std, err := x509.ParseCertificate(der)
	if err != nil {
		return
	}
	if !bytes.Equal(c.TBS, std.RawTBSCertificate) || !bytes.Equal(c.Issuer, std.RawIssuer) ||
		!bytes.Equal(c.Subject, std.RawSubject) || !bytes.Equal(c.SPKI, std.RawSubjectPublicKeyInfo) ||
		!bytes.Equal(c.Signature, std.Signature) {
		t.Errorf("other parts than crypto/x509: %x", der)
	}
	if new(big.Int).SetBytes(c.Serial).Cmp(std.SerialNumber) != 0 {
		t.Errorf("serial number %x, crypto/x509 %x", c.Serial, std.SerialNumber)
	}
	if c.NotBefore != std.NotBefore.Unix() || c.NotAfter != std.NotAfter.Unix() {
		t.Errorf("validity %d to %d, crypto/x509 %v to %v", c.NotBefore, c.NotAfter, std.NotBefore, std.NotAfter)
	}
	if c.IsCA != std.IsCA {
		t.Errorf("CA: %v, crypto/x509 %v", c.IsCA, std.IsCA)
	}
}
