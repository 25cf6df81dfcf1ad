package tlscore_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// shared returns a pre-shared key for each name.
func shared(hash sha2.Algorithm, names ...string) (keys []tlscore.PSK) {
	for _, name := range names {
		keys = append(keys, tlscore.PSK{Identity: []byte(name), Key: bytes.Repeat([]byte(name[:1]), 32), Hash: hash})
	}
	return keys
}

// pskOnly returns the configurations of two ends that know each other by a key, and have no certificates.
func pskOnly(keys []tlscore.PSK) (client, server *tlscore.Config) {
	client = &tlscore.Config{PSKs: tlscore.PSKClient(keys...), Rand: new(fixedRand)}
	return client, &tlscore.Config{PSKs: tlscore.PSKServer(keys...), Rand: new(fixedRand)}
}

// reported adds an event handler that keeps the identity of the key that was used.
func reported(cfg *tlscore.Config, identity *string) {
	cfg.Events = func(_ *tlscore.Conn, e tlscore.Event) {
		if e.Kind == tlscore.EventPSK {
			*identity = string(e.Name)
		}
	}
}

// TestSharedKeys: without any certificate, in a pool that cannot verify any, whatever the suite, with and without a retry.
func TestSharedKeys(t *testing.T) {
	for _, hash := range []sha2.Algorithm{0, sha2.SHA256, sha2.SHA384} {
		for _, retry := range []bool{false, true} {
			t.Run(fmt.Sprintf("hash %d, retry %v", hash, retry), func(t *testing.T) {
				client, server := pskOnly(shared(hash, "sensor"))
				if retry {
					server.Groups = []tlscore.GroupID{tlscore.P256}
				}
				var names [2]string
				reported(client, &names[0])
				reported(server, &names[1])
				for _, n := range []int{1 << 20, 1} {
					pc := tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 3, SmallSize: 1024, WithoutVerifier: true, WithoutRSA: true}
					p := newPair(t, client, server, [2]tlscore.PoolConfig{pc, pc})
					p.establish(n)
					p.transfer(0, []byte("a question"))
					p.transfer(1, []byte("an answer"))
					if want := [2]string{"sensor", "sensor"}; names != want {
						t.Errorf("reported %q", names)
					}
					if want := hash == sha2.SHA384; (p.client.Info().Suite == tlscore.AES256GCMSHA384) != want || p.server.Info().Resumed {
						t.Errorf("%+v", p.client.Info())
					}
				}
			})
		}
	}
}

// TestServerChoosesSharedKey: a server takes the first of its keys that the client offers; without one it shows its certificate.
func TestServerChoosesSharedKey(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		name   string
		client []tlscore.PSK
		want   string
	}{
		{"the only one", shared(0, "a"), "a"},
		{"the second", shared(0, "unknown", "b"), "b"},
		{"none", shared(0, "unknown"), ""},
		{"of mixed hashes, the first", append(shared(0, "a"), shared(sha2.SHA384, "x")...), "a"},
		{"in any order", append(shared(sha2.SHA384, "x"), shared(0, "b", "a")...), "a"},
		{"the one with the longer hash", append(shared(sha2.SHA384, "x"), shared(0, "unknown")...), "x"},
		{"beyond the fourth none is tried", shared(0, "1", "2", "3", "4", "a"), ""},
	} {
		for _, retry := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, retry %v", test.name, retry), func(t *testing.T) {
				client, server := p.clientConfig(t), p.config(t)
				client.PSKs = tlscore.PSKClient(test.client...)
				server.PSKs = tlscore.PSKServer(append(shared(0, "a", "b"), shared(sha2.SHA384, "x")...)...)
				server.ClientAuth = tlscore.RequireClientCert // A key stands for a certificate.
				if retry {
					server.Groups = []tlscore.GroupID{tlscore.P256}
				}
				var names [2]string
				reported(client, &names[0])
				reported(server, &names[1])
				pair := newPair(t, client, server, [2]tlscore.PoolConfig{hybridPool, hybridPool})
				pair.establish(1 << 20)
				pair.transfer(0, []byte("a question"))
				if names != [2]string{test.want, test.want} {
					t.Errorf("reported %q, want %q", names, test.want)
				}
			})
		}
	}
}

