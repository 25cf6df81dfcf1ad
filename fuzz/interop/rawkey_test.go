package interop

import (
	"bytes"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/x509lite"
)

// TestRawPublicKeysWithGnuTLS: mutual authentication without a certificate, in both roles.
func TestRawPublicKeysWithGnuTLS(t *testing.T) {
	dir := t.TempDir()
	root, err := ca.New(ca.ECDSA, time.Now(), "colibri interop CA")
	check(t, err)
	files := func(name string) string { return filepath.Join(dir, name) }
	ids := map[string]*ca.Identity{}
	for _, name := range []string{"server", "client"} {
		id, err := root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server | ca.Client})
		check(t, err)
		keyPEM, err := id.KeyPEM()
		check(t, err)
		public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: id.Cert.RawSubjectPublicKeyInfo})
		check(t, os.WriteFile(files(name+".key"), keyPEM, 0o600))
		check(t, os.WriteFile(files(name+".pub"), public, 0o600))
		ids[name] = id
	}
	config := func(own, peer string) *tlscore.Config {
		cfg := *newSite(t, ca.ECDSA).ours
		id := ours(t, ids[own])
		id.Chain, id.Raw = [][]byte{ids[own].Cert.RawSubjectPublicKeyInfo}, true
		cfg.Identities = []tlscore.Identity{id}
		cfg.Anchors, cfg.RawPublicKeys = nil, tlscore.PinKeys(&x509lite.Pins{Keys: [][]byte{ids[peer].Cert.RawSubjectPublicKeyInfo}})
		return &cfg
	}
	for version, number := range map[string]uint16{"1.2": 0x0303, "1.3": 0x0304} {
		priority := "NORMAL:-VERS-ALL:+VERS-TLS" + version + ":-CTYPE-ALL:+CTYPE-SRV-RAWPK:+CTYPE-CLI-RAWPK"
		t.Run(version+" as client", func(t *testing.T) {
			need(t, "gnutls-cli")
			cfg := config("server", "client")
			cfg.TLS12 = tlscore.TLS12Server()
			port, result := serveOnce(t, cfg, "done\n")
			out := run(t, "q\n", "gnutls-cli", "127.0.0.1", "--port", port, "--insecure",
				"--priority", priority, "--rawpkkeyfile", files("client.key"), "--rawpkfile", files("client.pub"))
			r := <-result
			if r.err != nil || !bytes.Equal(r.state.PeerPublicKey, ids["client"].Cert.RawSubjectPublicKeyInfo) || r.state.PeerCertificate != nil {
				t.Errorf("%v, key %x\n%s", r.err, r.state.PeerPublicKey, out)
			}
			if r.state.Version != number {
				t.Errorf("version %#04x", r.state.Version)
			}
		})
		t.Run(version+" as server", func(t *testing.T) {
			port, output := program(t, "gnutls-serv", "--port", "PORT", "--echo", "--quiet", "--require-client-cert",
				"--priority", priority, "--rawpkkeyfile", files("server.key"), "--rawpkfile", files("server.pub"))
			cfg := config("client", "server")
			cfg.TLS12 = tlscore.TLS12Client()
			_, _, conn, err := dialOnce(t, cfg, port, "aba\n", "aba")
			if err != nil || !bytes.Equal(conn.ConnectionState().PeerPublicKey, ids["server"].Cert.RawSubjectPublicKeyInfo) {
				t.Errorf("%v; %s", err, output())
			}
			if got := conn.ConnectionState().Version; got != number {
				t.Errorf("version %#04x", got)
			}
		})
	}
}
