package tlscore_test

import (
	"bytes"
	"crypto/tls"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// family is several identities of a server, by a name for the test.
type family struct {
	names []string
	ids   []*ca.Identity
}

func (f *family) add(t *testing.T, name string, from *ca.Authority, r ca.Request) {
	t.Helper()
	id, err := from.Issue(r)
	if err != nil {
		t.Fatal(err)
	}
	f.names, f.ids = append(f.names, name), append(f.ids, id)
}

// config returns a configuration with all identities.
func (f *family) config(t *testing.T, p *pki) *tlscore.Config {
	cfg := p.config(t)
	cfg.Identities = nil
	for _, id := range f.ids {
		cfg.Identities = append(cfg.Identities, identity(t, id))
	}
	return cfg
}

// name returns which of the identities a leaf belongs to.
func (f *family) name(leaf []byte) string {
	for i, id := range f.ids {
		if bytes.Equal(id.Chain[0], leaf) {
			return f.names[i]
		}
	}
	return "none"
}

// leafIn returns the first certificate of a Certificate message.
func leafIn(t *testing.T, msg []byte) []byte {
	t.Helper()
	var m wire.Certificate
	if err := m.Parse(bytes.Clone(msg[wire.HeaderSize:])); err != nil {
		t.Fatal(err)
	}
	if m.Count == 0 {
		return nil
	}
	leaf, _, _ := wire.NextCertificate(m.Entries)
	return leaf
}

// authorities writes certificate_authorities.
func authorities(b *wire.Builder, names ...[]byte) {
	ext := b.BeginExtension(wire.ExtCertificateAuthority)
	list := b.Begin(2)
	for _, n := range names {
		dn := b.Begin(2)
		b.Bytes(n)
		b.End(dn)
	}
	b.End(list)
	b.End(ext)
}

const (
	ecdsa = uint16(0x0403)
	pss   = uint16(0x0804)
	pkcs1 = uint16(0x0401)
)

func TestServerChoosesIdentity(t *testing.T) {
	p, q := newPKI(t, ca.ECDSA), newNamedPKI(t, ca.RSA, "another CA")
	var f family
	f.add(t, "default", p.root, ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	f.add(t, "a ECDSA", p.root, ca.Request{Names: []string{"a.example"}, Usage: ca.Server})
	f.add(t, "a RSA", p.root, ca.Request{Names: []string{"other.example", "a.example"}, Usage: ca.Server, Family: ca.RSA})
	f.add(t, "all of b", p.root, ca.Request{Names: []string{"*.b.example"}, Usage: ca.Server})
	f.add(t, "x of b, by RSA", q.root, ca.Request{Names: []string{"x.b.example"}, Usage: ca.Server, Family: ca.ECDSA})
	both := []uint16{ecdsa, pss, pkcs1}
	for _, test := range []struct {
		server      string
		schemes     []uint16
		certSchemes []uint16
		authority   []byte
		want        string
		strict      error // with RefuseUnknownNames
	}{
		{"changeme", both, nil, nil, "default", nil},
		{"CHANGEME", both, nil, nil, "default", nil},
		{"", both, nil, nil, "default", nil},
		{"unknown.example", both, nil, nil, "default", tlscore.ErrUnknownName},
		{"a.example", both, nil, nil, "a ECDSA", nil},
		{"a.example", []uint16{pss, ecdsa}, []uint16{ecdsa}, nil, "a ECDSA", nil},
		{"A.Example", []uint16{pss}, []uint16{ecdsa}, nil, "a RSA", nil},
		{"a.example", []uint16{pss}, nil, nil, "a RSA", nil}, // Its certificate is signed by ECDSA, which the client does not know.
		{"other.example", both, nil, nil, "a RSA", nil},
		{"other.example", []uint16{ecdsa}, nil, nil, "default", tlscore.ErrNoScheme},
		{"b.example", both, nil, nil, "default", tlscore.ErrUnknownName},
		{"y.b.example", both, nil, nil, "all of b", nil},
		{"z.y.b.example", both, nil, nil, "default", tlscore.ErrUnknownName},
		{"x.b.example", both, nil, nil, "all of b", nil},
		{"x.b.example", both, []uint16{ecdsa}, nil, "all of b", nil},
		{"x.b.example", both, []uint16{pkcs1}, nil, "x of b, by RSA", nil},
		{"x.b.example", both, nil, q.root.Cert.RawSubject, "x of b, by RSA", nil},
		{"", both, nil, q.root.Cert.RawSubject, "x of b, by RSA", nil},
		{"", both, nil, []byte("\x30\x00"), "default", nil},
	} {
		for _, strict := range []bool{false, true} {
			cfg := f.config(t, p)
			cfg.RefuseUnknownNames = strict
			s := newSession(t, cfg)
			s.client.ServerName, s.client.Schemes = test.server, test.schemes
			s.client.Extra = func(b *wire.Builder) {
				if test.certSchemes != nil {
					ext := b.BeginExtension(wire.ExtSignatureAlgsCert)
					list := b.Begin(2)
					for _, s := range test.certSchemes {
						b.U16(s)
					}
					b.End(list)
					b.End(ext)
				}
				if test.authority != nil {
					authorities(b, []byte("\x30\x02\x31\x00"), test.authority)
				}
			}
			var got string
			s.client.OnMessage = func(msg []byte) {
				if wire.MessageType(msg[0]) == wire.TypeCertificate {
					got = f.name(leafIn(t, msg))
				}
			}
			s.hello()
			if strict && test.strict != nil {
				alert := tlscore.AlertUnrecognizedName
				if test.strict != tlscore.ErrUnknownName {
					alert = tlscore.AlertHandshakeFailure
				}
				s.refuses(test.strict, alert)
				continue
			}
			s.finish(nil)
			if got != test.want || s.server.Err() != nil {
				t.Errorf("%+v: %q, error %v", test, got, s.server.Err())
			}
		}
	}
}

// TestClientChoosesIdentity: of several certificates a client shows the one whose authority the server names, be it that of an
// intermediate; and none if it has none of theirs.
func TestClientChoosesIdentity(t *testing.T) {
	p, q := newPKI(t, ca.ECDSA), newNamedPKI(t, ca.RSA, "another CA")
	mid, err := q.root.Intermediate("intermediate")
	if err != nil {
		t.Fatal(err)
	}
	var f family
	f.add(t, "first", p.root, ca.Request{Names: []string{"client"}, Usage: ca.Client})
	f.add(t, "second", q.root, ca.Request{Names: []string{"client"}, Usage: ca.Client})
	f.add(t, "third", mid, ca.Request{Names: []string{"client"}, Usage: ca.Client})
	for _, test := range []struct {
		name        string
		ids         int // how many of them the client has
		authorities [][]byte
		want        string
	}{
		{"nobody named", 3, nil, "first"},
		{"its authority", 3, [][]byte{p.root.Cert.RawSubject}, "first"},
		{"another", 3, [][]byte{q.root.Cert.RawSubject}, "second"},
		{"an intermediate", 3, [][]byte{mid.Cert.RawSubject}, "third"},
		{"several", 3, [][]byte{{0x30, 0}, q.root.Cert.RawSubject, p.root.Cert.RawSubject}, "first"},
		{"a stranger", 3, [][]byte{{0x30, 0}}, "none"},
		{"a stranger, one certificate", 1, [][]byte{{0x30, 0}}, "none"},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := f.config(t, p)
			cfg.Identities = cfg.Identities[:test.ids]
			client, server := puppetServer(t, cfg)
			tell(t, client, server, server.ServerHello())
			flight := server.EncryptedExtensions(nil)
			flight = append(flight, server.CertificateRequest(func(b *wire.Builder) {
				if test.authorities != nil {
					authorities(b, test.authorities...)
				}
			})...)
			flight = append(flight, server.Certificate(nil, p.server.Chain...)...)
			flight = append(flight, server.CertificateVerify(p.server.Key, ecdsa)...)
			tell(t, client, server, server.Record(record.Handshake, append(flight, server.Finished()...)))
			server.Confirm()
			if client.Err() != nil || len(server.Messages) < 2 {
				t.Fatal(client.Err())
			}
			if got := f.name(leafIn(t, server.Messages[1])); got != test.want {
				t.Errorf("the client shows %q, want %q", got, test.want)
			}
		})
	}
}

