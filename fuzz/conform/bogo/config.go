package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"colibri/tlscore"
	"colibri/tlscore/primitive/mldsa"
	"colibri/tlscore/primitive/mlkem"
	"colibri/tlscore/primitive/p521"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/wire"
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
	shared     []byte // identity of the key that both sides have
	skew       int64  // of its clock
	known      bool   // the session that is resumed has the hash of the certificate that was shown
	raw        bool   // a raw public key
	exporter   tlscore.Exporter
	secrets    keyLog

	schemes     []uint16 // that it accepts
	authorities [][]byte // that it names
	types       []byte   // of keys that it asks for in TLS 1.2
}

// accepts notes which signature schemes the peer accepts.
func (p *peerInfo) accepts(list wire.U16s) {
	p.schemes = nil
	for i := range list.Len() {
		p.schemes = append(p.schemes, list.At(i))
	}
}

// asks notes what a server wants of a certificate.
func (p *peerInfo) asks(request []byte, version uint16) {
	var authorities []byte
	if version == tls12 {
		var q wire.CertificateRequest12
		if q.Parse(request) != nil {
			return
		}
		p.accepts(q.Schemes)
		authorities, p.types = q.Authorities, bytes.Clone(q.Types)
	} else {
		var q wire.CertificateRequest
		if q.Parse(request) != nil {
			return
		}
		p.accepts(q.Schemes)
		authorities = q.Authorities
	}
	for len(authorities) > 0 {
		var name []byte
		name, authorities = wire.NextAuthority(authorities)
		p.authorities = append(p.authorities, bytes.Clone(name))
	}
}

// test is what the connections of one test have in common.
type test struct {
	tickets  tlscore.TicketKeys
	sessions tlscore.Sessions
	cache    tlscore.SessionCache
	replays  tlscore.Replays
	shown    [sha256.Size]byte // SHA-256 of the peer's certificate
	objects  bool              // the application, to that
	began    time.Time
	later    int64  // seconds by which the clock is ahead of that
	last     bool   // it is the last connection
	name     string // of the server
	ticket   []byte // that a client has offered last

	laterCert string // file of the chain that is shown once early data was rejected; "": as before

	// What connections have that are told the same: a client does not resume sessions with other ones.
	identities map[string][]tlscore.Identity
	anchors    map[string]*x509lite.Anchors
	pins       map[string]*tlscore.PinnedKeys
	psks       map[string]*tlscore.PSKs
}

