package tlscore_test

import (
	"fmt"
	"slices"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/signature"
	"colibri/tlscore/wire"
)

// ofRSA are the schemes that a key for RSA in general can sign handshakes under, in TLS 1.2; the first three in TLS 1.3 too.
var ofRSA = []signature.Scheme{
	signature.RSAPSSWithSHA256, signature.RSAPSSWithSHA384, signature.RSAPSSWithSHA512,
	signature.PKCS1WithSHA256, signature.PKCS1WithSHA384, signature.PKCS1WithSHA512,
}

// TestSignatureSchemes: the peer signs under the scheme that we accept, or there is no handshake.
func TestSignatureSchemes(t *testing.T) {
	p := newPKI(t, ca.RSA)
	for _, version := range []uint16{wire.VersionTLS12, wire.VersionTLS13} {
		for _, scheme := range ofRSA {
			for role := range 2 {
				t.Run(fmt.Sprintf("%#x/%v/role=%d", version, scheme, role), func(t *testing.T) {
					c, s := p.clientConfig12(t), p.config12(t)
					c.MaxVersion, s.ClientAuth = version, tlscore.RequireClientCert
					[]*tlscore.Config{c, s}[role].SignatureSchemes = []signature.Scheme{scheme}
					pair := newPair(t, c, s, [2]tlscore.PoolConfig{tight, tight})
					pair.run(1 << 20)
					// A client of TLS 1.2 does not sign under SHA-512.
					if version == wire.VersionTLS13 && scheme.CertificatesOnly() || version == wire.VersionTLS12 && role == 1 && scheme.Hash().Size() == 64 {
						if pair.client.Err() == nil || pair.server.Err() == nil {
							t.Errorf("client: %v, server: %v", pair.client.Err(), pair.server.Err())
						}
						return
					}
					got := []*tlscore.Conn{&pair.client, &pair.server}[role].Info().PeerScheme
					if pair.client.Err() != nil || pair.server.Err() != nil || got != scheme {
						t.Errorf("client: %v, server: %v; signed under %v", pair.client.Err(), pair.server.Err(), got)
					}
				})
			}
		}
	}
}

// TestSignatureSchemesAreOfferedInOrder: as Config has them, but for those that want memory that is not there.
func TestSignatureSchemesAreOfferedInOrder(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	cfg := p.clientConfig12(t)
	cfg.SignatureSchemes = []signature.Scheme{signature.RSAPSSWithSHA512, signature.ECDSAWithP384AndSHA384, signature.PKCS1WithSHA256, signature.Ed25519}
	_, server := puppetServer(t, cfg)
	if got := []byte(server.Hello.SignatureAlgorithms); !slices.Equal(got, []byte{8, 6, 5, 3, 4, 1, 8, 7}) {
		t.Errorf("offered %x", got)
	}
	var conn tlscore.Conn
	pool, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, LargeBuffers: 2, WithoutRSA: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Client(cfg, pool, "changeme"); err != nil {
		t.Error(err)
	}
	cfg.SignatureSchemes = []signature.Scheme{signature.RSAPSSWithSHA512, signature.PKCS1WithSHA256}
	if err := conn.Client(cfg, pool, "changeme"); err != tlscore.ErrPoolTooSmall {
		t.Errorf("%v, with schemes of RSA and no memory for it", err)
	}
}

