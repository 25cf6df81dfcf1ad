package interop

import (
	"bytes"
	"crypto/tls"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

// TestStapledResponses: OpenSSL, GnuTLS and crypto/tls are sent the OCSP response they ask for, and send one to our client.
func TestStapledResponses(t *testing.T) {
	dir := t.TempDir()
	root, err := ca.New(ca.ECDSA, time.Now(), "colibri interop CA")
	check(t, err)
	id, err := root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	check(t, err)
	response, err := ocsp.CreateResponse(root.Cert, root.Cert, ocsp.Response{
		Status:       ocsp.Good,
		SerialNumber: id.Cert.SerialNumber,
		ThisUpdate:   time.Now().Add(-time.Hour),
		NextUpdate:   time.Now().Add(time.Hour),
	}, root.Key)
	check(t, err)
	keyPEM, err := id.KeyPEM()
	check(t, err)
	files := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string][]byte{"ca.crt": root.CertPEM(), "server.crt": id.CertPEM(), "server.key": keyPEM, "ocsp": response} {
		check(t, os.WriteFile(files(name), text, 0o600))
	}
	cfg := *newSite(t, ca.ECDSA).ours
	cfg.ClientAuth = tlscore.NoClientCert
	cfg.Identities = []tlscore.Identity{ours(t, id)}
	cfg.Identities[0].OCSP = response

	t.Run("to openssl", func(t *testing.T) {
		need(t, "openssl")
		port, result := serveOnce(t, &cfg, "done\n")
		out := run(t, "q\n", "openssl", "s_client", "-connect", "127.0.0.1:"+port, "-tls1_3",
			"-ign_eof", "-status", "-CAfile", files("ca.crt"), "-verify_return_error")
		if r := <-result; r.err != nil || !strings.Contains(out, "Cert Status: good") {
			t.Errorf("%v\n%s", r.err, out)
		}
	})
	t.Run("to gnutls", func(t *testing.T) {
		need(t, "gnutls-cli")
		port, result := serveOnce(t, &cfg, "done\n")
		out := run(t, "q\n", "gnutls-cli", "127.0.0.1", "--port", port, "--sni-hostname", "changeme",
			"--verify-hostname", "changeme", "--x509cafile", files("ca.crt"), "--save-ocsp", files("got"))
		got, _ := os.ReadFile(files("got"))
		if r := <-result; r.err != nil || !bytes.Equal(got, response) {
			t.Errorf("%v, %d bytes of %d\n%s", r.err, len(got), len(response), out)
		}
	})
	t.Run("to crypto/tls", func(t *testing.T) {
		port, result := serveOnce(t, &cfg, "done\n")
		conn, err := tls.Dial("tcp", "127.0.0.1:"+port, &tls.Config{ServerName: "changeme", RootCAs: root.Pool()})
		check(t, err)
		defer conn.Close()
		io.WriteString(conn, "q\n")
		if r := <-result; r.err != nil || !bytes.Equal(conn.OCSPResponse(), response) {
			t.Errorf("%v, %d bytes", r.err, len(conn.OCSPResponse()))
		}
	})
	for name, arguments := range map[string][]string{
		"openssl": {"s_server", "-accept", "127.0.0.1:PORT", "-tls1_3", "-quiet", "-rev", "-status_file", files("ocsp"),
			"-cert", files("server.crt"), "-key", files("server.key")},
		"gnutls-serv": {"--port", "PORT", "--echo", "--quiet", "--ocsp-response", files("ocsp"),
			"--x509certfile", files("server.crt"), "--x509keyfile", files("server.key")},
	} {
		t.Run("from "+name, func(t *testing.T) {
			port, output := program(t, name, arguments...)
			cfg := cfg
			cfg.RequestOCSP = true
			check(t, trust(&cfg, root))
			_, _, conn, err := dialOnce(t, &cfg, port, "aba\n", "aba")
			if got := conn.ConnectionState().OCSPResponse; err != nil || !bytes.Equal(got, response) {
				t.Errorf("%v, %d bytes of %d; %s", err, len(got), len(response), output())
			}
		})
	}
}
