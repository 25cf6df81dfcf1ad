package tlscore_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/primitive/mlkem"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// hybridPool has room for the messages of X25519MLKEM768.
var hybridPool = tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 3, SmallSize: 2048}

// TestEverySuiteWithEveryGroup connects both ends of ours, with and without a HelloRetryRequest, whole and in single bytes.
func TestEverySuiteWithEveryGroup(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	groups := []tlscore.GroupID{tlscore.X25519, tlscore.P256, tlscore.P384, tlscore.X25519MLKEM768}
	for _, suite := range []tlscore.SuiteID{tlscore.AES128GCMSHA256, tlscore.AES256GCMSHA384, tlscore.ChaCha20Poly1305SHA256,
		tlscore.AES128CCMSHA256, tlscore.AES128CCM8SHA256} {
		for i, group := range groups {
			for _, retry := range []bool{false, true} {
				t.Run(fmt.Sprintf("%v/%v/retry=%v", suite, group, retry), func(t *testing.T) {
					client, server := p.clientConfig(t), p.config(t)
					client.MLKEM, server.MLKEM = mlkem.KEM{}, mlkem.KEM{}
					client.Suites, server.Suites = []tlscore.SuiteID{suite}, []tlscore.SuiteID{suite}
					client.Groups, server.Groups = []tlscore.GroupID{group}, []tlscore.GroupID{group}
					if retry {
						client.Groups = []tlscore.GroupID{groups[(i+1)%len(groups)], group}
					}
					for _, n := range []int{1 << 20, 1} {
						p := newPair(t, client, server, [2]tlscore.PoolConfig{hybridPool, hybridPool})
						p.establish(n)
						for _, c := range []*tlscore.Conn{&p.client, &p.server} {
							if info := c.Info(); info.Suite != suite || info.Group != group {
								t.Errorf("negotiated %v with %v", info.Suite, info.Group)
							}
						}
						p.transfer(0, []byte("a question"))
						p.transfer(1, make([]byte, 5000))
					}
				})
			}
		}
	}
}

// TestDefaultSuitesAndGroups: CCM must be asked for; the hybrid group is the first where there is an ML-KEM.
func TestDefaultSuitesAndGroups(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	client, server := p.clientConfig(t), p.config(t)
	client.Suites = []tlscore.SuiteID{tlscore.AES128CCM8SHA256, tlscore.AES128CCMSHA256}
	pair := newPair(t, client, server, [2]tlscore.PoolConfig{hybridPool, hybridPool})
	if pair.run(1 << 20); pair.server.Err() != tlscore.ErrNoCipherSuite {
		t.Errorf("CCM was not asked for: %v", pair.server.Err())
	}
	client.Suites, client.MLKEM, server.MLKEM = nil, mlkem.KEM{}, mlkem.KEM{}
	pair = newPair(t, client, server, [2]tlscore.PoolConfig{hybridPool, hybridPool})
	if pair.establish(1 << 20); pair.server.Info().Group != tlscore.X25519MLKEM768 {
		t.Errorf("negotiated %v", pair.server.Info().Group)
	}
	server.MLKEM = nil
	pair = newPair(t, client, server, [2]tlscore.PoolConfig{hybridPool, hybridPool})
	if pair.establish(1 << 20); pair.server.Info().Group != tlscore.X25519 {
		t.Errorf("negotiated %v with a server that has no ML-KEM", pair.server.Info().Group)
	}
}

// TestHybridNeedsRoom: what cannot be sent through the buffers there are ends at once; it does not hang.
func TestHybridNeedsRoom(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	client, server := p.clientConfig(t), p.config(t)
	client.MLKEM, server.MLKEM = mlkem.KEM{}, mlkem.KEM{}
	pair := newPair(t, client, server, [2]tlscore.PoolConfig{tight, hybridPool})
	if pair.client.Err() != tlscore.ErrPoolTooSmall {
		t.Errorf("a client: %v", pair.client.Err())
	}
	pair = newPair(t, client, server, [2]tlscore.PoolConfig{hybridPool, tight})
	if pair.run(1 << 20); pair.server.Err() == nil || pair.client.Err() == nil {
		t.Errorf("a server: %v, its client: %v", pair.server.Err(), pair.client.Err())
	}
}

// TestHybridWithStd: crypto/tls offers X25519MLKEM768 by default.
func TestHybridWithStd(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, retry := range []bool{false, true} {
		cfg := p.clientConfig(t)
		cfg.MLKEM = mlkem.KEM{}
		if retry {
			cfg.Groups = []tlscore.GroupID{tlscore.P256, tlscore.X25519MLKEM768}
		}
		std := p.stdServer()
		std.CurvePreferences = []tls.CurveID{tls.X25519MLKEM768}
		client, transport, server := dial(t, cfg, "changeme", std)
		go server.Handshake()
		if err := drive(client, transport, client.HandshakeDone); err != nil || client.Info().Group != tlscore.X25519MLKEM768 {
			t.Errorf("retry %v: %v, negotiated %v", retry, err, client.Info().Group)
		}
	}
	r := newResumption(t)
	r.cfg.MLKEM = mlkem.KEM{}
	if info, _ := r.connect(); info.Group != tlscore.X25519MLKEM768 {
		t.Errorf("a client of crypto/tls agreed on %v", info.Group)
	}
	r.expect("with the hybrid group", true)
}