// TestAuthoritiesAreSent: with SendAuthorities a client learns whom the server trusts, if the list is short.
func TestAuthoritiesAreSent(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		send bool
		more int // further anchors
		want int
	}{{false, 0, 0}, {true, 0, 1}, {true, 3, 4}, {true, 13, 0}, {true, 16, 0}} {
		cfg := p.config(t)
		cfg.ClientAuth, cfg.SendAuthorities = tlscore.RequireClientCert, test.send
		for range test.more {
			if err := cfg.Anchors.Add(newPKI(t, ca.ECDSA).root.Cert.Raw); err != nil {
				t.Fatal(err)
			}
		}
		s := newSession(t, cfg)
		got := 0
		s.client.OnMessage = func(msg []byte) {
			if wire.MessageType(msg[0]) != wire.TypeCertificateRequest {
				return
			}
			var request wire.CertificateRequest
			if err := request.Parse(bytes.Clone(msg[wire.HeaderSize:])); err != nil {
				t.Fatal(err)
			}
			for rest := request.Authorities; len(rest) > 0; got++ {
				var name []byte
				if name, rest = wire.NextAuthority(rest); got == 0 && !bytes.Equal(name, p.root.Cert.RawSubject) {
					t.Errorf("the first name is %x", name)
				}
			}
		}
		s.establish(p.client)
		if got != test.want {
			t.Errorf("%+v: %d names", test, got)
		}
	}
}

