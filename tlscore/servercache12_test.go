package tlscore_test

import (
	"bytes"
	"fmt"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/wire"
)

// TestSessionCache: clients that know no tickets resume by session ID, as long as there is a slot for them and the session is young.
func TestSessionCache(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	clock := now.Unix()
	cfg := p.config12(t)
	cfg.Clock = func() int64 { return clock }
	cfg.SessionCache = &tlscore.SessionCache{Slots: make([]tlscore.CachedSession, 2)}
	// client has no session yet; it returns the ID that the server gave it, and the master secret.
	type session struct {
		id     []byte
		master [48]byte
	}
	begin := func() session {
		s := newServer12(t, p, cfg)
		s.establish()
		var hello wire.ServerHello12
		if err := hello.Parse(s.peer.PeerHello[wire.HeaderSize:]); err != nil || len(hello.SessionID) != 32 {
			t.Fatal(err, hello.SessionID)
		}
		return session{bytes.Clone(hello.SessionID), s.peer.Master}
	}
	resumes := func(a session, suite uint16) bool {
		s := newServer12(t, p, cfg)
		s.peer.Session, s.peer.Master, s.peer.Suites = a.id, a.master, []uint16{suite}
		s.say(s.peer.Hello())
		if s.ours.Err() != nil {
			t.Fatal(s.ours.Err())
		}
		if !s.peer.Finishes {
			return false
		}
		s.change()
		s.say(s.peer.Finished())
		if !s.ours.HandshakeDone() || !s.ours.Info().Resumed {
			t.Errorf("%v, %+v", s.ours.Err(), s.ours.Info())
		}
		return true
	}
	first, second := begin(), begin()
	if n := cfg.SessionCache.Kept(); n != 2 {
		t.Errorf("%d sessions are kept of two", n)
	}
	if !resumes(first, 0xc02b) || !resumes(second, 0xc02b) || !resumes(first, 0xc02b) {
		t.Error("a session does not resume")
	}
	if resumes(first, 0xcca9) {
		t.Error("it resumes under another suite")
	}
	other := newServer12(t, p, cfg)
	other.peer.Session, other.peer.Master, other.peer.Name = first.id, first.master, "other"
	if other.say(other.peer.Hello()); other.ours.Err() != nil || other.peer.Finishes {
		t.Error("it resumes with a server of another name:", other.ours.Err())
	}
	if stranger := (session{id: make([]byte, 32)}); resumes(stranger, 0xc02b) {
		t.Error("a session that is none resumes")
	}
	if short := (session{first.id[:31], first.master}); resumes(short, 0xc02b) {
		t.Error("a part of a session ID resumes")
	}
	clock++
	third := begin()
	if !resumes(third, 0xc02b) || resumes(first, 0xc02b) && resumes(second, 0xc02b) {
		t.Error("three sessions in two slots")
	}
	clock += 25 * 60 * 60
	if resumes(third, 0xc02b) {
		t.Error("a session of yesterday resumes")
	}
	fourth := begin()
	cfg.SessionCache.Wipe()
	if resumes(fourth, 0xc02b) {
		t.Error("a session that was forgotten resumes")
	}
}

// TestPairsResumeByNumber: two ends of ours do without tickets, which crypto/tls does not.
func TestPairsResumeByNumber(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	client, server := p.clientConfig12(t), p.config12(t)
	client.MaxVersion = wire.VersionTLS12
	client.Sessions = new(tlscore.Sessions)
	server.SessionCache = &tlscore.SessionCache{Slots: make([]tlscore.CachedSession, 1)}
	server.Rand.Read(make([]byte, 7)) // Both ends draw from the same stream; their session IDs must not be the same.
	for i := range 4 {
		if i == 3 { // A server that makes tickets from now on promises none to those who resume.
			server.Tickets = new(tlscore.TicketKeys)
			server.Tickets.Rotate(server.Rand)
		}
		pair := newPair(t, client, server, [2]tlscore.PoolConfig{roomy, tight})
		pair.connect(5)
		if resumed := i > 0; pair.client.Info().Resumed != resumed || pair.server.Info().Resumed != resumed {
			t.Errorf("connection %d: client %+v, server %+v", i, pair.client.Info(), pair.server.Info())
		}
		pair.client.Release()
		pair.server.Release()
	}
}

// TestFatalAlertEndsSessions: a session is forgotten on both sides, where they can, when a connection that made or resumed it ends with a fatal
// alert (RFC 5246, section 7.2.2; RFC 8446, section 6.2), whoever sends it; not when it is closed, or ends without a word, and not because of
// what becomes of another connection in the same memory.
func TestFatalAlertEndsSessions(t *testing.T) {
	refuse := func(i int) func(p *pair) {
		return func(p *pair) {
			[2]*tlscore.Conn{&p.client, &p.server}[i].Refuse(tlscore.AlertAccessDenied)
			p.run(1 << 20)
		}
	}
	for _, version := range []uint16{wire.VersionTLS12, wire.VersionTLS13} {
		for _, tickets := range []bool{false, true} {
			if version == wire.VersionTLS13 && !tickets {
				continue // TLS 1.3 has no other sessions.
			}
			for _, test := range []struct {
				name string
				end  func(p *pair)
				ends bool
			}{
				{"the client refuses", refuse(0), true},
				{"the server refuses", refuse(1), true},
				{"closed", func(p *pair) { p.client.Close(); p.server.Close(); p.run(1 << 20) }, false},
				{"cut off", func(p *pair) { p.client.RecvEOF(); p.server.RecvEOF() }, false},
			} {
				for _, resumed := range []bool{false, true} {
					t.Run(fmt.Sprintf("%x, tickets %v, %s, resumed %v", version, tickets, test.name, resumed), func(t *testing.T) {
						r := newReunion(t)
						r.client.TLS12, r.server.TLS12 = tlscore.TLS12Client(), tlscore.TLS12Server()
						r.client.MaxVersion = version
						r.server.Rand.Read(make([]byte, 7)) // Session IDs of the two ends must not be the same.
						cache := &tlscore.SessionCache{Slots: make([]tlscore.CachedSession, 1)}
						if !tickets {
							r.server.Tickets, r.server.SessionCache = nil, cache
						}
						if resumed {
							r.expect("the first", false)
						}
						p := newPair(t, r.client, r.server, r.pools)
						p.establish(1 << 20)
						if p.transfer(1, []byte("an answer")); p.client.Info().Resumed != resumed {
							t.Fatalf("resumed: %v", !resumed)
						}
						test.end(p)
						if (p.client.Err() != nil) != (test.name != "closed") {
							t.Fatalf("client: %v, server: %v", p.client.Err(), p.server.Err())
						}
						p.client.Release()
						p.server.Release()
						kept := 1
						if test.ends {
							kept = 0
						}
						if n := r.client.Sessions.Kept(); n != kept {
							t.Errorf("the client keeps %d sessions", n)
						}
						if n := cache.Kept(); !tickets && n != kept {
							t.Errorf("the server keeps %d sessions", n)
						}
						if test.ends {
							return
						}
						// Another connection in the same memory fails before it knows who the peer is.
						if err := p.client.Client(r.client, newPool(t), "elsewhere"); err != nil {
							t.Fatal(err)
						}
						p.client.Refuse(tlscore.AlertInternalError)
						if err := p.server.Server(r.server, newPool(t)); err != nil {
							t.Fatal(err)
						}
						p.server.Refuse(tlscore.AlertInternalError)
						if n := r.client.Sessions.Kept(); n != 1 {
							t.Errorf("the client keeps %d sessions after another connection", n)
						}
						r.expect("the next", true)
					})
				}
			}
		}
	}
}