// configure makes the configuration of one connection. What the flags ask for and is not there is errUnimplemented.
func (t *test) configure(o *options, peer *peerInfo) (*tlscore.Config, error) {
	cfg := &tlscore.Config{
		Rand:        rand.Reader,
		Clock:       func() int64 { return t.began.Unix() + t.later }, // It stands still: what is on the border of a time stays there.
		Legacy:      x509lite.LegacyEmptySubject,
		MLKEM:       mlkem.KEM{},
		GREASE:      o.grease || o.server, // BoringSSL's servers always do.
		MaxFragment: o.maxFragment,
		Exporters:   o.exportSize > 0 || o.exportUnique,
		Events: func(c *tlscore.Conn, e tlscore.Event) {
			switch e.Kind {
			case tlscore.EventClientHello:
				peer.serverName = append([]byte(nil), e.Name...)
				var hello wire.ClientHello
				if hello.Parse(e.Message[wire.HeaderSize:]) == nil {
					peer.accepts(hello.SignatureAlgorithms)
				}
			case tlscore.EventCertificateRequest:
				peer.asks(e.Message[wire.HeaderSize:], c.Info().Version)
			case tlscore.EventPeerCertificate:
				peer.leaf = append([]byte(nil), e.Certificate.Raw...)
				peer.ocsp = append([]byte(nil), e.OCSP...)
				t.shown, t.objects = sha256.Sum256(e.Certificate.Raw), o.verifyFail
				if e.Session != nil { // What -retain-only-sha256-client-cert is about. No session has the certificate itself.
					copy(e.Session[:], t.shown[:])
				}
			case tlscore.EventPeerResumed:
				peer.known = e.Session != nil && [sha256.Size]byte(e.Session[:]) == t.shown
			case tlscore.EventStapled:
				peer.ocsp = append([]byte(nil), e.OCSP...)
			case tlscore.EventHandshakeDone:
				if o.exportSize > 0 || o.exportUnique {
					c.Exporter(&peer.exporter) // Export tells if it is empty.
				}
			case tlscore.EventPeerRawKey:
				peer.raw = true
			case tlscore.EventTicketAge:
				peer.skew = e.Skew
			case tlscore.EventPSK:
				peer.shared = append([]byte(nil), e.Name...)
			}
		},
	}
	if o.policy != nil {
		cfg.Suites, cfg.Groups, cfg.SignatureSchemes = o.policy.suites, o.policy.groups, o.policy.schemes
	}
	cfg.ClientSuiteOrder = o.clientOrder && o.server
	if o.suites != nil {
		cfg.Suites = append(o.suites, tlscore.AES128GCMSHA256, tlscore.ChaCha20Poly1305SHA256, tlscore.AES256GCMSHA384)
	}
	switch {
	case o.verifyPrefs != nil:
		cfg.SignatureSchemes = schemes(o.verifyPrefs)
	case cfg.SignatureSchemes == nil:
		cfg.SignatureSchemes = defaultSchemes
	}
	if err := o.versions(cfg); err != nil {
		return nil, err
	}
	for _, c := range o.curves {
		cfg.Groups = append(cfg.Groups, tlscore.GroupID(c))
	}
	cfg.WithoutKeyShares, cfg.PreferGroups = o.noKeyShares, true // BoringSSL's servers always do.
	for _, s := range o.keyShares {
		cfg.KeyShares = append(cfg.KeyShares, tlscore.GroupID(s))
	}
	if pair := []tlscore.GroupID{tlscore.X25519, tlscore.X25519MLKEM768}; o.keyShares == nil && !o.noKeyShares && len(cfg.Groups) > 0 &&
		cfg.Groups[0] == pair[0] && slices.Contains(cfg.Groups, pair[1]) {
		cfg.KeyShares = pair // BoringSSL sends shares of the first group of each kind.
	}
	var err error
	if cfg.Identities, err = t.ours(o); err != nil {
		return nil, err
	}
	if cfg.CertificateCompression, err = o.compressing(cfg.Identities); err != nil {
		return nil, err
	}
	cfg.P521, cfg.MLDSA = p521.ECDSA{}, mldsa.Scheme{} // SignatureSchemes have to ask for them.
	if cfg.Anchors, err = t.trusted(o); err != nil {
		return nil, err
	}
	cfg.SendAuthorities = o.authorities != nil
	if cfg.PSKs, err = t.shared(o); err != nil {
		return nil, err
	}
	if cfg.PSKs != nil && !o.server && !o.verifyPeer {
		cfg.Anchors, cfg.TLS12 = nil, nil // It is to know servers by these keys alone.
	}
	cfg.Veto = veto(o)
	if o.exportTraffic {
		cfg.KeyLog = &peer.secrets
	}
	cfg.PeerCertificateTypes, cfg.CertificateTypes = certificateTypes(o.peerTypes), certificateTypes(o.ownTypes)
	if o.ownTypes == nil && !o.server && len(cfg.Identities) > 0 && !cfg.Identities[0].Raw {
		cfg.CertificateTypes = certificateTypes([]uint16{x509Certificate, rawPublicKey}) // BoringSSL goes by the order of credentials.
	}
	cfg.RequestOCSP = o.requestOCSP
	if slices.Contains(o.peerTypes, rawPublicKey) {
		cfg.RawPublicKeys = t.pinned(o)
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
		return nil, err
	}
	cfg.Fallback = o.fallsBack
	cfg.FalseStart = o.falseStart && (o.falseStartAlways || len(cfg.ALPN) > 0)
	t.allowEarly(o, cfg)
	cfg.ResumeClients = true
	if o.server {
		cfg.SessionCache = &t.cache
	}
	if o.server && !o.noTickets {
		cfg.Tickets = &t.tickets
	} else if !o.server && !o.noTickets {
		cfg.Sessions = &t.sessions
	}
	return cfg, nil
}

// certificateTypes returns the types of these numbers.
func certificateTypes(numbers []uint16) (types []tlscore.CertificateType) {
	for _, n := range numbers {
		types = append(types, map[uint16]tlscore.CertificateType{x509Certificate: tlscore.X509, rawPublicKey: tlscore.RawPublicKey}[n])
	}
	return types
}

