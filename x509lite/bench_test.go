package x509lite

import (
	"crypto/x509"
	"fmt"
	"testing"
)

// BenchmarkParse parses an end entity's certificate of about 400 bytes, the size that FIELD.md measured
// crypto/x509 with.
func BenchmarkParse(b *testing.B) {
	_, _, _, leaf := chain3(b)
	b.Run("impl=colibri", func(b *testing.B) {
		b.ReportAllocs()
		var c Certificate
		for b.Loop() {
			if err := c.Parse(leaf.der); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("impl=std", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := x509.ParseCertificate(leaf.der); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkVerify verifies a chain of three: end entity, intermediate, anchor, with ECDSA P-256. What colibri
// pays for signatures here is the standard library's price, plus what its interface allocates; sig=none
// leaves signatures out, to show the rest.
func BenchmarkVerify(b *testing.B) {
	o, root, ca, leaf := chain3(b)
	chain := [][]byte{leaf.der, ca.der}
	for name, crypto := range map[string]SignatureVerifier{"ecdsa": new(stdCrypto), "none": yes{}} {
		b.Run(fmt.Sprintf("impl=colibri/sig=%s", name), func(b *testing.B) {
			b.ReportAllocs()
			p := *o
			p.Crypto = crypto
			v := new(Verifier)
			for b.Loop() {
				if err := v.Verify(&p, chain); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(root.cert)
	intermediates.AddCert(ca.cert)
	options := x509.VerifyOptions{Roots: roots, Intermediates: intermediates, CurrentTime: start, DNSName: "changeme",
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	b.Run("impl=std/sig=ecdsa", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := leaf.cert.Verify(options); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkLookup looks an anchor up among 200 in flash form.
func BenchmarkLookup(b *testing.B) {
	var list []Anchor
	for i := range 200 {
		key := edKey(fmt.Sprint(i))
		list = append(list, Anchor{Subject: cn(fmt.Sprint("anchor ", i)), SPKI: key.spki})
	}
	p := make(Packed, PackedSize(list))
	if _, err := Pack(p, list); err != nil {
		b.Fatal(err)
	}
	anchors := &Anchors{Packed: p}
	name := cn("anchor 77")
	var a Anchor
	for b.Loop() {
		if _, ok := anchors.find(&a, name, 0); !ok {
			b.Fatal("not found")
		}
	}
}

// BenchmarkCRL reads through a list of 1,000 entries.
func BenchmarkCRL(b *testing.B) {
	l := newCRL(caKey, caName)
	for i := range 1000 {
		l.entries = append(l.entries, revoke(int64(1000000+i)))
	}
	var list CRL
	if err := list.Parse(l.der()); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(list.Revoked)))
	for b.Loop() {
		if revoked, err := list.Lookup([]byte{1}); revoked || err != nil {
			b.Fatal(revoked, err)
		}
	}
}
