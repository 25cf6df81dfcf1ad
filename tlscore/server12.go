package tlscore

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/record"
	"colibri/tlscore/signature"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// The TLS 1.2 server's handshake, in the order of its messages (RFC 5246, section 7.3). A resumed one skips from the ServerHello to the
// ticket, or behind it.

// server12 is the server of TLS 1.2.
var server12 = Protocol12{
	suites: &suites12,
	answer: (*Conn).answerClientHello12,
	role: role{forget: (*Conn).disownSession, flow: []row{
		{sendServerHello12, wire.TypeServerHello, nil, (*Conn).sendServerHello12, "RFC 5246, 7.4.1.3"},
		{sendServerCertificate12, wire.TypeCertificate, nil, (*Conn).sendServerCertificate12, "RFC 5246, 7.4.2"},
		{sendCertificateStatus, wire.TypeCertificateStatus, nil, (*Conn).sendCertificateStatus, "RFC 6066, 8"},
		{sendServerKeyExchange, wire.TypeServerKeyExchange, nil, (*Conn).sendServerKeyExchange, "RFC 8422, 5.4"},
		{sendCertificateRequest12, wire.TypeCertificateRequest, nil, (*Conn).sendCertificateRequest12, "RFC 5246, 7.4.4"},
		{sendServerHelloDone, wire.TypeServerHelloDone, nil, (*Conn).sendServerHelloDone, "RFC 5246, 7.4.5"},
		{expectClientCertificate12, wire.TypeCertificate, (*Conn).receiveClientCertificate12, nil, "RFC 5246, 7.4.6"},
		{expectClientKeyExchange, wire.TypeClientKeyExchange, (*Conn).receiveClientKeyExchange, nil, "RFC 8422, 5.7"},
		{expectClientCertificateVerify12, wire.TypeCertificateVerify, (*Conn).receiveCertificateVerify12, nil, "RFC 5246, 7.4.8"},
		{expectClientChangeCipherSpec, changeCipherSpec, (*Conn).receiveClientChangeCipherSpec, nil, "RFC 5246, 7.1"},
		{expectClientFinished12, wire.TypeFinished, (*Conn).receiveClientFinished12, nil, "RFC 5246, 7.4.9"},
		{sendNewSessionTicket12, wire.TypeNewSessionTicket, nil, (*Conn).sendNewSessionTicket12, "RFC 5077, 3.3"},
		{sendServerChangeCipherSpec, changeCipherSpec, nil, (*Conn).sendServerChangeCipherSpec, "RFC 5246, 7.1"},
		{sendServerFinished12, wire.TypeFinished, nil, (*Conn).sendServerFinished12, "RFC 5246, 7.4.9"},
		{established, wire.TypeClientHello, (*Conn).refuseRenegotiation, nil, "RFC 5746, 4.5"},
	}},
}

// TLS12Server returns TLS 1.2 for a Config of servers.
func TLS12Server() *Protocol12 { return &server12 }

// offers12 reports whether a ClientHello is for TLS 1.2 at best: it offers that and nothing newer (RFC 8446, section 4.2.1).
func offers12(hello *wire.ClientHello) bool {
	if hello.SupportedVersions != nil {
		return hello.SupportedVersions.Contains(wire.VersionTLS12)
	}
	return hello.LegacyVersion >= wire.VersionTLS12
}

