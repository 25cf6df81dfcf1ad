package tlscore_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// rawIdentity is id without its certificate.
func rawIdentity(t testing.TB, id *ca.Identity) tlscore.Identity {
	raw := identity(t, id)
	raw.Chain, raw.Raw = [][]byte{id.Cert.RawSubjectPublicKeyInfo}, true
	return raw
}

// pinned are the keys of ids, by themselves or by digest.
func pinned(digest bool, ids ...*ca.Identity) *tlscore.PinnedKeys {
	p := new(x509lite.Pins)
	for _, id := range ids {
		if digest {
			p.SHA256 = append(p.SHA256, sha256.Sum256(id.Cert.RawSubjectPublicKeyInfo))
		} else {
			p.Keys = append(p.Keys, id.Cert.RawSubjectPublicKeyInfo)
		}
	}
	return tlscore.PinKeys(p)
}

// TestRawPublicKeys: what each side shows, for all that both may have and accept.
func TestRawPublicKeys(t *testing.T) {
	p, stranger := newPKI(t, ca.ECDSA), newPKI(t, ca.ECDSA)
	const (
		cert = 1 << iota
		raw
	)
	// identities are what id shows, by what it has.
	identities := func(have int, id *ca.Identity) (all []tlscore.Identity) {
		if have&cert != 0 {
			all = append(all, identity(t, id))
		}
		if have&raw != 0 {
			all = append(all, rawIdentity(t, id))
		}
		return all
	}
	// expect is what the first identity of have is that the other accepts.
	expect := func(have, accept int) string {
		switch both := have & accept; {
		case both&cert != 0 && have&raw == 0, both == cert:
			return "certificate"
		case both&raw != 0 && have&cert == 0, both == raw:
			return "key"
		case both == 0:
			return "none"
		}
		return "either"
	}
	for _, version := range []uint16{wire.VersionTLS12, wire.VersionTLS13} {
		for _, family := range []ca.Family{ca.ECDSA, ca.RSA} {
			server, client := p.issue(t, ca.Request{Names: []string{"changeme"}, Usage: ca.Server, Family: family}), p.client
			for have := range 3 * 3 * 4 * 3 {
				serverHas, clientAccepts, clientHas, serverAccepts := have%3+1, have/3%3+1, have/9%4, have/36+1
				t.Run(fmt.Sprintf("%#x/%v/server=%d/%d/client=%d/%d", version, family, serverHas, clientAccepts, clientHas, serverAccepts), func(t *testing.T) {
					c, s := p.clientConfig12(t), p.config12(t)
					c.MaxVersion = version
					c.Identities, s.Identities = identities(clientHas, client), identities(serverHas, server)
					s.ClientAuth = tlscore.RequireClientCert
					for i, cfg := range []*tlscore.Config{c, s} {
						accepts, peer := clientAccepts, server
						if i == 1 {
							accepts, peer = serverAccepts, client
						}
						if accepts&raw != 0 {
							cfg.RawPublicKeys = pinned(i == 0, stranger.client, peer)
						}
						if accepts&cert == 0 {
							cfg.Anchors = nil
						}
					}
					shown := watchTypes(c, s)
					pair := newPair(t, c, s, [2]tlscore.PoolConfig{tight, tight})
					pair.run(1 << 20)
					wantServer, wantClient := expect(serverHas, clientAccepts), expect(clientHas, serverAccepts)
					if wantServer == "none" || wantClient == "none" {
						if pair.server.Err() == nil || pair.client.Err() == nil || pair.server.HandshakeDone() {
							t.Errorf("client: %v, server: %v", pair.client.Err(), pair.server.Err())
						}
						return
					}
					if pair.client.Err() != nil || pair.server.Err() != nil || !pair.server.HandshakeDone() {
						t.Fatalf("client: %v, server: %v", pair.client.Err(), pair.server.Err())
					}
					if wantServer != "either" && shown[1] != wantServer || wantClient != "either" && shown[0] != wantClient {
						t.Errorf("the client shows a %s, want %s; the server a %s, want %s", shown[0], wantClient, shown[1], wantServer)
					}
					pair.transfer(0, []byte("from the client"))
					pair.transfer(1, []byte("from the server"))
				})
			}
		}
	}
}