// TestSharedKeyThatIsNotShared: how the two ends find out.
func TestSharedKeyThatIsNotShared(t *testing.T) {
	wrong := shared(0, "sensor")
	wrong[0].Key = bytes.Repeat([]byte{1}, 32)
	longer := shared(sha2.SHA384, "sensor")
	for _, test := range []struct {
		name           string
		keys           []tlscore.PSK
		change         func(client, server *tlscore.Config)
		client, server error
	}{
		{"another key", wrong, nil, tlscore.PeerAlert(tlscore.AlertDecryptError), tlscore.ErrBadBinder},
		{"another hash", longer, nil, tlscore.PeerAlert(tlscore.AlertDecryptError), tlscore.ErrBadBinder},
		{"an unknown name", shared(0, "stranger"), nil, tlscore.PeerAlert(tlscore.AlertHandshakeFailure), tlscore.ErrNoPSK},
		{"no suite of the hash", shared(0, "sensor"), func(client, server *tlscore.Config) {
			client.Suites = []tlscore.SuiteID{tlscore.AES128GCMSHA256, tlscore.AES256GCMSHA384}
			server.Suites = []tlscore.SuiteID{tlscore.AES256GCMSHA384}
		}, tlscore.PeerAlert(tlscore.AlertHandshakeFailure), tlscore.ErrNoPSK},
	} {
		t.Run(test.name, func(t *testing.T) {
			client, _ := pskOnly(test.keys)
			_, server := pskOnly(shared(0, "sensor"))
			if test.change != nil {
				test.change(client, server)
			}
			p := newPair(t, client, server, [2]tlscore.PoolConfig{hybridPool, hybridPool})
			if p.run(1 << 20); p.client.Err() != test.client || p.server.Err() != test.server {
				t.Errorf("client: %v, server: %v", p.client.Err(), p.server.Err())
			}
		})
	}
	t.Run("a server that has a certificate only", func(t *testing.T) {
		client, _ := pskOnly(shared(0, "sensor"))
		p := newPair(t, client, newPKI(t, ca.ECDSA).config(t), [2]tlscore.PoolConfig{hybridPool, hybridPool})
		if p.run(1 << 20); p.client.Err() != tlscore.ErrPSKRefused {
			t.Errorf("client: %v, server: %v", p.client.Err(), p.server.Err())
		}
	})
	t.Run("a client that has none", func(t *testing.T) {
		_, server := pskOnly(shared(0, "sensor"))
		p := newPair(t, newPKI(t, ca.ECDSA).clientConfig(t), server, [2]tlscore.PoolConfig{hybridPool, hybridPool})
		if p.run(1 << 20); p.server.Err() != tlscore.ErrNoPSK {
			t.Errorf("client: %v, server: %v", p.client.Err(), p.server.Err())
		}
	})
}

// TestSessionsOfSharedKeys: a session that begins with a key is resumed, retried or not and under both hashes, and both sides hear of the key
// again; it ends with the key, and who has another key, or none, has another session.
func TestSessionsOfSharedKeys(t *testing.T) {
	for _, hash := range []sha2.Algorithm{sha2.SHA256, sha2.SHA384} {
		for _, retry := range []bool{false, true} {
			r := newReunion(t)
			keys := shared(hash, "sensor", "other")
			r.client.PSKs, r.server.PSKs = tlscore.PSKClient(keys[0]), tlscore.PSKServer(keys...)
			if retry {
				r.server.Groups = []tlscore.GroupID{tlscore.P256}
			}
			var name string
			resumed := 0
			reported(r.server, &name)
			r.client.Events = func(_ *tlscore.Conn, e tlscore.Event) {
				if e.Kind == tlscore.EventPeerResumed {
					resumed++
				}
			}
			expect := func(what string, want bool) {
				t.Helper()
				name = ""
				if r.expect(what, want); name != "sensor" {
					t.Errorf("%s: the server heard of the key %q", what, name)
				}
			}
			expect("known by its key", false)
			expect("known by its session", true)
			expect("and by that one's", true)
			if resumed != 2 {
				t.Errorf("the client heard of %d sessions", resumed)
			}
			r.client.PSKs = tlscore.PSKClient(keys[0])
			expect("other keys, though they are the same", false)
			r.server.ClientAuth = tlscore.RequireClientCert // A key stands for a certificate, but sessions of clients are not wanted.
			expect("with client authentication", false)
			r.server.ClientAuth, r.server.ResumeClients = tlscore.RequireClientCert, true
			expect("known by its key, where clients' sessions are wanted", false)
			expect("known by its session there", true)
			r.server.PSKs = tlscore.PSKServer(keys[1])
			r.server.ClientAuth = tlscore.NoClientCert
			r.expect("the server has lost the key", false)
		}
	}
}

