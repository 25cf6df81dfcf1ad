package tlscore_test

import (
	"bytes"
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
