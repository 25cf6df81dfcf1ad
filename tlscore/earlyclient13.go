package tlscore

import (
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/wire"
)

// Early data at the client (RFC 8446, section 4.2.10).

// clientEarly13 is what early data adds to client13.
var clientEarly13 = [...]row{
	{sendEndOfEarlyData, wire.TypeEndOfEarlyData, nil, (*Conn).sendEndOfEarlyData, "RFC 8446, 4.5"},
}

var earlyDataClient = EarlyData{
	row:      &clientEarly13[0],
	offer:    (*Conn).offerEarlyData,
	protect:  (*Conn).protectEarlyData,
	retry:    (*Conn).retryWithoutEarlyData,
	answered: (*Conn).earlyDataAnswered,
}

// EarlyDataClient is for Config.EarlyData of clients: they may write early data, see Conn.EarlyWindow. Early data is offered
// whenever a session is resumed whose server accepts some, in the application protocol of that session. For connections without
// early data use another Config that shares the Sessions.
func EarlyDataClient() *EarlyData { return &earlyDataClient }

// offerEarlyData decides whether the ClientHello offers early data: in the session that it offers, if its server takes some, and if the
// suite and the protocol that it had are offered too.
func (c *Conn) offerEarlyData() {
	s := c.lentSession()
	if s == nil || s.tls12 != 0 || s.early == 0 || !c.offersProtocol(s.protocol) {
		return
	}
	for _, id := range c.cfg.suites() {
		if id == s.suite.id {
			c.early, c.earlyLeft = EarlyOffered, s.early
		}
	}
	if c.sendRoom() > c.mem.Largest() {
		c.early, c.earlyLeft = NoEarlyData, 0
	}
}

// offersProtocol reports whether our ClientHello offers the protocol called name, or none if that is empty.
func (c *Conn) offersProtocol(name string) bool {
	for _, p := range c.cfg.ALPN {
		if p == name {
			return true
		}
	}
	return name == ""
}

// protectEarlyData puts our direction under the key of early data, behind the ClientHello and the change_cipher_spec of middlebox
// compatibility mode (RFC 8446, appendix D.4). The key schedule stands at the early secret of the session.
func (c *Conn) protectEarlyData() error {
	if c.beginClientFlight() != nil {
		return ErrPoolTooSmall // sendRoom has taken it into account.
	}
	s, transcript := c.lentSession().suite, &c.hs.transcript
	if s.hash == sha2.SHA384 {
		transcript = &c.hs.other
	}
	var secret keyschedule.Secret
	c.hs.schedule.Derive(&secret, keyschedule.ClientEarlyTraffic, transcript)
	c.logEarlySecret(s, &secret)
	s.rekey(&c.out.protection, &secret)
	if c.out.padding = uint16(c.cfg.Padding); c.out.padding > 1 {
		c.out.limitTo(max(c.earlyLeft, MinRecordSizeLimit-1)) // The server's own limit is not known yet. This much it has room for.
	}
	subtle.Wipe(secret[:])
	return nil
}

// dropEarlyData forgets the key of early data that is rejected, and what was not sealed of it. What the caller has in hand Written drops.
func (c *Conn) dropEarlyData(o EarlyOutcome) {
	c.early, c.earlyLeft = o, 0
	c.out.protection.Wipe()
	c.out.fill = 0
	c.out.release(c.mem)
	c.event(Event{Kind: EventEarlyData})
}

// retryWithoutEarlyData: the next ClientHello goes in the clear.
func (c *Conn) retryWithoutEarlyData() {
	c.dropEarlyData(EarlyRetried)
	c.out.limit = uint16(c.cfg.MaxFragment)
}

// earlyDataAnswered acts on the server's word on early data. What it accepts has to be what we meant.
func (c *Conn) earlyDataAnswered(accepted bool) error {
	switch {
	case !accepted && !c.resumed:
		c.dropEarlyData(EarlyNotResumed)
		c.rekey(&c.out.protection, &c.hs.clientSecret)
	case !accepted:
		c.dropEarlyData(EarlyRejected)
		c.rekey(&c.out.protection, &c.hs.clientSecret)
	default:
		s := c.lentSession()
		if !c.resumed || s.suite != c.suite || s.protocol != c.alpn {
			return ErrBadEarlyData
		}
		c.early = EarlyAccepted
		c.event(Event{Kind: EventEarlyData})
	}
	return nil
}

// sendEndOfEarlyData says that all early data was sent, and goes on under the handshake traffic key.
func (c *Conn) sendEndOfEarlyData() (state, error) {
	b := c.message()
	wire.AppendEndOfEarlyData(&b)
	if err := c.appendMessage(&b); err != nil {
		return idle, err
	}
	c.out.seal()
	c.rekey(&c.out.protection, &c.hs.clientSecret)
	return sendClientFinished, nil
}
