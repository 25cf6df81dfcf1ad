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
	return established, count(&c.tickets, 1) // Beside other records: a server may send several, and nobody waits for them.
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
	if err := c.countUseless(1); err != nil {
		return idle, err
	}
	keyschedule.NextTraffic(c.hash(), &c.read)
	c.rekey(&c.in.protection, &c.read)
	if request == wire.UpdateRequested && !c.closed && c.keyUpdate != keyUpdateQueued {
		c.keyUpdate = keyUpdateOwed
	}
	return established, nil
}

// UpdateKeys replaces the keys of our direction as soon as there is room for the message that tells the peer (RFC 8446, section
// 4.6.3). If both is set, the peer is asked to replace its own too. What was written before is encrypted first. It does nothing
// before the handshake is done, after Close or an error, and in TLS 1.2, which has nothing like it. Even without it keys are
// replaced when the peer asks for that, and when they have protected as much as they should.
func (c *Conn) UpdateKeys(both bool) {
	if !c.HandshakeDone() || c.err != nil || c.closed || c.tls12 {
		return
	}
	c.keyUpdate = keyUpdateOwed
	c.asksKeyUpdate = c.asksKeyUpdate || both
	c.run()
}

// keyUpdate says how a KeyUpdate of ours stands. One that waits for the transport answers all requests that come meanwhile, so that
// a peer cannot fill the buffer with answers.
type keyUpdate uint8

const (
	noKeyUpdate     keyUpdate = iota
	keyUpdateOwed             // it has to be made as soon as there is room
	keyUpdateQueued           // it is made, and nothing was sent since
)

// sendKeyUpdate renews the keys of our direction: because we want to or the peer asked, or because the key has sealed all it should.
func (c *Conn) sendKeyUpdate() (state, error) {
	b := c.message()
	request := wire.UpdateNotRequested
	if c.asksKeyUpdate {
		request = wire.UpdateRequested
	}
	wire.AppendKeyUpdate(&b, request)
	if b.Overflowed() {
		return idle, errNoRoom
	}
	c.out.append(b.Len())
	c.out.seal()
	keyschedule.NextTraffic(c.hash(), &c.write)
	c.rekey(&c.out.protection, &c.write)
	c.keyUpdate, c.asksKeyUpdate = keyUpdateQueued, false
	return c.state, nil
}
