package tlscore

import (
	"io"

	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/aesgcm"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/wire"
)

// Resumption without memory: a ticket is the session itself, sealed with a key that only the server has (RFC 8446, sections 2.2 and
// 4.6.1). A resumed handshake needs no certificate and no signature, but in TLS 1.3 it still makes new keys.

// TicketKeys seal and open the tickets of a server. The zero value has no key; Rotate makes one. Tickets that were sealed with
// the key before the current one can still be opened, and a client that resumes with one gets a new ticket. Whoever learns a key
// can take over the sessions in its tickets, so call Rotate at least once a day. A ticket is good for at most a day.
type TicketKeys struct {
	// Guard, if not nil, is locked for a moment each time that a key is used. It is needed if connections run in several
	// goroutines. It must not change once there is a key.
	Guard Locker

	current, previous ticketKey
	rotations         uint32
	server            *ticketServer // once there is a key
}

// ticketServer is what a server of TLS 1.3 needs to resume by tickets. It is reached only from keys, so that a program that makes none
// links none of it.
type ticketServer struct {
	row  *row // that is added to the flow table
	psks serverPSKs
	open func(c *Conn, ticket []byte) []byte
}

var serverTickets13 = [...]row{
	{sendNewSessionTicket, wire.TypeNewSessionTicket, nil, (*Conn).sendNewSessionTicket, "RFC 8446, 4.6.1"},
}

var ticketServer13 = ticketServer{row: &serverTickets13[0], psks: takesPSKs, open: (*Conn).openTicket}

type ticketKey struct {
	name uint32 // counts rotations, 0 for no key; it stands before each ticket
	key  aesgcm.Key
}

// Rotate makes a new key from rand, which must be cryptographically secure, and keeps the key before it; older ones are
// forgotten. Without a Guard, no connection may be using t at that time.
func (t *TicketKeys) Rotate(rand io.Reader) error {
	var key [32]byte
	if err := random(rand, key[:]); err != nil {
		return err
	}
	lock(t.Guard)
	defer unlock(t.Guard)
	t.previous.key.Wipe()
	t.previous = t.current
	t.rotations++
	if t.server == nil {
		t.server = &ticketServer13
	}
	t.current = ticketKey{name: t.rotations}
	t.current.key.Init(key[:])
	subtle.Wipe(key[:])
	return nil
}

// ready reports whether there is a key.
func (t *TicketKeys) ready() bool {
	lock(t.Guard)
	defer unlock(t.Guard)
	return t.current.name != 0
}

// Locker is a lock, for instance a *sync.Mutex.
type Locker interface {
	Lock()
	Unlock()
}

func lock(l Locker) {
	if l != nil {
		l.Lock()
	}
}

func unlock(l Locker) {
	if l != nil {
		l.Unlock()
	}
}

// ticketLifetime is how long a ticket is good for, in seconds: a day, of the seven that RFC 8446, section 4.6.1, allows.
const ticketLifetime = 24 * 60 * 60

// The layout of a ticket, in bytes: name of the key, nonce, and sealed the suite, the time of issue, the pre-shared key
// (in TLS 1.2, whose suites are others, the master secret), what the server was called, who the client was, and what holds for early
// data.
const (
	ticketNonce  = 4
	ticketSealed = ticketNonce + aesgcm.NonceSize
	ticketSecret = 2 + 8
	ticketName   = ticketSecret + keyschedule.MaxHash
	ticketPeer   = ticketName + len(nameHash{})
	ticketGroup  = ticketPeer + 8
	ticketNote   = ticketGroup + 2
	ticketEarly  = ticketNote + SessionNoteSize
	ticketText   = ticketEarly + earlyTermsSize
	ticketSize   = ticketSealed + ticketText + aesgcm.TagSize
)

// SessionNoteSize is how much an application can note in a session, in bytes: a fingerprint, and a name.
const SessionNoteSize = 64

// sessionPeer is what a server's session keeps of the client.
type sessionPeer struct {
	group GroupID // of the key exchange in TLS 1.2, which those who resume do not repeat
	end   int64   // when the first certificate of its chain ends, in Unix seconds; 0: it has shown none; negative: PSK.sharer
	note  [SessionNoteSize]byte
}

// suits reports whether a client can resume as p with a server that lives by cfg.
func (p *sessionPeer) suits(cfg *Config, now int64) bool {
	if p.end < 0 {
		return cfg.sharer(p.end) != nil
	}
	return p.end == 0 && cfg.ClientAuth != RequireClientCert || now < p.end
}

// nameHash is the start of the SHA-256 of the server name that a client asked for, of the empty string if for none. A session is resumed only
// under the same: a server of several names is several servers (RFC 6066, section 3).
type nameHash [16]byte

func (n *nameHash) set(name []byte) {
	var hash [sha2.MaxSize]byte
	sha2.Sum(sha2.SHA256, hash[:], name)
	copy(n[:], hash[:])
}

// seal writes a ticket for a session to out.
func (t *TicketKeys) seal(out *[ticketSize]byte, suite SuiteID, issued int64, psk *keyschedule.Secret,
	name *nameHash, peer *sessionPeer, early *earlyTerms, nonce *[aesgcm.NonceSize]byte) {
	text := out[ticketSealed:]
	putUint(text[:2], uint64(suite))
	putUint(text[2:ticketSecret], uint64(issued))
	copy(text[ticketSecret:], psk[:])
	copy(text[ticketName:], name[:])
	putUint(text[ticketPeer:ticketGroup], uint64(peer.end))
	putUint(text[ticketGroup:ticketNote], uint64(peer.group))
	early.put(text[ticketEarly:ticketText])
	t.reseal(out, peer, nonce)
}