// TestChangedSharedKey: a session does not outlive the key that it began with, even if one of the same name comes in its place.
func TestChangedSharedKey(t *testing.T) {
	r := newReunion(t)
	keys := shared(0, "sensor")
	r.client.PSKs, r.server.PSKs = tlscore.PSKClient(keys...), tlscore.PSKServer(keys...)
	r.expect("known by its key", false)
	changed := shared(0, "sensor")
	changed[0].Key = bytes.Repeat([]byte("x"), 32)
	r.server.PSKs = tlscore.PSKServer(changed...)
	p := newPair(t, r.client, r.server, r.pools)
	if p.run(1 << 20); p.server.Err() != tlscore.ErrBadBinder {
		t.Errorf("client: %v, server: %v", p.client.Err(), p.server.Err())
	}
}

// TestSharedKeyWithoutExchangeAsksForNoSession: sessions are resumed with a key exchange only.
func TestSharedKeyWithoutExchangeAsksForNoSession(t *testing.T) {
	r := newReunion(t)
	keys := shared(0, "sensor")
	r.client.PSKs, r.server.PSKs = tlscore.PSKClient(keys...), tlscore.PSKServer(keys...)
	r.client.WithoutKeyExchange, r.server.WithoutKeyExchange = true, true
	for range 2 {
		r.expect("known by its key", false)
	}
	if n := r.client.Sessions.Kept(); n != 0 {
		t.Errorf("%d sessions are kept", n)
	}
	r.client.WithoutKeyExchange = false
	r.expect("with a key exchange", false)
	r.client.WithoutKeyExchange = true
	r.expect("without one, though a session is kept", false)
	r.client.WithoutKeyExchange = false
	r.expect("with a key exchange again", true)
}

