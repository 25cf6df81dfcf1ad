package tlscore

import (
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/aesgcm"
	"colibri/tlscore/wire"
)

// Servers that hold no memory for clients that have proven nothing (RFC 8446, section 4.2.2). With Config.Cookies a connection has no
// Handshake until a whole ClientHello has come, and none between a HelloRetryRequest and the client's answer. What has to be remembered goes
// to the client, sealed in the cookie, and comes back with its answer. The cookie is bound to our key and to what the client said. It
// is not bound to an address, because TCP has already proven that.

// Cookies makes and opens cookies for Config.Cookies. NewCookies makes it; a program that does not call it links nothing of it.
// Cookies are not bound to the client's address: over TCP the address is proven already.
type Cookies struct {
	Keys   *TicketKeys // that seal the cookies
	make   func(c *Conn) ([]byte, error)
	recall func(c *Conn, cookie, sessionID []byte) error
}

// NewCookies returns cookies under keys, which may be those of Config.Tickets.
func NewCookies(keys *TicketKeys) *Cookies {
	return &Cookies{Keys: keys, make: (*Conn).makeCookie, recall: (*Conn).recall}
}

// The layout of a cookie, in bytes: name of the key, nonce, and sealed the suite, the group, the hash of what the client has to repeat,
// and that of its first ClientHello.
const (
	cookieFixed = 2 + 2 + 32
	cookieSize  = ticketSealed + cookieFixed + keyschedule.MaxHash + aesgcm.TagSize
)

// sealCookie makes a cookie of the text that stands in its place in out, under the nonce that stands in its place too.
func (t *TicketKeys) sealCookie(out *[cookieSize]byte) {
	lock(t.Guard)
	defer unlock(t.Guard)
	putUint(out[:ticketNonce], uint64(t.current.name))
	ad := cookieContext(out)
	t.current.key.Seal(out[ticketSealed:], (*[aesgcm.NonceSize]byte)(out[ticketNonce:]), ad[:])
}

// openCookie opens a cookie where it stands; false if it is not one of ours.
func (t *TicketKeys) openCookie(cookie *[cookieSize]byte) bool {
	lock(t.Guard)
	defer unlock(t.Guard)
	name := uint32(getUint(cookie[:ticketNonce]))
	k := &t.current
	if name != k.name {
		k = &t.previous
	}
	if name == 0 || name != k.name {
		return false
	}
	ad := cookieContext(cookie)
	return k.key.Open(cookie[ticketSealed:], (*[aesgcm.NonceSize]byte)(cookie[ticketNonce:]), ad[:])
}

// cookieContext returns the associated data of a cookie, which that of a ticket under the same key never is.
func cookieContext(cookie *[cookieSize]byte) (ad [ticketNonce + 6]byte) {
	copy(ad[copy(ad[:], cookie[:ticketNonce]):], "cookie")
	return ad
}

// stateless reports whether this server remembers nothing for clients that have proven nothing.
func (c *Conn) stateless() bool { return c.cfg.Cookies != nil && c.cfg.Cookies.Keys.ready() }

// makeCookie returns the cookie for a HelloRetryRequest, which stands in h.public. The transcript is that of the first ClientHello.
func (c *Conn) makeCookie() ([]byte, error) {
	h := c.hs
	cookie := (*[cookieSize]byte)(h.public[:])
	if err := random(c.cfg.Rand, cookie[ticketNonce:ticketSealed]); err != nil {
		return nil, err
	}
	text := cookie[ticketSealed : cookieSize-aesgcm.TagSize]
	clear(text)
	putUint(text[:2], uint64(c.suite.id))
	putUint(text[2:4], uint64(c.group))
	copy(text[4:], h.helloHash[:])
	h.transcript.Sum(text[cookieFixed:])
	c.cfg.Cookies.Keys.sealCookie(cookie)
	return cookie[:], nil
}

// recall fills a fresh handshake with what it had when it sent the HelloRetryRequest: the cookie says it, and the message follows from
// it.
func (c *Conn) recall(sealed, sessionID []byte) error {
	h := c.hs
	cookie := (*[cookieSize]byte)(h.public[:])
	if sealed == nil {
		return ErrRetryIgnored
	}
	if len(sealed) != copy(cookie[:], sealed) || len(sealed) != cookieSize || !c.cfg.Cookies.Keys.openCookie(cookie) {
		return ErrBadCookie
	}
	text := cookie[ticketSealed:]
	if SuiteID(getUint(text[:2])) != c.suite.id || GroupID(getUint(text[2:4])) != c.group {
		return ErrBadCookie
	}
	copy(h.helloHash[:], text[4:])
	h.sessionIDLen = copy(h.sessionID[:], sessionID)
	h.transcript.Reset(c.hash())
	n := c.hash().Size()
	h.transcript.Write([]byte{byte(wire.TypeMessageHash), 0, 0, byte(n)})
	h.transcript.Write(text[cookieFixed : cookieFixed+n])
	b := wire.NewBuilder(h.public[cookieSize:])
	c.writeRetry(&b, sealed)
	h.transcript.Write(b.Written())
	h.retried = true
	return nil
}

// helloWaits reports whether a ClientHello is there, and no handshake for it.
func (c *Conn) helloWaits() bool {
	if c.hs != nil || c.client || c.err != nil || c.state != expectClientHello && c.state != expectSecondClientHello {
		return false
	}
	_, whole := wire.Split(c.in.handshakeBytes())
	return whole
}