// answerClientHello12 chooses everything from a ClientHello that does not offer TLS 1.3, or to a server that does not want it.
func (c *Conn) answerClientHello12(msg []byte) (state, error) {
	var parsed wire.ClientHello
	hello := &parsed
	if err := hello.Parse(msg[wire.HeaderSize:]); err != nil {
		return idle, err
	}
	if !offers12(hello) {
		return idle, ErrVersion
	}
	c.tls12, c.role = true, &c.cfg.TLS12.role
	var exts wire.Extensions12
	if err := exts.Parse(hello.Extensions); err != nil {
		return idle, err
	}
	if err := c.checkClientHello12(hello, &exts); err != nil {
		return idle, err
	}
	h := c.hs
	h.sessionIDLen = copy(h.sessionID[:], hello.SessionID)
	h.acknowledges = c.cfg.acknowledges(hello)
	h.renegotiates = exts.SecureRenegotiation || hello.CipherSuites.Contains(wire.RenegotiationSCSV)
	h.pointFormats = exts.PointFormats != nil
	h.staples = hello.WantsOCSP
	if err := c.chooseProtocol(hello.ALPN); err != nil {
		return idle, err
	}
	c.takeLimits(hello)
	if exts.HasTicket && c.resumes() {
		h.ticketed = c.tryTicket12(hello, exts.Ticket)
	}
	if !c.resumed && c.caches() {
		c.resumeUnder(hello, c.cfg.SessionCache.find(hello.SessionID, c.cfg.now(), &h.serverName, h.master(), &h.peer))
		h.ticketed = h.ticketed && !c.resumed // Who resumes gets no ticket, and so is promised none.
		h.cached = !c.resumed && !h.ticketed
	}
	if c.resumed {
		if err := c.judgeResumed(); err != nil {
			return idle, err
		}
	} else {
		if err := c.chooseSuite12(hello); err != nil {
			return idle, err
		}
		if err := c.chooseGroup12(hello); err != nil {
			return idle, err
		}
	}
	h.transcript.Reset(c.hash())
	if c.cfg.ClientAuth != NoClientCert {
		h.otherRuns = true
		h.other.Reset(otherHash(c.hash()))
	}
	h.absorb(msg)
	return sendServerHello12, nil
}

// otherHash returns the hash beside a that suites of TLS 1.2 have.
func otherHash(a sha2.Algorithm) sha2.Algorithm {
	if a == sha2.SHA256 {
		return longHash
	}
	return sha2.SHA256
}

// checkClientHello12 checks what every ClientHello must fulfil.
func (c *Conn) checkClientHello12(hello *wire.ClientHello, exts *wire.Extensions12) error {
	switch {
	case c.cfg.speaks13() && hello.CipherSuites.Contains(wire.FallbackSCSV):
		return ErrFallback
	case !contains(hello.CompressionMethods, 0):
		return ErrCompression
	case len(exts.Renegotiated) > 0:
		return ErrRenegotiationInfo
	case exts.PointFormats != nil && !contains(exts.PointFormats, wire.Uncompressed):
		return ErrPointFormats
	case !exts.ExtendedMasterSecret:
		return ErrNoExtendedMaster
	}
	return nil
}

// chooseSuite12 takes the first cipher suite that both sides have and for which we have a certificate.
func (c *Conn) chooseSuite12(hello *wire.ClientHello) error {
	if err := c.choosePeerType(hello); err != nil {
		return err
	}
	if c.cfg.ClientAuth != NoClientCert && len(c.verifiable12()) == 0 {
		return ErrVersion // The client could not sign its CertificateVerify.
	}
	reason := error(ErrNoCipherSuite)
	for i := 0; ; i++ {
		s, more := c.candidate12(hello, i)
		if !more {
			return reason
		}
		if s == nil {
			continue
		}
		if reason = c.chooseIdentity12(hello, s); reason == nil {
			c.suite = &s.suite
			return nil
		}
	}
}

// candidate12 returns the i-th suite to consider, nil if that is none of both sides, and false behind the last. No suite comes twice,
// however often a client repeats it: it would be work.
func (c *Conn) candidate12(hello *wire.ClientHello, i int) (s *suite12, more bool) {
	offered := hello.CipherSuites
	if !c.cfg.ClientSuiteOrder {
		if s, more = c.cfg.TLS12.preference(c.cfg, i); s != nil && offered.Contains(uint16(s.id)) {
			return s, true
		}
		return nil, more
	}
	if i >= offered.Len() {
		return nil, false
	}
	if s = c.cfg.TLS12.suite(c.cfg, SuiteID(offered.At(i))); s != nil && offered.Index(offered.At(i)) == i {
		return s, true
	}
	return nil, true
}

// chooseIdentity12 chooses what we show under a suite.
func (c *Conn) chooseIdentity12(hello *wire.ClientHello, s *suite12) error {
	w := wishOf(hello)
	if w.ours = signable12[:curves12]; s.rsa {
		w.ours = signable12[curves12:]
	}
	err := c.chooseIdentity(&w)
	if err == nil {
		c.noteOwnType(hello)
	}
	return err
}