func TestSharedKeysAreChecked(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(k *tlscore.PSK)
	}{
		{"no identity", func(k *tlscore.PSK) { k.Identity = nil }},
		{"a long identity", func(k *tlscore.PSK) { k.Identity = make([]byte, 257) }},
		{"a short key", func(k *tlscore.PSK) { k.Key = k.Key[:15] }},
		{"a hash without suites", func(k *tlscore.PSK) { k.Hash = sha2.SHA512 }},
	} {
		keys := shared(0, "sensor")
		test.change(&keys[0])
		client, server := pskOnly(keys)
		if err := new(tlscore.Conn).Client(client, newPool(t), "changeme"); err != tlscore.ErrBadPSK {
			t.Errorf("%s: %v", test.name, err)
		}
		if err := new(tlscore.Conn).Server(server, newPool(t)); err != tlscore.ErrBadPSK {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// TestClientOffersKeysThatFit: a client offers the keys for the hashes of its suites, those of TLS 1.2 not counted, and once the server has
// chosen a suite, those for its hash only (RFC 8446, section 4.1.2).
func TestClientOffersKeysThatFit(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	offered := func(s *puppet.Server) (names []string) {
		identities, binders := s.Hello.Identities, s.Hello.Binders
		for len(identities) > 0 {
			var name []byte
			name, _, identities, binders = wire.NextPSK(identities, binders)
			names = append(names, string(name))
		}
		return names
	}
	cfg := p.clientConfig(t)
	cfg.PSKs = tlscore.PSKClient(append(shared(sha2.SHA384, "long"), shared(sha2.SHA256, "short")...)...)
	c, s := puppetServer(t, cfg)
	if got := offered(s); !slices.Equal(got, []string{"long", "short"}) {
		t.Errorf("offers %q", got)
	}
	retry := answer{random: wire.HelloRetryRequestRandom[:], sessionID: s.Hello.SessionID, version: wire.VersionTLS13,
		legacy: wire.VersionTLS12, suite: uint16(tlscore.AES128GCMSHA256), group: uint16(tlscore.P256)}
	msg := retry.message()
	rec := make([]byte, record.HeaderSize)
	record.PutHeader(rec, record.Handshake, len(msg))
	tell(t, c, s, append(rec, msg...))
	if got := offered(s); c.Err() != nil || !slices.Equal(got, []string{"short"}) {
		t.Errorf("offers %q behind a HelloRetryRequest: %v", got, c.Err())
	}

	cfg.TLS12 = tlscore.TLS12Client()
	cfg.Suites = []tlscore.SuiteID{tlscore.ECDHEECDSAAES256GCMSHA384, tlscore.AES128GCMSHA256}
	if _, s = puppetServer(t, cfg); !slices.Equal(offered(s), []string{"short"}) {
		t.Errorf("offers %q with a suite of TLS 1.2 for the other hash", offered(s))
	}
}

// TestCertificateAfterPSK: a server that took a key must not ask for or show a certificate.
func TestCertificateAfterPSK(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, kind := range []wire.MessageType{wire.TypeCertificate, wire.TypeCertificateRequest} {
		client, server := puppetServer(t, func() *tlscore.Config { c, _ := pskOnly(shared(0, "sensor")); return c }())
		server.PSK = bytes.Repeat([]byte("s"), 32)
		tell(t, client, server, server.ServerHello())
		flight := server.EncryptedExtensions(nil)
		if kind == wire.TypeCertificate {
			flight = append(flight, server.Certificate(nil, p.server.Chain...)...)
		} else {
			flight = append(flight, server.CertificateRequest(nil)...)
		}
		tell(t, client, server, server.Record(record.Handshake, flight))
		if client.Err() != tlscore.ErrUnexpectedMessage {
			t.Errorf("%v: %v", kind, client.Err())
		}
	}
}

// TestWithoutKeyExchange: a key alone makes a connection where both sides allow it; a server does not do it to those who can do better.
func TestWithoutKeyExchange(t *testing.T) {
	pc := tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 3, SmallSize: 1024, WithoutVerifier: true, WithoutRSA: true}
	for _, hash := range []sha2.Algorithm{sha2.SHA256, sha2.SHA384} {
		client, server := pskOnly(shared(hash, "unknown", "sensor"))
		server.PSKs = tlscore.PSKServer(shared(hash, "sensor")...)
		client.WithoutKeyExchange, server.WithoutKeyExchange = true, true
		for _, n := range []int{1 << 20, 1} {
			p := newPair(t, client, server, [2]tlscore.PoolConfig{pc, pc})
			p.establish(n)
			p.transfer(0, []byte("a question"))
			p.transfer(1, []byte("an answer"))
			if p.client.Info().Group != 0 || p.server.Info().Group != 0 {
				t.Errorf("groups %v and %v", p.client.Info().Group, p.server.Info().Group)
			}
		}
		client.WithoutKeyExchange = false
		p := newPair(t, client, server, [2]tlscore.PoolConfig{pc, pc})
		if p.establish(1 << 20); p.server.Info().Group != tlscore.X25519 {
			t.Errorf("group %v with a client that can do better", p.server.Info().Group)
		}
	}
	for _, test := range []struct {
		name           string
		change         func(client, server *tlscore.Config)
		client, server error
	}{
		{"the server does not allow it", func(_, s *tlscore.Config) { s.WithoutKeyExchange = false },
			tlscore.PeerAlert(tlscore.AlertMissingExtension), tlscore.ErrMissingExtension},
		{"an unknown key", func(c, _ *tlscore.Config) { c.PSKs = tlscore.PSKClient(shared(0, "stranger")...) },
			tlscore.PeerAlert(tlscore.AlertHandshakeFailure), tlscore.ErrNoPSK},
		{"an unknown key, and a certificate", func(c, s *tlscore.Config) {
			c.PSKs, s.Identities = tlscore.PSKClient(shared(0, "stranger")...), newPKI(t, ca.ECDSA).config(t).Identities
		}, tlscore.PeerAlert(tlscore.AlertHandshakeFailure), tlscore.ErrNoGroup},
	} {
		client, server := pskOnly(shared(0, "sensor"))
		client.WithoutKeyExchange, server.WithoutKeyExchange = true, true
		test.change(client, server)
		p := newPair(t, client, server, [2]tlscore.PoolConfig{hybridPool, hybridPool})
		if p.run(1 << 20); p.client.Err() != test.client || p.server.Err() != test.server {
			t.Errorf("%s: client %v, server %v", test.name, p.client.Err(), p.server.Err())
		}
	}
	client, _ := pskOnly(nil)
	client.WithoutKeyExchange = true
	if err := new(tlscore.Conn).Client(client, newPool(t), "changeme"); err != tlscore.ErrBadPSK {
		t.Errorf("without a key: %v", err)
	}
	client, _ = pskOnly(shared(0, "sensor"))
	client.WithoutKeyExchange = true
	conn, puppet := puppetServer(t, client)
	if puppet.Hello.HasKeyShare || puppet.Hello.SupportedGroups != nil || !bytes.Equal(puppet.Hello.PSKModes, []byte{wire.PSKOnly}) {
		t.Errorf("the ClientHello has key shares, groups or the modes %v", puppet.Hello.PSKModes)
	}
	conn.Release()
}
