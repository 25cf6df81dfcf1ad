package interop

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

// Pre-shared keys of both kinds, with programs that have nothing of ours: keys that both sides were given, and sessions that a client
// of ours resumes.

var sharedKey = bytes.Repeat([]byte{0x3b}, 32)

// pskConfig is one side that knows the other by its key only.
func pskConfig(role func(...tlscore.PSK) *tlscore.PSKs) *tlscore.Config {
	return &tlscore.Config{
		PSKs:  role(tlscore.PSK{Identity: []byte("sensor"), Key: sharedKey}),
		Rand:  rand.Reader,
		Clock: func() int64 { return time.Now().Unix() },
	}
}

// TestSharedKeyClients: other people's clients talk to a server of ours that has no certificate.
func TestSharedKeyClients(t *testing.T) {
	for name, arguments := range map[string][]string{
		"openssl": {"s_client", "-connect", "127.0.0.1:PORT", "-tls1_3", "-quiet", "-ign_eof",
			"-psk_identity", "sensor", "-psk", hex.EncodeToString(sharedKey)},
		"gnutls-cli": {"127.0.0.1", "--port", "PORT", "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3:-KX-ALL:+ECDHE-PSK",
			"--pskusername", "sensor", "--pskkey", hex.EncodeToString(sharedKey)},
	} {
		t.Run(name, func(t *testing.T) {
			need(t, name)
			cfg := pskConfig(tlscore.PSKServer)
			used := make(chan string, 1)
			cfg.Events = func(_ *tlscore.Conn, e tlscore.Event) {
				if e.Kind == tlscore.EventPSK {
					used <- string(e.Name)
				}
			}
			port, result := serveOnce(t, cfg, "an answer\n")
			for i := range arguments {
				arguments[i] = strings.ReplaceAll(arguments[i], "PORT", port)
			}
			out := run(t, "a question\n", name, arguments...)
			if r := <-result; r.err != nil || !strings.Contains(out, "an answer") {
				t.Fatalf("%v\n%s", r.err, out)
			}
			if name := <-used; name != "sensor" {
				t.Errorf("the key of %q was used", name)
			}
		})
	}
}

// TestSharedKeyServers: a client of ours talks to servers that have no certificate.
func TestSharedKeyServers(t *testing.T) {
	passwords := filepath.Join(t.TempDir(), "psk")
	check(t, os.WriteFile(passwords, []byte("sensor:"+hex.EncodeToString(sharedKey)+"\n"), 0o600))
	alone := pskConfig(tlscore.PSKClient)
	alone.WithoutKeyExchange = true
	port, output := program(t, "openssl", "s_server", "-accept", "127.0.0.1:PORT", "-tls1_3", "-rev", "-nocert", "-allow_no_dhe_kex",
		"-psk_identity", "sensor", "-psk", hex.EncodeToString(sharedKey))
	if got, _, conn, err := dialOnce(t, alone, port, "a question\n", "noitseuq a"); err != nil || conn.ConnectionState().Group != 0 {
		t.Errorf("openssl, the key alone: %v, read %q\n%s", err, got, output())
	}
	for name, server := range map[string]struct {
		arguments []string
		answer    string
	}{
		"openssl": {[]string{"s_server", "-accept", "127.0.0.1:PORT", "-tls1_3", "-rev", "-nocert",
			"-psk_identity", "sensor", "-psk", hex.EncodeToString(sharedKey)}, "noitseuq a"},
		"gnutls-serv": {[]string{"--port", "PORT", "--echo", "--pskpasswd", passwords,
			"--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3:-KX-ALL:+ECDHE-PSK"}, "a question"},
	} {
		t.Run(name, func(t *testing.T) {
			port, output := program(t, name, server.arguments...)
			if got, _, _, err := dialOnce(t, pskConfig(tlscore.PSKClient), port, "a question\n", server.answer); err != nil {
				t.Errorf("%v, read %q\n%s", err, got, output())
			}
		})
	}
}

// TestResume: a client of ours resumes a session twice; the server keeps it in the ticket or behind a name.
func TestResume(t *testing.T) {
	site := newSite(t, ca.ECDSA)
	cert, key := site.file("server.crt"), site.file("server.key")
	openssl := []string{"s_server", "-accept", "127.0.0.1:PORT", "-tls1_3", "-rev", "-cert", cert, "-key", key}
	gnutls := []string{"--port", "PORT", "--echo", "--x509certfile", cert, "--x509keyfile", key, "--priority"}
	for _, server := range []struct {
		name, program string
		arguments     []string
		answer        string
	}{
		{"openssl", "openssl", openssl, "noitseuq a"},
		{"openssl with sessions of its own", "openssl", append(openssl, "-no_ticket"), "noitseuq a"},
		{"openssl with SHA-384", "openssl", append(openssl, "-ciphersuites", "TLS_AES_256_GCM_SHA384"), "noitseuq a"},
		{"openssl with a retry", "openssl", append(openssl, "-groups", "P-384"), "noitseuq a"},
		{"gnutls", "gnutls-serv", append(gnutls, "NORMAL:-VERS-ALL:+VERS-TLS1.3"), "a question"},
		{"gnutls with a retry", "gnutls-serv", append(gnutls, "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-SECP384R1"), "a question"},
	} {
		t.Run(server.name, func(t *testing.T) {
			cfg := pskConfig(tlscore.PSKClient)
			cfg.PSKs, cfg.Sessions = nil, &tlscore.Sessions{Guard: new(sync.Mutex)}
			check(t, trust(cfg, site.root))
			port, output := program(t, server.program, append([]string(nil), server.arguments...)...)
			for i := range 3 {
				got, _, conn, err := dialOnce(t, cfg, port, "a question\n", server.answer)
				if err != nil {
					t.Fatalf("%v, read %q\n%s", err, got, output())
				}
				if resumed := conn.ConnectionState().Resumed; resumed != (i > 0) {
					t.Errorf("connection %d: resumed %v", i, resumed)
				}
				conn.Close()
			}
		})
	}
}