// chooseGroup12 takes the first of our groups that the client supports.
func (c *Conn) chooseGroup12(hello *wire.ClientHello) error {
	for _, g := range c.cfg.groups() {
		if group12(g) && hello.SupportedGroups.Contains(uint16(g)) {
			c.group, c.hs.peer.group = g, g
			return nil
		}
	}
	return ErrNoGroup
}

// tryTicket12 resumes the session that the ticket seals, if it is one of ours. Otherwise the handshake goes on as if there were none (RFC
// 5077, section 3.4). It reports whether the client gets a ticket: a session that was sealed under an older key needs one, or would be lost
// with that. Its ticket is left open for the purpose.
func (c *Conn) tryTicket12(hello *wire.ClientHello, ticket []byte) (another bool) {
	h := c.hs
	id, master, stale, ok := c.cfg.Tickets.open(h.ticket(), ticket, c.cfg.now(), &h.serverName, &h.peer, &h.ticketNonce)
	if ok {
		copy(h.master()[:], master)
		c.resumeUnder(hello, id)
	}
	if !c.resumed || !stale {
		subtle.Wipe(h.ticket()[:])
	}
	return !c.resumed || stale
}

// resumeUnder resumes the session whose master secret stands in its place, if its suite is id, and that is offered and allowed. The
// extended master secret, which RFC 7627, section 5.3, wants looked after here, all sessions have.
func (c *Conn) resumeUnder(hello *wire.ClientHello, id SuiteID) {
	s := c.cfg.TLS12.suite(c.cfg, id)
	if s == nil || !hello.CipherSuites.Contains(uint16(id)) || !c.hs.peer.suits(c.cfg, c.cfg.now()) {
		c.hs.peer = sessionPeer{}
		return
	}
	c.suite, c.group = &s.suite, c.hs.peer.group
	c.resumed = true
	if hello.ServerTypes != nil {
		c.chooseIdentity12(hello, s) // Nothing is shown, but the question is answered, as in TLS 1.3; if there is none, it is not.
	}
}

// downgraded12 is how the random of a server ends that knows TLS 1.3 but answers with TLS 1.2 (RFC 8446, section 4.1.3).
const downgraded12 = downgrade + "\x01"

func (c *Conn) sendServerHello12() (state, error) {
	h := c.hs
	if len(c.out.window(record.Handshake)) < helloRoom12 {
		return idle, errNoRoom
	}
	if err := random(c.cfg.Rand, h.random[:]); err != nil {
		return idle, err
	}
	if c.cfg.speaks13() {
		copy(h.random[len(h.random)-len(downgraded12):], downgraded12)
	}
	hello := wire.ServerHello12{Random: h.random[:], CipherSuite: uint16(c.suite.id)}
	hello.Extensions12 = wire.Extensions12{ExtendedMasterSecret: true, SecureRenegotiation: h.renegotiates, HasTicket: h.ticketed}
	if h.cached {
		if err := random(c.cfg.Rand, h.sessionID[:]); err != nil {
			return idle, err
		}
		h.sessionIDLen = len(h.sessionID)
	}
	if c.resumed || h.cached {
		hello.SessionID = h.sessionID[:h.sessionIDLen] // If it is the client's, the client knows that it resumes.
	}
	if !c.resumed {
		h.staples = h.staples && len(h.identity.OCSP) > 0
		hello.Status = h.staples
		if h.pointFormats {
			hello.PointFormats = pointFormats[:]
		}
	}
	hello.Answers = wire.EncryptedExtensions{ServerName: h.acknowledges && !c.resumed, ALPN: c.alpn}
	c.answerLimits(&hello.Answers)
	c.answerCertificateTypes(&hello.Answers)
	b := c.message()
	hello.Append(&b)
	if err := c.appendMessage12(&b); err != nil {
		return idle, err
	}
	switch {
	case !c.resumed:
		return sendServerCertificate12, nil
	case h.ticketed:
		return sendNewSessionTicket12, nil
	}
	return sendServerChangeCipherSpec, nil
}

