package tlscore_test

import (
	"bytes"
	"crypto/tls"
	"io"
	"testing"
	"unsafe"

	"colibri/firmware/pki/ca"
	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/primitive/mlkem"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// reunion is a client and a server of ours that meet several times.
type reunion struct {
	t              *testing.T
	client, server *tlscore.Config
	clock          int64
	pools          [2]tlscore.PoolConfig
}

func newReunion(t *testing.T) *reunion {
	t.Helper()
	p := newPKI(t, ca.ECDSA)
	r := &reunion{t: t, client: p.clientConfig(t), server: p.config(t), clock: now.Unix(), pools: [2]tlscore.PoolConfig{hybridPool, hybridPool}}
	r.client.Clock = func() int64 { return r.clock }
	r.server.Clock = r.client.Clock
	r.client.Sessions, r.server.Tickets = new(tlscore.Sessions), new(tlscore.TicketKeys)
	if err := r.server.Tickets.Rotate(r.server.Rand); err != nil {
		t.Fatal(err)
	}
	return r
}

// meet makes one connection, over which both say something, and ends it.
func (r *reunion) meet(n int) (client, server tlscore.Info) {
	r.t.Helper()
	p := newPair(r.t, r.client, r.server, r.pools)
	p.establish(n)
	p.transfer(0, []byte("a question"))
	p.transfer(1, []byte("an answer"))
	client, server = p.client.Info(), p.server.Info()
	p.client.Release()
	p.server.Release()
	return client, server
}

func (r *reunion) expect(what string, resumed bool) {
	r.t.Helper()
	if client, server := r.meet(1 << 20); client.Resumed != resumed || server.Resumed != resumed {
		r.t.Errorf("%s: the client says resumed %v, the server %v, want %v", what, client.Resumed, server.Resumed, resumed)
	}
}

func TestClientResumes(t *testing.T) {
	for _, suite := range []tlscore.SuiteID{tlscore.AES128GCMSHA256, tlscore.AES256GCMSHA384} {
		for _, retry := range []bool{false, true} {
			r := newReunion(t)
			r.client.Suites = []tlscore.SuiteID{tlscore.ChaCha20Poly1305SHA256, suite}
			r.server.Suites = []tlscore.SuiteID{suite}
			if retry {
				r.server.Groups = []tlscore.GroupID{tlscore.P256}
			}
			r.expect("the first connection", false)
			r.expect("the second", true)
			r.expect("the third, with a ticket of the second", true)
			if client, _ := r.meet(1); !client.Resumed {
				t.Error("not resumed when fed by single bytes")
			}
			r.clock += 86399
			r.expect("almost a day later", true)
			r.clock += 86400
			r.expect("a day after that", false)
		}
	}
}

func TestClientResumesWithHybridGroup(t *testing.T) {
	r := newReunion(t)
	r.client.MLKEM, r.server.MLKEM = mlkem.KEM{}, mlkem.KEM{}
	r.pools[0].SmallSize = 2304
	r.expect("the first connection", false)
	r.expect("the second", true)
	// What no buffer holds is not offered.
	r.pools[0].SmallSize = tlscore.MinBuffer + 1216 + 36
	r.expect("with buffers that are too small for both", false)
}

// TestClientDoesNotResume: what makes a session not fit.
func TestClientDoesNotResume(t *testing.T) {
	other := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		name   string
		change func(r *reunion)
	}{
		{"the server has forgotten its keys", func(r *reunion) { r.server.Tickets.Rotate(r.server.Rand); r.server.Tickets.Rotate(r.server.Rand) }},
		{"the server has no keys", func(r *reunion) { r.server.Tickets = nil }},
		{"no clock", func(r *reunion) { r.clock = 0; r.client.Floor = now.Unix() }},
		{"a clock set back", func(r *reunion) { r.clock-- }},
		{"other anchors", func(r *reunion) { a := *r.client.Anchors; r.client.Anchors = &a }},
		{"another profile", func(r *reunion) { r.client.Profile = x509lite.ProfileSuiteB }},
		{"other habits", func(r *reunion) { r.client.Legacy = x509lite.LegacyVersion1 }},
		{"another identity", func(r *reunion) { r.client.Identities = []tlscore.Identity{identity(t, other.client)} }},
		{"no identity", func(r *reunion) { r.client.Identities = nil }},
		{"no suite of that hash", func(r *reunion) {
			r.client.Suites, r.server.Suites = []tlscore.SuiteID{tlscore.AES256GCMSHA384}, nil
		}},
		{"forgotten", func(r *reunion) { r.client.Sessions.Wipe() }},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newReunion(t)
			r.expect("the first connection", false)
			test.change(r)
			r.expect("the second", false)
		})
	}
}

