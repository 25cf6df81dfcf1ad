package interop

import (
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

// shown returns the first certificate in the output of a program.
func shown(t *testing.T, out []byte) *x509.Certificate {
	t.Helper()
	for block, rest := pem.Decode(out); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			cert, err := x509.ParseCertificate(block.Bytes)
			check(t, err)
			return cert
		}
	}
	t.Fatalf("no certificate in:\n%s", out)
	return nil
}

// TestIdentityForClient: OpenSSL and GnuTLS are shown the certificate of the name and the kind that they ask for.
func TestIdentityForClient(t *testing.T) {
	s := newSite(t, ca.ECDSA)
	root, err := ca.New(ca.ECDSA, time.Now(), "colibri interop CA")
	check(t, err)
	ids := map[string]*ca.Identity{}
	cfg := *s.ours
	cfg.ClientAuth = tlscore.NoClientCert
	for _, r := range []ca.Request{
		{Names: []string{"b.example"}, Usage: ca.Server, CommonName: "b, RSA", Family: ca.RSA},
		{Names: []string{"*.wild.example"}, Usage: ca.Server, CommonName: "wild"},
		{Names: []string{"b.example"}, Usage: ca.Server, CommonName: "b, ECDSA"},
	} {
		id, err := root.Issue(r)
		check(t, err)
		ids[r.CommonName] = id
		cfg.Identities = append(cfg.Identities, ours(t, id))
	}
	for _, test := range []struct {
		name, openssl, gnutls string // server name; the kind of key in the words of each
		want                  string
	}{
		{"a.wild.example", "ECDSA+SHA256:RSA-PSS+SHA256", "SIGN-ECDSA-SECP256R1-SHA256:+SIGN-RSA-PSS-RSAE-SHA256", "wild"},
		{"b.example", "ECDSA+SHA256", "SIGN-ECDSA-SECP256R1-SHA256", "b, ECDSA"},
		{"b.example", "ECDSA+SHA256:RSA-PSS+SHA256", "SIGN-ECDSA-SECP256R1-SHA256:+SIGN-RSA-PSS-RSAE-SHA256", "b, RSA"},
	} {
		for program, arguments := range map[string]func(port string) []string{
			"openssl": func(port string) []string {
				return []string{"s_client", "-connect", "127.0.0.1:" + port, "-tls1_3", "-ign_eof", "-showcerts",
					"-servername", test.name, "-sigalgs", test.openssl}
			},
			"gnutls-cli": func(port string) []string {
				return []string{"127.0.0.1", "--port", port, "--sni-hostname", test.name, "--insecure", "--print-cert",
					"--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3:-SIGN-ALL:+" + test.gnutls}
			},
		} {
			t.Run(program+"/"+test.name+"/"+test.want, func(t *testing.T) {
				need(t, program)
				port, result := serveOnce(t, &cfg, "done\n")
				out := []byte(run(t, "q\n", program, arguments(port)...))
				if r := <-result; r.err != nil {
					t.Fatalf("%v:\n%s", r.err, out)
				}
				if got := shown(t, out).Subject.CommonName; got != test.want {
					t.Errorf("%q was shown, want %q", got, test.want)
				}
			})
		}
	}
}

// TestAuthoritiesAmongPrograms: OpenSSL and GnuTLS as servers name their CA, by which our client chooses; as clients they see
// the names of ours.
func TestAuthoritiesAmongPrograms(t *testing.T) {
	s := newSite(t, ca.ECDSA)
	stranger, err := ca.New(ca.ECDSA, time.Now(), "a stranger among CAs")
	check(t, err)
	wrong, err := stranger.Issue(ca.Request{Names: []string{"wrong"}, Usage: ca.Client})
	check(t, err)
	cfg := *s.ours
	cfg.Identities = []tlscore.Identity{ours(t, wrong), s.client}
	for _, test := range []struct {
		program   string
		arguments []string
	}{
		{"openssl", []string{"s_server", "-accept", "127.0.0.1:PORT", "-tls1_3", "-quiet", "-rev", "-Verify", "2", "-verify_return_error",
			"-CAfile", s.file("ca.crt"), "-cert", s.file("server.crt"), "-key", s.file("server.key")}},
		{"gnutls-serv", []string{"--port", "PORT", "--echo", "--quiet", "--require-client-cert", "--verify-client-cert",
			"--x509cafile", s.file("ca.crt"), "--x509certfile", s.file("server.crt"), "--x509keyfile", s.file("server.key")}},
	} {
		t.Run(test.program, func(t *testing.T) {
			port, output := program(t, test.program, test.arguments...)
			if _, _, _, err := dialOnce(t, &cfg, port, "aba\n", "aba"); err != nil {
				t.Fatalf("%v; %s", err, output())
			}
		})
	}
	t.Run("openssl as client", func(t *testing.T) {
		need(t, "openssl")
		cfg := *s.ours
		cfg.SendAuthorities, cfg.ClientAuth = true, tlscore.RequestClientCert
		port, result := serveOnce(t, &cfg, "done\n")
		out := run(t, "q\n", "openssl", "s_client", "-connect", "127.0.0.1:"+port, "-tls1_3", "-ign_eof")
		if r := <-result; r.err != nil {
			t.Fatal(r.err)
		}
		if want := "Acceptable client certificate CA names\nCN = colibri interop CA\n"; !strings.Contains(out, want) {
			t.Errorf("want %q in\n%s", want, out)
		}
	})
}
