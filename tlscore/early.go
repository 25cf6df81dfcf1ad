package tlscore

// EarlyData allows early data, or 0-RTT (RFC 8446, section 2.3): a client that resumes a session sends a request in its first flight,
// with a key that is derived from the session alone, and gets the answer one round trip earlier. EarlyDataServer and EarlyDataClient
// make it; a program that calls neither links nothing of it. Early data lacks two properties that TLS has otherwise:
//
//   - It can be replayed. Whoever has recorded the first flight can send it again, and the server cannot tell this from the client
//     asking again. Our server accepts each flight once, as far as it can know (see Replays). But a client whose early data was
//     rejected sends the request again itself, and of several servers that share ticket keys each may accept it once. So use early data
//     only for requests that may be answered twice: those that read, not those that count, pay, open or delete. In HTTP these are GET
//     and HEAD of resources without side effects (RFC 8470). To any other request a server answers 425 Too Early, and the client
//     asks again after the handshake.
//   - It is not forward secret. Whoever learns a ticket key of the server can read the early data of connections that used its tickets.
//
// A server gives it memory, and asks for all that it reads whether it is early data. Only EventHandshakeDone proves that the client is
// there now; but nobody else can read the answer.
//
//	replays := &tlscore.Replays{Slots: make([]tlscore.SeenHello, 16)}     // 16 such connections in 20 seconds
//	cfg.EarlyData = tlscore.EarlyDataServer(replays)
//	...
//	if w := c.ReadWindow(); len(w) > 0 { c.Consumed(use(w, c.Early())) } // and answer by WriteWindow, at once
//
// A client writes a request that may be answered twice before it waits for the handshake:
//
//	cfg.EarlyData = tlscore.EarlyDataClient()                             // besides Sessions
//	...
//	c.Written(copy(c.EarlyWindow(), request))                             // nothing if there is no session for it
//	c.Flush()
//	...
//	if c.HandshakeDone() && c.Info().Early != tlscore.EarlyAccepted { ... } // write it, again or for the first time
type EarlyData struct {
	row *row // that is added to the flow table of our role

	// A server's.
	watch   func(c *Conn)                                         // a connection begins
	judge   func(c *Conn, binder []byte, age uint32) EarlyOutcome // the client resumes, and offers early data
	begin   func(c *Conn)                                         // behind the ClientHello, of who has offered early data
	promise func(c *Conn) (most uint16, protocol protocolHash)    // for a ticket
	replays *Replays

	// A client's.
	offer    func(c *Conn) // a connection begins
	protect  func(c *Conn) error
	retry    func(c *Conn)                      // a HelloRetryRequest came
	answered func(c *Conn, accepted bool) error // EncryptedExtensions came
}

// EarlyOutcome says what became of the early data of a connection.
type EarlyOutcome uint8

const (
	// NoEarlyData: the client has offered none.
	NoEarlyData EarlyOutcome = iota
	// EarlyOffered: a client has offered some, and the server has not answered.
	EarlyOffered
	// EarlyAccepted: it is a part of the stream.
	EarlyAccepted

	// All others are rejections. A client knows the first three only.

	// EarlyRejected: the server does not accept it. A client is not told why.
	EarlyRejected
	// EarlyRetried: the server has asked for another ClientHello (HelloRetryRequest).
	EarlyRetried
	// EarlyNotResumed: the session is not resumed, or not with the first of the tickets that were offered.
	EarlyNotResumed
	// EarlyOtherProtocol: another application protocol was negotiated than in the session.
	EarlyOtherProtocol
	// EarlyStale: the ClientHello was made too long ago, or the client's clock is wrong.
	EarlyStale
	// EarlyReplayed: the ClientHello has come before.
	EarlyReplayed
	// EarlyTooSoon: the ClientHello may have come before the server started.
	EarlyTooSoon
	// EarlyCrowded: there is no room to remember the ClientHello.
	EarlyCrowded
)

func (o EarlyOutcome) rejected() bool { return o > EarlyAccepted }

var earlyNames = [...]string{
	NoEarlyData:        "no early data",
	EarlyOffered:       "offered",
	EarlyAccepted:      "accepted",
	EarlyRejected:      "rejected",
	EarlyRetried:       "rejected: the server asked for another ClientHello",
	EarlyNotResumed:    "rejected: the session is not resumed",
	EarlyOtherProtocol: "rejected: it is for another application protocol",
	EarlyStale:         "rejected: it is too old, or the client's clock is wrong",
	EarlyReplayed:      "rejected: it has come before",
	EarlyTooSoon:       "rejected: it may have come before the server started",
	EarlyCrowded:       "rejected: too many have come to remember",
}

// String says it in words.
func (o EarlyOutcome) String() string {
	if int(o) < len(earlyNames) {
		return earlyNames[o]
	}
	return "unknown"
}

// Early reports, for a server, whether the plaintext in ReadWindow, or the next to come there, is early data of the client.
func (c *Conn) Early() bool { return c.state == expectEndOfEarlyData }

// answersEarly reports whether we are a server that has accepted early data and may answer before the handshake is done.
func (c *Conn) answersEarly() bool {
	return c.early == EarlyAccepted && c.state >= expectEndOfEarlyData && c.state <= sendNewSessionTicket
}

// writesEarly reports whether we are a client that may write early data: from its ClientHello until it has sent EndOfEarlyData, unless the
// server rejects it.
func (c *Conn) writesEarly() bool {
	return (c.early == EarlyOffered || c.early == EarlyAccepted) && c.state > sendClientHello && c.state <= sendEndOfEarlyData &&
		c.client && c.err == nil
}

// EarlyWindow returns room for early data. It is for a client with Config.EarlyData that resumes a session whose server accepts
// early data. Use it with Written and Flush like WriteWindow. The handshake waits while the caller holds it.
//
// It is empty if no early data can be written: the session allows none, the server's limit is reached, the handshake is done, or
// the server has rejected the early data. In the last case EventEarlyData comes, and Conn.Info().Early is not EarlyAccepted. The
// server then has not seen anything that was written early: write it again after the handshake, if it is still wanted.
func (c *Conn) EarlyWindow() []byte {
	if !c.writesEarly() || c.earlyLeft == 0 {
		return nil
	}
	w := c.lend()
	return w[:min(len(w), c.earlyLeft)]
}

// earlyTerms are what a ticket says of early data.
type earlyTerms struct {
	ageAdd   uint32       // what the client adds to the age of the ticket
	most     uint16       // bytes; 0: none
	protocol protocolHash // of the session
}

// earlyTermsSize is as much as fits before a ticket takes another block of AES.
const earlyTermsSize = 4 + 2 + len(protocolHash{})

// protocolHash is the start of the SHA-256 of an application protocol. It is compared with others of one configuration only.
type protocolHash [8]byte

func (t *earlyTerms) put(p []byte) {
	putUint(p[:4], uint64(t.ageAdd))
	putUint(p[4:6], uint64(t.most))
	copy(p[6:], t.protocol[:])
}

func (t *earlyTerms) get(p []byte) {
	t.ageAdd, t.most = uint32(getUint(p[:4])), uint16(getUint(p[4:6]))
	copy(t.protocol[:], p[6:earlyTermsSize])
}
