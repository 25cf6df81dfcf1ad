package tlscore

import (
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/wire"
)

// What may follow a TLS 1.3 handshake, for both roles (RFC 8446, section 4.6).

// receiveNewSessionTicket keeps the ticket, if there is a place for it. A server may send one to those who do not want it, too.
func (c *Conn) receiveNewSessionTicket(msg []byte) (state, error) {
	var ticket wire.NewSessionTicket
	if err := ticket.Parse(msg[wire.HeaderSize:]); err != nil {
		return idle, err
	}
	c.keepTicket(&ticket)
	return established, c.countUseless()
}

// receiveKeyUpdate renews the keys of the peer's direction, and promises to renew ours if the peer asks for it.
func (c *Conn) receiveKeyUpdate(msg []byte) (state, error) {
	if err := c.lastUnderKey(msg); err != nil {
		return idle, err
	}
	body := msg[wire.HeaderSize:]
	if len(body) != 1 {
		return idle, ErrMalformedMessage
	}
	request := wire.KeyUpdateRequest(body[0])
	if request != wire.UpdateNotRequested && request != wire.UpdateRequested {
		return idle, ErrBadKeyUpdate
	}
	if err := c.countUseless(); err != nil {
		return idle, err
	}
	keyschedule.NextTraffic(c.hash(), &c.read)
	c.rekey(&c.in.protection, &c.read)
	if request == wire.UpdateRequested && !c.closed {
		c.owesKeyUpdate = true
	}
	return established, nil
}

// sendKeyUpdate renews the keys of our direction: because the peer asked, or because the key has sealed all it should.
func (c *Conn) sendKeyUpdate() (state, error) {
	b := c.message()
	wire.AppendKeyUpdate(&b, wire.UpdateNotRequested)
	if b.Overflowed() {
		return idle, errNoRoom
	}
	c.out.append(b.Len())
	c.out.seal()
	keyschedule.NextTraffic(c.hash(), &c.write)
	c.rekey(&c.out.protection, &c.write)
	c.owesKeyUpdate = false
	return established, nil
}