// watchTypes notes what the client shows, and then the server.
func watchTypes(c, s *tlscore.Config) *[2]string {
	shown := new([2]string)
	for i, cfg := range []*tlscore.Config{c, s} {
		cfg.Events = func(_ *tlscore.Conn, e tlscore.Event) {
			switch e.Kind {
			case tlscore.EventPeerCertificate:
				shown[1-i] = "certificate"
			case tlscore.EventPeerRawKey:
				shown[1-i] = "key"
			}
		}
	}
	return shown
}

// TestChoppedRawKeys12: the Certificate message of a raw public key in TLS 1.2, byte by byte.
func TestChoppedRawKeys12(t *testing.T) {
	p := newPKI(t, ca.RSA)
	for _, n := range []int{1, 5, 100} {
		pair := pair12(t, p, func(c, s *tlscore.Config) {
			c.Identities, s.Identities = []tlscore.Identity{rawIdentity(t, p.client)}, []tlscore.Identity{rawIdentity(t, p.server)}
			c.RawPublicKeys, s.RawPublicKeys = pinned(true, p.server), pinned(true, p.client)
			s.ClientAuth = tlscore.RequireClientCert
			c.RecordSizeLimit, s.RecordSizeLimit = 100, 100
		}, [2]tlscore.PoolConfig{roomy, tight})
		pair.connect(n)
	}
}

// TestOrderOfCertificateTypes: with both types on both sides, lists say what is offered and chosen.
func TestOrderOfCertificateTypes(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	const key, cert = tlscore.RawPublicKey, tlscore.X509
	lists := [][]tlscore.CertificateType{nil, {key}, {cert}, {key, cert}, {cert, key}}
	// common returns what the first list prefers of what is in the second.
	common := func(ours, theirs []tlscore.CertificateType) string {
		if ours == nil {
			ours = []tlscore.CertificateType{key, cert}
		}
		for _, c := range ours {
			if theirs == nil || slices.Contains(theirs, c) {
				return map[tlscore.CertificateType]string{key: "key", cert: "certificate"}[c]
			}
		}
		return ""
	}
	for _, version := range []uint16{wire.VersionTLS12, wire.VersionTLS13} {
		for _, shows := range lists {
			for _, accepts := range lists {
				for _, certificateFirst := range []bool{false, true} {
					c, s := p.clientConfig12(t), p.config12(t)
					c.MaxVersion = version
					s.ClientAuth = tlscore.RequireClientCert
					c.Identities = append(c.Identities, rawIdentity(t, p.client))
					s.Identities = append(s.Identities, rawIdentity(t, p.server))
					if !certificateFirst {
						slices.Reverse(c.Identities)
						slices.Reverse(s.Identities)
					}
					c.RawPublicKeys, s.RawPublicKeys = pinned(true, p.server), pinned(false, p.client)
					c.CertificateTypes, c.PeerCertificateTypes = shows, accepts
					s.CertificateTypes, s.PeerCertificateTypes = shows, accepts
					shown := watchTypes(c, s)
					pair := newPair(t, c, s, [2]tlscore.PoolConfig{tight, tight})
					pair.run(1 << 20)
					// The server decides for both sides: by the order of what it accepts, and of what it shows.
					wantClient, wantServer := common(accepts, shows), common(shows, accepts)
					if shows == nil && accepts == nil || shows == nil && len(accepts) == 2 { // The identities have an order of their own.
						if wantServer = "key"; certificateFirst {
							wantServer = "certificate"
						}
					}
					name := fmt.Sprintf("%#x, shows %v, accepts %v, certificate first: %v", version, shows, accepts, certificateFirst)
					if wantClient == "" {
						if pair.server.Err() != tlscore.ErrNoCertificateType && pair.client.Err() == nil || pair.server.HandshakeDone() {
							t.Errorf("%s: client: %v, server: %v", name, pair.client.Err(), pair.server.Err())
						}
						continue
					}
					if pair.client.Err() != nil || pair.server.Err() != nil || shown[0] != wantClient || shown[1] != wantServer {
						t.Errorf("%s: %q, want %q and %q; client: %v, server: %v", name, *shown, wantClient, wantServer, pair.client.Err(), pair.server.Err())
					}
				}
			}
		}
	}
}

