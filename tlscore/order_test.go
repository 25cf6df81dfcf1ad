package tlscore_test

import (
	"fmt"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/signature"
	"colibri/tlscore/wire"
)

// TestClientSuiteOrder: a server takes the first of its own suites, or the first of the client's, if that is what it is told.
func TestClientSuiteOrder(t *testing.T) {
	const (
		aes128, chacha, aes256       = tlscore.AES128GCMSHA256, tlscore.ChaCha20Poly1305SHA256, tlscore.AES256GCMSHA384
		aes128For12, chachaFor12     = tlscore.ECDHEECDSAAES128GCMSHA256, tlscore.ECDHEECDSAChaCha20Poly1305
		rsaFor12, aes256For12, other = tlscore.ECDHERSAAES128GCMSHA256, tlscore.ECDHEECDSAAES256GCMSHA384, tlscore.AES128CCMSHA256
	)
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		client, server     []tlscore.SuiteID
		byServer, byClient tlscore.SuiteID
		fails              bool
	}{
		{client: []tlscore.SuiteID{chacha, aes128, aes256}, byServer: aes128, byClient: chacha},
		{client: []tlscore.SuiteID{aes256, chacha}, byServer: chacha, byClient: aes256},
		{client: []tlscore.SuiteID{other, aes256, chacha}, byServer: chacha, byClient: aes256},
		{client: []tlscore.SuiteID{aes128, chacha}, server: []tlscore.SuiteID{aes256, chacha}, byServer: chacha, byClient: chacha},
		{client: []tlscore.SuiteID{other}, fails: true},
		{client: []tlscore.SuiteID{chachaFor12, aes128For12}, byServer: aes128For12, byClient: chachaFor12},
		{client: []tlscore.SuiteID{rsaFor12, aes256For12, chachaFor12}, byServer: chachaFor12, byClient: aes256For12},
		{client: []tlscore.SuiteID{rsaFor12}, fails: true},
	} {
		for _, clientOrder := range []bool{false, true} {
			c, s := p.clientConfig12(t), p.config12(t)
			c.Suites, s.Suites, s.ClientSuiteOrder = test.client, test.server, clientOrder
			pair := newPair(t, c, s, [2]tlscore.PoolConfig{tight, tight})
			pair.run(1 << 20)
			want := test.byServer
			if clientOrder {
				want = test.byClient
			}
			if test.fails {
				if err := pair.server.Err(); err != tlscore.ErrNoCipherSuite && err != tlscore.ErrNoScheme {
					t.Errorf("%v: %v", test.client, err)
				}
				continue
			}
			if got := pair.server.Info().Suite; got != want || !pair.server.HandshakeDone() {
				t.Errorf("%v, in the client's order: %v: %v, want %v; %v", test.client, clientOrder, got, want, pair.server.Err())
			}
		}
	}
}

// counter counts how often a key is asked what it can do.
type counter struct {
	tlscore.Signer
	asked int
}

func (c *counter) Supports(s signature.Scheme) bool { c.asked++; return c.Signer.Supports(s) }

// TestRepeatedSuites12: a client that names a suite a thousand times, for which the server has no certificate, makes no more work than
// one that names it once.
func TestRepeatedSuites12(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	var asked [2]int
	for i, times := range []int{1, 1000} {
		cfg := p.config12(t)
		key := &counter{Signer: cfg.Identities[0].Key}
		cfg.Identities[0].Key, cfg.ClientSuiteOrder = key, true
		s := newServer12(t, p, cfg)
		for range times {
			s.peer.Suites = append(s.peer.Suites, uint16(tlscore.ECDHERSAAES128GCMSHA256))
		}
		if s.say(s.peer.Hello()); s.ours.Err() != tlscore.ErrNoScheme {
			t.Error(s.ours.Err())
		}
		asked[i] = key.asked
	}
	if asked[0] == 0 || asked[0] != asked[1] {
		t.Errorf("asked %v times", asked)
	}
}

// TestAuthorityRules: whether an identity is shown to a peer that trusts others, alone and beside one that the peer trusts.
func TestAuthorityRules(t *testing.T) {
	p, stranger := newPKI(t, ca.ECDSA), newNamedPKI(t, ca.ECDSA, "a stranger")
	for _, version := range []uint16{wire.VersionTLS12, wire.VersionTLS13} {
		for rule, shown := range []bool{tlscore.AuthoritiesByRole: false, tlscore.AuthoritiesBind: false, tlscore.AuthoritiesAdvise: true} {
			for _, beside := range []bool{false, true} {
				t.Run(fmt.Sprintf("client, %#x/%d/%v", version, rule, beside), func(t *testing.T) {
					c, s := p.clientConfig12(t), p.config12(t)
					c.MaxVersion, s.ClientAuth, s.SendAuthorities = version, tlscore.RequireClientCert, true
					strange := identity(t, stranger.client)
					strange.Authorities = tlscore.AuthorityRule(rule)
					c.Identities = append([]tlscore.Identity{strange}, c.Identities...)
					if !beside {
						c.Identities = c.Identities[:1]
					}
					pair := newPair(t, c, s, [2]tlscore.PoolConfig{tight, tight})
					pair.run(1 << 20)
					// The server has no use for the stranger: it says so, or that there is no certificate.
					switch err := pair.server.Err(); {
					case beside && err != nil:
						t.Error(err)
					case !beside && shown != (err != tlscore.ErrNoCertificate && err != tlscore.ErrNoCertificate12):
						t.Errorf("shown: %v; %v", shown, err)
					}
				})
			}
		}
		for rule, shown := range []bool{tlscore.AuthoritiesByRole: true, tlscore.AuthoritiesBind: false, tlscore.AuthoritiesAdvise: true} {
			cfg := p.config12(t)
			cfg.Identities[0].Authorities = tlscore.AuthorityRule(rule)
			var err error
			if version == wire.VersionTLS12 {
				s := newServer12(t, p, cfg)
				s.peer.Extra = func(b *wire.Builder) { authorities(b, stranger.root.Cert.RawSubject) }
				s.say(s.peer.Hello())
				err = s.ours.Err()
			} else {
				s := newSession(t, cfg)
				extra(wire.ExtCertificateAuthority, dn(stranger.root.Cert.RawSubject)...)(s)
				err = s.server.Err()
			}
			if shown && err != nil || !shown && err != tlscore.ErrNoScheme {
				t.Errorf("server, %#x/%d: %v", version, rule, err)
			}
		}
	}
}

// dn is the body of certificate_authorities with one name.
func dn(name []byte) []byte {
	n := len(name)
	return append([]byte{byte((n + 2) >> 8), byte(n + 2), byte(n >> 8), byte(n)}, name...)
}
