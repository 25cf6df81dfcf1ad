package tlscore_test

import (
	"crypto/tls"
	"fmt"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

// pair12 is a client and a server of ours that agree on TLS 1.2, once change has had its way with them.
func pair12(t *testing.T, p *pki, change func(client, server *tlscore.Config), pools [2]tlscore.PoolConfig) *pair {
	t.Helper()
	client, server := p.clientConfig12(t), p.config12(t)
	client.MaxVersion = tls.VersionTLS12
	if change != nil {
		change(client, server)
	}
	return newPair(t, client, server, pools)
}

// connect runs the handshake, n bytes at a time.
func (p *pair) connect(n int) {
	for p.move(0, n) || p.move(1, n) {
	}
	if !p.client.HandshakeDone() || !p.server.HandshakeDone() {
		p.t.Fatalf("%d bytes at a time: client %v, server %v", n, p.client.Err(), p.server.Err())
	}
}

// TestChopping12: however the transport chops the bytes, and however short records and buffers are, the handshake is done and data flows both
// ways.
func TestChopping12(t *testing.T) {
	for _, family := range []ca.Family{ca.ECDSA, ca.RSA} {
		p := newPKI(t, family)
		for _, suite := range suites12[family] {
			for _, n := range []int{1, 2, 3, 5, 7, 64, 1 << 14} {
				for _, limit := range []int{0, 64, 300} {
					t.Run(fmt.Sprintf("%v/%d/limit=%d", suite, n, limit), func(t *testing.T) {
						pair := pair12(t, p, func(client, server *tlscore.Config) {
							client.Suites = []tlscore.SuiteID{suite}
							client.RecordSizeLimit, server.RecordSizeLimit = limit, limit
							server.ClientAuth = tlscore.RequireClientCert
						}, [2]tlscore.PoolConfig{roomy, tight})
						pair.connect(n)
						for _, text := range []string{"a first text", string(make([]byte, 500))} {
							for i, ends := range [2][2]*tlscore.Conn{{&pair.client, &pair.server}, {&pair.server, &pair.client}} {
								from, to := ends[0], ends[1]
								var got []byte
								for rest := text; len(got) < len(text); {
									k := copy(from.WriteWindow(), rest)
									from.Written(k)
									from.Flush()
									rest = rest[k:]
									for pair.move(i, n) {
									}
									w := to.ReadWindow()
									got = append(got, w...)
									to.Consumed(len(w))
									if to.Err() != nil || from.Err() != nil {
										t.Fatal(from.Err(), to.Err())
									}
								}
								if string(got) != text {
									t.Fatalf("%q", got)
								}
							}
						}
						pair.client.Close()
						for pair.move(0, n) {
						}
						if !pair.server.PeerClosed() {
							t.Errorf("close_notify did not come: %v", pair.server.Err())
						}
					})
				}
			}
		}
	}
}

// TestSuitesOfPairs: two ends of ours agree on every suite and group that both are told to use. Those with CCM crypto/tls does not know.
func TestSuitesOfPairs(t *testing.T) {
	for _, family := range []ca.Family{ca.ECDSA, ca.RSA} {
		p := newPKI(t, family)
		suites := suites12[family]
		if family == ca.ECDSA {
			suites = append(suites[:len(suites):len(suites)], tlscore.ECDHEECDSAAES128CCM, tlscore.ECDHEECDSAAES128CCM8)
		}
		for _, suite := range suites {
			for _, group := range []tlscore.GroupID{tlscore.X25519, tlscore.P256, tlscore.P384} {
				pair := pair12(t, p, func(client, server *tlscore.Config) {
					client.Suites = []tlscore.SuiteID{suite}
					server.Suites = []tlscore.SuiteID{tlscore.AES128GCMSHA256, suite}
					server.Groups = []tlscore.GroupID{group}
				}, [2]tlscore.PoolConfig{roomy, tight})
				pair.connect(1 << 14)
				for i, c := range []*tlscore.Conn{&pair.client, &pair.server} {
					if info := c.Info(); info.Suite != suite || info.Group != group || info.Suite.String() == "unknown cipher suite" {
						t.Errorf("%v, %v: side %d: %+v", suite, group, i, info)
					}
				}
				pair.transfer(0, []byte("to the server"))
				pair.transfer(1, []byte("to the client"))
			}
		}
	}
}

// TestVersionsOfPairs: two ends of ours speak the newest version that both allow.
func TestVersionsOfPairs(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		client12, server12       bool
		clientMax, serverMax     uint16
		version                  uint16
		clientError, serverError error
	}{
		{true, true, 0, 0, tls.VersionTLS13, nil, nil},
		{true, true, tls.VersionTLS13, tls.VersionTLS12, tls.VersionTLS12, nil, nil},
		{true, true, tls.VersionTLS12, 0, tls.VersionTLS12, nil, nil},
		{true, true, tls.VersionTLS12, tls.VersionTLS12, tls.VersionTLS12, nil, nil},
		{true, false, tls.VersionTLS12, 0, 0, tlscore.PeerAlert(tlscore.AlertProtocolVersion), tlscore.ErrVersion},
		{false, true, 0, tls.VersionTLS12, 0, tlscore.PeerAlert(tlscore.AlertProtocolVersion), tlscore.ErrVersion},
	} {
		client, server := p.clientConfig(t), p.config(t)
		if test.client12 {
			client.TLS12 = tlscore.TLS12Client()
		}
		if test.server12 {
			server.TLS12 = tlscore.TLS12Server()
		}
		client.MaxVersion, server.MaxVersion = test.clientMax, test.serverMax
		pair := newPair(t, client, server, [2]tlscore.PoolConfig{roomy, tight})
		for pair.move(0, 100) || pair.move(1, 100) {
		}
		if pair.client.Err() != test.clientError || pair.server.Err() != test.serverError {
			t.Errorf("%+v: client %v, server %v", test, pair.client.Err(), pair.server.Err())
		}
		if test.clientError == nil && (pair.client.Info().Version != test.version || pair.server.Info().Version != test.version) {
			t.Errorf("%+v: client %x, server %x", test, pair.client.Info().Version, pair.server.Info().Version)
		}
	}
}

