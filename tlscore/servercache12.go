package tlscore

import (
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/wire"
)

// SessionCache is where a server keeps sessions of TLS 1.2 that clients resume by session ID (RFC 5246, section 7.4.1.2).
// Clients that know tickets do not need it if the server has Config.Tickets. A session is forgotten when it is a day old, when
// its slot is needed for a newer one, or when a connection that uses it ends with a fatal alert (RFC 5246, section 7.2.2).
type SessionCache struct {
	// Guard, if not nil, is locked for a moment each time that the slots are used. It is needed if connections run in several
	// goroutines. It must not change after the first use.
	Guard Locker

	// Slots is the memory, about 200 bytes for each session. The zero value of a slot is empty.
	Slots []CachedSession
}

// CachedSession is room for one session.
type CachedSession struct {
	id     [32]byte
	suite  SuiteID // 0: no session
	master keyschedule.Secret
	name   nameHash
	peer   sessionPeer
	issued int64 // Unix seconds
	owner  *Conn // who has made or resumed it last, as long as it lives
}

// Wipe forgets all sessions.
func (s *SessionCache) Wipe() {
	lock(s.Guard)
	defer unlock(s.Guard)
	for i := range s.Slots {
		s.Slots[i].wipe()
	}
}

// Kept returns how many sessions are there.
func (s *SessionCache) Kept() (n int) {
	lock(s.Guard)
	defer unlock(s.Guard)
	for i := range s.Slots {
		if s.Slots[i].suite != 0 {
			n++
		}
	}
	return n
}

func (s *CachedSession) wipe() {
	subtle.Wipe(s.master[:])
	*s = CachedSession{}
}

// caches reports whether this server keeps sessions; like resumes, for those without tickets.
func (c *Conn) caches() bool {
	return c.cfg.SessionCache != nil && c.cfg.resumesAnyone() && c.cfg.now() != 0
}

// find copies the master secret of the session called id to master and its client to peer, and returns its suite, 0 if there is
// none of a server of that name. It forgets those that are too old.
func (s *SessionCache) find(id []byte, now int64, name *nameHash, master *keyschedule.Secret, peer *sessionPeer) SuiteID {
	lock(s.Guard)
	defer unlock(s.Guard)
	for i := range s.Slots {
		t := &s.Slots[i]
		if now-t.issued > ticketLifetime {
			t.wipe()
		}
		if t.suite != 0 && wire.Equal(t.id[:], id) && now >= t.issued && t.name == *name {
			*master, *peer = t.master, t.peer
			return t.suite
		}
	}
	return 0
}

// own makes c the owner of the session called id, if it is there.
func (s *SessionCache) own(id []byte, c *Conn) {
	lock(s.Guard)
	defer unlock(s.Guard)
	for i := range s.Slots {
		if t := &s.Slots[i]; t.suite != 0 && wire.Equal(t.id[:], id) {
			t.owner = c
		}
	}
}

// disownSession leaves the session of c to others, or forgets it if c ends with a fatal alert.
func (c *Conn) disownSession() {
	s := c.cfg.SessionCache
	if s == nil {
		return
	}
	lock(s.Guard)
	defer unlock(s.Guard)
	for i := range s.Slots {
		switch t := &s.Slots[i]; {
		case t.owner != c:
		case c.alerted():
			t.wipe()
		default:
			t.owner = nil
		}
	}
}

// keep puts a session of owner into a slot that is empty, or that of the oldest.
func (s *SessionCache) keep(id *[32]byte, suite SuiteID, master *keyschedule.Secret, name *nameHash, peer *sessionPeer, now int64, owner *Conn) {
	lock(s.Guard)
	defer unlock(s.Guard)
	var slot *CachedSession
	for i := range s.Slots {
		if t := &s.Slots[i]; slot == nil || slot.suite != 0 && (t.suite == 0 || t.issued < slot.issued) {
			slot = t
		}
	}
	if slot != nil {
		*slot = CachedSession{*id, suite, *master, *name, *peer, now, owner}
	}
}
