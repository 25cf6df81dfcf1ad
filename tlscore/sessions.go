package tlscore

import (
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// MaxTicket is the length of the longest ticket that a client keeps without Sessions.Long, in bytes. Our own tickets have 194
// bytes, those of other servers 150 to 250, or more if they contain the client's certificate.
const MaxTicket = 1024

// maxTicketAge is the longest that a ticket may be kept, in seconds: seven days (RFC 8446, section 4.6.1).
const maxTicketAge = 7 * 24 * 60 * 60

// Sessions is where a client keeps the sessions that it can resume: two, in 2.3 KB. The zero value is empty.
//
// A session is resumed with a server of the same name, and only if the Config has the same Anchors, RawPublicKeys, PSKs,
// Profile, Legacy and Identities as when the session was made, because the server is not verified again. In TLS 1.3 each session
// is used once; in TLS 1.2, where using it once has no advantage, any number of times. A session ends when the server's
// certificate expires, or when its connection ends with a fatal alert.
//
// A connection may store its session here at any time in its life, because tickets come after the handshake. Connections that
// run in several goroutines may share Sessions that have a Guard.
type Sessions struct {
	// Guard, if not nil, is locked for a moment each time that the Sessions are used. It must not change after the first use.
	Guard Locker

	// Long, if not nil, is memory for tickets of more than MaxTicket bytes, one half for each session. Servers whose tickets
	// contain the client's chain need it: 2 KB a half with ECDSA certificates, 4 KB with RSA. A buffer must be able to hold such
	// a ticket and MinBuffer bytes more, or the session is not resumed. Long must not change after the first use.
	Long []byte

	slots [2]session
	turn  uint32 // counts what was kept
}

// session is what it takes to resume one session.
type session struct {
	use   sessionUse
	owner *Conn // who offers it, waits for its ticket, or has made or resumed it and lives
	turn  uint32

	// What has to be the same.
	server     string
	anchors    *x509lite.Anchors
	pins       *PinnedKeys
	psks       *PSKs
	profile    x509lite.Profile
	legacy     x509lite.Legacy
	identities *Identity

	tls12       session12 // whether it is one of TLS 1.2
	group       GroupID   // of the key exchange
	suite       *suite
	secret      keyschedule.Secret // the pre-shared key; while it waits for a ticket, the resumption master secret; in TLS 1.2 the master secret
	received    int64              // Unix seconds
	until       int64              // when the ticket ends
	certificate int64              // when the server's certificate ends
	ageAdd      uint32
	early       int    // bytes of early data that the server takes; 0: it takes none
	protocol    string // that was negotiated; early data is in it
	ticketLen   int
	ticket      [MaxTicket]byte
	long        []byte // a ticket that is longer, in Sessions.Long; else nil
}

type sessionUse uint8

const (
	sessionFree    sessionUse = iota
	sessionKept               // it can be resumed
	sessionOffered            // a handshake offers it
	sessionAwaited            // a connection waits for its ticket
)

// Wipe forgets all sessions. No handshake may be using s at that time.
func (s *Sessions) Wipe() {
	lock(s.Guard)
	defer unlock(s.Guard)
	for i := range s.slots {
		s.slots[i].wipe()
	}
}

// Kept returns how many sessions can be resumed.
func (s *Sessions) Kept() (n int) {
	lock(s.Guard)
	defer unlock(s.Guard)
	for i := range s.slots {
		if s.slots[i].use == sessionKept {
			n++
		}
	}
	return n
}

func (s *session) wipe() {
	subtle.Wipe(s.secret[:])
	clear(s.long)
	*s = session{}
}

// name returns what a server knows s by: the ticket, or in TLS 1.2 the number.
func (s *session) name() []byte {
	if s.long != nil {
		return s.long
	}
	return s.ticket[:s.ticketLen]
}

// half returns the part of s.Long that belongs to the slot t.
func (s *Sessions) half(t *session) []byte {
	size := len(s.Long) / len(s.slots)
	for i := range s.slots {
		if t == &s.slots[i] {
			return s.Long[i*size:][:size]
		}
	}
	return nil
}

// holds reports whether there is room for a ticket of n bytes.
func (s *Sessions) holds(n int) bool { return n <= max(MaxTicket, len(s.Long)/len(s.slots)) }

// keep puts a ticket, for which there is room, into the slot t, which has none.
func (s *Sessions) keep(t *session, ticket []byte) {
	t.ticketLen = len(ticket)
	if len(ticket) > MaxTicket {
		t.long = s.half(t)[:len(ticket)]
	}
	copy(t.name(), ticket)
}

// belongs reports whether s was made by a client like c.
func (s *session) belongs(c *Conn) bool {
	return s.server == c.name && s.anchors == c.cfg.anchors() && s.pins == c.cfg.pins() && s.psks == c.cfg.PSKs && s.profile == c.cfg.Profile && s.legacy == c.cfg.Legacy &&
		s.identities == c.cfg.firstIdentity()
}

// usable reports whether the ClientHello of c, its first, may offer s.
func (s *session) usable(c *Conn) bool {
	if s.tls12 != 0 {
		return c.cfg.TLS12 != nil && c.offered12(s.suite.id) != nil
	}
	return c.cfg.speaks13() && c.fits(s.suite.hash)
}

func (cfg *Config) firstIdentity() *Identity {
	if len(cfg.Identities) == 0 {
		return nil
	}
	return &cfg.Identities[0]
}

// offer returns what s is in a ClientHello.
func (s *session) offer(now int64) offer {
	return offer{
		identity: s.name(),
		age:      uint32(now-s.received)*1000 + s.ageAdd,
		key:      s.secret[:s.suite.hash.Size()],
		hash:     s.suite.hash,
		label:    keyschedule.ResumptionBinder,
	}
}

// ownSession returns the session that c uses in the given way, nil if there is none. The caller holds the lock.
func (c *Conn) ownSession(use sessionUse) *session {
	for i := range c.cfg.Sessions.slots {
		if s := &c.cfg.Sessions.slots[i]; s.use == use && s.owner == c {
			return s
		}
	}
	return nil
}

// lentSession returns the session that the client c offers, nil if there is none. Nobody else touches it.
func (c *Conn) lentSession() *session {
	if c.cfg.Sessions == nil {
		return nil
	}
	lock(c.cfg.Sessions.Guard)
	defer unlock(c.cfg.Sessions.Guard)
	return c.ownSession(sessionOffered)
}

// lendSession gives the client c the session that it can resume, if there is one that its buffers can offer.
func (c *Conn) lendSession() {
	if c.cfg.Sessions == nil || c.cfg.WithoutKeyExchange {
		return // Sessions are resumed with a key exchange only.
	}
	s := c.cfg.Sessions.newest(c, c.cfg.now())
	if s != nil && c.sendRoom() > c.mem.Largest() {
		lock(c.cfg.Sessions.Guard)
		s.use, s.owner = sessionKept, nil
		unlock(c.cfg.Sessions.Guard)
	}
}

// newest takes the newest session for c, nil if there is none, and forgets those that have ended.
func (s *Sessions) newest(c *Conn, now int64) (best *session) {
	lock(s.Guard)
	defer unlock(s.Guard)
	for i := range s.slots {
		s := &s.slots[i]
		if s.use == sessionKept && now != 0 && (now < s.received || now >= s.until) {
			s.wipe()
		}
		if s.use == sessionKept && now != 0 && s.belongs(c) && s.usable(c) && (best == nil || s.turn > best.turn) {
			best = s
		}
	}
	if best != nil {
		best.use, best.owner = sessionOffered, c
	}
	return best
}

// awaitTicket keeps what a ticket of this connection will need: the resumption master secret, in the place of the session that was
// resumed or of the oldest one. It is the end of the client's handshake.
func (c *Conn) awaitTicket() {
	h := c.hs
	if c.cfg.Sessions == nil || c.cfg.WithoutKeyExchange || c.cfg.now() == 0 {
		c.forgetSessions()
		return
	}
	lock(c.cfg.Sessions.Guard)
	defer unlock(c.cfg.Sessions.Guard)
	s := c.ownSession(sessionOffered)
	if c.resumed {
		h.certificateEnd = s.certificate
	} else if s == nil {
		s = c.cfg.Sessions.place(c)
	}
	if s == nil {
		return
	}
	s.wipe()
	s.begin(c)
	h.schedule.Derive(&s.secret, keyschedule.ResumptionMaster, &h.transcript)
}

// begin makes of an empty slot a session of c that waits for its ticket.
func (s *session) begin(c *Conn) {
	s.use, s.owner, s.turn = sessionAwaited, c, c.cfg.Sessions.next()
	s.server, s.anchors, s.profile, s.legacy = c.name, c.cfg.anchors(), c.cfg.Profile, c.cfg.Legacy
	s.pins, s.psks, s.identities = c.cfg.pins(), c.cfg.PSKs, c.cfg.firstIdentity()
	s.suite, s.group, s.protocol, s.certificate = c.suite, c.group, c.alpn, c.hs.certificateEnd
}

func (s *Sessions) next() uint32 {
	s.turn++
	return s.turn
}

// place returns the slot for a session of c that is not there yet: best a free one, next one for the same server, last the oldest;
// never one that is being offered.
func (s *Sessions) place(c *Conn) *session {
	var best *session
	lowest := ^uint64(0)
	for i := range s.slots {
		t := &s.slots[i]
		rank := 2<<32 | uint64(t.turn)
		switch {
		case t.use == sessionOffered:
			continue
		case t.use == sessionFree:
			rank = 0
		case t.use == sessionKept && t.belongs(c):
			rank = 1 << 32
		}
		if rank < lowest {
			best, lowest = t, rank
		}
	}
	return best
}

// keepTicket makes a session of the first ticket of a connection. Those that are too long, or good for no time, are left.
func (c *Conn) keepTicket(t *wire.NewSessionTicket) {
	if c.cfg.Sessions == nil {
		return
	}
	lock(c.cfg.Sessions.Guard)
	defer unlock(c.cfg.Sessions.Guard)
	s, now := c.ownSession(sessionAwaited), c.cfg.now()
	if s == nil || now == 0 || t.Lifetime == 0 || !c.cfg.Sessions.holds(len(t.Ticket)) {
		return
	}
	s.received, s.ageAdd = now, t.AgeAdd
	s.early = int(min(t.MaxEarlyData, 1<<30))
	s.until = min(now+int64(min(t.Lifetime, maxTicketAge)), s.certificate)
	c.cfg.Sessions.keep(s, t.Ticket)
	keyschedule.ResumptionPSK(s.suite.hash, &s.secret, &s.secret, t.Nonce)
	s.use = sessionKept
}

// forgetSessions lets go of the session that c has offered, which is used up, or for whose ticket it waits. One that it has made is kept,
// unless the connection ends with a fatal alert.
func (c *Conn) forgetSessions() {
	if c.cfg.Sessions == nil {
		return
	}
	lock(c.cfg.Sessions.Guard)
	defer unlock(c.cfg.Sessions.Guard)
	for i := range c.cfg.Sessions.slots {
		switch s := &c.cfg.Sessions.slots[i]; {
		case s.owner != c:
		case s.use == sessionKept && !c.alerted():
			s.owner = nil
		default:
			s.wipe()
		}
	}
}

// alerted reports whether a fatal alert has ended the connection, the peer's or ours. Its sessions end with it (RFC 5246, section 7.2.2; RFC
// 8446, section 6.2), but for those in tickets that others have.
func (c *Conn) alerted() bool {
	if c.err == nil {
		return false
	}
	_, ours := AlertFor(c.err)
	_, theirs := c.err.(PeerAlert)
	return ours || theirs
}