// TestSessionEndsWithCertificate: a session is not resumed when the certificate that was verified for it has expired.
func TestSessionEndsWithCertificate(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	r := newReunion(t)
	r.client, r.server = p.clientConfig(t), p.config(t)
	r.client.Clock = func() int64 { return r.clock }
	r.server.Clock = r.client.Clock
	r.client.Sessions, r.server.Tickets = new(tlscore.Sessions), new(tlscore.TicketKeys)
	if err := r.server.Tickets.Rotate(r.server.Rand); err != nil {
		t.Fatal(err)
	}
	short := p.issue(t, ca.Request{Names: []string{"changeme"}, Usage: ca.Server,
		NotBefore: now.AddDate(0, 0, -1), NotAfter: now.Add(1000e9)})
	r.server.Identities = []tlscore.Identity{identity(t, short)}
	r.expect("the first connection", false)
	r.clock += 500
	r.expect("the second", true)
	r.clock += 500
	pair := newPair(t, r.client, r.server, r.pools)
	if pair.run(1 << 20); pair.client.Err() != nil && pair.client.Err() != x509lite.ErrExpired || pair.client.Info().Resumed {
		t.Errorf("%v, resumed %v", pair.client.Err(), pair.client.Info().Resumed)
	}
}

// TestSessionsAreUsedOnce: two connections at a time do not offer the same ticket, and one that failed has used it up.
func TestSessionsAreUsedOnce(t *testing.T) {
	r := newReunion(t)
	r.meet(1 << 20)
	first, second := newPair(t, r.client, r.server, r.pools), newPair(t, r.client, r.server, r.pools)
	first.establish(1 << 20)
	second.establish(1 << 20)
	if !first.client.Info().Resumed || second.client.Info().Resumed {
		t.Errorf("resumed %v and %v", first.client.Info().Resumed, second.client.Info().Resumed)
	}
	first.client.Release()
	second.client.Release()
	r.expect("the third", true)
	failed := newPair(t, r.client, r.server, r.pools)
	failed.client.Release()
	r.expect("the session of the second connection", true)
	r.client.Sessions.Wipe()
	r.meet(1 << 20)
	failed = newPair(t, r.client, r.server, r.pools)
	failed.client.RecvEOF()
	r.expect("after a connection that failed", false)
}

