package tlscore_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/signature"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// TestVeto: whatever the application objects to ends the connection, with the alert that it chose, and Events is not told what was vetoed.
func TestVeto(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, version := range []uint16{0x0303, 0x0304} {
		for _, test := range []struct {
			at     tlscore.EventKind
			client bool   // who objects
			resume bool   // only to the second connection
			only   uint16 // the version that has such an event; 0: both
			change func(client, server *tlscore.Config)
		}{
			{at: tlscore.EventClientHello},
			{at: tlscore.EventCertificateRequest, client: true},
			{at: tlscore.EventPeerCertificate},
			{at: tlscore.EventPeerCertificate, client: true},
			{at: tlscore.EventPeerResumed, resume: true},
			{at: tlscore.EventPeerResumed, client: true, resume: true},
			{at: tlscore.EventStapled, client: true, only: 0x0303, change: func(client, server *tlscore.Config) {
				client.RequestOCSP = true
				server.Identities[0].OCSP = []byte("a response")
			}},
			{at: tlscore.EventPeerRawKey, only: 0x0304, change: func(client, server *tlscore.Config) {
				client.Identities[0] = rawIdentity(t, p.client)
				server.RawPublicKeys = pinned(true, p.client)
			}},
			{at: tlscore.EventPeerRawKey, client: true, only: 0x0304, change: func(client, server *tlscore.Config) {
				server.Identities[0] = rawIdentity(t, p.server)
				client.RawPublicKeys = pinned(true, p.server)
			}},
			{at: tlscore.EventPSK, only: 0x0304, change: shareKeys},
			{at: tlscore.EventPSK, client: true, only: 0x0304, change: shareKeys},
		} {
			if test.only != 0 && test.only != version {
				continue
			}
			t.Run(fmt.Sprintf("%#04x/%d/%v", version, test.at, test.client), func(t *testing.T) {
				client, server := p.clientConfig12(t), p.config12(t)
				client.MaxVersion = version
				server.ClientAuth, server.ResumeClients = tlscore.RequireClientCert, true
				client.Identities = []tlscore.Identity{identity(t, p.client)}
				client.Sessions, server.Tickets = new(tlscore.Sessions), new(tlscore.TicketKeys)
				if err := server.Tickets.Rotate(server.Rand); err != nil {
					t.Fatal(err)
				}
				if test.change != nil {
					test.change(client, server)
				}
				judging := server
				if test.client {
					judging = client
				}
				var verdict error
				asked := 0
				judging.Veto = func(_ *tlscore.Conn, e tlscore.Event) error {
					if e.Kind != test.at {
						return nil
					}
					asked++
					return verdict
				}
				told := 0
				judging.Events = func(_ *tlscore.Conn, e tlscore.Event) {
					if e.Kind == test.at {
						told++
					}
				}
				connect := func() [2]error {
					pair := newPair(t, client, server, [2]tlscore.PoolConfig{roomy, roomy})
					for pair.move(0, 1<<14) || pair.move(1, 1<<14) {
					}
					defer pair.client.Release()
					defer pair.server.Release()
					if done := pair.client.HandshakeDone() && pair.server.HandshakeDone(); done == (verdict != nil) {
						t.Fatalf("done %v with the verdict %v: %v, %v", done, verdict, pair.client.Err(), pair.server.Err())
					}
					if test.client {
						return [2]error{pair.client.Err(), pair.server.Err()}
					}
					return [2]error{pair.server.Err(), pair.client.Err()}
				}
				first := connect()
				if first != [2]error{} || asked != told || (asked == 0) != test.resume {
					t.Fatalf("without an objection: %v; asked %d times, told %d", first, asked, told)
				}
				for _, v := range []struct {
					err   error
					alert tlscore.Alert
				}{
					{tlscore.Refusal(tlscore.AlertAccessDenied), tlscore.AlertAccessDenied},
					{x509lite.ErrRevoked, tlscore.AlertCertificateRevoked},
					{errors.New("no"), tlscore.AlertInternalError},
				} {
					if verdict = nil; test.resume {
						connect() // A session that was vetoed is not offered again.
					}
					if !test.resume {
						judging.Tickets, client.Sessions = nil, nil
					}
					verdict = v.err
					asked, told = 0, 0
					got := connect()
					if got != [2]error{v.err, tlscore.PeerAlert(v.alert)} || asked != 1 || told != 0 {
						t.Errorf("%v: %v; asked %d times, told %d", v.err, got, asked, told)
					}
				}
			})
		}
	}
}

