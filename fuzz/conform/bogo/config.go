package main

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"colibri/tlscore"
	"colibri/tlscore/primitive/mlkem"
	"colibri/x509lite"
)

// Versions of TLS; -no-tls1 is the first of the flags against them.
const firstVersion, tls12, tls13 = 0x0301, 0x0303, 0x0304

// serverName is whom the runner's certificates are for.
const serverName = "test"

// peerInfo is what a connection's events tell about the peer.
type peerInfo struct {
	serverName []byte // nil: none
	leaf       []byte // nil: no certificate
	ocsp       []byte
	raw        bool // a raw public key
}

// test is what the connections of one test have in common.
type test struct {
	tickets tlscore.TicketKeys
	later   int64 // seconds by which the clock is ahead of time
}

// configure makes the configuration of one connection. What the flags ask for and is not there is errUnimplemented.
func (t *test) configure(o *options, peer *peerInfo) (*tlscore.Config, []*signer, error) {
	if len(o.keyShares) > 1 || len(o.keyShares) == 1 && (len(o.curves) == 0 || o.keyShares[0] != o.curves[0]) {
		return nil, nil, errUnimplemented("key shares")
	}
	cfg := &tlscore.Config{
		Rand:   rand.Reader,
		Clock:  func() int64 { return time.Now().Unix() + t.later },
		Legacy: x509lite.LegacyEmptySubject,
		MLKEM:  mlkem.KEM{},
		GREASE: o.grease,
		Events: func(_ *tlscore.Conn, e tlscore.Event) {
			switch e.Kind {
			case tlscore.EventClientHello:
				peer.serverName = append([]byte(nil), e.Name...)
			case tlscore.EventPeerCertificate:
				peer.leaf = append([]byte(nil), e.Certificate.Raw...)
				peer.ocsp = append([]byte(nil), e.OCSP...)
			case tlscore.EventPeerRawKey:
				peer.raw = true
			}
		},
	}
	if err := o.versions(cfg); err != nil {
		return nil, nil, err
	}
	for _, c := range o.curves {
		cfg.Groups = append(cfg.Groups, tlscore.GroupID(c))
	}
	var signers []*signer
	for _, c := range o.credentials {
		s, err := c.load()
		if err != nil {
			return nil, nil, err
		}
		signers = append(signers, s)
		cfg.Identities = append(cfg.Identities, tlscore.Identity{Chain: s.chain, Key: s, OCSP: c.ocsp, Raw: c.raw})
	}
	var err error
	if cfg.Anchors, err = o.anchors(); err != nil {
		return nil, nil, err
	}
	cfg.RequestOCSP = o.requestOCSP
	if slices.Contains(o.peerTypes, rawPublicKey) {
		cfg.RawPublicKeys = &x509lite.Pins{Hash: func(digest *[32]byte, spki []byte) { *digest = sha256.Sum256(spki) }}
		if len(o.expectKey) > 0 {
			cfg.RawPublicKeys.SHA256 = [][32]byte{[32]byte(o.expectKey)}
		}
		if !slices.Contains(o.peerTypes, x509Certificate) {
			cfg.Anchors = nil
		}
	}
	switch {
	case o.requireCert:
		cfg.ClientAuth = tlscore.RequireClientCert
	case o.verifyPeer:
		cfg.ClientAuth = tlscore.RequestClientCert
	}
	if !o.server {
		cfg.ClientAuth = tlscore.NoClientCert
	}
	if cfg.ALPN, err = o.protocols(); err != nil {
		return nil, nil, err
	}
	if o.server && !o.noTickets {
		cfg.Tickets = &t.tickets
	}
	return cfg, signers, nil
}

// Certificate types (RFC 7250).
const x509Certificate, rawPublicKey = 0, 2

// versions allows the versions of TLS that the flags allow.
func (o *options) versions(cfg *tlscore.Config) error {
	allowed := func(v uint16) bool {
		return !o.without[v-firstVersion] && v >= o.minVersion && (o.maxVersion == 0 || v <= o.maxVersion)
	}
	if allowed(tls12) && o.server {
		cfg.TLS12 = tlscore.TLS12Server()
	}
	if !allowed(tls13) {
		if cfg.TLS12 == nil {
			return errUnimplemented("a version before TLS 1.2")
		}
		cfg.MaxVersion = tls12
	}
	return nil
}

// protocols returns the application protocols of our side. BoringSSL asks its server's application what to take, and so may get
// one that no list could tell; ours has a list.
func (o *options) protocols() (list []string, err error) {
	switch {
	case o.server && o.badALPN:
		return []string{"none of these"}, nil
	case o.server && (o.noALPN || o.alpnPick == ""):
		return nil, nil
	case o.server:
		return []string{o.alpnPick}, nil
	}
	for rest := o.alpn; rest != ""; {
		n := int(rest[0]) + 1
		if n > len(rest) {
			return nil, fmt.Errorf("-advertise-alpn %q", o.alpn)
		}
		list = append(list, rest[1:n])
		rest = rest[n:]
	}
	return list, nil
}
