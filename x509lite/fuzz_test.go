package x509lite

import (
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"colibri/x509lite/der"
)

// knownStrictness lists what crypto/x509 refuses and we do not, by words of its errors, with the reason. Everything else that we accept and it
// refuses is a finding.
var knownStrictness = []struct{ words, reason string }{
	{"x509: malformed issuer", "names of issuers and subjects are compared, not parsed; a malformed one equals nothing but itself"},
	{"x509: invalid RDNSequence", "as above"},
	{"x509: RSA", "RSA keys are the cryptography's business, but for size and parity"},
	{"point not on curve", "whether a point lies on its curve is the cryptography's business"},
	{"x509: invalid certificate policies", "the same policy twice does not matter where no policies are computed"},
	{"x509: invalid CRL distribution point", "distribution points are looked at when a CRL is checked against them"},
	{"cannot parse URI", "the syntax of a URI beyond its outline matters only to constraints, which look at its host"},
	{"cannot parse dnsName", "as above, of a wildcard or an address that no host name equals"},
	{"invalid domain", "as above"},
	{"invalid host", "as above"},
	{"authority info access", "only the outline is checked; nothing follows the location"},
	{"x509: invalid subject key identifier", "checked here by its length"},
}

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
		o := &Options{Rules: RulesWebPKI, Legacy: legacies}
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

// FuzzVerify signs whatever the input and the edits make of a tbsCertificate for an end entity, so that the fuzzer gets past lengths and the
// signature, and verifies the chain: what we accept, crypto/x509 accepts too.
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
	o := &Options{Anchors: new(Anchors), Crypto: new(stdCrypto), Now: suiteNow, Name: "changeme.example.com", Usage: UsageServer}
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
			_, err = s.Verify(x509.VerifyOptions{Roots: roots, Intermediates: intermediates, CurrentTime: time.Unix(suiteNow, 0), DNSName: o.Name,
				KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
		}
		if err != nil && !explained(err) {
			t.Errorf("accepted, and refused by crypto/x509: %v", err)
		}
	})
}