// TestCertificateRequestEvent: a client is told what the server wants of its certificate, and which it will show; who has one and may not show
// it can refuse to go on without.
func TestCertificateRequestEvent(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, version := range []uint16{0x0303, 0x0304} {
		for _, suits := range []bool{true, false} {
			t.Run(fmt.Sprintf("%#04x/%v", version, suits), func(t *testing.T) {
				client, server := p.clientConfig12(t), p.config12(t)
				client.MaxVersion = version
				client.Identities = []tlscore.Identity{identity(t, p.client)}
				server.ClientAuth, server.SendAuthorities = tlscore.RequestClientCert, true
				server.SignatureSchemes = []signature.Scheme{signature.ECDSAWithP256AndSHA256, signature.RSAPSSWithSHA256}
				if !suits {
					client.Identities[0].SignatureSchemes = []signature.Scheme{signature.ECDSAWithP384AndSHA384}
				}
				asked := 0
				client.Veto = func(c *tlscore.Conn, e tlscore.Event) error {
					if e.Kind != tlscore.EventCertificateRequest {
						return nil
					}
					asked++
					schemes, authorities := request(t, c, e.Message)
					if len(schemes) != 4 || schemes.At(0) != 0x0403 || schemes.At(1) != 0x0804 {
						t.Errorf("the schemes are %x", schemes)
					}
					if name, rest := wire.NextAuthority(authorities); !bytes.Equal(name, server.Anchors.Subject(0)) || len(rest) != 0 {
						t.Errorf("the authorities are %x", authorities)
					}
					switch e.Identity {
					case nil:
						return tlscore.ErrNoScheme
					case &client.Identities[0]:
						return nil
					}
					return errors.New("an identity of others")
				}
				pair := newPair(t, client, server, [2]tlscore.PoolConfig{roomy, roomy})
				for pair.move(0, 1<<14) || pair.move(1, 1<<14) {
				}
				var want [2]error
				if !suits {
					want = [2]error{tlscore.ErrNoScheme, tlscore.PeerAlert(tlscore.AlertHandshakeFailure)}
				}
				if got := [2]error{pair.client.Err(), pair.server.Err()}; got != want || pair.client.HandshakeDone() != suits || asked != 1 {
					t.Errorf("asked %d times: %v", asked, got)
				}
			})
		}
	}
}

// request returns what a CertificateRequest says.
func request(t *testing.T, c *tlscore.Conn, msg []byte) (schemes wire.U16s, authorities []byte) {
	t.Helper()
	if c.Info().Version == 0x0303 {
		var q wire.CertificateRequest12
		if err := q.Parse(msg[wire.HeaderSize:]); err != nil {
			t.Fatal(err)
		}
		return q.Schemes, q.Authorities
	}
	var q wire.CertificateRequest
	if err := q.Parse(msg[wire.HeaderSize:]); err != nil {
		t.Fatal(err)
	}
	return q.Schemes, q.Authorities
}

func shareKeys(client, server *tlscore.Config) {
	client.TLS12, server.TLS12 = nil, nil
	keys := shared(sha2.SHA256, "device")
	client.PSKs, server.PSKs = tlscore.PSKClient(keys...), tlscore.PSKServer(keys...)
}

// TestRefuse: the application may end a connection at any time and say why; the first reason counts.
func TestRefuse(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	early := newSession(t, p.config(t))
	early.feed(early.client.Record(22, early.client.Hello())[:7])
	early.server.Refuse(tlscore.AlertUnrecognizedName)
	early.drain()
	early.refuses(tlscore.Refusal(tlscore.AlertUnrecognizedName), tlscore.AlertUnrecognizedName)

	late := newSession(t, p.config(t))
	late.establish(nil)
	late.server.Refuse(tlscore.AlertAccessDenied)
	late.server.Refuse(tlscore.AlertCertificateRevoked)
	late.drain()
	late.refuses(tlscore.Refusal(tlscore.AlertAccessDenied), tlscore.AlertAccessDenied)

	closed := newSession(t, p.config(t))
	closed.establish(nil)
	closed.server.Close()
	closed.server.Refuse(tlscore.AlertAccessDenied)
	closed.drain()
	if err := closed.server.Err(); err != nil || len(closed.client.Alerts) != 1 || closed.client.Alerts[0] != 0 {
		t.Errorf("after Close: %v, alerts %v", err, closed.client.Alerts)
	}
	new(tlscore.Conn).Refuse(tlscore.AlertAccessDenied)
}
