package tlscore_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/x509lite"
)

// drive runs a client of ours over transport until until is true or the connection fails.
func drive(c *tlscore.Conn, transport net.Conn, until func() bool) error {
	for {
		for w := c.SendWindow(); len(w) > 0; w = c.SendWindow() {
			n, err := transport.Write(w)
			if err != nil {
				return err
			}
			c.Sent(n)
		}
		if err := c.Err(); err != nil {
			return err
		}
		if until() {
			return nil
		}
		n, err := transport.Read(c.RecvWindow())
		c.Received(n)
		if err == io.EOF {
			c.RecvEOF()
		} else if err != nil {
			return err
		}
	}
}

// loopback returns both ends of a connection; net.Pipe would not do, as it has no buffer.
func loopback(t *testing.T) (near, far net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	near, err = net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	far, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	near.SetDeadline(deadline)
	far.SetDeadline(deadline)
	t.Cleanup(func() { near.Close(); far.Close() })
	return near, far
}

// dial connects a client of ours to a server of crypto/tls, and returns both ends; the server's handshake runs.
func dial(t *testing.T, cfg *tlscore.Config, name string, server *tls.Config) (*tlscore.Conn, net.Conn, *tls.Conn) {
	t.Helper()
	near, far := loopback(t)
	conn := tls.Server(far, server)
	client := new(tlscore.Conn)
	if err := client.Client(cfg, newPool(t), name); err != nil {
		t.Fatal(err)
	}
	return client, near, conn
}

// stdServer is a server of crypto/tls with p's certificate that trusts p's root.
func (p *pki) stdServer() *tls.Config {
	return &tls.Config{
		Certificates: []tls.Certificate{p.server.TLS()},
		ClientCAs:    p.root.Pool(),
		Time:         func() time.Time { return now },
		NextProtos:   []string{"http/1.1"},
	}
}

// clientConfig is a client of ours with p's client certificate.
func (p *pki) clientConfig(t testing.TB) *tlscore.Config {
	cfg := p.config(t)
	cfg.Identities = []tlscore.Identity{identity(t, p.client)}
	return cfg
}

func TestClientMatrix(t *testing.T) {
	for _, family := range []ca.Family{ca.ECDSA, ca.RSA} {
		p := newPKI(t, family)
		for _, auth := range []tls.ClientAuthType{tls.NoClientCert, tls.RequestClientCert, tls.RequireAndVerifyClientCert} {
			for _, suite := range []tlscore.SuiteID{tlscore.AES128GCMSHA256, tlscore.AES256GCMSHA384, tlscore.ChaCha20Poly1305SHA256} {
				for _, group := range []tlscore.GroupID{tlscore.X25519, tlscore.P256} {
					for _, retry := range []bool{false, true} {
						t.Run(fmt.Sprintf("%v/%v/%v/auth=%v/retry=%v", family, suite, group, auth, retry), func(t *testing.T) {
							cfg := p.clientConfig(t)
							cfg.Suites = []tlscore.SuiteID{suite}
							cfg.Groups = []tlscore.GroupID{group}
							if retry {
								cfg.Groups = []tlscore.GroupID{23 + 29 - group, group}
							}
							cfg.ALPN = []string{"h2", "http/1.1"}
							std := p.stdServer()
							std.ClientAuth = auth
							std.CurvePreferences = []tls.CurveID{tls.CurveID(group)}
							info, state := chat(t, cfg, std)
							if uint16(info.Suite) != state.CipherSuite || info.Group != group || info.ALPN != "http/1.1" ||
								state.ServerName != "changeme" || state.HelloRetryRequest != retry {
								t.Errorf("%+v; the server: %v, %q, retry %v", info, state.CipherSuite, state.ServerName, state.HelloRetryRequest)
							}
							if want := auth != tls.NoClientCert; want != (len(state.PeerCertificates) > 0) {
								t.Errorf("the server saw %d certificates", len(state.PeerCertificates))
							}
						})
					}
				}
			}
		}
	}
}

func TestClientRefusesServers(t *testing.T) {
	p, foreign := newPKI(t, ca.ECDSA), newPKI(t, ca.ECDSA)
	with := func(id *ca.Identity) func(*tls.Config) {
		return func(c *tls.Config) { c.Certificates = []tls.Certificate{id.TLS()} }
	}
	for _, test := range []struct {
		name   string
		change func(*tls.Config)
		err    error
	}{
		{"another name", with(p.issue(t, ca.Request{Names: []string{"other"}, Usage: ca.Server})), x509lite.ErrNameMismatch},
		{"foreign CA of the same name", with(foreign.server), x509lite.ErrKeyIdentifier},
		{"expired", with(p.issue(t, ca.Request{Names: []string{"changeme"}, Usage: ca.Server,
			NotBefore: now.AddDate(-2, 0, 0), NotAfter: now.AddDate(-1, 0, 0)})), x509lite.ErrExpired},
		{"a client's certificate", with(p.client), x509lite.ErrNameMismatch},
		{"TLS 1.2", func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }, tlscore.PeerAlert(tlscore.AlertProtocolVersion)},
	} {
		t.Run(test.name, func(t *testing.T) {
			std := p.stdServer()
			test.change(std)
			client, transport, server := dial(t, p.clientConfig(t), "changeme", std)
			served := make(chan error, 1)
			go func() { served <- server.Handshake() }()
			if err := drive(client, transport, client.HandshakeDone); err != test.err {
				t.Errorf("%v, want %v", err, test.err)
			}
			if err := <-served; err == nil {
				t.Error("the server is content")
			}
		})
	}
}