// TestCertificateTypesOfNothing: a type that there is nothing of does not count, and no other is no configuration.
func TestCertificateTypesOfNothing(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	raw := []tlscore.CertificateType{tlscore.RawPublicKey}
	var conn tlscore.Conn
	c, s := p.clientConfig(t), p.config(t)
	c.PeerCertificateTypes, s.CertificateTypes = raw, raw
	if err := conn.Client(c, newPool(t), "changeme"); err != tlscore.ErrNoAnchors {
		t.Error(err)
	}
	if err := conn.Server(s, newPool(t)); err != tlscore.ErrNoIdentity {
		t.Error(err)
	}
	s.CertificateTypes, s.PeerCertificateTypes, s.ClientAuth = nil, raw, tlscore.RequestClientCert
	if err := conn.Server(s, newPool(t)); err != tlscore.ErrNoAnchors {
		t.Error(err)
	}
}

// TestSessionsOfTypes: a session that began with a certificate is not continued by a configuration that wants raw public keys.
func TestSessionsOfTypes(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, version := range []uint16{wire.VersionTLS12, wire.VersionTLS13} {
		c, s := p.clientConfig12(t), p.config12(t)
		c.MaxVersion, c.Sessions, s.Tickets = version, new(tlscore.Sessions), newKeys(t)
		s.Identities = append(s.Identities, rawIdentity(t, p.server))
		c.RawPublicKeys = pinned(true, p.server)
		c.PeerCertificateTypes = []tlscore.CertificateType{tlscore.X509}
		for i, resumes := range []bool{false, true, false} {
			if i == 2 {
				c.PeerCertificateTypes = []tlscore.CertificateType{tlscore.RawPublicKey}
			}
			pair := newPair(t, c, s, [2]tlscore.PoolConfig{tight, tight})
			pair.run(1 << 20)
			if pair.client.Err() != nil || pair.client.Info().Resumed != resumes {
				t.Errorf("%#x, connection %d: %v, resumed %v", version, i, pair.client.Err(), pair.client.Info().Resumed)
			}
		}
	}
}

