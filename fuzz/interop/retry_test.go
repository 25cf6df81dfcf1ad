package interop

import (
	"crypto/tls"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

// TestRetryOfClients: their clients try again when they are asked for another group, and give back the cookie of a server of ours
// that remembers nothing.
func TestRetryOfClients(t *testing.T) {
	s := newSite(t, ca.ECDSA)
	cfg := *s.ours
	cfg.ClientAuth, cfg.Groups = tlscore.NoClientCert, []tlscore.GroupID{tlscore.P256}
	stateless := cfg
	keys := &tlscore.TicketKeys{Guard: new(sync.Mutex)}
	check(t, keys.Rotate(cfg.Rand))
	stateless.Cookies = tlscore.NewCookies(keys)
	check(t, os.WriteFile(s.file("line"), []byte("q\n"), 0o600))
	clients := map[string]func(t *testing.T, port string) string{
		"openssl": func(t *testing.T, port string) string {
			return run(t, "q\n", "openssl", "s_client", "-connect", "127.0.0.1:"+port, "-quiet", "-ign_eof", "-groups", "X25519:P-256",
				"-CAfile", s.file("ca.crt"), "-verify_return_error")
		},
		"gnutls-cli": func(t *testing.T, port string) string {
			return run(t, "q\n", "gnutls-cli", "127.0.0.1", "--port", port, "--single-key-share", "--verify-hostname", hostName,
				"--priority", "NORMAL:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1", "--x509cafile", s.file("ca.crt"))
		},
		"tstclnt": func(t *testing.T, port string) string {
			return run(t, "", "tstclnt", "-h", "127.0.0.1", "-p", port, "-a", hostName, "-d", s.nss(t), "-A", s.file("line"), "-I", "x25519,P256")
		},
		"curl": func(t *testing.T, port string) string {
			return run(t, "", "curl", "--silent", "--show-error", "--http0.9", "--resolve", hostName+":"+port+":127.0.0.1",
				"--cacert", s.file("ca.crt"), "--curves", "X25519:P-256", "https://"+hostName+":"+port+"/")
		},
		"crypto/tls": func(t *testing.T, port string) string {
			conn, err := tls.Dial("tcp", "127.0.0.1:"+port, &tls.Config{ServerName: hostName, RootCAs: s.root.Pool(),
				CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP256}})
			check(t, err)
			defer conn.Close()
			io.WriteString(conn, "q\n")
			answer, err := io.ReadAll(conn)
			check(t, err)
			return string(answer)
		},
	}
	for kind, cfg := range map[string]*tlscore.Config{"": &cfg, " and a cookie": &stateless} {
		for name, visit := range clients {
			t.Run(name+kind, func(t *testing.T) {
				if name != "crypto/tls" {
					need(t, name)
				}
				port, result := serveOnce(t, cfg, "done\n")
				out := visit(t, port)
				r := <-result
				if r.err != nil || r.state.Group != tlscore.P256 || r.meter.retries() != 1 || !strings.Contains(out, "done") {
					t.Errorf("%v, %v, %d retries\n%s", r.err, r.state.Group, r.meter.retries(), out)
				}
			})
		}
	}
}

// TestRetryOfServers: our client tries again when their servers ask it for another group; OpenSSL's can want a cookie back.
func TestRetryOfServers(t *testing.T) {
	s := newSite(t, ca.ECDSA)
	cfg := s.config()
	cfg.Groups = []tlscore.GroupID{tlscore.X25519, tlscore.P256}
	const text = "aba\n"
	for _, server := range []struct {
		name, program string
		arguments     []string
		talk          func(conn net.Conn) error
	}{
		{
			"openssl", "openssl",
			[]string{"s_server", "-accept", "127.0.0.1:PORT", "-tls1_3", "-quiet", "-rev", "-groups", "P-256",
				"-cert", s.file("server.crt"), "-key", s.file("server.key")},
			func(conn net.Conn) error { return echo(conn, []byte(text), []byte(text)) },
		},
		{
			"openssl and a cookie", "openssl",
			[]string{"s_server", "-accept", "127.0.0.1:PORT", "-tls1_3", "-quiet", "-rev", "-groups", "P-256", "-stateless",
				"-cert", s.file("server.crt"), "-key", s.file("server.key")},
			func(conn net.Conn) error { return echo(conn, []byte(text), []byte(text)) },
		},
		{
			"gnutls-serv", "gnutls-serv",
			[]string{"--port", "PORT", "--echo", "--quiet", "--priority", "NORMAL:-GROUP-ALL:+GROUP-SECP256R1", "--disable-client-cert",
				"--x509certfile", s.file("server.crt"), "--x509keyfile", s.file("server.key")},
			func(conn net.Conn) error { return echo(conn, []byte(text), []byte(text)) },
		},
		{
			"selfserv", "selfserv",
			[]string{"-d", "sql:" + s.file("nss"), "-e", hostName, "-p", "PORT", "-I", "P256", "-g", "0"},
			nssServer.talk,
		},
	} {
		t.Run(server.name, func(t *testing.T) {
			need(t, server.program)
			if server.program == "selfserv" {
				s.nss(t)
			}
			port, output := program(t, server.program, server.arguments...)
			conn, m := dial(t, cfg, port)
			if err := server.talk(conn); err != nil || conn.ConnectionState().Group != tlscore.P256 || m.retries() != 1 {
				t.Errorf("%v, %v, %d retries; %s", err, conn.ConnectionState().Group, m.retries(), output())
			}
		})
	}
}
