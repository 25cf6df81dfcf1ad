package interop

import (
	"testing"

	"colibri/firmware/pki/ca"
)

// TestGreaseAmongPrograms: OpenSSL and GnuTLS as servers do not mind our client's GREASE, nor as clients our server's.
func TestGreaseAmongPrograms(t *testing.T) {
	s := newSite(t, ca.ECDSA)
	cfg := *s.ours
	cfg.GREASE = true
	for name, arguments := range map[string][]string{
		"openssl":     {"s_server", "-accept", "127.0.0.1:PORT", "-tls1_3", "-quiet", "-rev", "-cert", s.file("server.crt"), "-key", s.file("server.key")},
		"gnutls-serv": {"--port", "PORT", "--echo", "--quiet", "--x509certfile", s.file("server.crt"), "--x509keyfile", s.file("server.key")},
	} {
		t.Run(name, func(t *testing.T) {
			port, output := program(t, name, arguments...)
			if _, _, _, err := dialOnce(t, &cfg, port, "aba\n", "aba"); err != nil {
				t.Errorf("%v; %s", err, output())
			}
		})
	}
	for name, arguments := range map[string][]string{
		"openssl":    {"s_client", "-tls1_3", "-ign_eof", "-quiet", "-cert", s.file("client.crt"), "-key", s.file("client.key"), "-connect"},
		"gnutls-cli": {"--insecure", "--x509certfile", s.file("client.crt"), "--x509keyfile", s.file("client.key")},
	} {
		t.Run(name+" as client", func(t *testing.T) {
			need(t, name)
			port, result := serveOnce(t, &cfg, "done\n")
			out := run(t, "q\n", name, append(arguments, "127.0.0.1:"+port)...)
			if r := <-result; r.err != nil || r.state.PeerCertificate == nil {
				t.Errorf("%v\n%s", r.err, out)
			}
		})
	}
}
