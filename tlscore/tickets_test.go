package tlscore_test

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"slices"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// resumption is a server of ours, with a clock that can be set, and a client of crypto/tls that keeps sessions.
type resumption struct {
	t      *testing.T
	cfg    *tlscore.Config
	clock  time.Time
	keys   tlscore.TicketKeys
	client *tls.Config
}

func newResumption(t *testing.T) *resumption {
	t.Helper()
	p := newPKI(t, ca.ECDSA)
	r := &resumption{t: t, cfg: p.config(t), clock: now}
	r.cfg.Tickets = &r.keys
	r.cfg.Clock = func() int64 { return r.clock.Unix() }
	r.rotate()
	r.client = &tls.Config{
		ServerName:         "changeme",
		RootCAs:            p.root.Pool(),
		Time:               func() time.Time { return now }, // so that the client thinks its tickets fresh
		MinVersion:         tls.VersionTLS13,
		ClientSessionCache: tls.NewLRUClientSessionCache(4),
	}
	return r
}

func (r *resumption) rotate() {
	r.t.Helper()
	if err := r.keys.Rotate(r.cfg.Rand); err != nil {
		r.t.Fatal(err)
	}
}

// connect makes one connection and returns what both sides say about it.
func (r *resumption) connect() (info tlscore.Info, resumed bool) {
	r.t.Helper()
	near, far := net.Pipe()
	defer near.Close()
	defer far.Close()
	near.SetDeadline(time.Now().Add(10 * time.Second))
	far.SetDeadline(time.Now().Add(10 * time.Second))
	result := make(chan bool, 1)
	go func() {
		client := tls.Client(far, r.client)
		_, err := io.ReadFull(client, make([]byte, 2)) // The ticket comes before it.
		result <- err == nil && client.ConnectionState().DidResume
	}()
	var server tlscore.Conn
	if err := server.Server(r.cfg, newPool(r.t)); err != nil {
		r.t.Fatal(err)
	}
	for !server.HandshakeDone() {
		if err := drive(&server, near, func() bool { return server.HandshakeDone() }); err != nil {
			r.t.Fatal(err)
		}
	}
	server.Written(copy(server.WriteWindow(), "ok"))
	server.Flush()
	for w := server.SendWindow(); len(w) > 0; w = server.SendWindow() {
		n, err := near.Write(w)
		if err != nil {
			r.t.Fatal(err)
		}
		server.Sent(n)
	}
	return server.Info(), <-result
}

func (r *resumption) expect(what string, want bool) {
	r.t.Helper()
	info, resumed := r.connect()
	if info.Resumed != want || resumed != want {
		r.t.Errorf("%s: the server says resumed %v, the client %v, want %v", what, info.Resumed, resumed, want)
	}
}

func TestResumption(t *testing.T) {
	r := newResumption(t)
	r.expect("the first connection", false)
	r.expect("the second", true)
	r.expect("the third, with a ticket of the second", true)
	r.clock = now.Add(23 * time.Hour)
	r.expect("23 hours later", true)

	r.rotate()
	r.expect("after a rotation", true)
	r.connect()
	r.rotate()
	r.rotate()
	r.expect("after two rotations", false)
	r.expect("and again", true)
}

// oneSession is a client's cache that mixes up servers.
type oneSession struct{ session *tls.ClientSessionState }

func (o *oneSession) Get(string) (*tls.ClientSessionState, bool)    { return o.session, o.session != nil }
func (o *oneSession) Put(_ string, session *tls.ClientSessionState) { o.session = session }

// TestTicketsAreForOneName: a client that asks for another server than it did, or for none, does not resume, in either version, though the
// certificate is good for both names.
func TestTicketsAreForOneName(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	both := p.issue(t, ca.Request{Names: []string{"changeme", "other", "192.0.2.7"}, Usage: ca.Server})
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		cfg := p.config12(t)
		cfg.Identities = []tlscore.Identity{identity(t, both)}
		cfg.Tickets = new(tlscore.TicketKeys)
		cfg.Tickets.Rotate(cfg.Rand)
		std := p.stdClient()
		std.MaxVersion = version
		std.ClientSessionCache = new(oneSession)
		for i, step := range []struct {
			name    string
			resumed bool
		}{{"changeme", false}, {"changeme", true}, {"other", false}, {"other", true}, {"changeme", false}, {"192.0.2.7", false}, {"192.0.2.7", true}} {
			std.ServerName = step.name
			if info, state := talk(t, cfg, std); info.Version != version || info.Resumed != step.resumed || state.DidResume != step.resumed {
				t.Errorf("version %x, connection %d, to %s: resumed %v", version, i, step.name, info.Resumed)
			}
		}
	}
}

