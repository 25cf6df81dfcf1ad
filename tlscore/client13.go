package tlscore

import (
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// The TLS 1.3 client's handshake, in the order of its messages (RFC 8446, section 2).

// expectName has v verify a chain for the server's name.
func (c *Conn) expectName(v *Verifier) {
	v.host.Set(c.name)
	v.options.Name = &v.host
}

// clientRoom returns how much more than MinBuffer a ClientHello takes, if that is to be sent next.
func (c *Conn) clientRoom() int {
	if c.state != sendClientHello && c.state != sendSecondClientHello {
		return 0
	}
	n := c.roomForPSKs() + len(c.cfg.compressions())
	if c.group == X25519MLKEM768 {
		n += c.group.offerSize() + 4 + x25519Size
	}
	if g := c.secondShare(); g != 0 {
		n += 4 + g.offerSize()
	}
	if c.early == EarlyOffered {
		n += 4 + changeCipherSpecSize // the extension, and what stands before early data
	}
	return n
}

// sendClientHello offers what the configuration allows, with a key share for the first of our groups.
func (c *Conn) sendClientHello() (state, error) {
	h := c.hs
	if !h.started {
		if err := random(c.cfg.Rand, h.random[:]); err != nil {
			return idle, err
		}
		if err := random(c.cfg.Rand, h.sessionID[:]); err != nil {
			return idle, err
		}
		// Middlebox compatibility mode (RFC 8446, appendix D.4), or what a server of TLS 1.2 repeats that takes our ticket (RFC 5077, section 3.4).
		h.sessionIDLen = len(h.sessionID)
		switch s := c.lentSession12(); {
		case s != nil && s.tls12 == byNumber:
			h.sessionIDLen = copy(h.sessionID[:], s.name())
		case s == nil && !c.cfg.speaks13():
			h.sessionIDLen = 0 // RFC 5246, section 7.4.1.2
		}
		// Which hash the transcript needs is known when the server has chosen the suite.
		h.transcript.Reset(sha2.SHA256)
		h.other.Reset(longHash)
		h.started = true
	}
	if !c.mayWork() {
		return idle, errLater
	}
	b := c.message()
	if err := c.writeClientHello(&b); err != nil {
		return idle, err
	}
	if err := c.appendMessage(&b); err != nil {
		return idle, err
	}
	h.other.Write(b.Written())
	if c.cfg.TLS12 != nil {
		h.keep(b.Written())
	}
	c.out.seal()
	record.PutFirstVersion(c.out.buf)
	if c.early == EarlyOffered {
		if err := c.cfg.EarlyData.protect(c); err != nil {
			return idle, err
		}
	}
	return expectServerHello, nil
}

// writeClientHello writes the ClientHello that h describes, a second time with what a HelloRetryRequest asked for.
func (c *Conn) writeClientHello(b *wire.Builder) error {
	h := c.hs
	msg := b.BeginMessage(wire.TypeClientHello)
	b.U16(wire.VersionTLS12) // legacy_version
	b.Bytes(h.random[:])
	m := b.Begin(1)
	b.Bytes(h.sessionID[:h.sessionIDLen])
	b.End(m)
	m = b.Begin(2)
	c.writeGrease(b, greaseSuite)
	c.writeSuites(b)
	b.End(m)
	b.U8(1) // legacy_compression_methods: null only
	b.U8(0)
	exts := b.Begin(2)
	c.writeGreaseExtension(b, greaseFirst)
	if c.tellsName() {
		ext := b.BeginExtension(wire.ExtServerName)
		list := b.Begin(2)
		b.U8(0) // host_name
		name := b.Begin(2)
		b.String(c.name)
		b.End(name)
		b.End(list)
		b.End(ext)
	}
	ext := b.BeginExtension(wire.ExtSupportedVersions)
	m = b.Begin(1)
	c.writeGrease(b, greaseVersion)
	if c.cfg.speaks13() {
		b.U16(wire.VersionTLS13)
	}
	if c.cfg.speaks12() {
		b.U16(wire.VersionTLS12)
	}
	b.End(m)
	b.End(ext)
	c.writeOffer12(b)
	if c.group != 0 {
		ext = b.BeginExtension(wire.ExtSupportedGroups)
		m = b.Begin(2)
		c.writeGrease(b, greaseGroup)
		for _, g := range c.cfg.groups() {
			if g != X25519MLKEM768 || c.cfg.speaks13() {
				b.U16(uint16(g))
			}
		}
		b.End(m)
		b.End(ext)
	}
	ext = b.BeginExtension(wire.ExtSignatureAlgorithms)
	m = b.Begin(2)
	c.writeGrease(b, greaseScheme)
	b.Bytes(c.verifiable())
	b.End(m)
	b.End(ext)
	if len(c.cfg.ALPN) > 0 {
		ext = b.BeginExtension(wire.ExtALPN)
		m = b.Begin(2)
		for _, p := range c.cfg.ALPN {
			name := b.Begin(1)
			b.String(p)
			b.End(name)
		}
		b.End(m)
		b.End(ext)
	}
	if c.cfg.RequestOCSP {
		wire.AppendStatusRequest(b)
	}
	c.writeCertificateTypes(b)
	if c.cfg.speaks13() {
		b.Bytes(c.cfg.compressions())
	}
	c.writeLimits(b)
	if h.cookieLen > 0 {
		ext = b.BeginExtension(wire.ExtCookie)
		m = b.Begin(2)
		b.Bytes(h.public[:h.cookieLen])
		b.End(m)
		b.End(ext)
	}
	c.writeGreaseExtension(b, greaseSecond, 0)
	if !c.cfg.speaks13() {
		b.End(exts)
		b.End(msg)
		return nil
	}
	var share, second []byte
	if c.group != 0 {
		ext = b.BeginExtension(wire.ExtKeyShare)
		m = b.Begin(2)
		if c.cfg.GREASE && !h.shareAsked { // The second ClientHello has the one share that was asked for.
			b.U16(h.grease(greaseGroup))
			b.Bytes([]byte{0, 1, 0})
		}
		other := c.secondShare()
		if c.offersHalf() {
			other = X25519
		}
		if other != 0 && c.cfg.prefers(other, c.group) {
			second = writeShare(b, other)
		}
		if !c.offersNone() {
			share = writeShare(b, c.group)
		}
		if other != 0 && second == nil {
			second = writeShare(b, other)
		}
		b.End(m)
		b.End(ext)
	}
	binders := c.writePSKs(b)
	b.End(exts)
	b.End(msg)
	if b.Overflowed() {
		return errNoRoom
	}
	if share != nil {
		if err := h.exchange.offer(c.cfg, c.group, share); err != nil {
			return err
		}
	}
	if g := c.secondShare(); g != 0 {
		if err := h.exchange.offerSecond(c.cfg, g, second, h.retried); err != nil {
			return err
		}
	} else {
		copy(second, share[len(share)-len(second):])
	}
	c.bind(b.Written(), binders)
	return nil
}

// writeSuites writes the cipher suites that we offer, those of TLS 1.3 first.
func (c *Conn) writeSuites(b *wire.Builder) {
	for _, id := range c.cfg.suites() {
		if suiteByID(id) != nil && c.cfg.speaks13() {
			b.U16(uint16(id))
		}
	}
	if p := c.cfg.TLS12; p != nil {
		for i, more := 0, true; more; i++ {
			var s *suite12
			if s, more = p.preference(c.cfg, i); s != nil && !(s.rsa && c.hs.withoutRSA) {
				b.U16(uint16(s.id))
			}
		}
	}
	if c.cfg.Fallback && c.lentSession12() == nil { // RFC 7507, section 4: not with a session of the version that is offered.
		b.U16(wire.FallbackSCSV)
	}
}

// writeOffer12 writes the extensions of TLS 1.2, if it is allowed.
func (c *Conn) writeOffer12(b *wire.Builder) {
	if p := c.cfg.TLS12; c.cfg.speaks12() {
		if n := p.offer(c, b.Room()); n >= 0 {
			b.Extend(n)
		} else {
			b.Extend(len(b.Room()) + 1) // overflows
		}
	}
}

// tellsName reports whether our ClientHello names the server. An address is not sent (RFC 6066, section 3).
func (c *Conn) tellsName() bool { return !c.cfg.WithoutServerName && !isAddress(c.name) }

// isAddress tells the two forms of a server's name apart: an address has colons, or a last label of digits only, which no
// top-level domain has.
func isAddress(name string) bool {
	digits := true
	for i := range len(name) {
		switch b := name[i]; {
		case b == ':':
			return true
		case b == '.':
			digits = true
		case b < '0' || b > '9':
			digits = false
		}
	}
	return digits
}

// receiveServerHello reads the server's choice, or its wish for another ClientHello.
func (c *Conn) receiveServerHello(msg []byte) (state, error) {
	var hello wire.ServerHello
	if err := hello.Parse(msg[wire.HeaderSize:]); err != nil {
		return idle, err
	}
	// Who has sent early data knows of the server that it speaks TLS 1.3 (RFC 8446, appendix D.3).
	if hello.Version == 0 && c.cfg.speaks12() && !c.isDowngrade(&hello) && c.early != EarlyOffered {
		return c.cfg.TLS12.accept(c, msg)
	}
	if err := c.checkServerHello(&hello); err != nil {
		return idle, err
	}
	if err := c.lastUnderKey(msg); err != nil {
		return idle, err
	}
	if hello.Retry() {
		return c.receiveHelloRetryRequest(&hello, msg)
	}
	h := c.hs
	if hello.HasKeyShare && hello.Group == uint16(X25519) && c.offersHalf() {
		c.group = X25519
		h.exchange.keepHalf()
	} else if g := c.secondShare(); hello.HasKeyShare && g != 0 && hello.Group == uint16(g) {
		c.group = g
		h.exchange.keepSecond(g)
	}
	var secret []byte
	switch {
	case hello.HasKeyShare && c.group == 0:
		return idle, wire.ErrUnsolicited
	case c.group == 0 && !hello.HasPSK:
		return idle, ErrPSKRefused
	case c.group == 0:
	case !hello.HasKeyShare:
		return idle, ErrMissingExtension
	case hello.Group != uint16(c.group) || c.offersNone():
		return idle, ErrBadServerHello
	default:
		var err error
		if secret, err = c.finishExchange(hello.KeyShare); err != nil {
			return idle, err
		}
	}
	if hello.HasPSK {
		if err := c.acceptedPSK(&hello); err != nil {
			return idle, err
		}
	} else if !c.cfg.judges() {
		return idle, ErrPSKRefused
	} else {
		h.schedule.Init(c.hash())
	}
	h.transcript.Write(msg)
	h.schedule.Handshake(&h.clientSecret, &h.serverSecret, secret, &h.transcript)
	h.exchange.wipe()
	c.logHandshakeSecrets()
	c.rekey(&c.in.protection, &h.serverSecret)
	if c.early != EarlyOffered { // Otherwise it is early data until EncryptedExtensions says what becomes of it.
		c.rekey(&c.out.protection, &h.clientSecret)
	}
	c.out.padding = uint16(c.cfg.Padding)
	return expectEncryptedExtensions, nil
}

// downgrade is how the Random of a server ends that knows TLS 1.3 but answers with an older version (RFC 8446, section
// 4.1.3); the byte behind it says which.
const downgrade = "DOWNGRD"

// isDowngrade reports whether hello comes from a server that would have spoken TLS 1.3, as we would.
func (c *Conn) isDowngrade(hello *wire.ServerHello) bool {
	return c.cfg.speaks13() && wire.Equal(hello.Random[24:31], downgrade) && hello.Random[31] <= 1
}

// checkServerHello checks what holds for a ServerHello and a HelloRetryRequest, and takes the suite.
func (c *Conn) checkServerHello(hello *wire.ServerHello) error {
	h := c.hs
	if hello.LegacyVersion <= versionSSL30 {
		return ErrVersion
	}
	if hello.Version == 0 {
		if c.isDowngrade(hello) {
			return ErrDowngrade
		}
		return ErrVersion
	}
	if !c.cfg.speaks13() || hello.Version != wire.VersionTLS13 || hello.LegacyVersion != wire.VersionTLS12 ||
		!wire.Equal(hello.SessionID, h.sessionID[:h.sessionIDLen]) {
		return ErrBadServerHello
	}
	if c.suite != nil { // A HelloRetryRequest has named it already.
		if hello.CipherSuite != uint16(c.suite.id) {
			return ErrBadServerHello
		}
		return nil
	}
	for _, id := range c.cfg.suites() {
		if uint16(id) == hello.CipherSuite {
			c.suite = suiteByID(id) // nil if it is one of TLS 1.2
		}
	}
	if c.suite == nil {
		return ErrBadServerHello
	}
	if c.hash() == longHash {
		h.transcript.Set(&h.other)
	}
	return nil
}

// receiveHelloRetryRequest prepares the second ClientHello: another group, a cookie, or both.
func (c *Conn) receiveHelloRetryRequest(hello *wire.ServerHello, msg []byte) (state, error) {
	h := c.hs
	if h.retried {
		return idle, ErrUnexpectedMessage
	}
	h.retried = true
	if !hello.HasKeyShare && hello.Cookie == nil {
		return idle, ErrBadRetry
	}
	if hello.HasKeyShare {
		g := GroupID(hello.Group)
		if g == c.group && !c.offersNone() || c.group == 0 || g == X25519 && c.offersHalf() || g == c.secondShare() || !c.cfg.has(g) {
			return idle, ErrBadRetry
		}
		c.group, h.shareAsked = g, true
	}
	if len(hello.Cookie) > len(h.public) {
		return idle, ErrMessageTooLong
	}
	h.cookieLen = copy(h.public[:], hello.Cookie)
	if c.early == EarlyOffered {
		c.cfg.EarlyData.retry(c)
	}
	c.hashFirstHello()
	h.transcript.Write(msg)
	return sendSecondClientHello, nil
}

func (c *Conn) sendSecondClientHello() (state, error) {
	if err := c.beginClientFlight(); err != nil {
		return idle, err
	}
	if !c.mayWork() {
		return idle, errLater
	}
	b := c.message()
	if err := c.writeClientHello(&b); err != nil {
		return idle, err
	}
	if err := c.appendMessage(&b); err != nil {
		return idle, err
	}
	c.out.seal()
	return expectServerHello, nil
}

// beginClientFlight sends the change_cipher_spec of middlebox compatibility mode, once, before the client's second flight
// (RFC 8446, appendix D.4).
func (c *Conn) beginClientFlight() error {
	if !c.hs.changed {
		if !c.out.changeCipherSpec() {
			return errNoRoom
		}
		c.hs.changed = true
	}
	return nil
}

// receiveEncryptedExtensions reads the server's answers to our offers.
func (c *Conn) receiveEncryptedExtensions(msg []byte) (state, error) {
	var exts wire.EncryptedExtensions
	if err := exts.Parse(msg[wire.HeaderSize:]); err != nil {
		return idle, err
	}
	c.out.limit = uint16(c.cfg.MaxFragment) // Early data may have had another.
	if err := c.takeAnswers(&exts); err != nil {
		return idle, err
	}
	if c.early == EarlyOffered {
		if err := c.cfg.EarlyData.answered(c, exts.EarlyData); err != nil {
			return idle, err
		}
	} else if exts.EarlyData {
		return idle, wire.ErrUnsolicited
	}
	c.hs.transcript.Write(msg)
	if c.resumed {
		return expectServerFinished, c.judgeResumed()
	}
	if c.hs.accepted {
		return expectServerFinished, nil
	}
	return expectCertificateRequest, nil
}

// takeAnswers acts on what the server answers to extensions of ours.
func (c *Conn) takeAnswers(exts *wire.EncryptedExtensions) error {
	if exts.ServerName && !c.tellsName() || exts.Protocol != nil && len(c.cfg.ALPN) == 0 {
		return wire.ErrUnsolicited
	}
	if exts.Protocol != nil {
		for _, p := range c.cfg.ALPN {
			if wire.Equal(exts.Protocol, p) {
				c.alpn = p
			}
		}
		if c.alpn == "" {
			return ErrProtocolNotOffered
		}
	}
	if err := c.receiveCertificateTypes(exts); err != nil {
		return err
	}
	return c.receiveLimits(exts)
}

// receiveCertificateRequest chooses the certificate to show; it may be none.
func (c *Conn) receiveCertificateRequest(msg []byte) (state, error) {
	var request wire.CertificateRequest
	if err := request.Parse(msg[wire.HeaderSize:]); err != nil {
		return idle, err
	}
	if len(request.Context) != 0 {
		return idle, ErrRequestContext
	}
	if request.Schemes == nil {
		return idle, ErrMissingExtension
	}
	w := wish{schemes: request.Schemes, certSchemes: request.CertificateSchemes, authorities: request.Authorities}
	w.raw = c.hs.ownType == RawPublicKey
	w.noX509 = w.raw
	if c.chooseIdentity(&w) != nil {
		c.hs.identity = &noIdentity
	}
	if k := c.cfg.CertificateCompression; k != nil {
		if err := k.heed(c, request.Extensions); err != nil {
			return idle, err
		}
	}
	c.hs.transcript.Write(msg)
	return expectServerCertificate, c.judgeRequest(msg)
}

// judgeRequest lets the application judge which of its certificates is shown to a server that has asked for one.
func (c *Conn) judgeRequest(msg []byte) error {
	e := Event{Kind: EventCertificateRequest, Message: msg}
	if c.hs.identity != &noIdentity {
		e.Identity = c.hs.identity
	}
	return c.judge(e)
}

// receiveServerCertificate judges the server's chain.
func (c *Conn) receiveServerCertificate(msg []byte) (state, error) {
	var m wire.Certificate
	if err := m.Parse(msg[wire.HeaderSize:]); err != nil {
		return idle, err
	}
	if len(m.Context) != 0 {
		return idle, ErrRequestContext
	}
	if m.Count == 0 {
		return idle, ErrEmptyChain
	}
	if err := c.judgePeer(&m, x509lite.UsageServer); err != nil {
		return idle, err
	}
	c.transcribe()
	return expectServerCertificateVerify, nil
}

// receiveServerFinished knows now that the server has seen the same handshake.
func (c *Conn) receiveServerFinished(msg []byte) (state, error) {
	if err := c.checkFinished(msg, &c.hs.serverSecret); err != nil {
		return idle, err
	}
	h := c.hs
	h.transcript.Write(msg)
	h.schedule.Application(&c.write, &c.read, c.exporter(), &h.transcript)
	c.logTrafficSecrets()
	c.rekey(&c.in.protection, &c.read)
	if c.early == EarlyAccepted {
		return sendEndOfEarlyData, nil
	}
	if h.identity != nil {
		return sendClientCertificate, nil
	}
	return sendClientFinished, nil
}

func (c *Conn) sendClientCertificate() (state, error) {
	if err := c.beginClientFlight(); err != nil {
		return idle, err
	}
	return c.sendCertificate()
}

// sendClientFinished completes the handshake.
func (c *Conn) sendClientFinished() (state, error) {
	if err := c.beginClientFlight(); err != nil {
		return idle, err
	}
	var mac keyschedule.Secret
	n := keyschedule.FinishedMAC(c.hash(), mac[:], &c.hs.clientSecret, &c.hs.transcript)
	b := c.message()
	wire.AppendFinished(&b, mac[:n])
	if err := c.appendMessage(&b); err != nil {
		return idle, err
	}
	subtle.Wipe(mac[:])
	c.out.seal()
	c.rekey(&c.out.protection, &c.write)
	c.awaitTicket()
	return established, nil
}
