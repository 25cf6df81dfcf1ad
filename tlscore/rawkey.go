package tlscore

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// Raw public keys in the place of certificates (RFC 7250): for peers that know each other's keys, without authorities, names and
// dates. For each side the two agree on a certificate type, by client_certificate_type and server_certificate_type.

// CertificateType says what stands in the place of a certificate (RFC 7250, section 3).
type CertificateType = wire.CertificateType

// The certificate types there are.
const (
	X509         = wire.X509
	RawPublicKey = wire.RawPublicKey
)

// PinnedKeys are the public keys that are accepted as raw public keys. PinKeys makes them; a program that does not call it links
// nothing of it.
type PinnedKeys struct {
	pins   *x509lite.Pins
	verify func(c *Conn, spki []byte) error
}

// PinKeys returns pins for Config.RawPublicKeys. The Hash of pins may be nil.
func PinKeys(pins *x509lite.Pins) *PinnedKeys {
	return &PinnedKeys{pins: pins, verify: (*Conn).verifyRawKey}
}

// listed reports whether t is in a list of certificate types; an empty one stands for both, raw public keys first.
func listed(types []CertificateType, t CertificateType) bool {
	for _, l := range types {
		if l == t {
			return true
		}
	}
	return len(types) == 0
}

// inOrder returns both types in the order of a list.
func inOrder(types []CertificateType) [2]CertificateType {
	if len(types) > 0 && types[0] == X509 {
		return [...]CertificateType{X509, RawPublicKey}
	}
	return [...]CertificateType{RawPublicKey, X509}
}

// anchors and pins are what we judge peers by; nil is nothing.
func (cfg *Config) anchors() *x509lite.Anchors {
	if !listed(cfg.PeerCertificateTypes, X509) {
		return nil
	}
	return cfg.Anchors
}

func (cfg *Config) pins() *PinnedKeys {
	if !listed(cfg.PeerCertificateTypes, RawPublicKey) {
		return nil
	}
	return cfg.RawPublicKeys
}

// accepts reports whether we can judge peers by a certificate of the type.
func (cfg *Config) accepts(t CertificateType) bool {
	if t == RawPublicKey {
		return cfg.pins() != nil
	}
	return cfg.anchors() != nil && cfg.anchors().Len() > 0
}

// judges reports whether we can judge peers by anything they show.
func (cfg *Config) judges() bool { return cfg.accepts(X509) || cfg.accepts(RawPublicKey) }

// shows reports whether we have an identity of the type, and may show it.
func (cfg *Config) shows(t CertificateType) bool {
	for i := range cfg.Identities {
		if cfg.Identities[i].kind() == t {
			return listed(cfg.CertificateTypes, t)
		}
	}
	return false
}

// kind returns the type of the identity.
func (id *Identity) kind() CertificateType {
	if id.Raw {
		return RawPublicKey
	}
	return X509
}

// writeCertificateTypes writes both extensions into a ClientHello; they are left out where nothing but certificates is possible,
// as these are what is meant without them.
func (c *Conn) writeCertificateTypes(b *wire.Builder) {
	cfg := c.cfg
	writeTypes(b, wire.ExtServerCertificateType, cfg.PeerCertificateTypes, cfg.accepts(RawPublicKey), cfg.accepts(X509))
	writeTypes(b, wire.ExtClientCertificateType, cfg.CertificateTypes, cfg.shows(RawPublicKey), cfg.shows(X509))
}

func writeTypes(b *wire.Builder, ext wire.ExtensionType, types []CertificateType, raw, x509 bool) {
	if both := inOrder(types); raw && x509 {
		wire.AppendCertificateTypes(b, ext, both[0], both[1])
	} else if raw {
		wire.AppendCertificateTypes(b, ext, RawPublicKey)
	}
}

// wishOf returns what a client wants to see of its server.
func wishOf(hello *wire.ClientHello) wish {
	return wish{
		schemes:     hello.SignatureAlgorithms,
		certSchemes: hello.CertificateSchemes,
		authorities: hello.Authorities,
		name:        hello.ServerName,
		raw:         hello.ServerTypes.Contains(RawPublicKey),
		noX509:      hello.ServerTypes != nil && !hello.ServerTypes.Contains(X509),
	}
}