// TestHostileCertificateTypes12: what is wrong with certificate types in TLS 1.2, on both sides.
func TestHostileCertificateTypes12(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	key := p.server.Cert.RawSubjectPublicKeyInfo
	choose := func(ext wire.ExtensionType, body ...byte) func(b *wire.Builder) {
		return func(b *wire.Builder) {
			m := b.BeginExtension(ext)
			b.Bytes(body)
			b.End(m)
		}
	}
	rawKey := func(key []byte) func(b *wire.Builder) {
		return func(b *wire.Builder) {
			b.U8(0)
			b.U16(uint16(len(key)))
			b.Bytes(key)
		}
	}
	rawServer := choose(wire.ExtServerCertificateType, 2)
	for _, test := range []struct {
		name   string
		offers bool // raw public keys only
		extra  func(b *wire.Builder)
		body   func(b *wire.Builder)
		err    error
	}{
		{"raw, offered", true, rawServer, rawKey(key), nil},
		{"raw, not offered", false, rawServer, nil, wire.ErrUnsolicited},
		{"X.509, not offered", true, choose(wire.ExtServerCertificateType, 0), nil, tlscore.ErrBadCertificateType},
		{"X.509, in silence", true, nil, nil, tlscore.ErrNoCertificateType},
		{"OpenPGP", true, choose(wire.ExtServerCertificateType, 1), nil, wire.ErrValue},
		{"a list", true, choose(wire.ExtServerCertificateType, 2, 0), nil, wire.ErrDecode},
		{"of clients, not offered", false, choose(wire.ExtClientCertificateType, 2), nil, wire.ErrUnsolicited},
		{"no key", true, rawServer, rawKey(nil), tlscore.ErrEmptyChain},
		{"another key", true, rawServer, rawKey(p.client.Cert.RawSubjectPublicKeyInfo), x509lite.ErrPin},
		{"a certificate in the place of a key", true, rawServer, rawKey(p.server.Chain[0]), x509lite.ErrPin},
		{"bytes behind the key", true, rawServer, func(b *wire.Builder) { rawKey(key)(b); b.U8(0) }, wire.ErrDecode},
		{"half a key", true, rawServer, func(b *wire.Builder) { b.U8(0); b.U16(2); b.U8(0) }, wire.ErrDecode},
		{"nothing", true, rawServer, func(b *wire.Builder) {}, wire.ErrDecode},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := p.clientConfig12(t)
			if test.offers {
				cfg.RawPublicKeys, cfg.Anchors = pinned(true, p.server), nil
			}
			s := newClient12(t, p, cfg)
			s.peer.Extra = test.extra
			s.say(s.peer.Hello())
			if test.body != nil && s.ours.Err() == nil {
				s.say(s.peer.Message(wire.TypeCertificate, test.body))
			}
			if s.ours.Err() != test.err {
				t.Errorf("%v, want %v", s.ours.Err(), test.err)
			}
		})
	}
	for _, test := range []struct {
		name  string
		extra func(b *wire.Builder)
		auth  tlscore.ClientAuth
		raw   bool // the server accepts nothing else
		err   error
	}{
		{"of servers, raw", choose(wire.ExtServerCertificateType, 1, 2), 0, false, tlscore.ErrNoCertificateType},
		{"of servers, OpenPGP", choose(wire.ExtServerCertificateType, 1, 1), 0, false, tlscore.ErrNoCertificateType},
		{"of servers, X.509", choose(wire.ExtServerCertificateType, 1, 0), 0, false, nil},
		{"of clients, raw, of no interest", choose(wire.ExtClientCertificateType, 1, 2), 0, false, nil},
		{"of clients, raw, requested", choose(wire.ExtClientCertificateType, 1, 2), tlscore.RequestClientCert, false, tlscore.ErrNoCertificateType},
		{"of clients, X.509, requested", choose(wire.ExtClientCertificateType, 2, 1, 0), tlscore.RequestClientCert, true, tlscore.ErrNoCertificateType},
		{"of clients, raw, required", choose(wire.ExtClientCertificateType, 1, 2), tlscore.RequireClientCert, true, nil},
		{"of clients, none, requested", nil, tlscore.RequestClientCert, true, nil},
		{"of clients, none, required", nil, tlscore.RequireClientCert, true, tlscore.ErrNoCertificateType},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := p.config12(t)
			cfg.ClientAuth = test.auth
			if test.raw {
				cfg.RawPublicKeys, cfg.Anchors = pinned(true, p.client), nil
			}
			s := newServer12(t, p, cfg)
			s.peer.Extra = test.extra
			if s.say(s.peer.Hello()); s.ours.Err() != test.err {
				t.Errorf("%v, want %v", s.ours.Err(), test.err)
			}
		})
	}
}

// TestStrangeRawKeys: a key that is not pinned is refused on both sides, and so is one whose owner does not hold it.
func TestStrangeRawKeys(t *testing.T) {
	p, stranger := newPKI(t, ca.ECDSA), newPKI(t, ca.ECDSA)
	c, s := p.clientConfig(t), p.config(t)
	c.Identities, s.Identities = []tlscore.Identity{rawIdentity(t, p.client)}, []tlscore.Identity{rawIdentity(t, p.server)}
	c.RawPublicKeys, s.RawPublicKeys = pinned(true, stranger.server), pinned(true, p.client)
	s.ClientAuth = tlscore.RequireClientCert
	pair := newPair(t, c, s, [2]tlscore.PoolConfig{tight, tight})
	pair.run(1 << 20)
	if pair.client.Err() != x509lite.ErrPin || pair.server.Err() != tlscore.PeerAlert(tlscore.AlertBadCertificate) {
		t.Errorf("client: %v, server: %v", pair.client.Err(), pair.server.Err())
	}
	c.RawPublicKeys, s.RawPublicKeys = pinned(true, p.server), pinned(false, stranger.client)
	pair = newPair(t, c, s, [2]tlscore.PoolConfig{tight, tight})
	pair.run(1 << 20)
	if pair.server.Err() != x509lite.ErrPin || pair.client.Err() != tlscore.PeerAlert(tlscore.AlertBadCertificate) {
		t.Errorf("client: %v, server: %v", pair.client.Err(), pair.server.Err())
	}
	s.RawPublicKeys = pinned(false, p.client)
	c.Identities[0].Key = identity(t, stranger.client).Key
	pair = newPair(t, c, s, [2]tlscore.PoolConfig{tight, tight})
	pair.run(1 << 20)
	if pair.server.Err() != tlscore.ErrBadSignature {
		t.Errorf("client: %v, server: %v", pair.client.Err(), pair.server.Err())
	}
}

