package tlscore

import (
	"colibri/tlscore/primitive/p384"
	"colibri/tlscore/signature"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// The TLS 1.2 client's handshake, from the ServerHello on, in the order of its messages (RFC 5246, section 7.3). The ClientHello is the one
// of TLS 1.3, which offers both versions.

// client12 is the client of TLS 1.2.
var client12 = Protocol12{
	suites: &suites12,
	accept: (*Conn).receiveServerHello12,
	offer:  (*Conn).offer12,
	role: role{name: (*Conn).expectName, room: (*Conn).clientRoom, forget: (*Conn).forgetSessions, flow: []row{
		{expectServerCertificate12, wire.TypeCertificate, (*Conn).receiveServerCertificate12, nil, "RFC 5246, 7.4.2"},
		{expectCertificateStatus, wire.TypeCertificateStatus, (*Conn).receiveCertificateStatus, nil, "RFC 6066, 8"},
		{expectCertificateStatus, wire.TypeServerKeyExchange, (*Conn).receiveServerKeyExchange, nil, "RFC 8422, 5.4"},
		{expectServerKeyExchange, wire.TypeServerKeyExchange, (*Conn).receiveServerKeyExchange, nil, "RFC 8422, 5.4"},
		{expectCertificateRequest12, wire.TypeCertificateRequest, (*Conn).receiveCertificateRequest12, nil, "RFC 5246, 7.4.4"},
		{expectCertificateRequest12, wire.TypeServerHelloDone, (*Conn).receiveServerHelloDone, nil, "RFC 5246, 7.4.5"},
		{expectServerHelloDone, wire.TypeServerHelloDone, (*Conn).receiveServerHelloDone, nil, "RFC 5246, 7.4.5"},
		{sendClientCertificate12, wire.TypeCertificate, nil, (*Conn).sendClientCertificate12, "RFC 5246, 7.4.6"},
		{sendClientKeyExchange, wire.TypeClientKeyExchange, nil, (*Conn).sendClientKeyExchange, "RFC 8422, 5.7"},
		{sendClientCertificateVerify12, wire.TypeCertificateVerify, nil, (*Conn).sendClientCertificateVerify12, "RFC 5246, 7.4.8"},
		{sendClientChangeCipherSpec, changeCipherSpec, nil, (*Conn).sendClientChangeCipherSpec, "RFC 5246, 7.1"},
		{sendClientFinished12, wire.TypeFinished, nil, (*Conn).sendClientFinished12, "RFC 5246, 7.4.9"},
		{expectNewSessionTicket12, wire.TypeNewSessionTicket, (*Conn).receiveNewSessionTicket12, nil, "RFC 5077, 3.3"},
		{expectServerChangeCipherSpec, changeCipherSpec, (*Conn).receiveServerChangeCipherSpec, nil, "RFC 5246, 7.1"},
		{expectServerFinished12, wire.TypeFinished, (*Conn).receiveServerFinished12, nil, "RFC 5246, 7.4.9"},
		{established, wire.TypeHelloRequest, (*Conn).refuseRenegotiation, nil, "RFC 5746, 4.5"},
	}},
}

// TLS12Client returns TLS 1.2 for a Config of clients.
func TLS12Client() *Protocol12 { return &client12 }

// offer12 writes to room what a ClientHello says about TLS 1.2 alone.
func (c *Conn) offer12(room []byte) int {
	exts := wire.Extensions12{ExtendedMasterSecret: true, SecureRenegotiation: true, PointFormats: pointFormats[:]}
	exts.HasTicket = c.cfg.Sessions != nil
	if s := c.lentSession12(); s != nil && s.tls12 == byTicket {
		exts.Ticket = s.name()
	}
	b := wire.NewBuilder(room)
	exts.Append(&b)
	if b.Overflowed() {
		return -1
	}
	return b.Len()
}

// offered12 returns the suite called id if our ClientHello has offered it, else nil.
func (c *Conn) offered12(id SuiteID) *suite12 {
	s := c.cfg.TLS12.suite(c.cfg, id)
	if s == nil || s.rsa && c.hs.withoutRSA {
		return nil
	}
	return s
}

// receiveServerHello12 reads the choice of a server that does not speak TLS 1.3, or is not asked to.
func (c *Conn) receiveServerHello12(msg []byte) (state, error) {
	h := c.hs
	var hello wire.ServerHello12
	if err := hello.Parse(msg[wire.HeaderSize:]); err != nil {
		return idle, err
	}
	if hello.LegacyVersion != wire.VersionTLS12 {
		return idle, ErrVersion
	}
	c.tls12, c.role = true, &c.cfg.TLS12.role
	s := c.offered12(SuiteID(hello.CipherSuite))
	if s == nil || h.retried || wire.Equal(hello.Random, wire.HelloRetryRequestRandom[:]) { // Those are of TLS 1.3.
		return idle, ErrBadServerHello
	}
	c.suite = &s.suite
	if err := c.checkServerHello12(&hello); err != nil {
		return idle, err
	}
	if err := c.takeAnswers(&hello.Answers); err != nil {
		return idle, err
	}
	copy(h.peerRandom[:], hello.Random)
	if c.hash() == longHash {
		h.transcript, h.other = h.other, h.transcript
	}
	h.ticketed, h.staples = hello.HasTicket, hello.Status
	h.otherRuns = !c.resumed
	h.absorb(msg)
	switch {
	case !c.resumed:
		return expectServerCertificate12, nil
	case h.ticketed:
		return expectNewSessionTicket12, nil
	}
	return expectServerChangeCipherSpec, nil
}

// checkServerHello12 checks that the server answers what was asked, and with what TLS 1.2 needs to be sound. If it repeats our session ID,
// it resumes the session that was offered with it.
func (c *Conn) checkServerHello12(hello *wire.ServerHello12) error {
	h := c.hs
	switch {
	case len(hello.Renegotiated) > 0:
		return ErrRenegotiationInfo
	case hello.PointFormats != nil && !contains(hello.PointFormats, wire.Uncompressed):
		return ErrPointFormats
	case !hello.ExtendedMasterSecret:
		return ErrNoExtendedMaster
	case hello.Status && !c.cfg.RequestOCSP:
		return wire.ErrUnsolicited
	case hello.HasTicket && c.cfg.Sessions == nil || len(hello.Ticket) > 0:
		return wire.ErrUnsolicited
	case h.sessionIDLen > 0 && wire.Equal(hello.SessionID, h.sessionID[:h.sessionIDLen]):
		return c.resume12(c.suite)
	}
	c.forgetSessions() // The server does not want what was offered.
	h.sessionIDLen = copy(h.sessionID[:], hello.SessionID)
	return nil
}

// receiveServerCertificate12 judges what the server shows.
func (c *Conn) receiveServerCertificate12(msg []byte) (state, error) {
	if shown, err := c.judgePeer12(msg[wire.HeaderSize:], x509lite.UsageServer); err != nil {
		return idle, err
	} else if !shown {
		return idle, ErrEmptyChain
	}
	c.hs.absorb(msg)
	if rsa := c.hs.peerKey.Algorithm.RSA(); rsa != c.offered12(c.suite.id).rsa {
		return idle, ErrBadScheme
	}
	if c.hs.staples {
		return expectCertificateStatus, nil
	}
	return expectServerKeyExchange, nil
}

// receiveCertificateStatus hands on the response that the server has stapled to its certificate.
func (c *Conn) receiveCertificateStatus(msg []byte) (state, error) {
	response, err := wire.ParseCertificateStatus(msg[wire.HeaderSize:])
	if err != nil {
		return idle, err
	}
	c.hs.absorb(msg)
	if err := c.judge(Event{Kind: EventStapled, OCSP: response}); err != nil {
		return idle, err
	}
	return expectServerKeyExchange, nil
}

// receiveServerKeyExchange checks that the server holds the key of its certificate, and answers its share. Our own stands in h.signed until
// there is room to send it.
func (c *Conn) receiveServerKeyExchange(msg []byte) (state, error) {
	h := c.hs
	var m wire.ServerKeyExchange
	if err := m.Parse(msg[wire.HeaderSize:]); err != nil {
		return idle, err
	}
	if c.group = GroupID(m.Group); !group12(c.group) || !c.cfg.has(c.group) || len(m.Point) != c.group.answerSize() {
		return idle, ErrBadKeyShare
	}
	if h.peerKey.Algorithm != 0 {
		if err := c.verifyKeyExchange(&m); err != nil {
			return idle, err
		}
		h.peerKey = x509lite.PublicKey{} // It has done its work, in this call or in one before.
	}
	if !h.exchange.published {
		if !c.mayWork() {
			return idle, errLater
		}
		if err := h.exchange.offer(c.cfg, c.group, h.signed[:c.group.offerSize()]); err != nil {
			return idle, err
		}
		h.exchange.published = true
	}
	if !c.mayWork() {
		return idle, errLater
	}
	if _, err := h.exchange.finish(m.Point); err != nil {
		return idle, err
	}
	h.absorb(msg)
	return expectCertificateRequest12, nil
}

// verifyKeyExchange checks the signature of the server's share.
func (c *Conn) verifyKeyExchange(m *wire.ServerKeyExchange) error {
	h, scheme := c.hs, signature.Scheme(m.Scheme)
	if !c.accepts(m.Scheme) || !scheme.Fits12(h.peerKey.Algorithm) {
		return ErrBadScheme
	}
	if !c.mayWork() {
		return errLater
	}
	v := c.borrowVerifier()
	defer c.giveBack(v)
	if !v.crypto.VerifyScheme12(scheme, &h.peerKey, c.signed12(m.Params), m.Signature) {
		return ErrBadSignature
	}
	c.peerScheme = scheme
	return nil
}

// receiveCertificateRequest12 chooses the certificate to show; it may be none.
func (c *Conn) receiveCertificateRequest12(msg []byte) (state, error) {
	h := c.hs
	var request wire.CertificateRequest12
	if err := request.Parse(msg[wire.HeaderSize:]); err != nil {
		return idle, err
	}
	h.absorb(msg)
	if !c.proveByMessages(&request) && !c.proveByDigest(&request) {
		h.identity = &noIdentity
	}
	return expectServerHelloDone, c.judgeRequest(msg)
}

// proveByMessages chooses the certificate to show from all that we can sign with, if the messages will all be there then. One for which a
// digest is enough, it leaves to proveByDigest.
func (c *Conn) proveByMessages(request *wire.CertificateRequest12) bool {
	h := c.hs
	if h.tooMany || !c.chooseProof12(request, signable12[:], curves12) {
		return false
	}
	_, digests := h.identity.Key.(DigestSigner)
	h.whole = h.keeps(wire.CertificateSize12(h.identity.Chain)+behindCertificate) && !(digests && overTranscript(h.scheme))
	return h.whole
}

// behindCertificate is how long ServerHelloDone and our ClientKeyExchange are at most, in bytes.
const behindCertificate = wire.HeaderSize + wire.HeaderSize + 1 + p384.PointSize

// proveByDigest chooses it from what the running hashes are enough for.
func (c *Conn) proveByDigest(request *wire.CertificateRequest12) bool {
	if !c.chooseProof12(request, provable12[:], curvesProvable12) {
		return false
	}
	_, digests := c.hs.identity.Key.(DigestSigner)
	return digests
}

// chooseProof12 chooses the certificate to show, and the scheme out of ours, the first of which are for curves.
func (c *Conn) chooseProof12(request *wire.CertificateRequest12, ours []signature.Scheme, curves int) bool {
	first, last := curves, curves
	if contains(request.Types, wire.ECDSASign) {
		first = 0
	}
	if contains(request.Types, wire.RSASign) {
		last = len(ours)
	}
	w := wish{schemes: request.Schemes, authorities: request.Authorities, ours: ours[first:last]}
	w.raw = c.hs.ownType == RawPublicKey
	w.noX509 = w.raw
	return c.chooseIdentity(&w) == nil
}

func (c *Conn) receiveServerHelloDone(msg []byte) (state, error) {
	if len(msg) != wire.HeaderSize {
		return idle, ErrMalformedMessage
	}
	if err := c.lastUnderKey(msg); err != nil {
		return idle, err // What comes next answers our flight, so that none of it can be here.
	}
	c.hs.absorb(msg)
	if c.hs.identity != nil {
		return sendClientCertificate12, nil
	}
	return sendClientKeyExchange, nil
}

func (c *Conn) sendClientCertificate12() (state, error) {
	done, err := c.sendCertificate12()
	if err != nil || !done {
		return c.state, err
	}
	return sendClientKeyExchange, nil
}

// sendClientKeyExchange sends our share; with it the master secret is settled.
func (c *Conn) sendClientKeyExchange() (state, error) {
	h := c.hs
	b := c.message()
	wire.AppendClientKeyExchange(&b, h.signed[:c.group.offerSize()])
	if err := c.appendMessage12(&b); err != nil {
		return idle, err
	}
	c.extractMaster(h.exchange.shared[:c.group.secretSize()])
	if h.identity != nil && h.identity != &noIdentity {
		return sendClientCertificateVerify12, nil
	}
	return sendClientChangeCipherSpec, nil
}

// sendClientCertificateVerify12 signs once, and then sends as soon as there is room.
func (c *Conn) sendClientCertificateVerify12() (state, error) {
	h := c.hs
	if h.signatureLen == 0 {
		var err error
		if h.whole && h.tooMany {
			err = ErrMessagesTooLong
		} else if h.whole {
			err = c.sign(h.messages)
		} else {
			err = c.signDigest(h.signed[:h.digest12(h.scheme.Hash(), h.signed[:])])
		}
		if err != nil {
			return idle, err
		}
	}
	verify := wire.CertificateVerify{Scheme: uint16(h.scheme), Signature: h.public[:h.signatureLen]}
	b := c.message()
	verify.Append(&b)
	if err := c.appendMessage12(&b); err != nil {
		return idle, err
	}
	return sendClientChangeCipherSpec, nil
}

func (c *Conn) sendClientChangeCipherSpec() (state, error) {
	return sendClientFinished12, c.sendChangeOfKeys()
}

func (c *Conn) sendClientFinished12() (state, error) {
	switch {
	case c.resumed:
		return c.sendFinished12(established)
	case c.hs.ticketed:
		return c.sendFinished12(expectNewSessionTicket12)
	}
	return c.sendFinished12(expectServerChangeCipherSpec)
}

// receiveServerChangeCipherSpec starts the protection of what the server sends; see receiveClientChangeCipherSpec.
func (c *Conn) receiveServerChangeCipherSpec([]byte) (state, error) {
	c.rekey12(&c.in.protection, false)
	return expectServerFinished12, nil
}

// receiveServerFinished12 knows now that the server has seen the same handshake.
func (c *Conn) receiveServerFinished12(msg []byte) (state, error) {
	if err := c.checkFinished12(msg); err != nil {
		return idle, err
	}
	c.keepSession12()
	if c.resumed {
		return sendClientChangeCipherSpec, nil
	}
	return established, nil
}