// choosePeerType decides, as a server, what the client will show; what we show follows from the identity that is chosen. A client that
// names its types and has none that we know is refused (RFC 7250, section 4.2); one that says nothing and is only asked may show
// nothing.
func (c *Conn) choosePeerType(hello *wire.ClientHello) error {
	if c.cfg.ClientAuth == NoClientCert {
		return nil
	}
	types := hello.ClientTypes
	for _, t := range inOrder(c.cfg.PeerCertificateTypes) {
		if types.Contains(t) && c.cfg.accepts(t) {
			c.hs.peerType = t
			return nil
		}
	}
	if types != nil || !c.cfg.accepts(X509) && c.cfg.ClientAuth == RequireClientCert {
		return ErrNoCertificateType
	}
	return nil
}

// noteOwnType notes what the chosen identity is, if that has to be said: certificates only where the client asks what it will be.
func (c *Conn) noteOwnType(hello *wire.ClientHello) {
	if h := c.hs; h.identity != nil && h.identity.Raw {
		h.ownType = RawPublicKey
	} else if hello.ServerTypes != nil {
		h.ownType = X509
	}
}

// answerCertificateTypes puts what was chosen into exts; raw public keys only, and certificates where the client was in doubt.
func (c *Conn) answerCertificateTypes(exts *wire.EncryptedExtensions) {
	if !c.hs.accepted {
		exts.ClientType = c.hs.peerType // Only together with a CertificateRequest (RFC 7250, section 4.2).
	}
	if !c.hs.accepted || c.resumed {
		exts.ServerType = c.hs.ownType
	}
}

// receiveCertificateTypes takes the server's choice.
func (c *Conn) receiveCertificateTypes(exts *wire.EncryptedExtensions) error {
	if exts.ServerType != 0 && !c.cfg.accepts(RawPublicKey) || exts.ClientType != 0 && !c.cfg.shows(RawPublicKey) {
		return wire.ErrUnsolicited
	}
	if exts.ServerType == X509 && !c.cfg.accepts(X509) || exts.ClientType == X509 && !c.cfg.shows(X509) {
		return ErrBadCertificateType
	}
	if exts.ServerType == 0 && !c.cfg.accepts(X509) && !c.hs.accepted && !c.resumed {
		return ErrNoCertificateType // A certificate will come, and we have nothing to judge it by.
	}
	c.hs.peerType, c.hs.ownType = exts.ServerType, exts.ClientType
	return nil
}

// verifyRawKey checks that the key is pinned, and keeps it.
func (c *Conn) verifyRawKey(spki []byte) error {
	pins := *c.cfg.pins().pins
	if pins.Hash == nil {
		pins.Hash = hashKey
	}
	if err := pins.Verify(&c.hs.peerKey, (*[32]byte)(c.hs.public[:]), c.cfg.profile(), spki); err != nil {
		return err
	}
	c.keepEnd(1<<63 - 1) // A pinned key has no end.
	if err := c.judge(Event{Kind: EventPeerRawKey, PublicKey: spki, Session: c.sessionNote()}); err != nil {
		return err
	}
	return c.hs.keepPeerKey()
}

// hashKey is what the digests of pins are made with.
func hashKey(digest *[32]byte, spki []byte) { sha2.Sum(sha2.SHA256, digest[:], spki) }

// judgePeer verifies what the peer shows, in a Certificate message that is not empty.
func (c *Conn) judgePeer(m *wire.Certificate, usage x509lite.Usage) error {
	if c.hs.peerType != RawPublicKey {
		return c.verifyPeer(m, usage)
	}
	spki, exts, rest := wire.NextCertificate(m.Entries)
	if len(rest) > 0 {
		return ErrBadCertificateType // RFC 8446, section 4.4.2: no more than one entry.
	}
	if len(exts) > 0 {
		return wire.ErrUnsolicited
	}
	return c.cfg.pins().verify(c, spki)
}
