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

func newKeys(t *testing.T) *tlscore.TicketKeys {
	t.Helper()
	keys := new(tlscore.TicketKeys)
	if err := keys.Rotate(new(fixedRand)); err != nil {
		t.Fatal(err)
	}
	return keys
}

// TestStatelessRetry: the handshake goes on after a retry as if the server had remembered it, whatever else is in it.
func TestStatelessRetry(t *testing.T) {
	for _, suite := range []tlscore.SuiteID{tlscore.AES128GCMSHA256, tlscore.AES256GCMSHA384} {
		for _, group := range []tlscore.GroupID{tlscore.X25519, tlscore.P256, tlscore.P384} {
			r := newReunion(t)
			r.server.Cookies = tlscore.NewCookies(newKeys(t))
			r.server.Suites = []tlscore.SuiteID{suite}
			r.server.Groups = []tlscore.GroupID{group}
			r.client.ALPN, r.server.ALPN = []string{"a", "b"}, []string{"b"}
			r.client.RecordSizeLimit = 200
			for i, n := range []int{1 << 20, 1 << 20, 1} {
				client, server := r.meet(n)
				if server.Suite != suite || client.Group != group || server.ALPN != "b" || client.Resumed != (i > 0) {
					t.Errorf("connection %d: %+v, %+v", i, client, server)
				}
			}
			r.server.ClientAuth = tlscore.RequireClientCert
			r.expect("with a certificate of the client", false)
		}
	}
}

// TestStatelessRetryWithStd: crypto/tls echoes the cookie.
func TestStatelessRetryWithStd(t *testing.T) {
	r := newResumption(t)
	r.cfg.Cookies = tlscore.NewCookies(newKeys(t))
	r.cfg.Groups = []tlscore.GroupID{tlscore.P256}
	r.client.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP256}
	r.expect("the first connection", false)
	r.expect("the second", true)
}

// TestManyRetriesInOneHandshake: connections that wait for a ClientHello, the first or the second, borrow no handshake: five of them take
// turns with one.
func TestManyRetriesInOneHandshake(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	cfg := p.config(t)
	cfg.Cookies = tlscore.NewCookies(newKeys(t))
	cfg.Groups = []tlscore.GroupID{tlscore.P256}
	pool, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 4, SmallSize: 2048})
	if err != nil {
		t.Fatal(err)
	}
	sessions := make([]*session, 5)
	for i := range sessions {
		s := newSession(t, cfg)
		s.server.Release()
		s.pool = pool
		if err := s.server.Server(cfg, pool); err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		sessions[i] = s
	}
	cookies := make([][]byte, len(sessions))
	for i, s := range sessions {
		s.client.OnMessage = keepCookie(&cookies[i])
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
	}
	for i, s := range sessions {
		if !s.client.Retry {
			t.Fatalf("connection %d: no retry: %v", i, s.server.Err())
		}
		echoCookie(s.client, cookies[i])
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
		s.finish(nil)
		s.echo("a question", "an answer")
	}
}

// keepCookie returns a handler that keeps the cookie of a HelloRetryRequest.
func keepCookie(cookie *[]byte) func(msg []byte) {
	return func(msg []byte) {
		var hello wire.ServerHello
		if wire.MessageType(msg[0]) == wire.TypeServerHello && hello.Parse(msg[wire.HeaderSize:]) == nil && hello.Retry() {
			*cookie = bytes.Clone(hello.Cookie)
		}
	}
}

// echoCookie makes the puppet's next ClientHello have the cookie, if it is not nil.
func echoCookie(c *puppet.Client, cookie []byte) {
	c.Extra = func(b *wire.Builder) {
		if cookie != nil {
			ext := b.BeginExtension(wire.ExtCookie)
			v := b.Begin(2)
			b.Bytes(cookie)
			b.End(v)
			b.End(ext)
		}
	}
}

// TestHelloWaitsForHandshake: a ClientHello that finds no handshake free is answered when there is one.
func TestHelloWaitsForHandshake(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	cfg := p.config(t)
	cfg.Cookies = tlscore.NewCookies(newKeys(t))
	s := newSession(t, cfg)
	taken := s.pool.BorrowHandshake()
	s.feed(s.client.Record(record.Handshake, s.client.Hello()))
	if s.server.Err() != nil || len(s.server.SendWindow()) > 0 || len(s.server.RecvWindow()) > 0 {
		t.Fatalf("%v, %d bytes to send, room for %d", s.server.Err(), len(s.server.SendWindow()), len(s.server.RecvWindow()))
	}
	s.pool.GiveBackHandshake(taken)
	s.drain()
	s.finish(nil)
	s.echo("a question", "an answer")
}

