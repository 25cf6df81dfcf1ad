package tlscore_test

import (
	"crypto/sha256"
	"crypto/tls"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
)

// clients is a server that lets clients resume that showed a certificate, and notes in their sessions which.
type clients struct {
	cfg     *tlscore.Config
	clock   time.Time
	shown   int    // certificates that were verified
	resumed string // the note of the session that was resumed last
}

func newClients(t *testing.T, p *pki) *clients {
	t.Helper()
	c := &clients{cfg: p.config12(t), clock: now}
	c.cfg.ClientAuth = tlscore.RequireClientCert
	c.cfg.ResumeClients = true
	c.cfg.Tickets = new(tlscore.TicketKeys)
	c.cfg.Clock = func() int64 { return c.clock.Unix() }
	if err := c.cfg.Tickets.Rotate(c.cfg.Rand); err != nil {
		t.Fatal(err)
	}
	c.cfg.Events = func(_ *tlscore.Conn, e tlscore.Event) {
		switch e.Kind {
		case tlscore.EventPeerCertificate:
			c.shown++
			hash := sha256.Sum256(e.Certificate.Raw)
			copy(e.Session[:], hash[:])
		case tlscore.EventPeerResumed:
			c.resumed = string(e.Session[:32])
		}
	}
	return c
}

// expect makes a connection and checks whether it resumes, and as whom.
func (c *clients) expect(t *testing.T, what string, std *tls.Config, resumed bool, leaf []byte) {
	t.Helper()
	c.shown, c.resumed = 0, ""
	info, state := talk(t, c.cfg, std)
	if info.Resumed != resumed || state.DidResume != resumed {
		t.Fatalf("%s: resumed %v, %v, want %v", what, info.Resumed, state.DidResume, resumed)
	}
	want := ""
	if hash := sha256.Sum256(leaf); resumed && leaf != nil {
		want = string(hash[:])
	}
	if c.resumed != want || (c.shown > 0) == (resumed || leaf == nil) {
		t.Errorf("%s: resumed as %x, want %x; %d certificates were verified", what, c.resumed, want, c.shown)
	}
}

// TestClientsResume: a client with a certificate resumes, in either version, as long as that is good, and the application finds what it
// noted; one that showed none does not get in where one is required.
func TestClientsResume(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		c := newClients(t, p)
		std := p.stdClient()
		std.MaxVersion = version
		std.ClientSessionCache = tls.NewLRUClientSessionCache(1)
		leaf := p.client.Cert.Raw
		c.expect(t, "the first connection", std, false, leaf)
		c.expect(t, "the second", std, true, leaf)
		c.expect(t, "the third", std, true, leaf)
		for range 3 {
			if err := c.cfg.Tickets.Rotate(c.cfg.Rand); err != nil {
				t.Fatal(err)
			}
			c.expect(t, "with a ticket that has to be renewed", std, true, leaf)
		}

		c.cfg.ResumeClients = false
		c.expect(t, "where no client may", std, false, leaf)
		c.cfg.ResumeClients = true

		nobody := p.stdClient()
		nobody.MaxVersion, nobody.ClientSessionCache, nobody.Certificates = version, tls.NewLRUClientSessionCache(1), nil
		c.cfg.ClientAuth = tlscore.RequestClientCert
		c.expect(t, "without a certificate", nobody, false, nil)
		c.expect(t, "without a certificate, resumed", nobody, true, nil)
		nobody.Certificates = std.Certificates
		c.cfg.ClientAuth = tlscore.RequireClientCert
		c.expect(t, "where one is required", nobody, false, leaf)
		c.expect(t, "and was shown", nobody, true, leaf)

		short, err := p.root.Issue(ca.Request{Names: []string{"short"}, Usage: ca.Client, NotAfter: now.Add(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		std.Certificates = []tls.Certificate{short.TLS()}
		std.ClientSessionCache = tls.NewLRUClientSessionCache(1)
		c.expect(t, "with a certificate for an hour", std, false, short.Cert.Raw)
		c.clock = now.Add(59 * time.Minute)
		c.expect(t, "with a certificate for a minute", std, true, short.Cert.Raw)
		c.clock = now.Add(61 * time.Minute)
		c.cfg.ClientAuth = tlscore.RequestClientCert
		std.Certificates = nil
		c.expect(t, "with one that has ended", std, false, nil)
	}
}

// TestClientsResumeByNumber is the same for sessions that the server keeps.
func TestClientsResumeByNumber(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	c := newClients(t, p)
	c.cfg.Tickets = nil
	c.cfg.SessionCache = &tlscore.SessionCache{Slots: make([]tlscore.CachedSession, 1)}
	client := p.clientConfig12(t)
	client.MaxVersion = tls.VersionTLS12
	client.Sessions = new(tlscore.Sessions)
	client.Identities = []tlscore.Identity{identity(t, p.client)}
	hash := sha256.Sum256(p.client.Cert.Raw)
	for i := range 3 {
		c.resumed = ""
		pair := newPair(t, client, c.cfg, [2]tlscore.PoolConfig{roomy, roomy})
		pair.connect(1 << 14)
		if resumed := pair.server.Info().Resumed; resumed != (i > 0) || resumed != (c.resumed == string(hash[:])) {
			t.Errorf("connection %d: resumed %v, as %x", i, resumed, c.resumed)
		}
	}
}
