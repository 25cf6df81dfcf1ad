package sntp

import "io"

// Size is the size of a request and the least of an answer, in bytes.
const Size = 48

// MaxStep is how far an answer may move a clock that is set, in milliseconds: RFC 5905's panic threshold.
const MaxStep = 1_000_000

// Bounds of the time between requests, in milliseconds.
const (
	patience = 5_000                  // for an answer
	retry    = 15_000                 // until the first repetition: no client asks more often (RFC 4330, section 10)
	longest  = 36 * 60 * 60 * 1000    // RFC 5905's greatest poll interval, 2^17 s
	never    = int64(^uint64(0) >> 1) // in answer to DENY and RSTR
)

// Client asks a server. It belongs to one goroutine.
type Client struct {
	random   io.Reader
	floor    int64   // Unix seconds
	interval int64   // milliseconds between exchanges
	wait     int64   // milliseconds from the last request to the next, if it is not answered
	next     int64   // when the next request is due, milliseconds since the start
	sent     int64   // when the last one was
	nonce    [8]byte // what its answer brings back
	waiting  bool    // for that answer
}

// Init makes a client that draws from random, which must be unpredictable, takes no time before floor, in Unix seconds, and asks
// every interval seconds, of which there are 15 at least. The first request is due at once.
func (c *Client) Init(random io.Reader, floor, interval int64) {
	*c = Client{random: random, floor: floor, interval: min(max(interval*1000, retry), longest), wait: retry}
}

// Request writes a request to p, which must hold Size bytes, when one is due: it returns Size then, otherwise 0. mono is the time in
// milliseconds since the start.
func (c *Client) Request(p []byte, mono int64) int {
	if mono < c.next {
		return 0
	}
	c.waiting = false
	c.next = mono + c.wait
	if _, err := io.ReadFull(c.random, c.nonce[:]); err != nil {
		return 0
	}
	c.wait = min(2*c.wait, c.interval) // until there is an answer
	c.waiting, c.sent = true, mono
	p = p[:Size]
	clear(p)
	p[0] = version<<3 | modeClient
	copy(p[transmit:], c.nonce[:])
	return Size
}

// An answer (RFC 5905, section 7.3): the first byte has leap indicator, version and mode.
const (
	stratum    = 1
	rootDelay  = 4  // seconds, 16 bits before the point and 16 behind
	rootSpread = 8  // dispersion, likewise
	reference  = 12 // the code of a kiss-of-death
	updated    = 16 // timestamps: seconds since 1900, 32 bits before the point and 32 behind
	origin     = 24
	receive    = 32
	transmit   = 40

	version    = 4
	modeClient = 3
	modeServer = 4
	leapAlarm  = 3  // not synchronized
	maxStratum = 15 // 16: not synchronized
	maxSpread  = 16 // seconds, MAXDISP
)

// Answer judges a datagram that has come from the server at mono, and returns the time, in milliseconds since 1970; unix is what the
// clock says now, 0 if it is not set. An error is of type Error. One that is not to be believed does not end the wait for one that is.
func (c *Client) Answer(p []byte, mono, unix int64) (int64, error) {
	switch {
	case !c.waiting || mono-c.sent > patience:
		return 0, ErrUnasked
	case len(p) < Size || p[0]&7 != modeServer || p[0]>>3&7 != version:
		return 0, ErrFormat
	case [8]byte(p[origin:]) != c.nonce:
		return 0, ErrUnasked
	}
	c.waiting = false
	if p[stratum] == 0 {
		return 0, c.kiss([4]byte(p[reference:]))
	}
	distance := uint64(word(p[rootDelay:]))/2 + uint64(word(p[rootSpread:]))
	if p[0]>>6 == leapAlarm || p[stratum] > maxStratum || distance >= maxSpread<<16 {
		return 0, ErrUnsynced
	}
	came, went, set := stamp(p[receive:]), stamp(p[transmit:]), stamp(p[updated:])
	took := mono - c.sent // milliseconds
	held := milliseconds(went - came)
	if came == 0 || went == 0 || int64(went-came) < 0 || int64(went-set) < 0 || held > took+1 {
		return 0, ErrTimes
	}
	now := unixTime(went) + max(took-held, 0)/2
	if now < c.floor*1000 {
		return 0, ErrFloor
	}
	if unix != 0 && (now-unix > MaxStep || unix-now > MaxStep) {
		return 0, ErrStep
	}
	c.wait, c.next = retry, mono+c.interval
	return now, nil
}

// kiss obeys a kiss-of-death (RFC 5905, section 7.4).
func (c *Client) kiss(code [4]byte) Error {
	switch code {
	case [4]byte{'D', 'E', 'N', 'Y'}, [4]byte{'R', 'S', 'T', 'R'}:
		c.next = never
		return ErrDenied
	case [4]byte{'R', 'A', 'T', 'E'}:
		c.interval = min(2*c.interval, longest)
		c.wait, c.next = c.interval, c.sent+c.interval
		return ErrRate
	}
	return ErrKiss
}

// unixTime returns a timestamp as milliseconds since 1970.
func unixTime(t uint64) int64 {
	const from1900, era = 2_208_988_800, 1 << 32 // seconds
	seconds := int64(t>>32) - from1900
	if t>>63 == 0 {
		seconds += era
	}
	return seconds*1000 + milliseconds(t&(1<<32-1))
}

// milliseconds returns a difference of timestamps, rounded down.
func milliseconds(t uint64) int64 { return int64(t>>32)*1000 + int64((t&(1<<32-1))*1000>>32) }

func stamp(p []byte) uint64 { return uint64(word(p))<<32 | uint64(word(p[4:])) }

func word(p []byte) uint32 {
	return uint32(p[0])<<24 | uint32(p[1])<<16 | uint32(p[2])<<8 | uint32(p[3])
}