// TestTwoSlots: the sessions with two servers are kept; the oldest makes place for a third.
func TestTwoSlots(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	r := newReunion(t)
	all := p.issue(t, ca.Request{Names: []string{"a", "b", "c"}, Usage: ca.Server})
	r.client.Anchors = p.config(t).Anchors
	r.server.Identities = []tlscore.Identity{identity(t, all)}
	meet := func(name string) bool {
		p := newPair(t, r.client, r.server, r.pools)
		p.client.Release()
		pool, err := tlscore.NewPool(r.pools[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := p.client.Client(r.client, pool, name); err != nil {
			t.Fatal(err)
		}
		p.establish(1 << 20)
		defer p.client.Release()
		return p.client.Info().Resumed
	}
	for _, test := range []struct {
		name string
		want bool
	}{{"a", false}, {"b", false}, {"a", true}, {"b", true}, {"c", false}, {"b", true}, {"c", true}, {"a", false}} {
		if got := meet(test.name); got != test.want {
			t.Errorf("%s: resumed %v, want %v", test.name, got, test.want)
		}
	}
}

func TestSessionsSize(t *testing.T) {
	if size := unsafe.Sizeof(tlscore.Sessions{}); size > 2560 {
		t.Errorf("%d bytes", size)
	} else {
		t.Logf("%d bytes", size)
	}
}

// TestClientResumesWithStd: with a server of crypto/tls, with and without client authentication, whose tickets are longer then.
func TestClientResumesWithStd(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, auth := range []tls.ClientAuthType{tls.NoClientCert, tls.RequireAndVerifyClientCert} {
		cfg, std := p.clientConfig(t), p.stdServer()
		cfg.Sessions = new(tlscore.Sessions)
		std.ClientAuth = auth
		for i := range 3 {
			client, transport, server := dial(t, cfg, "changeme", std)
			go io.WriteString(server, "the ticket has come before")
			if err := drive(client, transport, func() bool { return len(client.ReadWindow()) > 0 }); err != nil {
				t.Fatal(err)
			}
			if got := server.ConnectionState().DidResume; got != (i > 0) || client.Info().Resumed != got {
				t.Errorf("client authentication %v, connection %d: resumed %v, says the client %v", auth, i, got, client.Info().Resumed)
			}
			if got := len(server.ConnectionState().PeerCertificates); (got > 0) != (auth != tls.NoClientCert) {
				t.Errorf("client authentication %v, connection %d: %d certificates", auth, i, got)
			}
			client.Release()
		}
	}
}

// TestLongTickets: with memory for it, a client keeps tickets that are longer than MaxTicket, as long as half of it, one in each of its two
// slots; what it wipes is cleared; what does not fit a buffer is not offered.
func TestLongTickets(t *testing.T) {
	const half = 3000
	p := newPKI(t, ca.ECDSA)
	cfg := p.clientConfig(t)
	cfg.Sessions = &tlscore.Sessions{Long: make([]byte, 2*half+1)}
	ticket := func(n int) []byte { return bytes.Repeat([]byte{byte(n)}, n) }
	for _, n := range []int{tlscore.MaxTicket, tlscore.MaxTicket + 1, half, half + 1, 6, half - 1} {
		cfg.Sessions.Wipe()
		if !bytes.Equal(cfg.Sessions.Long, make([]byte, 2*half+1)) {
			t.Fatalf("before a ticket of %d bytes: something is left of others", n)
		}
		puppetTicket(t, p, cfg, func(m *wire.NewSessionTicket) { m.Ticket = ticket(n) })
		client, server := puppetServer(t, cfg)
		if n > half {
			if server.Hello.Identities != nil {
				t.Errorf("a ticket of %d bytes is offered", n)
			}
			continue
		}
		r := wire.NewReader(server.Hello.Identities)
		if got := r.Vec16(); !bytes.Equal(got, ticket(n)) {
			t.Errorf("a ticket of %d bytes, and %d are offered", n, len(got))
		}
		client.Release()
	}

	// Two sessions, of which each has its half.
	cfg.Sessions.Wipe()
	first, second := bytes.Repeat([]byte{1}, half), bytes.Repeat([]byte{2}, half)
	puppetTicket(t, p, cfg, func(m *wire.NewSessionTicket) { m.Ticket = first })
	other := *cfg
	other.Profile = x509lite.ProfileNext // whose sessions are others
	puppetTicket(t, p, &other, func(m *wire.NewSessionTicket) { m.Ticket = second })
	if !bytes.Equal(cfg.Sessions.Long, append(append(bytes.Clone(first), second...), 0)) {
		t.Error("two tickets are not in the two halves")
	}
	for _, c := range []struct {
		cfg  *tlscore.Config
		want []byte
	}{{cfg, first}, {&other, second}} {
		_, server := puppetServer(t, c.cfg)
		r := wire.NewReader(server.Hello.Identities)
		if !bytes.Equal(r.Vec16(), c.want) {
			t.Errorf("not the ticket of %x", c.want[0])
		}
	}

	// Where a buffer does not hold the ticket, it is left for a connection that has more.
	cfg.Sessions.Wipe()
	puppetTicket(t, p, cfg, func(m *wire.NewSessionTicket) { m.Ticket = first })
	small, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 2048})
	if err != nil {
		t.Fatal(err)
	}
	var c tlscore.Conn
	if err := c.Client(cfg, small, "changeme"); err != nil {
		t.Fatal(err)
	}
	server := puppet.NewServer()
	if tell(t, &c, server, nil); server.Hello.Identities != nil {
		t.Error("a ticket is offered that the buffer does not hold")
	}
	c.Release()
	if _, server = puppetServer(t, cfg); server.Hello.Identities == nil {
		t.Error("a ticket that was not offered is lost")
	}
}

// TestTicketsWithChains: the tickets of crypto/tls hold the client's chain; with certificates of RSA they are resumed only where there is
// memory for long ones.
func TestTicketsWithChains(t *testing.T) {
	p := newPKI(t, ca.RSA)
	for _, long := range []int{0, 8 << 10} {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			cfg, std := p.clientConfig12(t), p.stdServer()
			cfg.Sessions = &tlscore.Sessions{Long: make([]byte, long)}
			std.ClientAuth, std.MaxVersion = tls.RequireAndVerifyClientCert, version
			for i := range 3 {
				if info, _ := chat(t, cfg, std); info.Version != version || info.Resumed != (i > 0 && long > 0) {
					t.Errorf("version %#x, %d bytes for tickets, connection %d: %+v", version, long, i, info)
				}
			}
		}
	}
}

// puppetTicket makes a connection to a puppet, which sends a ticket.
func puppetTicket(t *testing.T, p *pki, cfg *tlscore.Config, change func(m *wire.NewSessionTicket)) {
	t.Helper()
	client, server := puppetServer(t, cfg)
	establishPuppet(t, p, client, server)
	m := wire.NewSessionTicket{Lifetime: 3600, AgeAdd: 12345, Nonce: []byte{1}, Ticket: []byte("ticket")}
	change(&m)
	b := wire.NewBuilder(make([]byte, 4096))
	m.Append(&b)
	tell(t, client, server, server.Record(record.Handshake, b.Written()))
	if client.Err() != nil {
		t.Fatal(client.Err())
	}
	client.Release()
}

