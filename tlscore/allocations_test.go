//go:build portable || !(amd64 || arm64)

package tlscore_test

import (
	"crypto/tls"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/signature"
)

// TestHandshakesDoNotAllocate: in the portable build two ends of ours connect without taking anything from the heap, whatever is
// negotiated.
func TestHandshakesDoNotAllocate(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		name   string
		change func(client, server *tlscore.Config)
	}{
		{"mutual", func(_, server *tlscore.Config) { server.ClientAuth = tlscore.RequireClientCert }},
		{"two identities and authorities", func(client, server *tlscore.Config) {
			client.Identities = append(client.Identities, server.Identities...)
			server.Identities = append(client.Identities[:1:1], server.Identities...)
			server.ClientAuth, server.SendAuthorities = tlscore.RequireClientCert, true
		}},
		{"GREASE and a stapled response", func(client, server *tlscore.Config) {
			client.GREASE, server.GREASE, client.RequestOCSP = true, true, true
			server.Identities[0].OCSP = []byte("a response")
			server.ClientAuth = tlscore.RequireClientCert
		}},
		{"raw public keys", func(client, server *tlscore.Config) {
			server.ClientAuth = tlscore.RequireClientCert
			client.RawPublicKeys, server.RawPublicKeys = pinned(true, p.server), pinned(true, p.client)
			client.Identities, server.Identities = []tlscore.Identity{rawIdentity(t, p.client)}, []tlscore.Identity{rawIdentity(t, p.server)}
		}},
		{"orders of one's own", func(client, server *tlscore.Config) {
			server.ClientAuth, server.SendAuthorities, server.ClientSuiteOrder = tlscore.RequireClientCert, true, true
			client.KeyShares = []tlscore.GroupID{tlscore.P256}
			schemes := []signature.Scheme{signature.RSAPSSWithSHA256, signature.ECDSAWithP256AndSHA256}
			client.SignatureSchemes, server.SignatureSchemes = schemes, schemes
			types := []tlscore.CertificateType{tlscore.X509, tlscore.RawPublicKey}
			for i, cfg := range []*tlscore.Config{client, server} {
				cfg.CertificateTypes, cfg.PeerCertificateTypes = types, types
				cfg.RawPublicKeys = pinned(true, []*ca.Identity{p.server, p.client}[i])
				cfg.Identities = append(cfg.Identities, rawIdentity(t, []*ca.Identity{p.client, p.server}[i]))
				cfg.Identities[0].SignatureSchemes = schemes
			}
		}},
		{"raw public keys of TLS 1.2", func(client, server *tlscore.Config) {
			client.TLS12, server.TLS12 = tlscore.TLS12Client(), tlscore.TLS12Server()
			client.MaxVersion = tls.VersionTLS12
			server.ClientAuth, server.ClientSuiteOrder = tlscore.RequireClientCert, true
			client.RawPublicKeys, server.RawPublicKeys = pinned(true, p.server), pinned(true, p.client)
			client.Identities, server.Identities = []tlscore.Identity{rawIdentity(t, p.client)}, []tlscore.Identity{rawIdentity(t, p.server)}
		}},
		{"compressed certificates", func(client, server *tlscore.Config) {
			server.ClientAuth = tlscore.RequireClientCert
			one, _ := counted(new(int))
			c, s := tlscore.CompressionClient(one), tlscore.CompressionServer(one)
			shrink(t, c, &client.Identities[0], false)
			shrink(t, s, &server.Identities[0], false)
			client.CertificateCompression, server.CertificateCompression = c, s
		}},
		{"vetoes", func(client, server *tlscore.Config) {
			server.ClientAuth = tlscore.RequireClientCert
			agree := func(*tlscore.Conn, tlscore.Event) error { return nil }
			client.Veto, server.Veto = agree, agree
		}},
		{"step by step", func(client, server *tlscore.Config) {
			server.ClientAuth = tlscore.RequireClientCert
			client.Stepwise, server.Stepwise = true, true
		}},
		{"short records", func(client, server *tlscore.Config) {
			client.RecordSizeLimit, server.RecordSizeLimit = 64, 100
		}},
		{"TLS 1.2", func(client, server *tlscore.Config) {
			client.TLS12, server.TLS12 = tlscore.TLS12Client(), tlscore.TLS12Server()
			client.MaxVersion = tls.VersionTLS12
			server.ClientAuth = tlscore.RequireClientCert
		}},
		{"CCM, P-384 after a retry", func(client, server *tlscore.Config) {
			server.Suites = []tlscore.SuiteID{tlscore.AES128CCMSHA256}
			client.Suites = server.Suites
			server.Groups = []tlscore.GroupID{tlscore.P384}
		}},
		{"resumed", func(client, server *tlscore.Config) {
			client.Sessions, server.Tickets = new(tlscore.Sessions), new(tlscore.TicketKeys)
			if err := server.Tickets.Rotate(server.Rand); err != nil {
				t.Fatal(err)
			}
		}},
		{"early data", func(client, server *tlscore.Config) {
			client.Sessions, server.Tickets = new(tlscore.Sessions), new(tlscore.TicketKeys)
			if err := server.Tickets.Rotate(server.Rand); err != nil {
				t.Fatal(err)
			}
			clock := now.Unix()
			client.Clock, server.Clock = func() int64 { clock += 20; return clock }, func() int64 { return clock }
			client.EarlyData = tlscore.EarlyDataClient()
			server.EarlyData = tlscore.EarlyDataServer(&tlscore.Replays{Slots: make([]tlscore.SeenHello, 2)})
		}},
		{"stateless retry", func(client, server *tlscore.Config) {
			server.Groups = []tlscore.GroupID{tlscore.P256}
			server.Cookies = tlscore.NewCookies(newKeys(t))
		}},
		{"pre-shared key", func(client, server *tlscore.Config) {
			key := tlscore.PSK{Identity: []byte("sensor"), Key: make([]byte, 32)}
			client.PSKs, server.PSKs = tlscore.PSKClient(key), tlscore.PSKServer(key)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			client, server := p.clientConfig(t), p.config(t)
			test.change(client, server)
			pair := newPair(t, client, server, [2]tlscore.PoolConfig{roomy, tight})
			pools := [2]*tlscore.Pool{newPool(t), newPool(t)}
			if n := testing.AllocsPerRun(2, func() {
				if pair.server.Server(server, pools[1]) != nil || pair.client.Client(client, pools[0], "changeme") != nil {
					t.Fatal("cannot begin")
				}
				pair.client.Written(copy(pair.client.EarlyWindow(), "early"))
				for move(&pair.client, &pair.server) || move(&pair.server, &pair.client) || pair.client.Working() || pair.server.Working() {
					pair.client.Work()
					pair.server.Work()
				}
			}); n != 0 {
				t.Errorf("%v allocations", n)
			}
			if !pair.client.HandshakeDone() || !pair.server.HandshakeDone() {
				t.Errorf("client: %v, server: %v", pair.client.Err(), pair.server.Err())
			}
		})
	}
}
