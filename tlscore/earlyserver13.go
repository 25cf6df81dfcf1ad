package tlscore

import (
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// Early data at the server (RFC 8446, sections 4.2.10 and 8).

// serverEarly13 is what early data adds to server13.
var serverEarly13 = [...]row{
	{expectEndOfEarlyData, wire.TypeEndOfEarlyData, (*Conn).receiveEndOfEarlyData, nil, "RFC 8446, 4.5"},
}

// Replays is how a server with early data keeps from accepting the same early data twice (RFC 8446, sections 8.2 and 8.3). From
// a ClientHello the server learns, protected by the key of the session, when it was made. If that is more than Window before or
// after the time at which it arrives, its early data is rejected. If it is accepted, the ClientHello is remembered until its
// time is over. This means:
//
//   - If there is no free slot to remember a ClientHello, its early data is rejected.
//
//   - After a start, early data is rejected for twice the Window, because the same ClientHello may have been accepted before the
//     start. (If ticket keys are new after each start, there are no sessions that could send any.)
//
//   - If the clock is set back, early data counts as stale until the clock has reached the latest time that was seen before.
//
//   - Servers that share ticket keys must share one Replays, too.
//
// Early data that is rejected costs the client the round trip that it wanted to save. The handshake continues.
type Replays struct {
	// Guard, if not nil, is locked for a moment each time that the slots are used. It is needed if connections run in several
	// goroutines.
	Guard Locker

	// Slots is the memory. Each slot remembers one ClientHello for at most twice the Window, so len(Slots) is how many
	// connections can have early data accepted in that time.
	Slots []SeenHello

	// Window is how far, in seconds, the time at which a ClientHello arrives may differ from the time at which it was made: the
	// time on the way, and the error of the client's clock since the last connection. 0 means 10, which covers what a clock may
	// be wrong after a day.
	Window int64

	// MaxEarlyData is how much early data a connection may have, in bytes. 0 means 1,024; the most is 14,336. It is less if no
	// buffer is large enough to hold it in one record.
	MaxEarlyData int

	started, latest int64 // Unix seconds; 0: the time is not yet known
	early           EarlyData
}

// SeenHello is room to remember one ClientHello.
type SeenHello struct {
	id    [16]byte // the start of its binder: a MAC of the ClientHello under the key of the session
	until int64    // Unix seconds; when it is stale
}

const (
	defaultEarlyWindow = 10 // seconds

	defaultEarlyData = 1 << 10
	// mostEarlyData leaves, of what is skipped if it is rejected, an eighth for what protection adds to records.
	mostEarlyData = maxEarlyData - maxEarlyData/8
)

// EarlyDataServer is for Config.EarlyData of servers: they accept early data as far as r allows. r must exist, and its fields
// must not change, as long as connections use it.
func EarlyDataServer(r *Replays) *EarlyData {
	r.early = EarlyData{
		row:     &serverEarly13[0],
		watch:   (*Conn).watchReplays,
		judge:   (*Conn).judgeEarlyData,
		begin:   (*Conn).beginEarlyData,
		promise: (*Conn).promiseEarlyData,
		replays: r,
	}
	return &r.early
}

// watchReplays tells the memory that the server is there.
func (c *Conn) watchReplays() {
	r := c.cfg.EarlyData.replays
	lock(r.Guard)
	defer unlock(r.Guard)
	r.see(c.cfg.now())
}

// see takes note of the time. The caller holds the lock.
func (r *Replays) see(now int64) {
	if r.started == 0 {
		r.started = now
	}
	r.latest = max(r.latest, now)
}

// admit judges a ClientHello with the given binder that was made at the time made, and remembers it if its early data is accepted.
func (r *Replays) admit(binder []byte, made, now int64) EarlyOutcome {
	lock(r.Guard)
	defer unlock(r.Guard)
	r.see(now)
	window := r.Window
	if window == 0 {
		window = defaultEarlyWindow
	}
	if now < made-window || r.latest > made+window {
		return EarlyStale
	}
	if made-window < r.started {
		return EarlyTooSoon
	}
	h := SeenHello{until: made + window}
	copy(h.id[:], binder)
	var free *SeenHello
	for i := range r.Slots {
		s := &r.Slots[i]
		if s.until < r.latest {
			free = s
		} else if s.id == h.id {
			return EarlyReplayed
		}
	}
	if free == nil {
		return EarlyCrowded
	}
	*free = h
	return EarlyAccepted
}

// most returns how much early data a connection may have whose buffers hold so many bytes.
func (r *Replays) most(largest int) uint16 {
	n := r.MaxEarlyData
	if n <= 0 {
		n = defaultEarlyData
	}
	return uint16(min(n, mostEarlyData, largest-record.HeaderSize-growth))
}

func hashProtocol(name string) (h protocolHash) {
	var hash [sha2.MaxSize]byte
	sha2.Sum(sha2.SHA256, hash[:], []byte(name))
	copy(h[:], hash[:])
	return h
}

// promiseEarlyData returns what a ticket allows.
func (c *Conn) promiseEarlyData() (most uint16, protocol protocolHash) {
	return c.cfg.EarlyData.replays.most(c.mem.Largest()), hashProtocol(c.alpn)
}

// judgeEarlyData says what becomes of the early data, if there is any, of a client that has shown the ticket that stands open in the handshake,
// with the given binder, which is right, and an obfuscated age in milliseconds.
func (c *Conn) judgeEarlyData(binder []byte, age uint32) EarlyOutcome {
	var terms earlyTerms
	terms.get(c.hs.ticket()[ticketSealed+ticketEarly:])
	r := c.cfg.EarlyData.replays
	made, now := issued(c.hs.ticket())+int64((age-terms.ageAdd)/1000), c.cfg.now()
	c.event(Event{Kind: EventTicketAge, Skew: made - now})
	if terms.most == 0 || c.early != EarlyRejected {
		return c.early
	}
	if terms.protocol != hashProtocol(c.alpn) {
		return EarlyOtherProtocol
	}
	o := r.admit(binder, made, now)
	if o == EarlyAccepted {
		c.earlyLeft = int(terms.most)
	}
	return o
}

// beginEarlyData makes ready for early data that was accepted: the transcript ends with the ClientHello, and the key schedule stands at the
// early secret.
func (c *Conn) beginEarlyData() {
	h := c.hs
	switch {
	case c.early == EarlyAccepted:
		var secret keyschedule.Secret
		h.schedule.Derive(&secret, keyschedule.ClientEarlyTraffic, &h.transcript)
		c.logEarlySecret(c.suite, &secret)
		c.rekey(&c.in.protection, &secret)
		subtle.Wipe(secret[:])
	case c.early == EarlyRejected && (!c.resumed || h.psk > 0):
		c.early = EarlyNotResumed
	}
	c.event(Event{Kind: EventEarlyData})
}

// receiveEndOfEarlyData goes on to what is under the handshake traffic key, and holds the client to the limits that it did not know before.
func (c *Conn) receiveEndOfEarlyData(msg []byte) (state, error) {
	if err := c.lastUnderKey(msg); err != nil {
		return idle, err
	}
	if len(msg) != wire.HeaderSize {
		return idle, ErrMalformedMessage
	}
	c.hs.transcript.Write(msg)
	c.earlyLeft = 0
	var exts wire.EncryptedExtensions
	c.answerLimits(&exts)
	c.rekey(&c.in.protection, &c.hs.clientSecret)
	return expectClientFinished, nil
}
