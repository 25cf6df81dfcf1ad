package tlscore

import (
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/profile"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// The TLS 1.3 server's handshake, in the order of its messages (RFC 8446, section 2).

// helloRoom is what a ServerHello and the change_cipher_spec behind it take at most, but for the key share.
const helloRoom = 112

// receiveClientHello reads the first ClientHello and chooses everything that does not depend on the client's certificate.
func (c *Conn) receiveClientHello(msg []byte) (state, error) {
	var hello wire.ClientHello
	if err := c.parseClientHello(&hello, msg); err != nil {
		return idle, err
	}
	if err := c.judge(Event{Kind: EventClientHello, Name: hello.ServerName, Message: msg}); err != nil {
		return idle, err
	}
	copy(c.hs.peerRandom[:], hello.Random)
	if !c.cfg.speaks13() || !hello.SupportedVersions.Contains(wire.VersionTLS13) {
		return c.cfg.TLS12.answer(c, msg)
	}
	if err := c.check13(&hello); err != nil {
		return idle, err
	}
	if hello.HasEarlyData {
		c.early, c.earlyLeft = EarlyRejected, maxEarlyData // unless takePSK finds otherwise
	}
	h := c.hs
	hashHello(&h.helloHash, &hello)
	if err := c.chooseSuite(&hello); err != nil {
		return idle, err
	}
	if err := c.chooseAnswers(&hello); err != nil {
		return idle, err
	}
	h.transcript.Reset(c.hash())
	if c.withoutExchange(&hello) {
		return c.acceptHello(&hello, msg, nil)
	}
	share, err := c.chooseGroup(&hello)
	if err != nil {
		return idle, err
	}
	if share == nil {
		if hello.HasEarlyData {
			c.early = EarlyRetried
		}
		h.transcript.Write(msg)
		return sendHelloRetryRequest, nil
	}
	return c.acceptHello(&hello, msg, share)
}

// chooseAnswers takes from a ClientHello what it asks for, and chooses the protocol and what to show.
func (c *Conn) chooseAnswers(hello *wire.ClientHello) error {
	h := c.hs
	h.offersPSK = contains(hello.PSKModes, wire.PSKWithKeyShares)
	h.acknowledges = c.cfg.acknowledges(hello)
	h.sessionIDLen = copy(h.sessionID[:], hello.SessionID)
	if err := c.chooseProtocol(hello.ALPN); err != nil {
		return err
	}
	h.staples = hello.WantsOCSP
	if err := c.choosePeerType(hello); err != nil {
		return err
	}
	w := wishOf(hello)
	if err := c.chooseIdentity(&w); err != nil && (!is(err, ErrNoScheme) || hello.Identities == nil) {
		return c.unproven(err)
	}
	c.noteOwnType(hello)
	return nil
}

// acknowledges reports whether the client is told that its server_name was read (RFC 6066, section 3).
func (cfg *Config) acknowledges(hello *wire.ClientHello) bool {
	return hello.ServerName != nil && (profile.Small || !cfg.WithoutServerName)
}

// acceptHello goes on from a ClientHello that brought the key share we want.
func (c *Conn) acceptHello(hello *wire.ClientHello, msg, share []byte) (state, error) {
	exchanges := c.group == 0 || contains(hello.PSKModes, wire.PSKWithKeyShares)
	if p := c.serverPSKs(); p != nil && hello.Identities != nil && exchanges {
		if err := p.take(c, hello.Identities, hello.Binders, hello.WithoutBinders(msg)); err != nil {
			return idle, err
		}
	}
	if !c.hs.accepted && c.hs.identity == nil {
		return idle, c.unproven(ErrNoScheme)
	}
	if !c.hs.accepted && c.group == 0 {
		return idle, ErrNoGroup
	}
	c.takeLimits(hello)
	c.hs.transcript.Write(msg)
	c.hs.share = share
	if e := c.cfg.EarlyData; e != nil && c.early != NoEarlyData {
		e.begin(c)
	}
	return sendServerHello, nil
}

// unproven returns why we cannot prove to the client who we are: err, if certificates could.
func (c *Conn) unproven(err error) error {
	if len(c.cfg.Identities) == 0 {
		return ErrNoPSK
	}
	return err
}

// versionSSL30 in a hello must be refused, whatever else it says (RFC 8446, appendix D.5).
const versionSSL30 = 0x0300

// parseClientHello reads a ClientHello and checks what every one must fulfil, of whatever version.
func (c *Conn) parseClientHello(hello *wire.ClientHello, msg []byte) error {
	if err := c.lastUnderKey(msg); err != nil {
		return err
	}
	if err := hello.Parse(msg[wire.HeaderSize:]); err != nil {
		return err
	}
	if hello.LegacyVersion <= versionSSL30 || !hello.SupportedVersions.Contains(wire.VersionTLS13) && !c.cfg.speaks12() {
		return ErrVersion
	}
	for _, b := range hello.ServerName {
		if b <= ' ' || b > '~' {
			return ErrBadServerName
		}
	}
	c.hs.serverName.set(hello.ServerName)
	if k := c.cfg.CertificateCompression; k != nil {
		return k.heed(c, hello.Extensions)
	}
	return nil
}

// check13 checks what every ClientHello that offers TLS 1.3 must fulfil (RFC 8446, sections 4.1.2 and 9.2).
func (c *Conn) check13(hello *wire.ClientHello) error {
	if !hello.SupportedVersions.Contains(wire.VersionTLS13) {
		return ErrVersion
	}
	if len(hello.CompressionMethods) != 1 || hello.CompressionMethods[0] != 0 {
		return ErrCompression
	}
	if hello.Identities != nil && hello.PSKModes == nil {
		return ErrMissingExtension // RFC 8446, section 4.2.9
	}
	if c.withoutExchange(hello) {
		return nil
	}
	if hello.SupportedGroups == nil || hello.SignatureAlgorithms == nil && hello.Identities == nil || !hello.HasKeyShare {
		return ErrMissingExtension
	}
	return nil
}

// hashHello digests the parts of a ClientHello that a second one must repeat and that we have acted upon. A client may change
// several other extensions (RFC 8446, section 4.1.2).
func hashHello(out *[32]byte, hello *wire.ClientHello) {
	var d sha2.Digest
	d.Reset(sha2.SHA256)
	hashPart(&d, hello.Random)
	hashPart(&d, hello.SessionID)
	hashPart(&d, hello.CipherSuites)
	hashPart(&d, hello.ServerName)
	hashPart(&d, hello.ALPN)
	d.Sum(out[:])
}

// hashPart digests a part together with its length.
func hashPart(d *sha2.Digest, part []byte) {
	d.Write([]byte{byte(len(part) >> 8), byte(len(part))})
	d.Write(part)
}

// chooseSuite takes the cipher suite of both sides that is preferred; if the client names a key of Config.PSKs, of those with which that
// can be used.
func (c *Conn) chooseSuite(hello *wire.ClientHello) error {
	if k := c.cfg.PSKs; k != nil {
		if hash := k.server.hash(c, hello.Identities, hello.Binders); hash != 0 {
			c.suite = c.preferredSuite(hello, hash)
		}
		if c.suite != nil {
			return nil
		}
	}
	if c.suite = c.preferredSuite(hello, 0); c.suite == nil {
		return ErrNoCipherSuite
	}
	return nil
}

// preferredSuite returns the suite of both sides that is first in the order that counts, of those with this hash if it is not 0; nil if
// there is none.
func (c *Conn) preferredSuite(hello *wire.ClientHello, hash sha2.Algorithm) (best *suite) {
	first := hello.CipherSuites.Len()
	for _, id := range c.cfg.suites() {
		s, at := suiteByID(id), hello.CipherSuites.Index(uint16(id))
		if s == nil || hash != 0 && s.hash != hash || at < 0 || at >= first {
			continue
		}
		best, first = s, at
		if !c.cfg.ClientSuiteOrder {
			break
		}
	}
	return best
}

// chooseProtocol takes the first of our protocols that is in the client's list (RFC 7301, section 3.2).
func (c *Conn) chooseProtocol(offered []byte) error {
	if len(offered) == 0 || len(c.cfg.ALPN) == 0 {
		return nil
	}
	for _, ours := range c.cfg.ALPN {
		for list := offered; len(list) > 0; {
			var name []byte
			if name, list = wire.NextProtocol(list); wire.Equal(name, ours) {
				c.alpn = ours
				return nil
			}
		}
	}
	return ErrNoProtocol
}

// chooseGroup takes the first of our groups for which the client sent a key share, and returns that share. If there is none, or with
// Config.PreferGroups, it takes the first of our groups that the client supports, and returns nil if a HelloRetryRequest is due.
func (c *Conn) chooseGroup(hello *wire.ClientHello) (share []byte, err error) {
	if err := checkKeyShares(hello); err != nil {
		return nil, err
	}
	for _, g := range c.cfg.groups() {
		share := findKeyShare(hello, g)
		if share != nil || c.cfg.PreferGroups && hello.SupportedGroups.Contains(uint16(g)) {
			c.group = g
			return share, nil
		}
	}
	for _, g := range c.cfg.groups() {
		if hello.SupportedGroups.Contains(uint16(g)) {
			c.group = g
			return nil, nil
		}
	}
	return nil, ErrNoGroup
}

// maxKeyShares bounds the key shares of a client, each of which is compared with all others; clients of today send up to three.
const maxKeyShares = 16

// checkKeyShares checks that the shares are of different groups, each of them listed in supported_groups (RFC 8446, section
// 4.2.8).
func checkKeyShares(hello *wire.ClientHello) error {
	n := 0
	for list := hello.KeyShare; len(list) > 0; n++ {
		if n == maxKeyShares {
			return ErrTooManyKeyShares
		}
		var group uint16
		group, _, list = wire.NextKeyShare(list)
		if !hello.SupportedGroups.Contains(group) {
			return ErrKeyShareUnlisted
		}
		for rest := list; len(rest) > 0; {
			var other uint16
			if other, _, rest = wire.NextKeyShare(rest); other == group {
				return ErrKeyShareTwice
			}
		}
	}
	return nil
}

func findKeyShare(hello *wire.ClientHello, g GroupID) []byte {
	for list := hello.KeyShare; len(list) > 0; {
		var group uint16
		var share []byte
		if group, share, list = wire.NextKeyShare(list); group == uint16(g) {
			return share
		}
	}
	return nil
}

// hashFirstHello replaces, in the transcript, the first ClientHello by its hash (RFC 8446, section 4.4.1).
func (c *Conn) hashFirstHello() {
	h := c.hs
	var hash keyschedule.Secret
	n := h.transcript.Sum(hash[:])
	h.transcript.Reset(c.hash())
	h.transcript.Write([]byte{byte(wire.TypeMessageHash), 0, 0, byte(n)})
	h.transcript.Write(hash[:n])
}

// sendHelloRetryRequest asks for a key share of the chosen group.
func (c *Conn) sendHelloRetryRequest() (state, error) {
	if len(c.out.window(record.Handshake)) < helloRoom+cookieSize {
		return idle, errNoRoom
	}
	h := c.hs
	var cookie []byte
	if c.stateless() {
		var err error
		if cookie, err = c.cfg.Cookies.make(c); err != nil {
			return idle, err
		}
	}
	c.hashFirstHello()
	b := c.message()
	c.writeRetry(&b, cookie)
	if err := c.appendMessage(&b); err != nil {
		return idle, err
	}
	c.out.seal()
	if h.sessionIDLen > 0 && !c.out.changeCipherSpec() {
		return idle, ErrPoolTooSmall
	}
	h.retried = true
	if cookie != nil {
		c.releaseHandshake()
	}
	return expectSecondClientHello, nil
}

// writeRetry writes the HelloRetryRequest.
func (c *Conn) writeRetry(b *wire.Builder, cookie []byte) {
	retry := wire.ServerHello{
		Random:      wire.HelloRetryRequestRandom[:],
		SessionID:   c.hs.sessionID[:c.hs.sessionIDLen],
		CipherSuite: uint16(c.suite.id),
		Group:       uint16(c.group),
		Cookie:      cookie,
	}
	retry.Append(b)
}

// receiveSecondClientHello checks that the client repeated itself, but for the one key share that was asked for.
func (c *Conn) receiveSecondClientHello(msg []byte) (state, error) {
	var hello wire.ClientHello
	if err := c.parseClientHello(&hello, msg); err != nil {
		return idle, err
	}
	if err := c.check13(&hello); err != nil {
		return idle, err
	}
	if !c.hs.retried {
		copy(c.hs.peerRandom[:], hello.Random)
		if err := c.cfg.Cookies.recall(c, hello.Cookie, hello.SessionID); err != nil {
			return idle, err
		}
		if err := c.chooseAnswers(&hello); err != nil {
			return idle, err
		}
	}
	var hash [32]byte
	hashHello(&hash, &hello)
	c.earlyLeft = 0
	if hash != c.hs.helloHash || hello.HasEarlyData ||
		c.hs.identity != nil && !hello.SignatureAlgorithms.Contains(uint16(c.hs.scheme)) {
		return idle, ErrHelloChanged
	}
	group, share, rest := wire.NextKeyShare(hello.KeyShare)
	if share == nil || group != uint16(c.group) || len(rest) > 0 {
		return idle, ErrRetryIgnored
	}
	return c.acceptHello(&hello, msg, share)
}

// sendServerHello answers the client's key share, which still stands in the receive buffer, so that nobody needs memory for one of a
// kilobyte. It is the last message in the clear; after it both directions are protected.
func (c *Conn) sendServerHello() (state, error) {
	if len(c.out.window(record.Handshake)) < helloRoom+c.group.answerSize() {
		return idle, errNoRoom
	}
	h := c.hs
	if !h.started {
		if err := random(c.cfg.Rand, h.random[:]); err != nil {
			return idle, err
		}
		h.started = true
	}
	hello := wire.ServerHello{
		Random:      h.random[:],
		SessionID:   h.sessionID[:h.sessionIDLen],
		CipherSuite: uint16(c.suite.id),
		Group:       uint16(c.group),
		HasPSK:      h.accepted,
		PSK:         h.psk,
	}
	b := c.message()
	var secret []byte
	if c.group != 0 {
		hello.ShareSize = c.group.answerSize()
	}
	if share := hello.Append(&b); c.group != 0 {
		var err error
		if secret, err = c.answerShare(share, h.share); err != nil {
			return idle, err
		}
	}
	if err := c.appendMessage(&b); err != nil {
		return idle, err
	}
	c.out.seal()
	if h.sessionIDLen > 0 && !h.retried && !c.out.changeCipherSpec() {
		return idle, ErrPoolTooSmall
	}

	if !h.accepted {
		h.schedule.Init(c.hash())
	}
	h.schedule.Handshake(&h.clientSecret, &h.serverSecret, secret, &h.transcript)
	h.exchange.wipe()
	c.in.dropMessage(len(c.in.handshakeBytes()), c.mem)
	c.logHandshakeSecrets()
	if c.early != EarlyAccepted { // Otherwise early data comes first, under the key for it.
		c.rekey(&c.in.protection, &h.clientSecret)
	}
	c.rekey(&c.out.protection, &h.serverSecret)
	c.out.padding = uint16(c.cfg.Padding)
	return sendEncryptedExtensions, nil
}

func (c *Conn) sendEncryptedExtensions() (state, error) {
	// A server that resumes does not confirm the name (RFC 6066, section 3).
	exts := wire.EncryptedExtensions{ServerName: c.hs.acknowledges && !c.resumed, ALPN: c.alpn, EarlyData: c.early == EarlyAccepted}
	c.answerLimits(&exts)
	c.answerCertificateTypes(&exts)
	b := c.message()
	exts.Append(&b)
	if err := c.appendMessage(&b); err != nil {
		return idle, err
	}
	if c.hs.accepted {
		return sendFinished, nil
	}
	if c.cfg.ClientAuth != NoClientCert {
		return sendCertificateRequest, nil
	}
	return sendCertificate, nil
}

func (c *Conn) sendCertificateRequest() (state, error) {
	var names [maxAuthorities][]byte
	n := c.authorities(&names)
	request := wire.CertificateRequest{Schemes: c.verifiable(), More: c.cfg.compressions()}
	if c.cfg.GREASE {
		request.GREASE = c.hs.grease(greaseFirst)
	}
	b := c.message()
	request.Append(&b, names[:n])
	if err := c.appendMessage(&b); err != nil {
		return idle, err
	}
	return sendCertificate, nil
}

// sendFinished ends our flight; what we send after it is under the application traffic key.
func (c *Conn) sendFinished() (state, error) {
	h := c.hs
	var mac keyschedule.Secret
	n := keyschedule.FinishedMAC(c.hash(), mac[:], &h.serverSecret, &h.transcript)
	b := c.message()
	wire.AppendFinished(&b, mac[:n])
	if err := c.appendMessage(&b); err != nil {
		return idle, err
	}
	c.out.seal()

	h.schedule.Application(&c.read, &c.write, c.exporter(), &h.transcript)
	c.logTrafficSecrets()
	c.rekey(&c.out.protection, &c.write)
	if c.cfg.ClientAuth != NoClientCert && !h.accepted {
		return expectClientCertificate, nil
	}
	if c.early == EarlyAccepted {
		return expectEndOfEarlyData, nil
	}
	return expectClientFinished, nil
}

// receiveCertificate judges the client's chain.
func (c *Conn) receiveCertificate(msg []byte) (state, error) {
	var m wire.Certificate
	if err := m.Parse(msg[wire.HeaderSize:]); err != nil {
		return idle, err
	}
	if len(m.Context) != 0 {
		return idle, ErrRequestContext
	}
	next := expectClientFinished
	if m.Count > 0 {
		if err := c.judgePeer(&m, x509lite.UsageClient); err != nil {
			return idle, err
		}
		next = expectClientCertificateVerify
	} else if c.cfg.ClientAuth == RequireClientCert {
		return idle, ErrNoCertificate
	}
	c.transcribe()
	return next, nil
}

// receiveFinished completes the handshake.
func (c *Conn) receiveFinished(msg []byte) (state, error) {
	if err := c.checkFinished(msg, &c.hs.clientSecret); err != nil {
		return idle, err
	}
	c.rekey(&c.in.protection, &c.read)
	if c.resumes() && c.hs.offersPSK && !c.closed {
		c.hs.transcript.Write(msg)
		return sendNewSessionTicket, nil
	}
	return established, nil
}

// checkFinished checks the peer's Finished, which is the last message under the peer's handshake traffic secret.
func (c *Conn) checkFinished(msg []byte, secret *keyschedule.Secret) error {
	if err := c.lastUnderKey(msg); err != nil {
		return err
	}
	var mac keyschedule.Secret
	n := keyschedule.FinishedMAC(c.hash(), mac[:], secret, &c.hs.transcript)
	if !subtle.Equal(mac[:n], msg[wire.HeaderSize:]) {
		return ErrBadFinished
	}
	return nil
}
