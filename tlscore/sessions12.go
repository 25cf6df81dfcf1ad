package tlscore

import (
	"colibri/tlscore/wire"
)

// Sessions of TLS 1.2, which a client keeps beside those of TLS 1.3. They are resumed by a ticket (RFC 5077) or by the session ID that the
// server gave (RFC 5246, section 7.4.1.2). They may be resumed more than once, because resuming makes no new keys anyway.

// ticketLifetime12 is how long a session is kept of which the server does not say it, in seconds: a day (RFC 5246, appendix F.1.4).
const ticketLifetime12 = 24 * 60 * 60

// session12 says what a session of TLS 1.2 is resumed by; the zero value is a session of TLS 1.3.
type session12 uint8

const (
	byTicket session12 = iota + 1
	byNumber           // it stands in the place of the ticket
)

// lentSession12 returns the session of TLS 1.2 that the client c offers, nil if there is none.
func (c *Conn) lentSession12() *session {
	if s := c.lentSession(); s != nil && s.tls12 != 0 {
		return s
	}
	return nil
}

// resume12 goes on with the session that was offered, of which the server has chosen suite.
func (c *Conn) resume12(suite *suite) error {
	s := c.lentSession12()
	if s == nil || s.suite != suite {
		return ErrBadServerHello
	}
	*c.hs.master() = s.secret
	c.hs.certificateEnd = s.certificate
	c.resumed = true
	c.group = s.group // There is no other key exchange.
	return c.judgeResumed()
}

// awaitSession12 takes what the server gives to resume the session by, its lifetime in seconds or 0. The session is kept when the handshake is
// done.
func (c *Conn) awaitSession12(kind session12, name []byte, lifetime uint32) {
	now := c.cfg.now()
	if c.cfg.Sessions == nil || now == 0 || len(name) == 0 || !c.cfg.Sessions.holds(len(name)) {
		return
	}
	if lifetime == 0 {
		lifetime = ticketLifetime12
	}
	lock(c.cfg.Sessions.Guard)
	defer unlock(c.cfg.Sessions.Guard)
	s := c.ownSession(sessionOffered)
	if s == nil {
		s = c.cfg.Sessions.place(c)
	}
	if s == nil {
		return
	}
	s.wipe()
	s.begin(c)
	s.tls12, s.secret = kind, *c.hs.master()
	s.received = now
	s.until = min(now+int64(min(lifetime, maxTicketAge)), s.certificate)
	c.cfg.Sessions.keep(s, name)
}

// keepSession12 keeps, at the end of the handshake, the session that it made or resumed.
func (c *Conn) keepSession12() {
	if c.cfg.Sessions == nil {
		return
	}
	if !c.resumed && !c.hs.ticketed {
		c.awaitSession12(byNumber, c.hs.sessionID[:c.hs.sessionIDLen], 0)
	}
	lock(c.cfg.Sessions.Guard)
	defer unlock(c.cfg.Sessions.Guard)
	for _, use := range [...]sessionUse{sessionOffered, sessionAwaited} {
		if s := c.ownSession(use); s != nil {
			s.use = sessionKept
		}
	}
}

// receiveNewSessionTicket12 takes the ticket that was promised. An empty one is none (RFC 5077, section 3.3).
func (c *Conn) receiveNewSessionTicket12(msg []byte) (state, error) {
	var ticket wire.NewSessionTicket12
	if err := ticket.Parse(msg[wire.HeaderSize:]); err != nil {
		return idle, err
	}
	c.hs.absorb(msg)
	c.awaitSession12(byTicket, ticket.Ticket, ticket.Lifetime)
	return expectServerChangeCipherSpec, nil
}