// TestSuitesDecideVersions: TLS 1.2 without a suite is none.
func TestSuitesDecideVersions(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		client, server []tlscore.SuiteID
		version        uint16
	}{
		{[]tlscore.SuiteID{tlscore.AES128GCMSHA256}, nil, tls.VersionTLS13},
		{[]tlscore.SuiteID{tlscore.AES128GCMSHA256, tlscore.ECDHEECDSAAES128GCMSHA256}, nil, tls.VersionTLS12},
		{nil, []tlscore.SuiteID{tlscore.AES128GCMSHA256}, tls.VersionTLS13},
		{nil, []tlscore.SuiteID{tlscore.ECDHEECDSAChaCha20Poly1305}, tls.VersionTLS12},
	} {
		client, server := p.clientConfig12(t), p.config12(t)
		client.Suites, server.Suites = test.client, test.server
		if test.client != nil && test.version == tls.VersionTLS12 {
			server.MaxVersion = tls.VersionTLS12
		}
		pair := newPair(t, client, server, [2]tlscore.PoolConfig{roomy, tight})
		pair.connect(1 << 14)
		if v := pair.client.Info().Version; v != test.version {
			t.Errorf("%+v: version %x", test, v)
		}
		// A peer of the other version only.
		if test.client != nil && test.version == tls.VersionTLS13 {
			s := newClient12(t, p, client)
			s.say(s.peer.Hello())
			s.refuses(tlscore.ErrVersion, tlscore.AlertProtocolVersion)
		}
		if test.server != nil && test.version == tls.VersionTLS13 {
			s := newServer12(t, p, server)
			s.say(s.peer.Hello())
			s.refuses(tlscore.ErrVersion, tlscore.AlertProtocolVersion)
		}
	}
}

func TestConfig12IsChecked(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	cfg := p.config(t)
	cfg.MaxVersion = tls.VersionTLS12 // without TLS12
	if err := new(tlscore.Conn).Server(cfg, newPool(t)); err != tlscore.ErrBadVersion {
		t.Error(err)
	}
	cfg = p.config12(t)
	cfg.MaxVersion = tls.VersionTLS11
	if err := new(tlscore.Conn).Server(cfg, newPool(t)); err != tlscore.ErrBadVersion {
		t.Error(err)
	}
	cfg = p.config12(t)
	if err := new(tlscore.Conn).Client(cfg, newPool(t), "changeme"); err != tlscore.ErrBadVersion {
		t.Error("a client with TLS 1.2 for servers:", err)
	}
	cfg = p.clientConfig12(t)
	if err := new(tlscore.Conn).Server(cfg, newPool(t)); err != tlscore.ErrBadVersion {
		t.Error("a server with TLS 1.2 for clients:", err)
	}
	cfg = p.config12(t)
	cfg.Suites = []tlscore.SuiteID{tlscore.ECDHEECDSAAES128GCMSHA256}
	if err := new(tlscore.Conn).Server(cfg, newPool(t)); err != nil {
		t.Error("a suite of TLS 1.2:", err)
	}
}