// establishPuppet completes a handshake with a puppet.
func establishPuppet(t *testing.T, p *pki, client *tlscore.Conn, server *puppet.Server) {
	t.Helper()
	tell(t, client, server, server.ServerHello())
	flight := server.EncryptedExtensions(nil)
	flight = append(flight, server.Certificate(nil, p.server.Chain...)...)
	flight = append(flight, server.CertificateVerify(p.server.Key, 0x0403)...)
	tell(t, client, server, server.Record(record.Handshake, append(flight, server.Finished()...)))
	server.Confirm()
	if !client.HandshakeDone() {
		t.Fatal(client.Err())
	}
}

// TestTicketsOfServers: which tickets a client keeps, and what it makes of their age.
func TestTicketsOfServers(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		name   string
		change func(m *wire.NewSessionTicket)
		after  int64
		kept   bool
	}{
		{"fresh", func(*wire.NewSessionTicket) {}, 5, true},
		{"at its end", func(*wire.NewSessionTicket) {}, 3599, true},
		{"too old", func(*wire.NewSessionTicket) {}, 3600, false},
		{"for no time", func(m *wire.NewSessionTicket) { m.Lifetime = 0 }, 0, false},
		{"a year", func(m *wire.NewSessionTicket) { m.Lifetime = 1 << 25 }, 7*86400 - 1, true},
		{"a year, after a week", func(m *wire.NewSessionTicket) { m.Lifetime = 1 << 25 }, 7 * 86400, false},
		{"of a kilobyte", func(m *wire.NewSessionTicket) { m.Ticket = make([]byte, tlscore.MaxTicket) }, 5, true},
		{"longer", func(m *wire.NewSessionTicket) { m.Ticket = make([]byte, tlscore.MaxTicket+1) }, 5, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := p.clientConfig(t)
			clock := now.Unix()
			cfg.Clock = func() int64 { return clock }
			cfg.Sessions = new(tlscore.Sessions)
			puppetTicket(t, p, cfg, test.change)
			clock += test.after
			_, server := puppetServer(t, cfg)
			if got := server.Hello.Identities != nil; got != test.kept {
				t.Fatalf("offered %v, want %v", got, test.kept)
			}
			if !bytes.Equal(server.Hello.PSKModes, []byte{wire.PSKWithKeyShares}) {
				t.Errorf("psk_key_exchange_modes %v", server.Hello.PSKModes)
			}
			if test.kept {
				r := wire.NewReader(server.Hello.Identities)
				ticket := r.Vec16()
				age := uint32(r.U16())<<16 | uint32(r.U16())
				if want := uint32(test.after)*1000 + 12345; age != want || len(ticket) == 0 || len(server.Hello.Binders) != 33 {
					t.Errorf("a ticket of %d bytes with age %d, want %d", len(ticket), age, want)
				}
			}
		})
	}
}

// TestHostileAnswersToPSKs: a server must choose a key that was offered, under a suite of its hash, and then show no certificate.
func TestHostileAnswersToPSKs(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		name   string
		change func(a *answer)
		err    error
		alert  tlscore.Alert
	}{
		{"the second of one", func(a *answer) { a.psk = []byte{0, 1} }, tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter},
		{"the last of all", func(a *answer) { a.psk = []byte{255, 255} }, tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter},
		{"under another hash", func(a *answer) { a.psk, a.suite = []byte{0, 0}, uint16(tlscore.AES256GCMSHA384) },
			tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter},
		{"without a key share", func(a *answer) { a.psk, a.group = []byte{0, 0}, 0 }, tlscore.ErrMissingExtension, tlscore.AlertMissingExtension},
		{"malformed", func(a *answer) { a.psk = []byte{0} }, wire.ErrDecode, tlscore.AlertDecodeError},
		{"in a retry", func(a *answer) {
			a.random, a.group, a.share, a.psk = wire.HelloRetryRequestRandom[:], uint16(tlscore.P256), nil, []byte{0, 0}
		}, wire.ErrUnsolicited, tlscore.AlertUnsupportedExtension},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := p.clientConfig(t)
			cfg.Sessions = new(tlscore.Sessions)
			puppetTicket(t, p, cfg, func(*wire.NewSessionTicket) {})
			s := newClientSessionWith(t, cfg)
			if s.hello.Identities == nil {
				t.Fatal("no ticket was offered")
			}
			test.change(s.answer)
			s.feed(s.answer.message())
			s.refuses(test.err, test.alert)
		})
	}
}
