package tlscore_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// clientConfig12 is a client of ours with p's client certificate that allows TLS 1.2.
func (p *pki) clientConfig12(t testing.TB) *tlscore.Config {
	cfg := p.clientConfig(t)
	cfg.TLS12 = tlscore.TLS12Client()
	return cfg
}

// chat runs a whole conversation with a server of crypto/tls and returns what both ends know of the connection.
func chat(t *testing.T, cfg *tlscore.Config, std *tls.Config) (tlscore.Info, tls.ConnectionState) {
	t.Helper()
	client, transport, server := dial(t, cfg, "changeme", std)
	served := make(chan error, 1)
	go func() {
		_, err := io.WriteString(server, "from the server")
		served <- err
		io.Copy(server, server)
	}()
	read := func() bool { return len(client.ReadWindow()) > 0 }
	if err := drive(client, transport, read); err != nil {
		t.Fatal(err, <-served)
	}
	if got := string(client.ReadWindow()); got != "from the server" {
		t.Errorf("read %q", got)
	}
	client.Consumed(len(client.ReadWindow()))
	client.Written(copy(client.WriteWindow(), "and back"))
	client.Flush()
	if err := drive(client, transport, read); err != nil || string(client.ReadWindow()) != "and back" {
		t.Errorf("echo %q, %v", client.ReadWindow(), err)
	}
	info := client.Info()
	client.Release()
	return info, server.ConnectionState()
}

func TestClientMatrix12(t *testing.T) {
	for family, suites := range suites12 {
		p := newPKI(t, family)
		for _, auth := range []tls.ClientAuthType{tls.NoClientCert, tls.RequestClientCert, tls.RequireAndVerifyClientCert} {
			for _, suite := range suites {
				for _, group := range []tlscore.GroupID{tlscore.X25519, tlscore.P256, tlscore.P384} {
					for _, only := range []bool{false, true} {
						t.Run(fmt.Sprintf("%v/%v/%v/auth=%v/only=%v", family, suite, group, auth, only), func(t *testing.T) {
							cfg := p.clientConfig12(t)
							cfg.ALPN = []string{"h2", "http/1.1"}
							if only {
								cfg.MaxVersion = tls.VersionTLS12
								cfg.Suites = []tlscore.SuiteID{suite}
							}
							std := p.stdServer()
							std.ClientAuth = auth
							std.MaxVersion = tls.VersionTLS12
							std.CipherSuites = []uint16{uint16(suite)}
							std.CurvePreferences = []tls.CurveID{tls.CurveID(group)}
							info, state := chat(t, cfg, std)
							if info.Suite != suite || info.Group != group || info.ALPN != "http/1.1" || info.Version != tls.VersionTLS12 {
								t.Errorf("%+v", info)
							}
							if state.ServerName != "changeme" || auth != tls.NoClientCert != (len(state.PeerCertificates) > 0) {
								t.Errorf("the server: %+v", state)
							}
						})
					}
				}
			}
		}
	}
}

// TestClientVersions: a client that allows TLS 1.2 prefers TLS 1.3, if it is allowed, and speaks nothing older.
func TestClientVersions(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		name       string
		max12      bool
		serverMax  uint16
		serverMin  uint16
		version    uint16
		err        error
		serverFine bool
	}{
		{"both", false, tls.VersionTLS13, tls.VersionTLS12, tls.VersionTLS13, nil, true},
		{"the server speaks TLS 1.2", false, tls.VersionTLS12, tls.VersionTLS12, tls.VersionTLS12, nil, true},
		{"we want TLS 1.2", true, tls.VersionTLS13, tls.VersionTLS12, tls.VersionTLS12, nil, true},
		{"the server wants TLS 1.3", true, tls.VersionTLS13, tls.VersionTLS13, 0, tlscore.PeerAlert(tlscore.AlertProtocolVersion), false},
		{"the server speaks TLS 1.1", false, tls.VersionTLS11, tls.VersionTLS10, 0, tlscore.PeerAlert(tlscore.AlertProtocolVersion), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg, std := p.clientConfig12(t), p.stdServer()
			if test.max12 {
				cfg.MaxVersion = tls.VersionTLS12
			}
			std.MaxVersion, std.MinVersion = test.serverMax, test.serverMin
			client, transport, server := dial(t, cfg, "changeme", std)
			go server.Handshake()
			if err := drive(client, transport, client.HandshakeDone); err != test.err {
				t.Fatalf("%v, want %v", err, test.err)
			}
			if test.err == nil && client.Info().Version != test.version {
				t.Errorf("version %x", client.Info().Version)
			}
		})
	}
}

// TestSessionIDOfClients: a client of TLS 1.2 that has no session names none (RFC 5246, section 7.4.1.2); one that may get TLS 1.3 sends a
// random session ID all the same (RFC 8446, appendix D.4).
func TestSessionIDOfClients(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		most uint16
		want byte
	}{{tls.VersionTLS12, 0}, {tls.VersionTLS13, 32}} {
		cfg := p.clientConfig12(t)
		cfg.MaxVersion = test.most
		var c tlscore.Conn
		if err := c.Client(cfg, newPool(t), "changeme"); err != nil {
			t.Fatal(err)
		}
		if n := c.SendWindow()[record.HeaderSize+sessionIDLength]; n != test.want {
			t.Errorf("up to %#04x: a session ID of %d bytes, want %d", test.most, n, test.want)
		}
		c.Release()
	}
}

// TestFallback: a client that says it falls back is refused by a server of crypto/tls that speaks TLS 1.3, and by ours, and not by those that
// speak TLS 1.2 at most; with a session of TLS 1.2 it does not say so.
func TestFallback(t *testing.T) {
	for _, test := range []struct {
		most uint16
		want error
	}{
		{wire.VersionTLS12, nil},
		{wire.VersionTLS13, tlscore.PeerAlert(tlscore.AlertInappropriateFallback)},
	} {
		r := newReunion(t)
		r.client.TLS12, r.server.TLS12 = tlscore.TLS12Client(), tlscore.TLS12Server()
		r.client.MaxVersion, r.client.Fallback = wire.VersionTLS12, true
		r.server.MaxVersion = test.most
		p := newPair(t, r.client, r.server, r.pools)
		if p.run(1 << 20); p.client.Err() != test.want {
			t.Errorf("version %x, our server: %v", test.most, p.client.Err())
		}
		std := newPKI(t, ca.ECDSA)
		cfg := std.clientConfig12(t)
		cfg.MaxVersion, cfg.Fallback = wire.VersionTLS12, true
		theirs := std.stdServer()
		theirs.MaxVersion = test.most
		client, transport, server := dial(t, cfg, "changeme", theirs)
		go server.Handshake()
		if err := drive(client, transport, client.HandshakeDone); err != test.want {
			t.Errorf("version %x, crypto/tls: %v", test.most, err)
		}
	}
	r := newReunion(t)
	r.client.TLS12, r.server.TLS12 = tlscore.TLS12Client(), tlscore.TLS12Server()
	r.client.MaxVersion = wire.VersionTLS12
	r.expect("without", false)
	r.client.Fallback = true
	r.expect("resumed", true)
}