// helloRoom12 is what a ServerHello takes at most, with an application protocol of 255 bytes.
const helloRoom12 = 400

// pointFormats are those that we know.
var pointFormats = [...]byte{wire.Uncompressed}

func (c *Conn) sendServerCertificate12() (state, error) {
	done, err := c.sendCertificate12()
	if err != nil || !done {
		return c.state, err
	}
	if c.hs.staples {
		c.hs.sent = 0 // of the next message
		return sendCertificateStatus, nil
	}
	return sendServerKeyExchange, nil
}

// sendCertificateStatus sends as much of the stapled response as there is room for, until all of it is sent.
func (c *Conn) sendCertificateStatus() (state, error) {
	h := c.hs
	w := c.out.window(record.Handshake)
	n := wire.CopyCertificateStatus(w, h.identity.OCSP, h.sent)
	if n == 0 {
		return idle, errNoRoom
	}
	h.absorb(w[:n])
	c.out.append(n)
	if h.sent += n; h.sent < wire.CertificateStatusSize(h.identity.OCSP) {
		return c.state, nil
	}
	return sendServerKeyExchange, nil
}

// sendServerKeyExchange makes and signs our share once, and then sends as soon as there is room. Until then the share stands in h.signed.
func (c *Conn) sendServerKeyExchange() (state, error) {
	h := c.hs
	params := h.signed[2*len(h.random):][:4+c.group.offerSize()]
	if !h.exchange.published {
		if !c.mayWork() {
			return idle, errLater
		}
		b := wire.NewBuilder(params)
		if err := h.exchange.offer(c.cfg, c.group, wire.AppendParams(&b, uint16(c.group), c.group.offerSize())); err != nil {
			return idle, err
		}
		h.exchange.published = true
	}
	if h.signatureLen == 0 {
		if err := c.sign(c.signed12(params)); err != nil {
			return idle, err
		}
	}
	exchange := wire.ServerKeyExchange{Params: params, Scheme: uint16(h.scheme), Signature: h.public[:h.signatureLen]}
	b := c.message()
	exchange.Append(&b)
	if err := c.appendMessage12(&b); err != nil {
		return idle, err
	}
	if c.cfg.ClientAuth != NoClientCert {
		return sendCertificateRequest12, nil
	}
	return sendServerHelloDone, nil
}

func (c *Conn) sendCertificateRequest12() (state, error) {
	var names [maxAuthorities][]byte
	n := c.authorities(&names)
	request := wire.CertificateRequest12{Schemes: c.verifiable12()}
	b := c.message()
	request.Append(&b, names[:n])
	if err := c.appendMessage12(&b); err != nil {
		return idle, err
	}
	return sendServerHelloDone, nil
}

func (c *Conn) sendServerHelloDone() (state, error) {
	b := c.message()
	wire.AppendServerHelloDone(&b)
	if err := c.appendMessage12(&b); err != nil {
		return idle, err
	}
	c.out.seal()
	if c.cfg.ClientAuth != NoClientCert {
		return expectClientCertificate12, nil
	}
	return expectClientKeyExchange, nil
}

// receiveClientCertificate12 judges what the client shows.
func (c *Conn) receiveClientCertificate12(msg []byte) (state, error) {
	if shown, err := c.judgePeer12(msg[wire.HeaderSize:], x509lite.UsageClient); err != nil {
		return idle, err
	} else if !shown && c.cfg.ClientAuth == RequireClientCert {
		return idle, ErrNoCertificate12
	}
	c.hs.absorb(msg)
	return expectClientKeyExchange, nil
}

// receiveClientKeyExchange completes the key exchange.
func (c *Conn) receiveClientKeyExchange(msg []byte) (state, error) {
	h := c.hs
	point, err := wire.ParseClientKeyExchange(msg[wire.HeaderSize:])
	if err != nil {
		return idle, err
	}
	if !c.mayWork() {
		return idle, errLater
	}
	preMaster, err := h.exchange.finish(point)
	if err != nil {
		return idle, err
	}
	h.absorb(msg)
	c.extractMaster(preMaster)
	if h.peerKey.Algorithm != 0 {
		return expectClientCertificateVerify12, nil
	}
	return expectClientChangeCipherSpec, nil
}