// TestFirstRecord: a ClientHello is in a record of TLS 1.0, which servers of any age read.
func TestFirstRecord(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	var c tlscore.Conn
	if err := c.Client(p.clientConfig(t), newPool(t), "changeme"); err != nil {
		t.Fatal(err)
	}
	if w := c.SendWindow(); !bytes.HasPrefix(w, []byte{22, 3, 1}) {
		t.Errorf("the first record begins with %x", w[:3])
	}
}

func TestClientByAddress(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	std := p.stdServer()
	std.Certificates = []tls.Certificate{p.issue(t, ca.Request{Names: []string{"192.0.2.7", "2001:db8::7"}, Usage: ca.Server}).TLS()}
	for _, address := range []string{"192.0.2.7", "2001:db8::7"} {
		client, transport, server := dial(t, p.clientConfig(t), address, std)
		go server.Handshake()
		if err := drive(client, transport, client.HandshakeDone); err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if name := server.ConnectionState().ServerName; name != "" {
			t.Errorf("%s was sent as a server name: %q", address, name)
		}
	}
}

// TestClientWithoutServerName: the name is not sent in either version, and checked all the same.
func TestClientWithoutServerName(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		for name, want := range map[string]error{"changeme": nil, "another": x509lite.ErrNameMismatch} {
			cfg, std := p.clientConfig(t), p.stdServer()
			cfg.TLS12, cfg.WithoutServerName = tlscore.TLS12Client(), true
			std.MaxVersion = version
			told := "unknown"
			std.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
				told = hello.ServerName
				return nil, nil
			}
			client, transport, server := dial(t, cfg, name, std)
			go server.Handshake()
			if err := drive(client, transport, client.HandshakeDone); err != want || told != "" {
				t.Errorf("version %x, %s: %v, and the server is told %q", version, name, err, told)
			}
		}
	}
}

func TestClientConfigIsChecked(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	if err := new(tlscore.Conn).Client(p.clientConfig(t), newPool(t), ""); err != tlscore.ErrNoServerName {
		t.Error(err)
	}
	if err := new(tlscore.Conn).Client(p.clientConfig(t), newPool(t), "not a name"); err != tlscore.ErrNoServerName {
		t.Error(err)
	}
	cfg := p.clientConfig(t)
	cfg.Groups, cfg.Suites = []tlscore.GroupID{}, []tlscore.SuiteID{}
	if err := new(tlscore.Conn).Client(cfg, newPool(t), "changeme."); err != nil {
		t.Errorf("empty lists and a name with a trailing dot: %v", err)
	}
	cfg = p.clientConfig(t)
	cfg.Anchors = nil
	if err := new(tlscore.Conn).Client(cfg, newPool(t), "changeme"); err != tlscore.ErrNoAnchors {
		t.Error(err)
	}
}

// TestBothEndsAreOurs connects a client of ours with a server of ours, without any transport between them.
func TestBothEndsAreOurs(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	serverConfig := p.config(t)
	serverConfig.ClientAuth = tlscore.RequireClientCert
	var client, server tlscore.Conn
	clientPool, serverPool := newPool(t), newPool(t)
	run := func() {
		if err := server.Server(serverConfig, serverPool); err != nil {
			t.Fatal(err)
		}
		if err := client.Client(p.clientConfig(t), clientPool, "changeme"); err != nil {
			t.Fatal(err)
		}
		for !client.HandshakeDone() || !server.HandshakeDone() {
			if !move(&client, &server) && !move(&server, &client) {
				t.Fatalf("client %v, server %v", client.Err(), server.Err())
			}
		}
		client.Release()
		server.Release()
	}
	for range 3 {
		run()
	}
}

// move gives to what from has to send; it reports whether that was anything.
func move(from, to *tlscore.Conn) (moved bool) {
	for len(from.SendWindow()) > 0 && len(to.RecvWindow()) > 0 {
		n := copy(to.RecvWindow(), from.SendWindow())
		from.Sent(n)
		to.Received(n)
		moved = true
	}
	return moved
}
