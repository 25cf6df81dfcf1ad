package x509lite

import (
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"colibri/x509lite/der"
)

// knownStrictness lists what crypto/x509 refuses and we do not, by words of its errors, with the reason.
// Everything else that we accept and it refuses is a finding.
var knownStrictness = []struct{ words, reason string }{
	{"invalid attribute value", "names are compared and shown escaped; which characters their values have does not matter for either"},
	{"point not on curve", "whether a point lies on its curve is for the cryptography to find out"},
	{"Element encoding", "and so is whether its coordinates are below the prime"},
	{"invalid extended key usages", longArcs},
	{"malformed extension OID field", longArcs},
	{"invalid attribute type", longArcs},
	{"x509: invalid certificate policies", "of policy qualifiers the outline is checked, nobody reads them"},
	{"x509: invalid CRL distribution point", "distribution points are looked into when a CRL is held against them"},
	{"cannot parse URI", "of a URI the outline is checked; constraints look at its host"},
}

const longArcs = "an arc of an object identifier may have more than 31 bits"

func explained(err error) bool {
	for _, k := range knownStrictness {
		if strings.Contains(err.Error(), k.words) {
			return true
		}
	}
	return false
}

// FuzzParse: no input makes the parser panic, and what it accepts, crypto/x509 accepts too and reads alike.
func FuzzParse(f *testing.F) {
	_, objects := readSuite(f)
	for i := 0; i < len(objects); i += 3 {
		if len(objects[i]) < 2000 {
			f.Add(objects[i])
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var l CRL
		if l.Parse(b) == nil {
			l.Lookup([]byte{1})
		}
		var k PublicKey
		k.Parse(b)
		var c Certificate
		if c.Parse(b) != nil {
			return
		}
		var out [300]byte
		c.Describe(out[:])
		var notes Notes
		o := &Options{Rules: WebPKI{}, Legacy: legacies}
		for r := endEntity; r <= anchor; r++ {
			e := c.check(o, r, 0, &notes)
			if r != endEntity || e != 0 || c.PublicKey(&k) != nil {
				continue
			}
			s, err := x509.ParseCertificate(b)
			if err == nil {
				sameAsStd(t, &c, s)
			} else if !explained(err) {
				t.Errorf("accepted, and refused by crypto/x509: %v", err)
			}
		}
	})
}

// FuzzVerify signs whatever the input and the edits make of a tbsCertificate for an end entity, so that the
// fuzzer gets past lengths and the signature, and verifies the chain: what we accept, crypto/x509 accepts
// too.
func FuzzVerify(f *testing.F) {
	cases, objects := readSuite(f)
	for _, c := range cases {
		var cert Certificate
		if len(c.chain) > 0 && cert.Parse(objects[c.chain[0]]) == nil && cert.SignatureAlgorithm == PureEd25519 && len(cert.TBS) < 1000 {
			f.Add(cert.TBS, []byte{})
			f.Add(cert.TBS, []byte{17, 4, 1, 30, 6, 2})
		}
	}
	root, ca := newCA(rootKey, rootKey, rootName, rootName).der(), newCA(caKey, rootKey, caName, rootName).der()
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	for pool, b := range map[*x509.CertPool][]byte{roots: root, intermediates: ca} {
		s, err := x509.ParseCertificate(b)
		if err != nil {
			f.Fatal(err)
		}
		pool.AddCert(s)
	}
	o := &Options{Anchors: new(Anchors), Crypto: new(stdCrypto), Now: suiteNow, Name: host("changeme.example.com"), Usage: UsageServer}
	if err := o.Anchors.Add(root); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, tbs, edits []byte) {
		if len(edits) > 30 || len(tbs) > 4000 {
			return
		}
		tbs = mutate(tbs, edits)
		if _, ok := der.Only(tbs, der.Sequence); !ok {
			return
		}
		leaf := seq(tbs, algEd25519, bitString(caKey.sign(nil, tbs)))
		var v Verifier
		if v.Verify(o, [][]byte{leaf, ca}) != nil {
			return
		}
		if string(v.Leaf().Issuer) != string(caName) {
			return // crypto/x509 compares names byte for byte
		}
		s, err := x509.ParseCertificate(leaf)
		if err == nil {
			_, err = s.Verify(x509.VerifyOptions{Roots: roots, Intermediates: intermediates, CurrentTime: time.Unix(suiteNow, 0), DNSName: o.Name.name,
				KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
		}
		if err != nil && !explained(err) {
			t.Errorf("accepted, and refused by crypto/x509: %v", err)
		}
	})
}