// TestHybridBringsX25519: the half of the hybrid share that is X25519 is offered too, so that a server without ML-KEM need not ask for
// it; one that asks all the same is refused.
func TestHybridBringsX25519(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	cfg := p.clientConfig(t)
	cfg.MLKEM = mlkem.KEM{}
	std := p.stdServer()
	std.CurvePreferences = []tls.CurveID{tls.X25519}
	client, transport, server := dial(t, cfg, "changeme", std)
	go server.Handshake()
	if err := drive(client, transport, client.HandshakeDone); err != nil || client.Info().Group != tlscore.X25519 {
		t.Errorf("%v, negotiated %v", err, client.Info().Group)
	}

	hello := func(cfg *tlscore.Config) (*tlscore.Conn, *puppet.Server) {
		c, s := new(tlscore.Conn), puppet.NewServer()
		pool, err := tlscore.NewPool(hybridPool)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Client(cfg, pool, "changeme"); err != nil {
			t.Fatal(err)
		}
		tell(t, c, s, nil)
		return c, s
	}
	_, s := hello(cfg)
	group, hybrid, rest := wire.NextKeyShare(s.Hello.KeyShare)
	half, share, rest := wire.NextKeyShare(rest)
	if group != uint16(tlscore.X25519MLKEM768) || half != uint16(tlscore.X25519) || len(rest) > 0 || !bytes.HasSuffix(hybrid, share) || len(share) != 32 {
		t.Errorf("shares of the groups %#x, with %d bytes, and %#x, with %d bytes", group, len(hybrid), half, len(share))
	}
	cfg.Groups = []tlscore.GroupID{tlscore.X25519MLKEM768, tlscore.P256}
	if _, s = hello(cfg); len(s.Hello.KeyShare) != len(hybrid)+4 {
		t.Error("a share of a group that is not offered")
	}

	cfg.Groups = nil
	c, s := hello(cfg)
	retry := answer{random: wire.HelloRetryRequestRandom[:], sessionID: s.Hello.SessionID, version: wire.VersionTLS13, legacy: wire.VersionTLS12,
		suite: uint16(tlscore.AES128GCMSHA256), group: uint16(tlscore.X25519)}
	msg := retry.message()
	rec := make([]byte, record.HeaderSize)
	record.PutHeader(rec, record.Handshake, len(msg))
	tell(t, c, s, append(rec, msg...))
	if c.Err() != tlscore.ErrBadRetry {
		t.Errorf("asked for a share that was there: %v", c.Err())
	}
}

// TestHostileHybridShares: every part of a client's share is checked (draft-ietf-tls-ecdhe-mlkem, section 4).
func TestHostileHybridShares(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	client, server := p.clientConfig(t), p.config(t)
	client.MLKEM, server.MLKEM = mlkem.KEM{}, mlkem.KEM{}
	client.Groups = []tlscore.GroupID{tlscore.X25519MLKEM768, tlscore.P256, tlscore.P384} // So that there is one share.
	for _, test := range []struct {
		name  string
		spoil func(share []byte) []byte
	}{
		{"short", func(share []byte) []byte { return share[:len(share)-1] }},
		{"long", func(share []byte) []byte { return append(share, 0) }},
		{"ML-KEM alone", func(share []byte) []byte { return share[:mlkem.PublicKeySize] }},
		{"X25519 alone", func(share []byte) []byte { return share[mlkem.PublicKeySize:] }},
		{"a coefficient that is not reduced", func(share []byte) []byte { share[0], share[1] = 0xff, 0xff; return share }},
		{"X25519 of low order", func(share []byte) []byte { clear(share[mlkem.PublicKeySize:]); return share }},
	} {
		t.Run(test.name, func(t *testing.T) {
			pair := newPair(t, client, server, [2]tlscore.PoolConfig{hybridPool, hybridPool})
			hello := append([]byte(nil), pair.client.SendWindow()...)
			share := test.spoil(hello[len(hello)-mlkem.PublicKeySize-32:])
			// key_share is the last extension: cut, and count again.
			grown := len(share) - mlkem.PublicKeySize - 32
			at := len(hello) - mlkem.PublicKeySize - 32
			hello = append(append([]byte(nil), hello[:at]...), share...)
			exts := record.HeaderSize + 4 + 2 + 32 + 1 + 32 + 2 + 2*3 + 2
			for _, field := range []int{at - 2, at - 6, at - 8, exts, record.HeaderSize + 2, record.HeaderSize - 2} {
				n := int(hello[field])<<8 + int(hello[field+1]) + grown
				hello[field], hello[field+1] = byte(n>>8), byte(n)
			}
			for len(hello) > 0 && len(pair.server.RecvWindow()) > 0 {
				n := copy(pair.server.RecvWindow(), hello)
				pair.server.Received(n)
				hello = hello[n:]
			}
			if pair.server.Err() != tlscore.ErrBadKeyShare {
				t.Errorf("%v", pair.server.Err())
			}
		})
	}
}
