package bench

import (
	"crypto/x509"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// verification is a chain of three certificates on P-256, the root's among them, verified by each implementation with its own
// cryptography.
type verification struct{ ours, std func() error }

func newVerification(tb testing.TB) verification {
	tb.Helper()
	root, err := ca.New(ca.ECDSA, now, "colibri bench CA")
	check(tb, err)
	intermediate, err := root.Intermediate("colibri bench intermediate")
	check(tb, err)
	leaf, err := intermediate.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	check(tb, err)

	anchors := new(x509lite.Anchors)
	check(tb, anchors.Add(root.Cert.Raw))
	name := new(x509lite.Host)
	name.Set("changeme")
	options := &x509lite.Options{Anchors: anchors, Crypto: new(signature.Verifier), Now: now.Unix(), Name: name, Usage: x509lite.UsageServer}
	chain := [][]byte{leaf.Cert.Raw, intermediate.Cert.Raw}
	verifier := new(x509lite.Verifier)

	intermediates := x509.NewCertPool()
	intermediates.AddCert(intermediate.Cert)
	std := x509.VerifyOptions{Roots: root.Pool(), Intermediates: intermediates, CurrentTime: now, DNSName: "changeme"}
	return verification{
		ours: func() error { return verifier.Verify(options, chain) },
		std:  func() error { _, err := leaf.Cert.Verify(std); return err },
	}
}

func BenchmarkVerifyChain(b *testing.B) {
	v := newVerification(b)
	for _, impl := range []struct {
		name   string
		verify func() error
	}{{"colibri", v.ours}, {"std", v.std}} {
		b.Run("impl="+impl.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				counted(func() { check(b, impl.verify()) })
			}
		})
	}
}

// TestVerifyChainDoesNotAllocate holds for the host's cryptography as well as for the portable one.
func TestVerifyChainDoesNotAllocate(t *testing.T) {
	v := newVerification(t)
	if n := testing.AllocsPerRun(20, func() { check(t, v.ours()) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