func TestResumptionWithRetry(t *testing.T) {
	r := newResumption(t)
	r.cfg.Groups = []tlscore.GroupID{tlscore.P256}
	r.client.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP256}
	r.expect("the first connection", false)
	r.expect("the second", true)
}

func TestTicketsThatAreNotGood(t *testing.T) {
	t.Run("too old", func(t *testing.T) {
		r := newResumption(t)
		r.connect()
		r.clock = now.Add(25 * time.Hour)
		r.expect("25 hours later", false)
	})
	t.Run("from the future", func(t *testing.T) {
		r := newResumption(t)
		r.connect()
		r.clock = now.Add(-time.Hour)
		r.expect("an hour before", false)
	})
	t.Run("another suite", func(t *testing.T) {
		r := newResumption(t)
		r.cfg.Suites = []tlscore.SuiteID{tlscore.AES128GCMSHA256}
		r.connect()
		r.cfg.Suites = []tlscore.SuiteID{tlscore.AES256GCMSHA384}
		r.expect("with another hash", false)
	})
	t.Run("another server's", func(t *testing.T) {
		r := newResumption(t)
		r.connect()
		r.keys = tlscore.TicketKeys{}
		r.rotate() // The name of the key is the same, the key is not.
		r.expect("with another key", false)
	})
	t.Run("clients must show a certificate", func(t *testing.T) {
		r := newResumption(t)
		r.connect()
		r.cfg.ClientAuth = tlscore.RequestClientCert
		r.expect("where clients are asked", false)
	})
	t.Run("no clock", func(t *testing.T) {
		r := newResumption(t)
		r.connect()
		r.cfg.Clock = nil
		r.expect("without a clock", false)
	})
	t.Run("no keys", func(t *testing.T) {
		r := newResumption(t)
		r.connect()
		r.cfg.Tickets = nil
		r.expect("without keys", false)
	})
}

// withPSK makes the puppet offer a pre-shared key: psk_key_exchange_modes, unless modes is nil, and one identity for each
// binder.
func withPSK(c *puppet.Client, modes []byte, identity []byte, binders ...int) {
	c.Extra = func(b *wire.Builder) {
		if modes != nil {
			m := b.BeginExtension(wire.ExtPSKKeyExchangeModes)
			n := b.Begin(1)
			b.Bytes(modes)
			b.End(n)
			b.End(m)
		}
		m := b.BeginExtension(wire.ExtPreSharedKey)
		n := b.Begin(2)
		o := b.Begin(2)
		b.Bytes(identity)
		b.End(o)
		b.Bytes(make([]byte, 4))
		b.End(n)
		n = b.Begin(2)
		for _, size := range binders {
			o := b.Begin(1)
			b.Bytes(make([]byte, size))
			b.End(o)
		}
		b.End(n)
		b.End(m)
	}
}