// TestHostileCookies: a cookie must be ours and whole, and the second ClientHello that of the first.
func TestHostileCookies(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		name  string
		spoil func(cookie []byte, c *puppet.Client, keys *tlscore.TicketKeys) []byte
		err   error
	}{
		{"none", func([]byte, *puppet.Client, *tlscore.TicketKeys) []byte { return nil }, tlscore.ErrRetryIgnored},
		{"short", func(b []byte, _ *puppet.Client, _ *tlscore.TicketKeys) []byte { return b[:len(b)-1] }, tlscore.ErrBadCookie},
		{"long", func(b []byte, _ *puppet.Client, _ *tlscore.TicketKeys) []byte { return append(b, 0) }, tlscore.ErrBadCookie},
		{"longer than any memory", func([]byte, *puppet.Client, *tlscore.TicketKeys) []byte { return make([]byte, 900) }, tlscore.ErrBadCookie},
		{"another key's name", func(b []byte, _ *puppet.Client, _ *tlscore.TicketKeys) []byte { b[3]++; return b }, tlscore.ErrBadCookie},
		{"another nonce", func(b []byte, _ *puppet.Client, _ *tlscore.TicketKeys) []byte { b[4]++; return b }, tlscore.ErrBadCookie},
		{"another text", func(b []byte, _ *puppet.Client, _ *tlscore.TicketKeys) []byte { b[20]++; return b }, tlscore.ErrBadCookie},
		{"another tag", func(b []byte, _ *puppet.Client, _ *tlscore.TicketKeys) []byte { b[len(b)-1]++; return b }, tlscore.ErrBadCookie},
		{"after a rotation", func(b []byte, _ *puppet.Client, k *tlscore.TicketKeys) []byte { k.Rotate(new(fixedRand)); return b }, nil},
		{"after two", func(b []byte, _ *puppet.Client, k *tlscore.TicketKeys) []byte {
			k.Rotate(new(fixedRand))
			k.Rotate(new(fixedRand))
			return b
		}, tlscore.ErrBadCookie},
		{"another name", func(b []byte, c *puppet.Client, _ *tlscore.TicketKeys) []byte { c.ServerName = "other"; return b }, tlscore.ErrHelloChanged},
		{"another protocol", func(b []byte, c *puppet.Client, _ *tlscore.TicketKeys) []byte { c.ALPN = []string{"x"}; return b }, tlscore.ErrHelloChanged},
		{"another group", func(b []byte, c *puppet.Client, _ *tlscore.TicketKeys) []byte { c.ShareOf = []uint16{29}; return b }, tlscore.ErrRetryIgnored},
		{"of another client", func(_ []byte, _ *puppet.Client, k *tlscore.TicketKeys) []byte {
			return retriedCookie(t, p, k, func(*puppet.Client) {})
		}, tlscore.ErrHelloChanged},
		{"of another suite", func(_ []byte, _ *puppet.Client, k *tlscore.TicketKeys) []byte {
			return retriedCookie(t, p, k, func(c *puppet.Client) { c.Suite = 0x1303 })
		}, tlscore.ErrBadCookie},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := p.config(t)
			cfg.Cookies = tlscore.NewCookies(newKeys(t))
			cfg.Groups = []tlscore.GroupID{tlscore.P256}
			s := newSession(t, cfg)
			var cookie []byte
			s.client.OnMessage = keepCookie(&cookie)
			s.feed(s.client.Record(record.Handshake, s.client.Hello()))
			echoCookie(s.client, test.spoil(cookie, s.client, cfg.Cookies.Keys))
			s.feed(s.client.Record(record.Handshake, s.client.Hello()))
			if test.err != nil {
				s.refuses(test.err, tlscore.AlertIllegalParameter)
				return
			}
			s.finish(nil)
			s.echo("a question", "an answer")
		})
	}
}

// retriedCookie returns the cookie that a server with the given keys sends to another client.
func retriedCookie(t *testing.T, p *pki, keys *tlscore.TicketKeys, change func(*puppet.Client)) (cookie []byte) {
	t.Helper()
	cfg := p.config(t)
	cfg.Cookies = tlscore.NewCookies(keys)
	cfg.Groups = []tlscore.GroupID{tlscore.P256}
	s := newSession(t, cfg)
	change(s.client)
	s.client.OnMessage = keepCookie(&cookie)
	s.feed(s.client.Record(record.Handshake, s.client.Hello()))
	if cookie == nil {
		t.Fatalf("no cookie: %v", s.server.Err())
	}
	return cookie
}
