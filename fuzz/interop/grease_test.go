package interop

import (
	"path/filepath"
	"testing"

	"colibri/firmware/pki/ca"
)

// TestGreaseAmongPrograms: OpenSSL and GnuTLS as servers do not mind our client's GREASE, nor as clients our server's.
func TestGreaseAmongPrograms(t *testing.T) {
	s := newSite(t, ca.ECDSA)
	cfg := *s.ours
	cfg.GREASE = true
	files := func(name string) string { return filepath.Join(s.dir, name) }
	for name, arguments := range map[string][]string{
		"openssl":     {"s_server", "-accept", "127.0.0.1:PORT", "-tls1_3", "-quiet", "-rev", "-cert", files("server.crt"), "-key", files("server.key")},
		"gnutls-serv": {"--port", "PORT", "--echo", "--quiet", "--x509certfile", files("server.crt"), "--x509keyfile", files("server.key")},
	} {
		t.Run(name, func(t *testing.T) {
			port, output := program(t, name, arguments...)
			if _, _, _, err := dialOnce(t, &cfg, port, "aba\n", "aba"); err != nil {
				t.Errorf("%v; %s", err, output())
			}
		})
	}
	for _, c := range []client{
		{name: "openssl as client", program: "openssl", stdin: "q\n", arguments: func(_ cell, _, port string) []string {
			return []string{"s_client", "-connect", "127.0.0.1:" + port, "-tls1_3", "-ign_eof", "-quiet",
				"-cert", files("client.crt"), "-key", files("client.key")}
		}},
		{name: "gnutls as client", program: "gnutls-cli", stdin: "q\n", arguments: func(_ cell, _, port string) []string {
			return []string{"127.0.0.1", "--port", port, "--insecure", "--x509certfile", files("client.crt"), "--x509keyfile", files("client.key")}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			need(t, c.program)
			port, result := serveOnce(t, &cfg, "done\n")
			out, _ := run(t, c, c.arguments(cell{}, "", port))
			if r := <-result; r.err != nil || r.state.PeerCertificate == nil {
				t.Errorf("%v\n%s", r.err, out)
			}
		})
	}
}
