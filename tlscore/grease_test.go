package tlscore_test

import (
	"bytes"
	"crypto/tls"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

func isGrease(v uint16) bool { return v>>8 == v&0xff && v&0x0f == 0x0a }

// greaseIn counts the values in a list that mean nothing.
func greaseIn(list wire.U16s) (n int) {
	for i := range list.Len() {
		if isGrease(list.At(i)) {
			n++
		}
	}
	return n
}

// TestGreaseIsTolerated: every value of RFC 8701, wherever a client may put one, changes nothing.
func TestGreaseIsTolerated(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for i := range uint16(16) {
		v := (i<<4 | 0x0a) * 0x0101
		for _, retry := range []bool{false, true} {
			cfg := p.config(t)
			cfg.ALPN = []string{"http/1.1"}
			s := newSession(t, cfg)
			s.client.Grease = v
			s.client.Groups = append([]uint16{v}, s.client.Groups...)
			s.client.Schemes = append([]uint16{v}, s.client.Schemes...)
			s.client.Versions = append([]uint16{v}, s.client.Versions...)
			s.client.ALPN = []string{string([]byte{byte(v), byte(v)}), "http/1.1"}
			s.client.Extra = func(b *wire.Builder) {
				m := b.BeginExtension(wire.ExtensionType(v))
				b.Bytes(make([]byte, i))
				b.End(m)
				m = b.BeginExtension(wire.ExtPSKKeyExchangeModes)
				b.Bytes([]byte{2, byte(v), 1})
				b.End(m)
			}
			if retry {
				s.client.ShareOf = []uint16{}
			}
			s.establish(nil)
			if info := s.server.Info(); info.ALPN != "http/1.1" || s.client.Retry != retry {
				t.Errorf("%#x: %+v", v, info)
			}
			s.echo("q", "a")
		}
	}
}

// TestGreaseOfServerIsTolerated: in CertificateRequest and NewSessionTicket a server may send values that mean nothing.
func TestGreaseOfServerIsTolerated(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	client, server := puppetServer(t, p.clientConfig(t))
	tell(t, client, server, server.ServerHello())
	flight := append(server.EncryptedExtensions(nil), server.CertificateRequest(func(b *wire.Builder) {
		b.End(b.BeginExtension(0x7a7a))
		m := b.BeginExtension(0x8a8a)
		b.U16(1)
		b.End(m)
	})...)
	flight = append(flight, server.Certificate(nil, p.server.Chain...)...)
	flight = append(flight, server.CertificateVerify(p.server.Key, ecdsa)...)
	tell(t, client, server, server.Record(record.Handshake, append(flight, server.Finished()...)))
	server.Confirm()
	b := wire.NewBuilder(make([]byte, 256))
	ticket := wire.NewSessionTicket{Lifetime: 1, Ticket: []byte("ticket"), GREASE: 0x9a9a}
	ticket.Append(&b)
	tell(t, client, server, server.Record(record.Handshake, b.Written()))
	tell(t, client, server, server.Record(record.ApplicationData, []byte("data")))
	if string(client.ReadWindow()) != "data" {
		t.Errorf("%q, %v", client.ReadWindow(), client.Err())
	}
}

// TestGreaseIsSent: a client of ours puts values that mean nothing first in its lists, the same after a retry, and no extension
// twice.
func TestGreaseIsSent(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	seen := map[uint16]bool{}
	for i := range 40 {
		cfg := p.clientConfig(t)
		cfg.GREASE = true
		cfg.Rand = &fixedRand{block: [32]byte{byte(i)}}
		_, server := puppetServer(t, cfg)
		h := server.Hello
		if greaseIn(h.CipherSuites) != 1 || greaseIn(h.SupportedVersions) != 1 || greaseIn(h.SupportedGroups) != 1 || greaseIn(h.SignatureAlgorithms) != 1 ||
			!isGrease(h.CipherSuites.At(0)) {
			t.Fatalf("%+v", h)
		}
		group, share, rest := wire.NextKeyShare(h.KeyShare)
		if !isGrease(group) || len(share) != 1 || len(rest) == 0 || !h.SupportedGroups.Contains(group) {
			t.Errorf("the first share is of group %#x, %x", group, share)
		}
		extensions := 0
		for r := wire.NewReader(h.Extensions); r.More(); {
			if isGrease(r.U16()) {
				extensions++
			}
			r.Vec16()
		}
		if extensions != 2 {
			t.Errorf("%d extensions", extensions)
		}
		seen[group] = true
	}
	if len(seen) < 8 {
		t.Errorf("of 16 values only %d are used", len(seen))
	}
}

// TestGreasedHandshakes: with both ends of ours, and with crypto/tls in either role, GREASE changes nothing.
func TestGreasedHandshakes(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, retry := range []bool{false, true} {
		client, server := p.clientConfig(t), p.config(t)
		client.GREASE, server.GREASE = true, true
		server.ClientAuth = tlscore.RequireClientCert
		if retry {
			server.Groups = []tlscore.GroupID{tlscore.P256}
		}
		newPair(t, client, server, [2]tlscore.PoolConfig{tight, tight}).establish(1)

		std := p.stdServer()
		std.ClientAuth = tls.RequireAnyClientCert
		if retry {
			std.CurvePreferences = []tls.CurveID{tls.CurveP256}
		}
		conn, transport, far := dial(t, client, "changeme", std)
		go far.Handshake()
		if err := drive(conn, transport, conn.HandshakeDone); err != nil || far.Handshake() != nil {
			t.Error(err)
		}
	}
}

// TestGreasedRequests: what a server of ours sends with GREASE is well formed and means the same.
func TestGreasedRequests(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, auth := range []tlscore.ClientAuth{tlscore.NoClientCert, tlscore.RequireClientCert} {
		cfg := p.config(t)
		cfg.GREASE, cfg.ClientAuth = true, auth
		cfg.Tickets = new(tlscore.TicketKeys)
		if err := cfg.Tickets.Rotate(cfg.Rand); err != nil {
			t.Fatal(err)
		}
		s := newSession(t, cfg)
		s.client.Extra = func(b *wire.Builder) {
			m := b.BeginExtension(wire.ExtPSKKeyExchangeModes)
			b.Bytes([]byte{1, 1})
			b.End(m)
		}
		seen := 0
		s.client.OnMessage = func(msg []byte) {
			body := bytes.Clone(msg[wire.HeaderSize:])
			switch wire.MessageType(msg[0]) {
			case wire.TypeCertificateRequest:
				var q wire.CertificateRequest
				if err := q.Parse(body); err != nil || greaseIn(q.Schemes) != 1 {
					t.Errorf("%v, %x", err, msg)
				}
				seen++
			case wire.TypeNewSessionTicket:
				var ticket wire.NewSessionTicket
				if err := ticket.Parse(body); err != nil || !isGrease(uint16(body[len(body)-4])<<8|uint16(body[len(body)-3])) {
					t.Errorf("%v, %x", err, msg)
				}
				seen++
			}
		}
		if auth == tlscore.RequireClientCert {
			s.establish(p.client)
		} else {
			s.establish(nil)
		}
		if seen != 1 {
			t.Errorf("%d messages with GREASE", seen)
		}
	}
}

// TestServerSelectsGrease: what means nothing can be offered, but not chosen.
func TestServerSelectsGrease(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		name   string
		change func(a *answer, h *wire.ClientHello)
	}{
		{"suite", func(a *answer, h *wire.ClientHello) { a.suite = h.CipherSuites.At(0) }},
		{"version", func(a *answer, h *wire.ClientHello) { a.version = h.SupportedVersions.At(0) }},
		{"group", func(a *answer, h *wire.ClientHello) { a.group = h.SupportedGroups.At(0) }},
		{"group of a retry", func(a *answer, h *wire.ClientHello) {
			a.random, a.group, a.share = wire.HelloRetryRequestRandom[:], h.SupportedGroups.At(0), nil
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := p.clientConfig(t)
			cfg.GREASE = true
			s := newClientSessionWith(t, cfg)
			test.change(s.answer, &s.hello)
			s.feed(s.answer.message())
			want := error(tlscore.ErrBadServerHello)
			if test.name == "group of a retry" {
				want = tlscore.ErrBadRetry
			}
			s.refuses(want, tlscore.AlertIllegalParameter)
		})
	}
	cfg := p.clientConfig(t)
	cfg.GREASE = true
	client, server := puppetServer(t, cfg)
	tell(t, client, server, server.ServerHello())
	var first uint16
	for r := wire.NewReader(server.Hello.Extensions); !isGrease(first); r.Vec16() {
		first = r.U16()
	}
	tell(t, client, server, server.Record(record.Handshake,
		server.EncryptedExtensions(func(b *wire.Builder) { b.End(b.BeginExtension(wire.ExtensionType(first))) })))
	if client.Err() != wire.ErrUnsolicited {
		t.Errorf("an extension: %v", client.Err())
	}
}

// TestPuppetGreases shows that the tests above send what they mean to send.
func TestPuppetGreases(t *testing.T) {
	c := puppet.New()
	c.Grease = 0x0a0a
	var h wire.ClientHello
	if err := h.Parse(c.Hello()[wire.HeaderSize:]); err != nil || h.CipherSuites.At(0) != 0x0a0a {
		t.Errorf("%v, %x", err, h.CipherSuites)
	}
	if group, _, _ := wire.NextKeyShare(h.KeyShare); group != 0x0a0a {
		t.Errorf("the first share is of group %#x", group)
	}
}
