package x509lite

import (
	"crypto/elliptic"
	"testing"
)

// TestSmall: a small program verifies chains with ECDSA on P-256 and SHA-256, and refuses what it has no code for: all other
// algorithms, and constraints on names wherever they stand. TestSuite holds it to all other rules.
func TestSmall(t *testing.T) {
	p256 := func(name string) *signer { return ecKey(elliptic.P256(), name) }
	for _, c := range []struct {
		name       string
		root, ca   func(*spec)
		leaf       *signer
		bare       bool // an anchor without its certificate
		everything Error
		little     Error
	}{
		{name: "P-256", leaf: p256("leaf")},
		{name: "P-256, bare anchor", leaf: p256("leaf"), bare: true},
		{name: "RSA", leaf: rsaKey(2048, "leaf"), little: ErrUnsupportedKey},
		{name: "P-384", leaf: ecKey(elliptic.P384(), "leaf"), little: ErrUnsupportedKey},
		{name: "SHA-384", leaf: p256("leaf"), ca: func(s *spec) { s.alg = algECDSA384 }, little: ErrUnsupportedAlgorithm},
		{name: "SHA-1", leaf: p256("leaf"), ca: func(s *spec) { s.alg = algECDSA1 }, everything: ErrUnacceptableHash,
			little: ErrUnsupportedAlgorithm},
		{name: "SHA-384 of the root by itself", leaf: p256("leaf"), root: func(s *spec) { s.alg = algECDSA384 }},
		{name: "constraints of an intermediate", leaf: p256("leaf"), ca: permitExample, little: ErrCriticalExtension},
		{name: "constraints that are not critical", leaf: p256("leaf"), ca: func(s *spec) {
			permitExample(s)
			s.exts[len(s.exts)-1].critical = false
		}, everything: ErrCriticality, little: ErrCriticality},
		{name: "constraints of a root", leaf: p256("leaf"), root: permitExample, little: ErrCriticalExtension},
		{name: "constraints of a bare anchor", leaf: p256("leaf"), root: permitExample, bare: true, little: ErrCriticalExtension},
	} {
		root := newCA(p256("root"), p256("root"), rootName, rootName)
		ca := newCA(p256("ca"), p256("root"), caName, rootName)
		leaf := newLeaf(c.leaf, p256("ca"), caName)
		for _, s := range []*spec{root, ca, leaf} {
			s.alg = algECDSA256
		}
		if c.root != nil {
			c.root(root)
		}
		if c.ca != nil {
			c.ca(ca)
		}
		o := &Options{Anchors: new(Anchors), Crypto: new(stdCrypto), Name: host("changeme.example.com"), Usage: UsageServer, Now: suiteNow}
		if err := o.Anchors.Add(root.der()); err != nil {
			t.Fatal(err)
		}
		if c.bare {
			o.Anchors.List[0].Certificate = nil
		}
		want := c.everything
		if small {
			want = c.little
		}
		var v Verifier
		if err := v.Verify(o, [][]byte{leaf.der(), ca.der()}); err != want.result() {
			t.Errorf("%s: %v, want %v", c.name, err, want.result())
		}
	}
}

func permitExample(s *spec) { s.set(constraints([][]byte{dnsName("example.com")}, nil)) }
