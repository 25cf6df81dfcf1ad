package tlscore

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// Raw public keys in the place of certificates (RFC 7250): for peers that know each other's keys, without authorities, names and
// dates. For each side the two agree on a certificate type, by client_certificate_type and server_certificate_type.

// acceptsX509 and acceptsRaw report what we can judge peers by.
func (cfg *Config) acceptsX509() bool { return cfg.Anchors != nil && cfg.Anchors.Len() > 0 }
func (cfg *Config) acceptsRaw() bool  { return cfg.RawPublicKeys != nil }

// judges reports whether we can judge peers by anything they show.
func (cfg *Config) judges() bool { return cfg.acceptsX509() || cfg.acceptsRaw() }

// shows reports whether we have an identity of the type.
func (cfg *Config) shows(raw bool) bool {
	for i := range cfg.Identities {
		if cfg.Identities[i].Raw == raw {
			return true
		}
	}
	return false
}

// writeCertificateTypes writes both extensions into a ClientHello; they are left out where nothing but certificates is possible,
// as these are what is meant without them.
func (c *Conn) writeCertificateTypes(b *wire.Builder) {
	writeTypes(b, wire.ExtServerCertificateType, c.cfg.acceptsRaw(), c.cfg.acceptsX509())
	writeTypes(b, wire.ExtClientCertificateType, c.cfg.shows(true), c.cfg.shows(false))
}

func writeTypes(b *wire.Builder, ext wire.ExtensionType, raw, x509 bool) {
	if raw && x509 {
		wire.AppendCertificateTypes(b, ext, wire.RawPublicKey, wire.X509)
	} else if raw {
		wire.AppendCertificateTypes(b, ext, wire.RawPublicKey)
	}
}

// chooseCertificateTypes decides, as a server, what the client will show; what we show follows from the identity that is chosen
// then, of those that w allows.
func (c *Conn) chooseCertificateTypes(hello *wire.ClientHello, w *wish) error {
	w.noX509 = hello.ServerTypes != nil && !hello.ServerTypes.Contains(wire.X509)
	w.raw = hello.ServerTypes.Contains(wire.RawPublicKey)
	if c.cfg.ClientAuth == NoClientCert {
		return nil
	}
	types := hello.ClientTypes
	switch {
	case c.cfg.acceptsRaw() && types.Contains(wire.RawPublicKey):
		c.hs.peerType = wire.RawPublicKey
	case types.Contains(wire.X509) && c.cfg.acceptsX509():
		c.hs.peerType = wire.X509
	case (types != nil || !c.cfg.acceptsX509()) && c.cfg.ClientAuth == RequireClientCert:
		return ErrNoCertificateType
	}
	return nil
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
	if exts.ServerType != 0 && !c.cfg.acceptsRaw() || exts.ClientType != 0 && !c.cfg.shows(true) {
		return wire.ErrUnsolicited
	}
	if exts.ServerType == wire.X509 && !c.cfg.acceptsX509() || exts.ClientType == wire.X509 && !c.cfg.shows(false) {
		return ErrBadCertificateType
	}
	if exts.ServerType == 0 && !c.cfg.acceptsX509() && !c.hs.accepted {
		return ErrNoCertificateType // A certificate will come, and we have nothing to judge it by.
	}
	c.hs.peerType, c.hs.ownType = exts.ServerType, exts.ClientType
	return nil
}

// verifyRawKey checks that the key in m is pinned, and keeps it.
func (c *Conn) verifyRawKey(m *wire.Certificate) error {
	spki, exts, rest := wire.NextCertificate(m.Entries)
	if len(rest) > 0 {
		return ErrBadCertificateType // RFC 8446, section 4.4.2: no more than one entry.
	}
	if len(exts) > 0 {
		return wire.ErrUnsolicited
	}
	v := c.borrowVerifier()
	defer c.giveBack(v)
	pins := *c.cfg.RawPublicKeys
	if pins.Hash == nil {
		pins.Hash = hashKey
	}
	if err := pins.Verify(&c.hs.peerKey, &v.digest, c.cfg.Profile, spki); err != nil {
		return err
	}
	c.keepEnd(1<<63 - 1) // A pinned key has no end.
	c.event(Event{Kind: EventPeerRawKey, PublicKey: spki, Session: c.sessionNote()})
	return c.hs.keepPeerKey()
}

// hashKey is what the digests of pins are made with.
func hashKey(digest *[32]byte, spki []byte) { sha2.Sum(sha2.SHA256, digest[:], spki) }

// judgePeer verifies what the peer shows, in a Certificate message that is not empty.
func (c *Conn) judgePeer(m *wire.Certificate, usage x509lite.Usage) error {
	if c.hs.peerType == wire.RawPublicKey {
		return c.verifyRawKey(m)
	}
	return c.verifyPeer(m, usage)
}
