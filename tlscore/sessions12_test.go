package tlscore_test

import (
	"crypto/tls"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

// TestSessions12: a client resumes a session of TLS 1.2 with a server of crypto/tls, any number of times, and not when it has ended or
// the server has forgotten it.
func TestSessions12(t *testing.T) {
	for family, suites := range suites12 {
		p := newPKI(t, family)
		for _, suite := range suites {
			cfg := p.clientConfig12(t)
			cfg.Sessions = new(tlscore.Sessions)
			cfg.Suites = []tlscore.SuiteID{suite, tlscore.AES128GCMSHA256}
			clock := now.Unix()
			cfg.Clock = func() int64 { return clock }
			std := p.stdServer()
			std.MaxVersion = tls.VersionTLS12
			for i, want := range []bool{false, true, true, false, true, false} {
				switch i {
				case 3:
					clock += 8 * 24 * 60 * 60
				case 5:
					std.SetSessionTicketKeys([][32]byte{{5}})
				}
				info, state := chat(t, cfg, std)
				if info.Resumed != want || state.DidResume != want || info.Suite != suite || info.Version != tls.VersionTLS12 {
					t.Errorf("%v, connection %d: %+v, the server resumed: %v", suite, i, info, state.DidResume)
				}
			}
		}
	}
}

// TestKept: an application can ask whether there is a session: as long as the server knows it.
func TestKept(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		p := newPKI(t, ca.ECDSA)
		cfg := p.clientConfig12(t)
		cfg.Sessions = new(tlscore.Sessions)
		std := p.stdServer()
		std.MaxVersion = version
		if n := cfg.Sessions.Kept(); n != 0 {
			t.Errorf("%#04x: %d sessions before the first connection", version, n)
		}
		for range 2 {
			if chat(t, cfg, std); cfg.Sessions.Kept() != 1 {
				t.Errorf("%#04x: %d sessions after a connection", version, cfg.Sessions.Kept())
			}
		}
		std.SessionTicketsDisabled = true
		if info, _ := chat(t, cfg, std); info.Resumed || cfg.Sessions.Kept() != 0 {
			t.Errorf("%#04x: %d sessions after a connection without a ticket, %+v", version, cfg.Sessions.Kept(), info)
		}
		std.SessionTicketsDisabled = false
		chat(t, cfg, std)
		if cfg.Sessions.Wipe(); cfg.Sessions.Kept() != 0 {
			t.Errorf("%#04x: %d sessions are left", version, cfg.Sessions.Kept())
		}
	}
}

// TestSessionsOfBothVersions: a session is for its version; a server that has learnt the other starts anew.
func TestSessionsOfBothVersions(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	cfg := p.clientConfig12(t)
	cfg.Sessions = new(tlscore.Sessions)
	std := p.stdServer()
	for i, step := range []struct {
		version uint16
		resumed bool
	}{
		{tls.VersionTLS12, false}, {tls.VersionTLS12, true}, {tls.VersionTLS13, false}, {tls.VersionTLS13, true}, {tls.VersionTLS12, false},
	} {
		std.MaxVersion = step.version
		if info, _ := chat(t, cfg, std); info.Version != step.version || info.Resumed != step.resumed {
			t.Errorf("connection %d: %+v", i, info)
		}
	}
}

// TestPairsResume12: two ends of ours resume, however often the server changes its keys in between.
func TestPairsResume12(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	client, server := p.clientConfig12(t), p.config12(t)
	client.MaxVersion = tls.VersionTLS12
	client.Sessions = new(tlscore.Sessions)
	server.Tickets = new(tlscore.TicketKeys)
	server.Tickets.Rotate(server.Rand)
	for _, n := range []int{1, 3, 1 << 14} {
		client.Sessions.Wipe()
		for i := range 6 {
			if i > 2 {
				server.Tickets.Rotate(server.Rand)
			}
			pair := newPair(t, client, server, [2]tlscore.PoolConfig{roomy, tight})
			pair.connect(n)
			if resumed := i > 0; pair.client.Info().Resumed != resumed || pair.server.Info().Resumed != resumed {
				t.Errorf("connection %d: client %+v, server %+v", i, pair.client.Info(), pair.server.Info())
			}
			pair.client.Release()
			pair.server.Release()
		}
	}
}
