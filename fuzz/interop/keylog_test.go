package interop

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

// TestKeyLog: OpenSSL and GnuTLS as clients write the same key log of a connection as our server, the exporter's secret included.
func TestKeyLog(t *testing.T) {
	site := newSite(t, ca.ECDSA)
	for _, client := range []struct {
		name      string
		arguments func(port, log string, tls12 bool) []string
	}{
		{"openssl", func(port, log string, tls12 bool) []string {
			version := "-tls1_3"
			if tls12 {
				version = "-tls1_2"
			}
			return []string{"s_client", "-connect", "127.0.0.1:" + port, version, "-quiet", "-ign_eof", "-keylogfile", log, "-CAfile", site.file("ca.crt")}
		}},
		{"gnutls-cli", func(port, log string, tls12 bool) []string {
			version := "NORMAL"
			if tls12 {
				version += ":-VERS-TLS1.3"
			}
			return []string{"127.0.0.1", "--port", port, "--priority", version, "--sni-hostname", hostName, "--verify-hostname", hostName,
				"--x509cafile", site.file("ca.crt")}
		}},
	} {
		for _, tls12 := range []bool{false, true} {
			name, want := client.name+"/1.3", 5
			if tls12 {
				name, want = client.name+"/1.2", 1
			}
			t.Run(name, func(t *testing.T) {
				need(t, client.name)
				log := filepath.Join(t.TempDir(), "keys")
				t.Setenv("SSLKEYLOGFILE", log) // of GnuTLS
				var ours bytes.Buffer
				cfg := *site.ours
				cfg.ClientAuth, cfg.TLS12, cfg.KeyLog = tlscore.NoClientCert, tlscore.TLS12Server(), &ours
				port, result := serveOnce(t, &cfg, "done\n")
				out := run(t, "q\n", client.name, client.arguments(port, log, tls12)...)
				if r := <-result; r.err != nil {
					t.Fatalf("%v\n%s", r.err, out)
				}
				text, err := os.ReadFile(log)
				check(t, err)
				got, theirs := logged(ours.String()), logged(string(text))
				if len(got) != want || !slices.Equal(got, theirs) {
					t.Errorf("%d lines:\n%s\nof %s:\n%s", len(got), strings.Join(got, "\n"), client.name, strings.Join(theirs, "\n"))
				}
			})
		}
	}
}

// logged returns the lines of a key log, without comments, in an order that does not matter.
func logged(text string) (lines []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return lines
}
