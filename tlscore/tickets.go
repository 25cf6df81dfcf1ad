package tlscore

import (
	"io"

	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/aesgcm"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/wire"
)

// Resumption without memory: a ticket is the session itself, sealed under a key that only the server has (RFC 8446, sections
// 2.2 and 4.6.1). A resumed handshake needs no certificate and no signature; it makes fresh keys all the same.

// TicketKeys seal and open the tickets of a server. The zero value has no key. Rotate makes one; tickets under the key
// before it can still be opened. Whoever learns a key can take over sessions that its tickets began, so rotate at least once
// a day; a ticket lives no longer than ticketLifetime anyway.
type TicketKeys struct {
	current, previous ticketKey
	rotations         uint32
}

type ticketKey struct {
	name uint32 // counts rotations, 0 for no key; it stands before each ticket
	key  aesgcm.Key
}

// Rotate makes a new key from rand, which must be cryptographically secure. The key before the last is forgotten. No
// connection may be using t meanwhile.
func (t *TicketKeys) Rotate(rand io.Reader) error {
	var key [32]byte
	if _, err := io.ReadFull(rand, key[:]); err != nil {
		return ErrNoEntropy
	}
	t.previous.key.Wipe()
	t.previous = t.current
	t.rotations++
	t.current = ticketKey{name: t.rotations}
	t.current.key.Init(key[:])
	subtle.Wipe(key[:])
	return nil
}

// ticketLifetime is how long a ticket is good for, in seconds: a day, of the seven that RFC 8446, section 4.6.1, allows.
const ticketLifetime = 24 * 60 * 60

// The layout of a ticket, in bytes: name of the key, nonce, and sealed the suite, the time of issue and the pre-shared key.
const (
	ticketNonce  = 4
	ticketSealed = ticketNonce + aesgcm.NonceSize
	ticketSecret = 2 + 8
	ticketSize   = ticketSealed + ticketSecret + keyschedule.MaxHash + aesgcm.TagSize
)

// seal writes a ticket for a session to out.
func (t *TicketKeys) seal(out *[ticketSize]byte, suite SuiteID, issued int64, psk *keyschedule.Secret, nonce *[aesgcm.NonceSize]byte) {
	putUint(out[:ticketNonce], uint64(t.current.name))
	copy(out[ticketNonce:], nonce[:])
	text := out[ticketSealed:]
	putUint(text[:2], uint64(suite))
	putUint(text[2:ticketSecret], uint64(issued))
	copy(text[ticketSecret:], psk[:])
	t.current.key.Seal(text, nonce, out[:ticketNonce])
}

// open reads a ticket; scratch is room for it. It returns false if it is not one of ours, or too old, or from the future.
func (t *TicketKeys) open(scratch *[ticketSize]byte, ticket []byte, now int64, nonce *[aesgcm.NonceSize]byte) (suite SuiteID, psk []byte, ok bool) {
	if len(ticket) != ticketSize {
		return 0, nil, false
	}
	copy(scratch[:], ticket)
	name := uint32(getUint(scratch[:ticketNonce]))
	k := &t.current
	if name != k.name {
		k = &t.previous
	}
	if name == 0 || name != k.name {
		return 0, nil, false
	}
	copy(nonce[:], scratch[ticketNonce:])
	text := scratch[ticketSealed:]
	if !k.key.Open(text, nonce, scratch[:ticketNonce]) {
		return 0, nil, false
	}
	issued := int64(getUint(text[2:ticketSecret]))
	if now < issued || now-issued > ticketLifetime {
		return 0, nil, false
	}
	return SuiteID(getUint(text[:2])), text[ticketSecret : ticketSecret+keyschedule.MaxHash], true
}

func putUint(p []byte, v uint64) {
	for i := len(p) - 1; i >= 0; i-- {
		p[i] = byte(v)
		v >>= 8
	}
}

func getUint(p []byte) (v uint64) {
	for _, b := range p {
		v = v<<8 | uint64(b)
	}
	return v
}

