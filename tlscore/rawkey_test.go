package tlscore_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
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
func pinned(digest bool, ids ...*ca.Identity) *x509lite.Pins {
	p := new(x509lite.Pins)
	for _, id := range ids {
		if digest {
			p.SHA256 = append(p.SHA256, sha256.Sum256(id.Cert.RawSubjectPublicKeyInfo))
		} else {
			p.Keys = append(p.Keys, id.Cert.RawSubjectPublicKeyInfo)
		}
	}
	return p
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
	for _, family := range []ca.Family{ca.ECDSA, ca.RSA} {
		server, client := p.issue(t, ca.Request{Names: []string{"changeme"}, Usage: ca.Server, Family: family}), p.client
		for serverHas := 1; serverHas < 4; serverHas++ {
			for clientAccepts := 1; clientAccepts < 4; clientAccepts++ {
				for clientHas := 0; clientHas < 4; clientHas++ {
					for serverAccepts := 1; serverAccepts < 4; serverAccepts++ {
						t.Run(fmt.Sprintf("%v/server=%d/%d/client=%d/%d", family, serverHas, clientAccepts, clientHas, serverAccepts), func(t *testing.T) {
							c, s := p.clientConfig(t), p.config(t)
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
							var shown [2]string
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
