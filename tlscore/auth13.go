package tlscore

import (
	"colibri/tlscore/record"
	"colibri/tlscore/signature"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// How the two sides of TLS 1.3 prove who they are: Certificate and CertificateVerify, for both roles (RFC 8446, section 4.4).

// signatureSchemes returns the schemes that peers may sign under, if we verify them.
func (cfg *Config) signatureSchemes() []signature.Scheme {
	if len(cfg.SignatureSchemes) == 0 {
		return verifiable[:]
	}
	return cfg.SignatureSchemes
}

// implements reports whether s is there to be verified.
func (cfg *Config) implements(s signature.Scheme) bool {
	return includes(verifiable[:], s) && (!s.MLDSA() || cfg.MLDSA != nil) && (s != signature.ECDSAWithP521AndSHA512 || cfg.P521 != nil)
}

// mldsa reports whether there is an ML-DSA, and room for it.
func (c *Conn) mldsa() bool { return c.cfg.MLDSA != nil && c.hs.room != nil }

// signable returns the schemes that we may sign with.
func (c *Conn) signable() []signature.Scheme {
	if !c.mldsa() {
		return signable[:len(signable)-mldsaSchemes]
	}
	return signable[:]
}

// verifies reports whether we tell the peer that we verify s, which is one of signatureSchemes. Those of ML-DSA are for TLS 1.3
// (draft-ietf-tls-mldsa, section 3), and those of RSA for who has the memory.
func (c *Conn) verifies(s signature.Scheme) bool {
	switch {
	case s.MLDSA():
		return c.mldsa() && c.cfg.speaks13()
	case s.RSA():
		return !c.hs.withoutRSA
	}
	return c.cfg.implements(s)
}

// verifiable returns the schemes that we tell the peer, as they stand in messages. They are built in h.signed: a list on the stack is
// one that TinyGo moves to the heap.
func (c *Conn) verifiable() wire.U16s {
	list := c.hs.signed[:0]
	for _, s := range c.cfg.signatureSchemes() {
		if c.verifies(s) {
			list = append(list, byte(s>>8), byte(s))
		}
	}
	return list
}

// accepts reports whether scheme is one of those.
func (c *Conn) accepts(scheme uint16) bool {
	s := signature.Scheme(scheme)
	return includes(c.cfg.signatureSchemes(), s) && c.verifies(s)
}

// compressions returns the extension that says which compressed certificates we accept, nothing if there are none.
func (cfg *Config) compressions() []byte {
	if cfg.CertificateCompression == nil {
		return nil
	}
	return cfg.CertificateCompression.extension()
}

// sendCertificate sends as much of our chain as there is room for, until all of it is sent.
func (c *Conn) sendCertificate() (state, error) {
	h := c.hs
	w := c.out.window(record.Handshake)
	own := wire.OwnCertificate{Chain: h.identity.Chain}
	if h.staples {
		own.OCSP = h.identity.OCSP
	}
	n := own.Copy(w, h.sent)
	if n == 0 {
		return idle, errNoRoom
	}
	h.transcript.Write(w[:n])
	c.out.append(n)
	if h.sent += n; h.sent < own.Size() {
		return c.state, nil
	}
	h.sent = 0
	if c.client {
		if h.identity == &noIdentity {
			return sendClientFinished, nil
		}
		return sendClientCertificateVerify, nil
	}
	return sendCertificateVerify, nil
}

// What stands before the transcript hash in the content that CertificateVerify signs (RFC 8446, section 4.4.3).
const (
	serverContext = "TLS 1.3, server CertificateVerify"
	clientContext = "TLS 1.3, client CertificateVerify"
)

// signedContent builds, in h.signed, the content that the client or the server signs at this point of the transcript.
func (h *Handshake) signedContent(client bool) []byte {
	context := serverContext
	if client {
		context = clientContext
	}
	b := h.signed[:64]
	for i := range b {
		b[i] = ' '
	}
	b = append(append(b, context...), 0)
	n := h.transcript.Sum(b[len(b):cap(b)])
	return b[:len(b)+n]
}

// sendCertificateVerify signs once, and then sends as much as there is room for, until all of it is sent.
func (c *Conn) sendCertificateVerify() (state, error) {
	h := c.hs
	if h.signatureLen == 0 {
		if err := c.sign(h.signedContent(c.client)); err != nil {
			return idle, err
		}
	}
	w := c.out.window(record.Handshake)
	verify := wire.CertificateVerify{Scheme: uint16(h.scheme), Signature: h.signatureRoom()[:h.signatureLen]}
	n := verify.Copy(w, h.sent)
	if n == 0 {
		return idle, errNoRoom
	}
	h.transcript.Write(w[:n])
	c.out.append(n)
	if h.sent += n; h.sent < verify.Size() {
		return c.state, nil
	}
	if c.client {
		return sendClientFinished, nil
	}
	return sendFinished, nil
}

// verifyPeer verifies the chain in m and keeps the key of its leaf.
func (c *Conn) verifyPeer(m *wire.Certificate, usage x509lite.Usage) error {
	if !c.cfg.accepts(X509) {
		return ErrNoCertificateType // A client was asked for a raw public key, if for anything.
	}
	if m.Count > MaxChain {
		return ErrChainTooLong
	}
	v := c.borrowVerifier()
	defer c.giveBack(v)
	chain := v.chain[:m.Count]
	var stapled []byte
	for i, list := 0, m.Entries; i < m.Count; i++ {
		var exts []byte
		if chain[i], exts, list = wire.NextCertificate(list); len(exts) == 0 {
			continue
		}
		if !c.client || !c.cfg.RequestOCSP {
			return wire.ErrUnsolicited
		}
		response, err := wire.StapledResponse(exts)
		if err != nil {
			return err
		}
		if i == 0 {
			stapled = response // Those of other certificates are of no use.
		}
	}
	return c.verifyChain(v, chain, stapled, usage)
}

// verifyChain verifies a chain, which stands in v, and keeps the key of its leaf. With it came the OCSP response stapled, or nil.
func (c *Conn) verifyChain(v *Verifier, chain [][]byte, stapled []byte, usage x509lite.Usage) error {
	if c.hs.verified == 0 {
		c.hs.now = c.cfg.now()
	}
	v.options = x509lite.Options{
		Anchors: c.cfg.Anchors,
		Now:     c.hs.now,
		Floor:   c.cfg.Floor,
		Usage:   usage,
		Profile: c.cfg.profile(),
		Legacy:  c.cfg.Legacy,
		Crypto:  &v.crypto,
	}
	if c.name != "" {
		c.role.name(c, v)
	}
	if c.cfg.Stepwise {
		v.step = stepVerifier{conn: c, inner: &v.crypto}
		v.options.Crypto = &v.step
	}
	err := v.path.Verify(&v.options, chain)
	if v.step.halted {
		return errLater
	}
	if is(err, x509lite.ErrSignature) && v.crypto.Lacked {
		return x509lite.ErrUnsupportedAlgorithm // Nobody has looked at the signature.
	}
	if err != nil {
		return err
	}
	leaf := v.path.Leaf()
	if err := leaf.PublicKey(&c.hs.peerKey); err != nil {
		return err
	}
	c.keepEnd(v.end(chain))
	e := Event{Kind: EventPeerCertificate, Certificate: leaf, OCSP: stapled, Session: c.sessionNote(), Notes: v.path.Notes()}
	if err := c.judge(e); err != nil {
		return err
	}
	return c.hs.keepPeerKey()
}

// transcribe adds a Certificate to the transcript as it came: it is the message at the start of the receive buffer, compressed perhaps.
func (c *Conn) transcribe() {
	received := c.in.handshakeBytes()
	size, _ := wire.Split(received)
	c.hs.transcript.Write(received[:size])
}

// keepPeerKey moves the peer's public key out of the message it is a view of.
func (h *Handshake) keepPeerKey() error {
	bytes, room := &h.peerKey.Bytes, h.public[:]
	switch {
	case h.peerKey.Algorithm.RSA():
		bytes = &h.peerKey.N
	case h.peerKey.Algorithm.MLDSA() && h.room != nil:
		room = h.room[:]
	}
	if len(*bytes) > len(room) {
		return x509lite.ErrUnsupportedKey
	}
	n := copy(room, *bytes)
	h.peerKey.Bytes, h.peerKey.N = nil, nil
	*bytes = room[:n]
	return nil
}

// receiveCertificateVerify checks that the peer holds the key of its certificate.
func (c *Conn) receiveCertificateVerify(msg []byte) (state, error) {
	var m wire.CertificateVerify
	if err := m.Parse(msg[wire.HeaderSize:]); err != nil {
		return idle, err
	}
	h := c.hs
	scheme := signature.Scheme(m.Scheme)
	if !c.offered(m.Scheme) || !scheme.Fits(h.peerKey.Algorithm) {
		return idle, ErrBadScheme
	}
	if !c.mayWork() {
		return idle, errLater
	}
	v := c.borrowVerifier()
	defer c.giveBack(v)
	if !v.crypto.VerifyScheme(scheme, &h.peerKey, h.signedContent(!c.client), m.Signature) {
		return idle, ErrBadSignature
	}
	c.peerScheme = scheme
	h.transcript.Write(msg)
	if c.client {
		return expectServerFinished, nil
	}
	return expectClientFinished, nil
}

// offered reports whether we let peers sign their CertificateVerify with scheme.
func (c *Conn) offered(scheme uint16) bool {
	return c.accepts(scheme) && !signature.Scheme(scheme).CertificatesOnly()
}

// end returns when the first certificate of the chain's path ends that was just verified, in Unix seconds.
func (v *Verifier) end(chain [][]byte) int64 {
	end := v.path.Leaf().NotAfter
	var path [MaxChain]uint8
	var cert x509lite.Certificate
	for _, i := range path[:v.path.Path(path[:])] {
		if int(i) < len(chain) && cert.Parse(chain[i]) == nil {
			end = min(end, cert.NotAfter)
		}
	}
	return end
}

// keepEnd notes how long what was verified of the peer is good: a session ends with it.
func (c *Conn) keepEnd(end int64) {
	if c.client {
		c.hs.certificateEnd = end
	} else {
		c.hs.peer.end = end
	}
}
