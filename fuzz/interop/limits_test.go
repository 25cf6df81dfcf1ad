package interop

import (
	"strings"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

// TestRecordLimitsOfClients: OpenSSL asks for short records by max_fragment_length, GnuTLS by record_size_limit.
func TestRecordLimitsOfClients(t *testing.T) {
	s := newSite(t, ca.RSA)
	t.Run("TLS 1.3", func(t *testing.T) { recordLimitsOfClients(t, s, "-tls1_3", "VERS-TLS1.3", 17) })
	t.Run("TLS 1.2", func(t *testing.T) { recordLimitsOfClients(t, s, "-tls1_2", "VERS-TLS1.2", 24) })
}

// recordLimitsOfClients does so for one version, in the words of both programs. growth is what protection adds to a fragment: type and
// tag, in TLS 1.2 explicit nonce and tag.
func recordLimitsOfClients(t *testing.T, s *site, openssl, gnutls string, growth int) {
	cfg := *s.ours
	cfg.ClientAuth, cfg.TLS12 = tlscore.NoClientCert, tlscore.TLS12Server()
	text := strings.Repeat("0123456789abcdef", 2500)
	for _, test := range []struct {
		name           string // of the program
		arguments      []string
		ours           int // our own limit
		sent, received int // the longest fragments there may be, tag included
	}{
		{"openssl", []string{"s_client", openssl, "-quiet", "-ign_eof", "-maxfraglen", "512", "-servername", "changeme",
			"-CAfile", s.file("ca.crt"), "-verify_return_error", "-connect", "127.0.0.1:PORT"}, 0, 512 + growth, 512 + growth},
		{"gnutls-cli", []string{"127.0.0.1", "--sni-hostname", "changeme", "--verify-hostname", "changeme", "--priority", "NORMAL:-VERS-ALL:+" + gnutls,
			"--recordsize", "600", "--x509cafile", s.file("ca.crt"), "--port", "PORT"}, 700, 600 + growth, 700 + growth},
	} {
		t.Run(test.name, func(t *testing.T) {
			need(t, test.name)
			cfg := cfg
			cfg.RecordSizeLimit = test.ours
			port, result := serveOnce(t, &cfg, text)
			last := len(test.arguments) - 1
			test.arguments[last] = strings.Replace(test.arguments[last], "PORT", port, 1)
			out := run(t, strings.Repeat("q", 3000)+"\n", test.name, test.arguments...)
			r := <-result
			if r.err != nil || !strings.Contains(out, text) {
				t.Fatalf("%v; %d bytes of output:\n%.2000s", r.err, len(out), out)
			}
			if sent, received := r.meter.longest(); sent > test.sent || received > test.received || received < 100 {
				t.Errorf("fragments of %d bytes sent and %d received, at most %d and %d are allowed", sent, received, test.sent, test.received)
			}
		})
	}
}

// TestRecordLimitsOfServers: OpenSSL honours the max_fragment_length of our client, GnuTLS its record_size_limit, and we theirs.
func TestRecordLimitsOfServers(t *testing.T) {
	s := newSite(t, ca.ECDSA)
	t.Run("TLS 1.3", func(t *testing.T) { recordLimitsOfServers(t, s, "-tls1_3", "VERS-TLS1.3", 17) })
	t.Run("TLS 1.2", func(t *testing.T) { recordLimitsOfServers(t, s, "-tls1_2", "VERS-TLS1.2", 24) })
}

func recordLimitsOfServers(t *testing.T, s *site, openssl, gnutls string, growth int) {
	for _, test := range []struct {
		name, program  string
		arguments      []string
		sent, received int
	}{
		{"openssl", "openssl", []string{"s_server", "-accept", "127.0.0.1:PORT", openssl, "-quiet", "-rev",
			"-cert", s.file("server.crt"), "-key", s.file("server.key")}, 512 + growth, 512 + growth},
		{"gnutls", "gnutls-serv", []string{"--priority", "NORMAL:-VERS-ALL:+" + gnutls, "--port", "PORT", "--echo", "--quiet", "--recordsize", "800",
			"--x509certfile", s.file("server.crt"), "--x509keyfile", s.file("server.key")}, 800 + growth, 700 + growth},
	} {
		t.Run(test.name, func(t *testing.T) {
			port, output := program(t, test.program, test.arguments...)
			cfg := *s.ours
			cfg.RecordSizeLimit, cfg.TLS12 = 700, tlscore.TLS12Client()
			text := strings.Repeat("a", 3000) + "\n"
			got, m, _, err := dialOnce(t, &cfg, port, text, text)
			if err != nil {
				t.Fatalf("%v after %d bytes; %s", err, len(got), output())
			}
			if sent, received := m.longest(); sent > test.sent || received > test.received {
				t.Errorf("fragments of %d bytes sent and %d received, at most %d and %d are allowed", sent, received, test.sent, test.received)
			}
		})
	}
}
