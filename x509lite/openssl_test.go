package x509lite

import (
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// opensslStricter lists what we accept and "openssl verify -x509_strict" refuses, by words of its errors,
// with the reason. Everything else is a finding.
var opensslStricter = []struct{ words, reason string }{
	{"hostname mismatch", "a dot at the end of the expected name is taken for the root of the DNS here"},
	{"certificate has expired", "notAfter is inclusive (RFC 5280 4.1.2.5)"},
	{"unable to get local issuer certificate", "it takes the first issuer that fits and does not come back to others; and it compares the issuer and " +
		"serial number in authorityKeyIdentifier, where the key identifier is enough here"},
	{"CA cert does not include key usage extension", "x509-limbo, crl::issuer-no-keyusage-extension, has it that a verifier need not ask"},
	{"invalid CA certificate", "an anchor may be of version 1"},
	{"unsuitable certificate purpose", "anyExtendedKeyUsage is accepted without other rules (RFC 5280 4.2.1.12 leaves it open)"},
	{"permitted subtree violation", "it applies dNSName constraints to a commonName, which is no name here, and does not know the user and " +
		"query of a URI or an empty base"},
}

// TestOpenSSL runs the cases of the suite that we accept through "openssl verify -x509_strict": it accepts
// them too, or the reason why not stands above.
func TestOpenSSL(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a process for each case")
	}
	tool, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no openssl: %v", err)
		}
		t.Skipf("no openssl: %v", err)
	}
	dir := t.TempDir()
	cases, objects := readSuite(t)
	write := func(name string, list []int) string {
		var b []byte
		for _, n := range list {
			b = append(b, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: objects[n]})...)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	both, stricter := 0, map[string]int{}
	for i := range cases {
		c := &cases[i]
		o, kind, _ := parseOptions(t, c.options, objects)
		// What the command has no counterpart for: other rules and profiles, anchors without certificates,
		// unknown clocks, budgets, CRLs.
		if c.want != "ok" || o.Rules != nil || o.Profile != ProfileDefault || kind != "certificates" || o.Floor != 0 || o.Now == 0 || o.Revocation != nil ||
			strings.Contains(c.options, "s=") || o.MaxIntermediates != 0 || len(c.anchors) == 0 || len(c.chain) == 0 {
			continue
		}
		args := []string{"verify", "-x509_strict", "-partial_chain", "-attime", strconv.FormatInt(o.Now, 10), "-CAfile", write("ca", c.anchors),
			"-no-CApath", "-no-CAstore", "-auth_level", "2", "-purpose", map[Usage]string{UsageServer: "sslserver", UsageClient: "sslclient"}[o.Usage]}
		if len(c.chain) > 1 {
			args = append(args, "-untrusted", write("chain", c.chain[1:]))
		}
		if o.Name != nil {
			if o.Name.ipLen != 0 {
				args = append(args, "-verify_ip", o.Name.name)
			} else {
				args = append(args, "-verify_hostname", o.Name.name)
			}
		}
		out, err := exec.Command(tool, append(args, write("leaf", c.chain[:1]))...).CombinedOutput()
		if err == nil {
			both++
			continue
		}
		found := false
		for _, s := range opensslStricter {
			if strings.Contains(string(out), s.words) {
				stricter[fmt.Sprintf("%q: %s", s.words, s.reason)]++
				found = true
				break
			}
		}
		if !found {
			t.Errorf("%s: openssl refuses: %s", c.name, out)
		}
	}
	t.Logf("both accept %d", both)
	for s, n := range stricter {
		t.Logf("openssl refuses what we accept, %d times %s", n, s)
	}
}