// ours returns the identities of our side.
func (t *test) ours(o *options) ([]tlscore.Identity, error) {
	all := o.credentials
	if o.fallback != nil {
		all = append(all[:len(all):len(all)], o.fallback)
	}
	var key string
	for _, c := range all {
		key += fmt.Sprintln(*c)
	}
	if list, ok := t.identities[key]; ok {
		for i := range list {
			list[i].Key.(*signer).used = false
		}
		return list, nil
	}
	var list []tlscore.Identity
	for _, c := range all {
		if c.psk != nil {
			continue // See shared.
		}
		s, err := c.load()
		if err != nil {
			return nil, err
		}
		id := tlscore.Identity{Chain: s.chain, Key: s, OCSP: c.ocsp, Raw: c.raw}
		if id.Authorities = tlscore.AuthoritiesAdvise; c.mustMatchIssuer {
			id.Authorities = tlscore.AuthoritiesBind
		}
		if o.noOCSP && o.server {
			id.OCSP = nil
		}
		if id.SignatureSchemes = schemes(c.signingPrefs); o.policy != nil && id.SignatureSchemes == nil {
			id.SignatureSchemes = o.policy.schemes
		}
		list = append(list, id)
	}
	t.identities[key] = list
	return list, nil
}

// shared returns the keys that are shared with the runner, nil if there are none: two for each credential, which are imported for the suites of
// either hash.
func (t *test) shared(o *options) (*tlscore.PSKs, error) {
	var keys []tlscore.PSK
	for _, c := range o.credentials {
		for _, target := range []sha2.Algorithm{sha2.SHA256, sha2.SHA384} {
			if c.psk == nil {
				continue
			}
			var k tlscore.ImportedPSK
			if err := k.Import(c.psk, c.context, target); err != nil {
				return nil, err
			}
			keys = append(keys, k.PSK)
		}
	}
	key := fmt.Sprint(keys)
	switch {
	case len(keys) == 0 || t.psks[key] != nil:
	case o.server:
		t.psks[key] = tlscore.PSKServer(keys...)
	default:
		t.psks[key] = tlscore.PSKClient(keys...)
	}
	return t.psks[key], nil
}

// trusted returns whom our side trusts.
func (t *test) trusted(o *options) (*x509lite.Anchors, error) {
	key := fmt.Sprintf("%s %x", o.trustCert, o.authorities) // t.laterCert is always the same.
	if a, ok := t.anchors[key]; ok {
		return a, nil
	}
	a, err := anchors(o.trustCert, t.laterCert, o.authorities)
	t.anchors[key] = a
	return a, err
}

// pinned returns the raw public keys that our side trusts.
func (t *test) pinned(o *options) *tlscore.PinnedKeys {
	key := string(o.expectKey)
	if t.pins[key] == nil {
		pins := &x509lite.Pins{Hash: func(digest *[32]byte, spki []byte) { *digest = sha256.Sum256(spki) }}
		if len(o.expectKey) == sha256.Size {
			pins.SHA256 = [][32]byte{[32]byte(o.expectKey)}
		}
		t.pins[key] = tlscore.PinKeys(pins)
	}
	return t.pins[key]
}

// Certificate types (RFC 7250).
const x509Certificate, rawPublicKey = 0, 2

// versions allows the versions of TLS that the flags allow.
func (o *options) versions(cfg *tlscore.Config) error {
	allowed := func(v uint16) bool {
		return !o.without[v-firstVersion] && v >= o.minVersion && (o.maxVersion == 0 || v <= o.maxVersion)
	}
	if allowed(tls12) {
		if cfg.TLS12 = tlscore.TLS12Client(); o.server {
			cfg.TLS12 = tlscore.TLS12Server()
		}
	}
	if !allowed(tls13) {
		if cfg.TLS12 == nil && (allowed(firstVersion) || allowed(firstVersion+1)) {
			return errUnimplemented("TLS 1.0 and 1.1")
		}
		cfg.MaxVersion = tls12
	}
	return nil
}

// protocols returns the application protocols of our side. BoringSSL asks its server's application what to take, and so may get
// one that no list could tell; ours has a list.
func (o *options) protocols() (list []string, err error) {
	switch {
	case o.npn != "" && o.alpnPick == "":
		return nil, errUnimplemented("NPN where there is no ALPN")
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