func TestHostileCertificateTypes(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		name  string
		play  func(*session)
		auth  tlscore.ClientAuth
		err   error
		alert tlscore.Alert
	}{
		{"of servers, none", extra(wire.ExtServerCertificateType, 0), 0, wire.ErrDecode, tlscore.AlertDecodeError},
		{"of clients, none", extra(wire.ExtClientCertificateType, 0), 0, wire.ErrDecode, tlscore.AlertDecodeError},
		{"of servers, cut off", extra(wire.ExtServerCertificateType, 2, 0), 0, wire.ErrDecode, tlscore.AlertDecodeError},
		{"of servers, OpenPGP", extra(wire.ExtServerCertificateType, 1, 1), 0, tlscore.ErrNoCertificateType, tlscore.AlertUnsupportedCertificate},
		{"of servers, raw", extra(wire.ExtServerCertificateType, 1, 2), 0, tlscore.ErrNoCertificateType, tlscore.AlertUnsupportedCertificate},
		{"of clients, raw", extra(wire.ExtClientCertificateType, 1, 2), tlscore.RequireClientCert,
			tlscore.ErrNoCertificateType, tlscore.AlertUnsupportedCertificate},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := p.config(t)
			cfg.ClientAuth = test.auth
			s := newSession(t, cfg)
			test.play(s)
			s.refuses(test.err, test.alert)
		})
	}
	// What is of no interest is no fault.
	for _, play := range []func(*session){
		extra(wire.ExtServerCertificateType, 2, 2, 0),
		extra(wire.ExtServerCertificateType, 3, 1, 200, 0),
		extra(wire.ExtClientCertificateType, 1, 2),
	} {
		s := newSession(t, p.config(t))
		play(s)
		if s.server.Err() != nil {
			t.Error(s.server.Err())
		}
	}
}

// TestHostileChoicesOfCertificateTypes: what a server may not choose, and what it may not send then.
func TestHostileChoicesOfCertificateTypes(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	choose := func(ext wire.ExtensionType, body ...byte) func(b *wire.Builder) {
		return func(b *wire.Builder) {
			m := b.BeginExtension(ext)
			b.Bytes(body)
			b.End(m)
		}
	}
	rawServer := choose(wire.ExtServerCertificateType, 2)
	key := p.server.Cert.RawSubjectPublicKeyInfo
	for _, test := range []struct {
		name   string
		offers bool // raw public keys only
		exts   func(b *wire.Builder)
		chain  [][]byte
		err    error
	}{
		{"raw, offered", true, rawServer, [][]byte{key}, nil},
		{"raw, not offered", false, rawServer, nil, wire.ErrUnsolicited},
		{"X.509, not offered", true, choose(wire.ExtServerCertificateType, 0), nil, tlscore.ErrBadCertificateType},
		{"X.509, in silence", true, nil, nil, tlscore.ErrNoCertificateType},
		{"OpenPGP", true, choose(wire.ExtServerCertificateType, 1), nil, wire.ErrValue},
		{"a list", true, choose(wire.ExtServerCertificateType, 2, 0), nil, wire.ErrDecode},
		{"of clients, not offered", false, choose(wire.ExtClientCertificateType, 2), nil, wire.ErrUnsolicited},
		{"two keys", true, rawServer, [][]byte{key, key}, tlscore.ErrBadCertificateType},
		{"a certificate in the place of a key", true, rawServer, p.server.Chain, x509lite.ErrPin},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := p.clientConfig(t)
			if test.offers {
				cfg.RawPublicKeys, cfg.Anchors = pinned(true, p.server), nil
			}
			client, server := puppetServer(t, cfg)
			if test.offers != bytes.Equal(server.Hello.ServerTypes, []byte{2}) {
				t.Errorf("the client offers %v", server.Hello.ServerTypes)
			}
			tell(t, client, server, server.ServerHello())
			flight := server.EncryptedExtensions(test.exts)
			if test.chain != nil {
				flight = append(flight, server.Certificate(nil, test.chain...)...)
			}
			tell(t, client, server, server.Record(record.Handshake, flight))
			if client.Err() != test.err {
				t.Errorf("%v, want %v", client.Err(), test.err)
			}
		})
	}
}