// TestHostilePreSharedKeys: offers that are malformed, or of a ticket whose key the client does not know.
func TestHostilePreSharedKeys(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	var keys tlscore.TicketKeys
	if err := keys.Rotate(new(fixedRand)); err != nil {
		t.Fatal(err)
	}
	cfg := p.config(t)
	cfg.Tickets = &keys
	ticket := stolenTicket(t, cfg)
	for _, test := range []struct {
		name     string
		modes    []byte
		identity []byte
		binders  []int
		err      error
		alert    tlscore.Alert
	}{
		{"a stolen ticket", []byte{1}, ticket, []int{32}, tlscore.ErrBadBinder, tlscore.AlertDecryptError},
		{"a binder of another hash", []byte{1}, ticket, []int{48}, tlscore.ErrBadBinder, tlscore.AlertDecryptError},
		{"no modes", nil, ticket, []int{32}, tlscore.ErrMissingExtension, tlscore.AlertMissingExtension},
		{"empty modes", []byte{}, ticket, []int{32}, wire.ErrDecode, tlscore.AlertDecodeError},
		{"two binders for one identity", []byte{1}, ticket, []int{32, 32}, wire.ErrBinders, tlscore.AlertIllegalParameter},
		{"no binder", []byte{1}, ticket, nil, wire.ErrDecode, tlscore.AlertDecodeError},
		{"a short binder", []byte{1}, ticket, []int{31}, tlscore.ErrBadBinder, tlscore.AlertDecryptError},
		{"an empty identity", []byte{1}, nil, []int{32}, wire.ErrDecode, tlscore.AlertDecodeError},
		{"a mode we do not do", []byte{0}, ticket, []int{32}, nil, 0},
		{"somebody else's ticket", []byte{1}, bytes.Repeat([]byte{9}, len(ticket)), []int{32}, nil, 0},
		{"a long ticket", []byte{1}, make([]byte, 600), []int{32}, nil, 0},
		{"a ticket with a byte behind it", []byte{1}, append(bytes.Clone(ticket), 0), []int{32}, nil, 0},
		{"a ticket that is cut off", []byte{1}, ticket[:len(ticket)-1], []int{32}, nil, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSession(t, cfg)
			withPSK(s.client, test.modes, test.identity, test.binders...)
			s.feed(s.client.Record(record.Handshake, s.client.Hello()))
			if test.err != nil {
				s.refuses(test.err, test.alert)
				return
			}
			s.finish(nil)
			if !s.server.HandshakeDone() || s.server.Info().Resumed {
				t.Errorf("error %v, resumed %v; want a full handshake", s.server.Err(), s.server.Info().Resumed)
			}
		})
	}
}

// TestTicketsAreForWhoCanUseThem: a client gets tickets for the modes that it knows only (RFC 8446, section 4.2.9): ours resume with a key
// exchange.
func TestTicketsAreForWhoCanUseThem(t *testing.T) {
	cfg := newPKI(t, ca.ECDSA).config(t)
	cfg.Tickets = new(tlscore.TicketKeys)
	if err := cfg.Tickets.Rotate(new(fixedRand)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		modes []byte
		want  bool
	}{
		{"none", nil, false},
		{"without a key exchange", []byte{wire.PSKOnly}, false},
		{"with a key exchange", []byte{wire.PSKWithKeyShares}, true},
		{"both", []byte{wire.PSKOnly, wire.PSKWithKeyShares}, true},
	} {
		s := newSession(t, cfg)
		if test.modes != nil {
			s.client.Extra = func(b *wire.Builder) {
				m := b.BeginExtension(wire.ExtPSKKeyExchangeModes)
				n := b.Begin(1)
				b.Bytes(test.modes)
				b.End(n)
				b.End(m)
			}
		}
		s.establish(nil)
		if got := slices.Contains(s.client.Messages, wire.TypeNewSessionTicket); got != test.want {
			t.Errorf("%s: a ticket came: %v", test.name, got)
		}
	}
}

// stolenTicket returns a good ticket of a server, without its key.
func stolenTicket(t *testing.T, cfg *tlscore.Config) (ticket []byte) {
	t.Helper()
	s := newSession(t, cfg)
	s.client.Extra = func(b *wire.Builder) {
		m := b.BeginExtension(wire.ExtPSKKeyExchangeModes)
		b.Bytes([]byte{1, 1})
		b.End(m)
	}
	s.client.OnMessage = func(msg []byte) {
		if wire.MessageType(msg[0]) == wire.TypeNewSessionTicket {
			r := wire.NewReader(msg[wire.HeaderSize+8:])
			r.Vec8()
			ticket = bytes.Clone(r.Vec16())
		}
	}
	s.establish(nil)
	if len(ticket) == 0 {
		t.Fatal("the server sent no ticket")
	}
	return ticket
}