// TestSignatureSchemesOfIdentities: an identity signs under the first of its schemes that the peer accepts, and one without any is not
// shown.
func TestSignatureSchemesOfIdentities(t *testing.T) {
	p := newPKI(t, ca.RSA)
	const pss256, pss384, pss512, pkcs1 = signature.RSAPSSWithSHA256, signature.RSAPSSWithSHA384, signature.RSAPSSWithSHA512, signature.PKCS1WithSHA256
	for _, test := range []struct {
		version   uint16
		ours      []signature.Scheme
		theirs    []signature.Scheme
		want      signature.Scheme
		wantError error
	}{
		{0x0304, nil, nil, pss256, nil},
		{0x0304, []signature.Scheme{pss512, pss256}, nil, pss512, nil},
		{0x0304, []signature.Scheme{pkcs1, pss384}, nil, pss384, nil},
		{0x0304, []signature.Scheme{signature.Ed25519, 0xfefe, pss384}, nil, pss384, nil},
		{0x0304, []signature.Scheme{pss512, pss256}, []signature.Scheme{pss384, pss256}, pss256, nil},
		{0x0304, []signature.Scheme{pss512}, []signature.Scheme{pss384}, 0, tlscore.ErrNoScheme},
		{0x0303, []signature.Scheme{pkcs1, pss256}, nil, pkcs1, nil},
		{0x0303, []signature.Scheme{pss512}, []signature.Scheme{pkcs1}, 0, tlscore.ErrNoScheme},
	} {
		c, s := p.clientConfig12(t), p.config12(t)
		c.MaxVersion = test.version
		c.SignatureSchemes = test.theirs
		s.Identities[0].SignatureSchemes = test.ours
		pair := newPair(t, c, s, [2]tlscore.PoolConfig{tight, tight})
		pair.run(1 << 20)
		if got := pair.client.Info().PeerScheme; pair.server.Err() != test.wantError || got != test.want {
			t.Errorf("%+v: %v; signed under %v", test, pair.server.Err(), got)
		}
	}
}

// TestSignatureSchemesAreEnforced: a signature under a scheme that was not offered is refused, on both sides of both versions.
func TestSignatureSchemesAreEnforced(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	only := []signature.Scheme{signature.ECDSAWithP384AndSHA384, signature.RSAPSSWithSHA256}

	cfg := p.clientConfig(t)
	cfg.SignatureSchemes = only
	client, server := puppetServer(t, cfg)
	tell(t, client, server, server.ServerHello())
	flight := append(server.EncryptedExtensions(nil), server.Certificate(nil, p.server.Chain...)...)
	flight = append(flight, server.CertificateVerify(p.server.Key, ecdsa)...)
	tell(t, client, server, server.Record(record.Handshake, flight))
	if client.Err() != tlscore.ErrBadScheme {
		t.Errorf("a client: %v", client.Err())
	}

	cfg = p.clientConfig12(t)
	cfg.SignatureSchemes = only
	s := newClient12(t, p, cfg)
	s.say(s.peer.Hello(), s.peer.Certificate(p.server.Chain...), s.peer.ServerKeyExchange(p.server.Key, ecdsa, nil))
	if s.ours.Err() != tlscore.ErrBadScheme {
		t.Errorf("a client of TLS 1.2: %v", s.ours.Err())
	}

	cfg = p.config12(t)
	cfg.SignatureSchemes, cfg.ClientAuth = only, tlscore.RequireClientCert
	s = newServer12(t, p, cfg)
	s.say(s.peer.Hello())
	s.say(s.peer.Certificate(p.client.Chain...), s.peer.ClientKeyExchange(), s.peer.CertificateVerify(p.client.Key, ecdsa))
	if s.ours.Err() != tlscore.ErrBadScheme {
		t.Errorf("a server of TLS 1.2: %v", s.ours.Err())
	}

	cfg.SignatureSchemes = []signature.Scheme{signature.Ed25519}
	s = newServer12(t, p, cfg)
	if s.say(s.peer.Hello()); s.ours.Err() != tlscore.ErrVersion {
		t.Errorf("a server of TLS 1.2 that verifies Ed25519 only: %v", s.ours.Err())
	}
}

func TestSignatureSchemesAreChecked(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		schemes []signature.Scheme
		tls12   bool
		want    error
	}{
		{[]signature.Scheme{signature.Ed25519}, false, nil},
		{[]signature.Scheme{0x0603}, false, tlscore.ErrUnknownScheme},
		{[]signature.Scheme{signature.Ed25519, signature.Ed25519}, false, tlscore.ErrUnknownScheme},
		{[]signature.Scheme{signature.MLDSA44}, false, tlscore.ErrUnknownScheme},
		{[]signature.Scheme{signature.PKCS1WithSHA256}, false, tlscore.ErrUnknownScheme},
		{[]signature.Scheme{signature.PKCS1WithSHA256}, true, nil},
	} {
		cfg := p.clientConfig(t)
		if test.tls12 {
			cfg = p.clientConfig12(t)
		}
		cfg.SignatureSchemes = test.schemes
		if err := new(tlscore.Conn).Client(cfg, newPool(t), "changeme"); err != test.want {
			t.Errorf("%v: %v, want %v", test.schemes, err, test.want)
		}
	}
}