// TestAuthoritiesFromFlash: names of packed anchors are sent like those in memory.
func TestAuthoritiesFromFlash(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	var list x509lite.Anchors
	if err := list.Add(p.root.Cert.Raw); err != nil {
		t.Fatal(err)
	}
	packed := make([]byte, x509lite.PackedSize(list.List))
	n, err := x509lite.Pack(packed, list.List)
	if err != nil {
		t.Fatal(err)
	}
	cfg := p.config(t)
	cfg.Anchors = &x509lite.Anchors{Packed: x509lite.Packed(packed[:n])}
	cfg.ClientAuth, cfg.SendAuthorities = tlscore.RequireClientCert, true
	client := p.clientConfig(t)
	client.Identities = append([]tlscore.Identity{identity(t, newNamedPKI(t, ca.ECDSA, "another CA").client)}, client.Identities...)
	pair := newPair(t, client, cfg, [2]tlscore.PoolConfig{tight, tight})
	pair.establish(1) // With another authority's certificate, which comes first, this fails.
}

func TestHostileWishes(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []hostile{
		{"no authority", extra(wire.ExtCertificateAuthority, 0, 0), wire.ErrDecode, tlscore.AlertDecodeError},
		{"an empty name", extra(wire.ExtCertificateAuthority, 0, 2, 0, 0), wire.ErrDecode, tlscore.AlertDecodeError},
		{"a name cut off", extra(wire.ExtCertificateAuthority, 0, 3, 0, 2, 0x30), wire.ErrDecode, tlscore.AlertDecodeError},
		{"bytes behind the names", extra(wire.ExtCertificateAuthority, 0, 3, 0, 1, 0x30, 0), wire.ErrDecode, tlscore.AlertDecodeError},
		{"no scheme of certificates", extra(wire.ExtSignatureAlgsCert, 0, 0), wire.ErrDecode, tlscore.AlertDecodeError},
		{"half a scheme of certificates", extra(wire.ExtSignatureAlgsCert, 0, 3, 4, 3, 4), wire.ErrDecode, tlscore.AlertDecodeError},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSession(t, p.config(t))
			test.play(s)
			s.refuses(test.err, test.alert)
		})
	}
}

// TestIdentitiesWithCryptoTLS: crypto/tls gets the certificate it asks for, and chooses its own by what we say of authorities;
// our client chooses by what crypto/tls says.
func TestIdentitiesWithCryptoTLS(t *testing.T) {
	p, q := newPKI(t, ca.ECDSA), newNamedPKI(t, ca.RSA, "another CA")
	var f family
	f.add(t, "default", p.root, ca.Request{Names: []string{"changeme"}, Usage: ca.Server | ca.Client})
	f.add(t, "wild", q.root, ca.Request{Names: []string{"*.b.example"}, Usage: ca.Server | ca.Client})

	cfg := f.config(t, p)
	std := p.stdServer()
	std.ClientAuth = tls.RequireAndVerifyClientCert
	std.ClientCAs = q.root.Pool()
	client, transport, server := dial(t, cfg, "changeme", std)
	go server.Handshake()
	if err := drive(client, transport, client.HandshakeDone); err != nil {
		t.Fatal(err)
	}
	if err := server.Handshake(); err != nil {
		t.Fatal(err)
	}
	if got := f.name(server.ConnectionState().PeerCertificates[0].Raw); got != "wild" {
		t.Errorf("we showed %q", got)
	}
}