// reseal seals a ticket that stands open, with what is now noted of the client, under the current key.
func (t *TicketKeys) reseal(ticket *[ticketSize]byte, peer *sessionPeer, nonce *[aesgcm.NonceSize]byte) {
	lock(t.Guard)
	defer unlock(t.Guard)
	putUint(ticket[:ticketNonce], uint64(t.current.name))
	copy(ticket[ticketNonce:], nonce[:])
	text := ticket[ticketSealed:]
	copy(text[ticketNote:], peer.note[:])
	t.current.key.Seal(text, nonce, ticket[:ticketNonce])
}

// issued returns when a ticket that stands open was issued, in Unix seconds.
func issued(ticket *[ticketSize]byte) int64 {
	return int64(getUint(ticket[ticketSealed+2 : ticketSealed+ticketSecret]))
}

// open reads a ticket, and leaves it open in scratch; who the client was goes to peer. It returns false if it is not one of ours,
// or too old, or from the future, or of a server that was called otherwise. Otherwise stale says whether its key is not the current one.
func (t *TicketKeys) open(scratch *[ticketSize]byte, ticket []byte, now int64,
	name *nameHash, peer *sessionPeer, nonce *[aesgcm.NonceSize]byte) (suite SuiteID, psk []byte, stale, ok bool) {
	if len(ticket) != ticketSize {
		return 0, nil, false, false
	}
	lock(t.Guard)
	defer unlock(t.Guard)
	copy(scratch[:], ticket)
	number := uint32(getUint(scratch[:ticketNonce]))
	k := &t.current
	if number != k.name {
		k = &t.previous
	}
	if number == 0 || number != k.name {
		return 0, nil, false, false
	}
	copy(nonce[:], scratch[ticketNonce:])
	text := scratch[ticketSealed:]
	if !k.key.Open(text, nonce, scratch[:ticketNonce]) {
		return 0, nil, false, false
	}
	if age := now - issued(scratch); age < 0 || age > ticketLifetime || nameHash(text[ticketName:]) != *name {
		return 0, nil, false, false
	}
	peer.end = int64(getUint(text[ticketPeer:ticketGroup]))
	peer.group = GroupID(getUint(text[ticketGroup:ticketNote]))
	copy(peer.note[:], text[ticketNote:ticketEarly])
	return SuiteID(getUint(text[:2])), text[ticketSecret : ticketSecret+keyschedule.MaxHash], k == &t.previous, true
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

// resumes reports whether this server resumes sessions by tickets. One without a clock does not: to it no ticket is young.
func (c *Conn) resumes() bool {
	return c.cfg.Tickets != nil && c.cfg.Tickets.ready() && c.cfg.resumesAnyone() && c.cfg.now() != 0
}

func (cfg *Config) resumesAnyone() bool { return cfg.ClientAuth == NoClientCert || cfg.ResumeClients }

// judgeResumed lets the application judge once more the peer of a session that is resumed. Servers always have proven who they are.
func (c *Conn) judgeResumed() error {
	if end := c.hs.peer.end; end < 0 {
		return c.judge(Event{Kind: EventPSK, Name: c.cfg.sharer(end).Identity})
	} else if !c.client && (end == 0 || c.cfg.ClientAuth == NoClientCert) {
		return nil
	}
	return c.judge(Event{Kind: EventPeerResumed, Session: c.sessionNote()})
}

// sessionNote returns what Event.Session is.
func (c *Conn) sessionNote() *[SessionNoteSize]byte {
	if c.client {
		return nil
	}
	return &c.hs.peer.note
}

// openTicket returns the pre-shared key of a ticket of ours for the suite that was chosen, a part of h.public that is to be wiped; nil if
// it is none.
func (c *Conn) openTicket(ticket []byte) []byte {
	h := c.hs
	now := c.cfg.now()
	suite, psk, _, ok := c.cfg.Tickets.open(h.ticket(), ticket, now, &h.serverName, &h.peer, &h.ticketNonce)
	if !ok || suite != c.suite.id || !h.peer.suits(c.cfg, now) {
		h.peer = sessionPeer{}
		subtle.Wipe(h.ticket()[:])
		return nil
	}
	return psk[:c.hash().Size()]
}

func contains(list []byte, v byte) bool {
	for _, b := range list {
		if b == v {
			return true
		}
	}
	return false
}

// firstTicket is the nonce of the one ticket that there is for each connection.
var firstTicket [1]byte

// sendNewSessionTicket gives the client a ticket, behind the handshake and under the application traffic key.
func (c *Conn) sendNewSessionTicket() (state, error) {
	h := c.hs
	if err := random(c.cfg.Rand, h.ticketNonce[:]); err != nil {
		return idle, err
	}
	if err := random(c.cfg.Rand, h.entropy[:4]); err != nil {
		return idle, err
	}
	var psk keyschedule.Secret
	h.schedule.Derive(&psk, keyschedule.ResumptionMaster, &h.transcript)
	keyschedule.ResumptionPSK(c.hash(), &psk, &psk, firstTicket[:])
	early := earlyTerms{ageAdd: uint32(getUint(h.entropy[:4]))}
	if e := c.cfg.EarlyData; e != nil {
		early.most, early.protocol = e.promise(c)
	}
	c.cfg.Tickets.seal(h.ticket(), c.suite.id, c.cfg.now(), &psk, &h.serverName, &h.peer, &early, &h.ticketNonce)
	subtle.Wipe(psk[:])
	b := c.message()
	m := wire.NewSessionTicket{
		Lifetime:     ticketLifetime,
		AgeAdd:       early.ageAdd,
		Nonce:        firstTicket[:],
		Ticket:       h.ticket()[:],
		MaxEarlyData: uint32(early.most),
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