// receiveCertificateVerify12 checks that the client holds the key of its certificate.
func (c *Conn) receiveCertificateVerify12(msg []byte) (state, error) {
	var m wire.CertificateVerify
	if err := m.Parse(msg[wire.HeaderSize:]); err != nil {
		return idle, err
	}
	h := c.hs
	scheme := signature.Scheme(m.Scheme)
	if !c.accepts(m.Scheme) || !h.proves(scheme) || !scheme.Fits12(h.peerKey.Algorithm) {
		return idle, ErrBadScheme
	}
	if !overTranscript(scheme) && h.tooMany {
		return idle, ErrMessagesTooLong
	}
	if !c.mayWork() {
		return idle, errLater
	}
	v := c.borrowVerifier()
	defer c.giveBack(v)
	good := false
	if overTranscript(scheme) {
		good = v.crypto.VerifyDigest12(scheme, &h.peerKey, h.signed[:h.digest12(scheme.Hash(), h.signed[:])], m.Signature)
	} else {
		good = v.crypto.VerifyScheme12(scheme, &h.peerKey, h.messages, m.Signature)
	}
	if !good {
		return idle, ErrBadSignature
	}
	c.peerScheme = scheme
	h.absorb(msg)
	return expectClientChangeCipherSpec, nil
}

// receiveClientChangeCipherSpec starts the protection of what the client sends. There is a master secret by now: this is the only state
// in which the record is welcome (the lesson of CVE-2014-0224).
func (c *Conn) receiveClientChangeCipherSpec([]byte) (state, error) {
	c.rekey12(&c.in.protection, true)
	return expectClientFinished12, nil
}

// receiveClientFinished12 knows now that the client has seen the same handshake.
func (c *Conn) receiveClientFinished12(msg []byte) (state, error) {
	if err := c.checkFinished12(msg); err != nil {
		return idle, err
	}
	h := c.hs
	switch {
	case c.resumed:
		if c.cfg.SessionCache != nil {
			c.cfg.SessionCache.own(h.sessionID[:h.sessionIDLen], c)
		}
		return established, nil
	case h.ticketed:
		return sendNewSessionTicket12, nil
	case h.cached:
		c.cfg.SessionCache.keep(&h.sessionID, c.suite.id, h.master(), &h.serverName, &h.peer, c.cfg.now(), c)
	}
	return sendServerChangeCipherSpec, nil
}

// sendNewSessionTicket12 gives the client a ticket, in the clear: it is sealed itself. One for a session that goes on is no longer good than
// the one before, for it holds the same secret.
func (c *Conn) sendNewSessionTicket12() (state, error) {
	h := c.hs
	if len(c.out.window(record.Handshake)) < ticketRoom12 {
		return idle, errNoRoom
	}
	if err := random(c.cfg.Rand, h.ticketNonce[:]); err != nil {
		return idle, err
	}
	ticket := wire.NewSessionTicket12{Lifetime: ticketLifetime, Ticket: h.ticket()[:]}
	if c.resumed {
		left := issued(h.ticket()) + ticketLifetime - c.cfg.now()
		ticket.Lifetime = uint32(max(1, min(left, ticketLifetime))) // 0 would mean that we do not say.
		c.cfg.Tickets.reseal(h.ticket(), &h.peer, &h.ticketNonce)
	} else {
		c.cfg.Tickets.seal(h.ticket(), c.suite.id, c.cfg.now(), h.master(), &h.serverName, &h.peer, &earlyTerms{}, &h.ticketNonce)
	}
	b := c.message()
	ticket.Append(&b)
	if err := c.appendMessage12(&b); err != nil {
		return idle, err
	}
	return sendServerChangeCipherSpec, nil
}

// ticketRoom12 is what a NewSessionTicket takes.
const ticketRoom12 = wire.HeaderSize + 4 + 2 + ticketSize

func (c *Conn) sendServerChangeCipherSpec() (state, error) {
	return sendServerFinished12, c.sendChangeOfKeys()
}

func (c *Conn) sendServerFinished12() (state, error) {
	if c.resumed {
		return c.sendFinished12(expectClientChangeCipherSpec)
	}
	return c.sendFinished12(established)
}
