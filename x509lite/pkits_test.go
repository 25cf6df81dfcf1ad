package x509lite

import (
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"
)

// pkitsDir is where Debian's package python3-cryptography-vectors puts NIST's PKITS data.
const pkitsDir = "/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data"

func pkits(t testing.TB) string {
	dir := os.Getenv("COLIBRI_PKITS")
	if dir == "" {
		dir = pkitsDir
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("NIST PKITS absent: install python3-cryptography-vectors, or set COLIBRI_PKITS to the directory PKITS_data (%v)", err)
	}
	return dir
}

// pkitsLeftOut lists the parts of PKITS that do not apply to this profile, by the names of their end
// entities' certificates, with reasons. A certificate may match several; the first counts.
var pkitsLeftOut = []struct{ pattern, section, reason string }{
	{`DSA`, "4.1.4 to 4.1.6", "DSA is not supported; TLS 1.3 has none"},
	{`^(AllCertificates|Different|Overlapping|AnyPolicy|UserNotice|CPSPointer)`, "4.8", "results are sets of policies, which are not computed"},
	{`PolicyMapping|Mapping(From|To)any`, "4.10, 4.11", "paths demand explicit policies; such a path is refused (ErrPolicy), be it valid or not"},
	{`inhibitAnyPolicy`, "4.12", "as 4.10"},
	{`deltaCRL`, "4.15", "delta CRLs are not supported"},
	{`IDPwithindirectCRL|cRLIssuer`, "4.14.22 to 4.14.35", "indirect CRLs are not supported"},
	{`onlySomeReasons`, "4.14.15 to 4.14.21", "CRLs for some reasons only are not supported"},
	{`SeparateCertificateandCRLKeys`, "4.4.19 to 4.4.21", "CRLs are signed by the key that signs certificates"},
	{`nameRelative|distributionPointTest(4|5|7)EE`, "4.14.4, 4.14.5, 4.14.7", "distribution points relative to the CRL's issuer are not supported"},
}

// pkitsDiverges lists the single cases whose result is another here, with reasons.
var pkitsDiverges = map[string]string{
	"ValidBasicSelfIssuedCRLSigningKeyTest6EE": "the CRL is signed by a key of the CA that is not in the path; refused (ErrRevocationUnknown)",
	"ValidBasicSelfIssuedNewWithOldTest4EE":    "as Test6",
	"ValidGeneralizedTimenotBeforeDateTest4EE": "GeneralizedTime for 2002; RFC 5280 4.1.2.5 says such dates MUST be UTCTime",
	"ValidbasicConstraintsNotCriticalTest4EE":  "RFC 5280 4.2.1.9 says basicConstraints of a CA MUST be critical, and x509-limbo rejects the like",
	"ValidrequireExplicitPolicyTest4EE":        "the path demands an explicit policy; such a path is refused (ErrPolicy), be it valid or not",
}

// TestPKITS runs NIST's Public Key Interoperability Test Suite, version 1.0.1, with the settings that its
// document calls the default: any policy, none required. The expected result is in the name that the document
// gives each test and its certificate.
func TestPKITS(t *testing.T) {
	dir := pkits(t)
	read := func(pattern string) (names []string, files [][]byte) {
		paths, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(paths), err)
		}
		for _, p := range paths {
			b, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, strings.TrimSuffix(strings.TrimSuffix(filepath.Base(p), ".crt"), ".crl"))
			files = append(files, b)
		}
		return names, files
	}
	names, certs := read("certs/*.crt")
	_, crls := read("crls/*.crl")
	o := &Options{Anchors: new(Anchors), Crypto: new(stdCrypto), Usage: UsageClient, MaxSignatures: 100,
		Now: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Unix()}
	var authorities [][]byte
	for i, n := range names {
		switch {
		case n == "TrustAnchorRootCertificate":
			if err := o.Anchors.Add(certs[i]); err != nil {
				t.Fatal(err)
			}
		case !strings.HasSuffix(n, "EE"):
			authorities = append(authorities, certs[i])
		}
	}
	leftOut := map[string]int{}
	agree, diverge := 0, 0
	var v Verifier
cases:
	for i, n := range names {
		if !strings.HasSuffix(n, "EE") {
			continue
		}
		chain := append([][]byte{certs[i]}, relevant(certs[i], authorities)...)
		o.Revocation = nil
		if list := relevantCRLs(chain, crls); len(list) > 0 {
			o.Revocation = &CRLs{Lists: list}
		}
		err := v.Verify(o, chain)
		valid := strings.HasPrefix(n, "Valid")
		for _, l := range pkitsLeftOut {
			if regexp.MustCompile(l.pattern).MatchString(n) {
				leftOut[l.section+": "+l.reason]++
				// What is not supported may be refused when valid, but not be accepted when invalid. The one
				// exception is revoked on a delta CRL only, and its complete CRL, which is good by itself,
				// does not know.
				if err == nil && strings.HasPrefix(n, "Invalid") && n != "InvaliddeltaCRLTest4EE" {
					t.Errorf("%s: accepted", n)
				}
				continue cases
			}
		}
		if !valid && !strings.HasPrefix(n, "Invalid") {
			t.Errorf("%s: no expectation in the name", n)
			continue
		}
		reason, listed := pkitsDiverges[n]
		switch agrees := (err == nil) == valid; {
		case agrees && listed:
			t.Errorf("%s: unexpected agreement, listed as a divergence: %s", n, reason)
		case agrees:
			agree++
		case listed:
			diverge++
			t.Logf("diverges: %s: %v: %s", n, err, reason)
		default:
			t.Errorf("%s: %v", n, err)
		}
	}
	var sections []string
	for s := range leftOut {
		sections = append(sections, s)
	}
	sort.Strings(sections)
	for _, s := range sections {
		t.Logf("left out: %2d of %s", leftOut[s], s)
	}
	t.Logf("%d agree, %d diverge", agree, diverge)
}

// relevant picks the certificates that may stand above one, by name.
func relevant(leaf []byte, authorities [][]byte) (chain [][]byte) {
	wanted := [][]byte{leaf}
	taken := map[int]bool{}
	for len(wanted) > 0 {
		var c Certificate
		if c.Parse(wanted[0]) == nil {
			for i, a := range authorities {
				var issuer Certificate
				if !taken[i] && issuer.Parse(a) == nil && sameName(issuer.Subject, c.Issuer) {
					taken[i] = true
					chain = append(chain, a)
					wanted = append(wanted, a)
				}
			}
		}
		wanted = wanted[1:]
	}
	return chain
}

// relevantCRLs picks the CRLs that one of the certificates' issuers has issued, malformed ones by the octets
// of the name.
func relevantCRLs(chain, crls [][]byte) (list [][]byte) {
	for _, l := range crls {
		for _, b := range chain {
			var c Certificate
			var crl CRL
			if c.Parse(b) == nil && (crl.Parse(l) == nil && sameName(crl.Issuer, c.Issuer) || strings.Contains(string(l), string(c.Issuer))) {
				list = append(list, l)
				break
			}
		}
	}
	return list
}