// resumes reports whether this server resumes sessions. One that asks clients for certificates does not: who the client is
// would have to be kept with the session, and judged anew. Neither does one without a clock, to which no ticket is young.
func (c *Conn) resumes() bool {
	return c.cfg.Tickets != nil && c.cfg.Tickets.current.name != 0 && c.cfg.ClientAuth == NoClientCert && c.cfg.now() != 0
}

// maxTickets bounds how many of a client's tickets are tried; clients send one, seldom two.
const maxTickets = 2

// tryResume looks for a ticket of ours in the ClientHello msg. If it finds one, the key schedule starts with its pre-shared
// key, and c.resumed is set. The transcript is the one before msg.
func (c *Conn) tryResume(hello *wire.ClientHello, msg []byte) error {
	h := c.hs
	if hello.Identities == nil {
		return nil
	}
	if hello.PSKModes == nil {
		return ErrMissingExtension // RFC 8446, section 4.2.9
	}
	if !c.resumes() || !contains(hello.PSKModes, wire.PSKWithKeyShares) {
		return nil
	}
	identities, binders := hello.Identities, hello.Binders
	for i := uint16(0); i < maxTickets && len(identities) > 0; i++ {
		var identity, binder []byte
		identity, binder, identities, binders = wire.NextPSK(identities, binders)
		suite, psk, ok := c.cfg.Tickets.open(&h.ticket, identity, c.cfg.now(), &h.ticketNonce)
		if !ok || suite != c.suite.id {
			continue
		}
		n := c.hash().Size()
		h.schedule.Init(c.hash(), psk[:n])
		subtle.Wipe(h.ticket[:])
		if err := c.checkBinder(binder, hello.WithoutBinders(msg)); err != nil {
			return err
		}
		c.resumed, h.psk = true, i
		return nil
	}
	return nil
}

// checkBinder checks that the client knows the pre-shared key with which the schedule has started (RFC 8446, section
// 4.2.11.2).
func (c *Conn) checkBinder(binder, truncated []byte) error {
	h := c.hs
	transcript := h.transcript
	transcript.Write(truncated)
	empty := h.transcript
	empty.Reset(c.hash())
	var key, mac keyschedule.Secret
	h.schedule.Derive(&key, keyschedule.ResumptionBinder, &empty)
	n := keyschedule.FinishedMAC(c.hash(), mac[:], &key, &transcript)
	subtle.Wipe(key[:])
	if !subtle.Equal(mac[:n], binder) {
		return ErrBadBinder
	}
	return nil
}

func contains(list []byte, v byte) bool {
	for _, b := range list {
		if b == v {
			return true
		}
	}
	return false
}

// sendNewSessionTicket gives the client a ticket, behind the handshake and under the application traffic key.
func (c *Conn) sendNewSessionTicket() (state, error) {
	h := c.hs
	var nonce [1]byte // there is one ticket for each connection
	if _, err := io.ReadFull(c.cfg.Rand, h.ticketNonce[:]); err != nil {
		return idle, ErrNoEntropy
	}
	if _, err := io.ReadFull(c.cfg.Rand, h.entropy[:4]); err != nil {
		return idle, ErrNoEntropy
	}
	var psk keyschedule.Secret
	h.schedule.Derive(&psk, keyschedule.ResumptionMaster, &h.transcript)
	keyschedule.ResumptionPSK(c.hash(), &psk, &psk, nonce[:])
	c.cfg.Tickets.seal(&h.ticket, c.suite.id, c.cfg.now(), &psk, &h.ticketNonce)
	subtle.Wipe(psk[:])
	b := c.message()
	m := wire.NewSessionTicket{
		Lifetime: ticketLifetime,
		AgeAdd:   uint32(getUint(h.entropy[:4])),
		Nonce:    nonce[:],
		Ticket:   h.ticket[:],
	}
	if c.cfg.GREASE {
		m.GREASE = h.grease(greaseSecond)
	}
	m.Append(&b)
	if b.Overflowed() {
		return idle, errNoRoom
	}
	c.out.append(b.Len())
	c.out.seal()
	return established, nil
}
