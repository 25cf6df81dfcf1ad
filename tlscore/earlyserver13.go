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

// Replays is the memory of a server that accepts early data: it keeps it from accepting the same twice (RFC 8446, sections 8.2 and
// 8.3). A ClientHello says, under the key of its session, how old its ticket is, and so when it was made; who sends it more than Window
// before or behind that time brings no early data in, and within that time it is remembered. The rest follows from that:
//
//   - While there is no room to remember one more, early data is rejected.
//   - After a start early data is rejected that may have been accepted before it: for twice the window, in which a ClientHello may
//     be made before the start and not yet be stale. If the keys of the tickets are new with each start, there is none anyway.
//   - A clock that goes back finds the latest time that was seen: until it has passed, early data is stale.
//   - Servers that share the keys of their tickets have to share the memory too.
//
// What is rejected costs the client the round trip that it wanted to save, and nothing else: the handshake goes on.
type Replays struct {
	// Guard, if not nil, is locked while the memory is looked at, each time for a moment: connections of several goroutines need it.
	Guard Locker

	// Slots are the memory. Each remembers one ClientHello for at most twice the Window: this many connections with early data can there be
	// in that time.
	Slots []SeenHello

	// Window is how far a ClientHello may come from the time at which it says it was made, in seconds: the way here, and what clocks lose
	// between two connections. 0 stands for 10, which is what they lose in a day.
	Window int64

	// MaxEarlyData bounds the early data of a connection, in bytes; 0 stands for 1,024, and more than 14,336 for that. Less is allowed if no
	// buffer holds as much: what comes in one record then fits.
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

// EarlyDataServer is for Config.EarlyData of servers that accept early data as r allows. r must stay, and its fields must not change,
// while a connection lives.
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

// judgeEarlyData says what becomes of the early data of a client that has shown the ticket that stands open in the handshake, with the given
// binder, which is right, and an obfuscated age in milliseconds.
func (c *Conn) judgeEarlyData(binder []byte, age uint32) EarlyOutcome {
	var terms earlyTerms
	terms.get(c.hs.ticket()[ticketSealed+ticketEarly:])
	r := c.cfg.EarlyData.replays
	if terms.most == 0 {
		return EarlyRejected
	}
	if terms.protocol != hashProtocol(c.alpn) {
		return EarlyOtherProtocol
	}
	o := r.admit(binder, issued(c.hs.ticket())+int64((age-terms.ageAdd)/1000), c.cfg.now())
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
