package tlscore_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

var suites12 = map[ca.Family][]tlscore.SuiteID{
	ca.ECDSA: {tlscore.ECDHEECDSAAES128GCMSHA256, tlscore.ECDHEECDSAAES256GCMSHA384, tlscore.ECDHEECDSAChaCha20Poly1305},
	ca.RSA:   {tlscore.ECDHERSAAES128GCMSHA256, tlscore.ECDHERSAAES256GCMSHA384, tlscore.ECDHERSAChaCha20Poly1305},
}

// config12 returns a server's configuration that allows TLS 1.2.
func (p *pki) config12(t testing.TB) *tlscore.Config {
	cfg := p.config(t)
	cfg.TLS12 = tlscore.TLS12Server()
	return cfg
}

// stdClient is a client of crypto/tls with p's client certificate, for TLS 1.2.
func (p *pki) stdClient() *tls.Config {
	return &tls.Config{
		Certificates: []tls.Certificate{p.client.TLS()},
		RootCAs:      p.root.Pool(),
		ServerName:   "changeme",
		Time:         func() time.Time { return now },
		NextProtos:   []string{"http/1.1"},
		MaxVersion:   tls.VersionTLS12,
	}
}

// accept connects a client of crypto/tls to a server of ours, and returns both ends.
func accept(t *testing.T, cfg *tlscore.Config, client *tls.Config) (*tlscore.Conn, net.Conn, *tls.Conn) {
	t.Helper()
	near, far := loopback(t)
	server := new(tlscore.Conn)
	if err := server.Server(cfg, newPool(t)); err != nil {
		t.Fatal(err)
	}
	return server, near, tls.Client(far, client)
}

// talk runs a whole conversation with a client of crypto/tls and returns what the client knows of the connection.
func talk(t *testing.T, cfg *tlscore.Config, std *tls.Config) (tlscore.Info, tls.ConnectionState) {
	t.Helper()
	server, transport, client := accept(t, cfg, std)
	done := make(chan error, 1)
	go func() {
		if _, err := io.WriteString(client, "from the client"); err != nil {
			done <- err
			return
		}
		answer := make([]byte, 8)
		if _, err := io.ReadFull(client, answer); err != nil || string(answer) != "and back" {
			done <- fmt.Errorf("the client read %q, %v", answer, err)
			return
		}
		done <- client.Close()
	}()
	if err := drive(server, transport, func() bool { return len(server.ReadWindow()) > 0 }); err != nil {
		t.Fatal(err, <-done)
	}
	if got := string(server.ReadWindow()); got != "from the client" {
		t.Errorf("the server read %q", got)
	}
	server.Consumed(len(server.ReadWindow()))
	server.Written(copy(server.WriteWindow(), "and back"))
	server.Flush()
	if err := drive(server, transport, server.PeerClosed); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return server.Info(), client.ConnectionState()
}

func TestServerMatrix12(t *testing.T) {
	for family, suites := range suites12 {
		p := newPKI(t, family)
		for _, auth := range []tlscore.ClientAuth{tlscore.NoClientCert, tlscore.RequestClientCert, tlscore.RequireClientCert} {
			for _, suite := range suites {
				for _, group := range []tlscore.GroupID{tlscore.X25519, tlscore.P256} {
					t.Run(fmt.Sprintf("%v/%v/%v/auth=%d", family, suite, group, auth), func(t *testing.T) {
						cfg := p.config12(t)
						cfg.ClientAuth = auth
						cfg.Groups = []tlscore.GroupID{group}
						cfg.ALPN = []string{"http/1.1"}
						std := p.stdClient()
						std.CipherSuites = []uint16{uint16(suite)}
						info, state := talk(t, cfg, std)
						if info.Suite != suite || info.Group != group || info.Version != tls.VersionTLS12 || info.ALPN != "http/1.1" || info.Resumed {
							t.Errorf("%+v", info)
						}
						if state.CipherSuite != uint16(suite) || state.Version != tls.VersionTLS12 || state.NegotiatedProtocol != "http/1.1" {
							t.Errorf("the client: %+v", state)
						}
					})
				}
			}
		}
	}
}

// TestServerChoosesVersion: TLS 1.3 is preferred, TLS 1.2 is not spoken unless it is allowed, nor anything older ever.
func TestServerChoosesVersion(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	std := p.stdClient()
	std.MaxVersion = 0
	if info, _ := talk(t, p.config12(t), std); info.Version != tls.VersionTLS13 {
		t.Errorf("%+v", info)
	}
	for _, test := range []struct {
		cfg     *tlscore.Config
		version uint16
	}{
		{p.config(t), tls.VersionTLS12},
		{p.config12(t), tls.VersionTLS11},
	} {
		std := p.stdClient()
		std.MaxVersion, std.MinVersion = test.version, tls.VersionTLS10
		server, transport, client := accept(t, test.cfg, std)
		go client.Handshake()
		if err := drive(server, transport, server.HandshakeDone); err != tlscore.ErrVersion {
			t.Errorf("a client of version %x: %v", test.version, err)
		}
	}
}

// TestTickets12: a client that comes back resumes its session, under the same suite; one that comes back too late does not, nor one
// whose server has forgotten the key.
func TestTickets12(t *testing.T) {
	for family, suites := range suites12 {
		p := newPKI(t, family)
		for _, suite := range suites {
			cfg := p.config12(t)
			cfg.Tickets = new(tlscore.TicketKeys)
			cfg.Tickets.Rotate(cfg.Rand)
			clock := now.Unix()
			cfg.Clock = func() int64 { return clock }
			std := p.stdClient()
			std.CipherSuites = []uint16{uint16(suite)}
			std.ClientSessionCache = tls.NewLRUClientSessionCache(1)
			for i, want := range []bool{false, true, true, false, true, false} {
				switch i {
				case 3:
					clock += 25 * 60 * 60
				case 5:
					cfg.Tickets.Rotate(cfg.Rand)
					cfg.Tickets.Rotate(cfg.Rand)
				}
				info, state := talk(t, cfg, std)
				if info.Resumed != want || state.DidResume != want || info.Suite != suite {
					t.Errorf("%v, connection %d: %+v, the client resumed: %v", suite, i, info, state.DidResume)
				}
			}
		}
	}
}
