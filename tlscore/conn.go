package tlscore

import (
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/record"
	"colibri/tlscore/signature"
	"colibri/tlscore/wire"
)

// Conn is one TLS connection. It does no input or output: the caller moves bytes between it and a transport through four
// windows. A window is a slice to fill or to empty, and a call that says how much of it was used.
//
//	transport -> RecvWindow/Received      ReadWindow/Consumed -> application
//	transport <- SendWindow/Sent          WriteWindow/Written <- application
//
// A window is empty while its direction has to wait for another one, so use whichever windows are not empty, in any order. A
// window stays valid until the call that belongs to it (Received for RecvWindow, and so on) or Release, whatever else is called
// in between: a host may block in its transport while it holds a window. To give a window back unused, say 0 bytes. How the
// transport cuts the stream into pieces makes no difference.
//
// Send what SendWindow returns even after an error: it is the alert.
//
// A Conn is a value in memory of the caller. When the connection is over it can be used again, by Server or Client. It must not
// be used by several goroutines at once.
type Conn struct {
	cfg *Config
	mem Memory
	hs  *Handshake // nil before and after the handshake

	name string // of the server, for a client
	role *role
	err  error

	// What is small stands together, which saves the room between.
	state         state
	client        bool
	tls12         bool      // TLS 1.2 was negotiated
	resumed       bool      // the handshake continued an earlier session
	peerClosed    bool      // close_notify came
	closed        bool      // close_notify was queued
	eof           bool      // the transport has ended
	worked        bool      // with Config.Stepwise: this call has done its one operation
	later         bool      // another one is to be done
	keyUpdate     keyUpdate // of our direction
	asksKeyUpdate bool      // the KeyUpdate that is owed is to ask for another
	early         EarlyOutcome
	useless       uint8 // records in a row that carried nothing
	tickets       uint8 // NewSessionTickets in a row
	group         GroupID
	peerScheme    signature.Scheme // that the peer signed with

	earlyLeft int // bytes of early data that may still come (if it is refused: to be skipped), or that a client may still write

	in    inbound
	out   outbound
	last  lastWords
	suite *suite
	read  keyschedule.Secret // application traffic secret of the peer
	write keyschedule.Secret // application traffic secret of ours
	alpn  string
}

// Server makes c the server's end of a new connection, with the configuration cfg and memory from mem. The connection waits for
// a ClientHello. After an error c cannot be used and holds no memory. ErrPoolEmpty means that mem has no room for a handshake
// now; all other errors say what is wrong with cfg or mem.
func (c *Conn) Server(cfg *Config, mem Memory) error {
	c.Release()
	if err := cfg.checkServer(); err != nil {
		return err
	}
	err := c.borrow(cfg, mem, cfg.ClientAuth != NoClientCert)
	if cfg.Cookies != nil && (err == nil || is(err, ErrPoolEmpty)) {
		c.releaseHandshake() // It will be borrowed when there is a ClientHello.
	} else if err != nil {
		return err
	}
	c.role, c.state = &server13, expectClientHello
	if e := cfg.EarlyData; e != nil {
		e.watch(c)
	}
	return nil
}

// Client makes c the client's end of a new connection to the server called name, with the configuration cfg and memory from mem.
// name is a host name, in A-labels if it is internationalised, or an IP address. SendWindow then has the ClientHello. Errors are
// as for Server.
func (c *Conn) Client(cfg *Config, mem Memory, name string) error {
	c.Release()
	if last := len(name) - 1; last > 0 && name[last] == '.' {
		name = name[:last] // RFC 6066, section 3: a name is sent without its trailing dot.
	}
	if err := cfg.checkClient(name); err != nil {
		return err
	}
	if err := c.borrow(cfg, mem, cfg.judges()); err != nil {
		return err
	}
	c.client, c.name = true, name
	if !cfg.WithoutKeyExchange {
		c.group = cfg.shareGroup()
	}
	c.role, c.state = &client13, sendClientHello
	c.lendSession()
	if e := cfg.EarlyData; e != nil {
		e.offer(c)
	}
	c.run()
	return nil
}

// borrow starts a connection's life with a handshake from mem, which must have a verifier too if we are to verify.
func (c *Conn) borrow(cfg *Config, mem Memory, verifies bool) error {
	v := mem.BorrowVerifier()
	able := v != nil && (v.RSA() || !cfg.onlyRSA())
	if v != nil {
		mem.GiveBackVerifier(v)
	}
	if verifies && !able {
		return ErrPoolTooSmall
	}
	c.cfg, c.mem = cfg, mem
	c.in.reset()
	c.out.limit = uint16(cfg.MaxFragment)
	if !c.borrowHandshake() {
		if cfg.Cookies == nil {
			c.cfg, c.mem = nil, nil
		}
		return ErrPoolEmpty
	}
	if cfg.MLDSA != nil && c.hs.room == nil {
		c.releaseHandshake()
		c.cfg, c.mem = nil, nil
		return ErrNoMLDSARoom
	}
	return nil
}

// borrowHandshake makes sure that the connection has a handshake, if there is one to be had.
func (c *Conn) borrowHandshake() bool {
	if c.hs != nil {
		return true
	}
	if c.hs = c.mem.BorrowHandshake(); c.hs == nil {
		return false
	}
	if v := c.mem.BorrowVerifier(); v != nil {
		c.hs.withoutRSA = !v.RSA()
		c.mem.GiveBackVerifier(v)
	}
	return true
}

// Err returns why the connection failed, or nil if it has not. The error is an Error, a PeerAlert, a Refusal, a wire.Error, a
// record.Error or an x509lite.Error, or what Config.Veto returned.
func (c *Conn) Err() error { return c.err }

// HandshakeDone reports whether the handshake is complete: both sides have confirmed it.
func (c *Conn) HandshakeDone() bool { return c.state == established }

// PeerClosed reports whether the peer has sent close_notify: it will send nothing more.
func (c *Conn) PeerClosed() bool { return c.peerClosed }

// Closed reports whether we have ended our direction, by Close or because of an error, and everything has been sent. The peer
// may still be sending: see PeerClosed.
func (c *Conn) Closed() bool { return (c.closed || c.err != nil) && len(c.SendWindow()) == 0 }

// Info is what was negotiated. Its fields are set once EventHandshakeDone has come.
type Info struct {
	Version uint16  // 0x0304: TLS 1.3; 0x0303: TLS 1.2
	Suite   SuiteID // the cipher suite
	Group   GroupID // the group of the key exchange, in TLS 1.2 of the first one of a session; 0 if there was none
	Resumed bool    // whether the handshake continued an earlier session
	ALPN    string  // the application protocol, "" if none was negotiated

	// Early says whether the client sent data before the handshake was done, and what became of it.
	Early EarlyOutcome

	// PeerScheme is the signature scheme by which the peer proved who it is, 0 if it did not have to.
	PeerScheme signature.Scheme
}

// Info returns what was negotiated.
func (c *Conn) Info() Info {
	i := Info{Version: wire.VersionTLS13, Group: c.group, Resumed: c.resumed, ALPN: c.alpn, Early: c.early, PeerScheme: c.peerScheme}
	if c.tls12 {
		i.Version = wire.VersionTLS12
	}
	if c.suite != nil {
		i.Suite = c.suite.id
	}
	return i
}

// RecvWindow returns where the next bytes from the transport go. It never reaches beyond the end of the current record. It is
// empty while plaintext waits to be consumed, while the connection is Working, while the pool has no free buffer, and when the
// connection wants nothing more. Because it may borrow a buffer, call it only when the transport has something to read.
func (c *Conn) RecvWindow() []byte {
	if c.helloWaits() {
		if c.run(); c.helloWaits() {
			return nil
		}
	}
	if c.err != nil || c.peerClosed || c.state == idle || c.sending() || c.Working() {
		return nil // Where a message is worked on, which goes then, no window may stand behind it.
	}
	w, err := c.in.window(c.mem)
	if err != nil {
		c.fail(err)
	}
	return w
}

// Received says that n bytes of RecvWindow were filled, and processes them.
func (c *Conn) Received(n int) {
	if n < 0 || n > 0 && !c.in.lent || n > c.in.missing() {
		c.fail(ErrMisuse)
		return
	}
	if c.mem != nil && c.in.received(n, c.mem) {
		c.run()
	}
}

// RecvEOF says that the transport will deliver nothing more. Plaintext that was received before can still be read.
func (c *Conn) RecvEOF() {
	c.eof = true
	c.run()
}

// SendWindow returns the bytes to send on the transport.
func (c *Conn) SendWindow() []byte {
	if c.out.buf == nil && c.sending() || c.helloWaits() {
		c.run() // There may be a buffer by now.
	}
	if w := c.out.buf[c.out.sent:c.out.end]; len(w) > 0 {
		return w
	}
	return c.last.record[c.last.sent:c.last.end]
}

// Sent says that the transport has taken the first n bytes of SendWindow.
func (c *Conn) Sent(n int) {
	if n < 0 || n > len(c.SendWindow()) {
		c.fail(ErrMisuse)
		return
	}
	if n > 0 && c.keyUpdate == keyUpdateQueued {
		c.keyUpdate = noKeyUpdate
	}
	if c.out.sent < c.out.end {
		c.out.sent += n
		c.out.release(c.mem)
	} else {
		c.last.sent += uint8(n)
		if c.last.closes && c.last.sent == c.last.end {
			c.last = lastWords{}
			c.alert(AlertCloseNotify)
			c.forgetSending()
		}
	}
	c.run()
}

// ReadWindow returns plaintext that came from the peer. Before the handshake is done that is early data, which only servers with
// Config.EarlyData receive: see Early.
func (c *Conn) ReadWindow() []byte { return c.in.plaintext }

// Consumed says that the application is done with the first n bytes of ReadWindow.
func (c *Conn) Consumed(n int) {
	if n < 0 || n > len(c.in.plaintext) {
		c.fail(ErrMisuse)
		return
	}
	if n > 0 {
		c.in.consume(n, c.mem)
		c.run()
	}
}

// WriteWindow returns room for plaintext of the application. It is empty while the application may not write yet (see Writable),
// after Close, and while earlier output waits for the transport. It holds a buffer until Written, Flush or Close is called, so
// call one of them even if there is nothing to write.
func (c *Conn) WriteWindow() []byte {
	if !c.Writable() || c.keyUpdate == keyUpdateOwed && !c.out.lent {
		return nil
	}
	return c.lend()
}

// Writable reports whether the application may write. It may when the handshake is done; earlier, a client may with
// Config.FalseStart, and a server may answer early data that it has accepted. Early data of clients has a window of its own:
// EarlyWindow.
func (c *Conn) Writable() bool {
	return c.err == nil && !c.closed && (c.HandshakeDone() || c.answersEarly() || c.startsFalse())
}

// startsFalse reports whether we are a client that does not wait for the server's Finished.
func (c *Conn) startsFalse() bool {
	return c.state >= expectNewSessionTicket12 && c.state <= expectServerFinished12 && !c.resumed && c.cfg.FalseStart
}

// lend returns room for plaintext, and remembers that the caller has it.
func (c *Conn) lend() []byte {
	if !c.out.borrow(c.mem, MinBuffer) {
		return nil
	}
	w := c.out.window(record.ApplicationData)
	c.out.lent = len(w) > 0
	return w
}

// Written says that n bytes of WriteWindow were filled. They are encrypted into a record when the window is full, by Flush, or
// when the connection has something else to send.
func (c *Conn) Written(n int) {
	early := c.writesEarly()
	if n < 0 || n > 0 && (!c.out.lent || n > len(c.out.window(record.ApplicationData)) || early && n > c.earlyLeft) {
		c.fail(ErrMisuse)
		return
	}
	c.out.lent = false
	if n > 0 && (early || c.Writable()) { // If neither, it was early data, and has been rejected meanwhile.
		if early {
			c.earlyLeft -= n
		}
		c.out.fill += n
		c.out.contentType = record.ApplicationData
		if c.out.full() {
			c.Flush()
			return
		}
	}
	if c.mem != nil {
		c.out.release(c.mem)
	}
	c.run()
}

// Flush encrypts what was written so far into a record, so that it can be sent.
func (c *Conn) Flush() {
	if !c.Writable() && !c.writesEarly() {
		return
	}
	c.out.lent = false
	c.out.seal()
	c.out.release(c.mem)
	if c.out.protection.Sequence() >= c.out.protection.Cipher().SealLimit() {
		if c.tls12 {
			c.fail(ErrKeyWornOut)
			return
		}
		c.keyUpdate = keyUpdateOwed
	}
	c.run()
}

// Close ends our direction: it encrypts what was written and queues close_notify. What the peer sends may still be read. Before
// the application may write (see Writable), Close gives up the handshake instead, with the alerts user_canceled and
// close_notify.
func (c *Conn) Close() {
	if c.err != nil || c.closed || c.state == idle {
		return
	}
	if !c.Writable() {
		c.fail(ErrAborted)
		return
	}
	c.out.lent = false
	c.out.seal() // Not by Flush: the keys need not be good for more than this.
	c.out.release(c.mem)
	c.closed = true
	c.keyUpdate = noKeyUpdate // close_notify is the last that we say.
	c.alert(AlertCloseNotify)
	c.forgetSending()
}

// Refuse ends the connection, during the handshake or later, and sends the alert a, for instance AlertAccessDenied or
// AlertCertificateRevoked. Err then returns Refusal(a).
func (c *Conn) Refuse(a Alert) {
	if !c.closed {
		c.fail(Refusal(a))
	}
}

// Release gives back all memory that the connection has borrowed, and forgets its secrets. Plaintext that was not consumed and
// bytes that were not sent are lost. c can be used again, by Server or Client.
func (c *Conn) Release() {
	if c.mem != nil {
		c.forget()
		c.releaseHandshake()
		c.in.lent = false
		c.in.drop(c.mem)
		c.out.drop(c.mem)
	}
	c.in.protection.Wipe()
	c.out.protection.Wipe()
	subtle.Wipe(c.read[:])
	subtle.Wipe(c.write[:])
	*c = Conn{}
}

func (c *Conn) forget() {
	if c.role.forget != nil {
		c.role.forget(c)
	}
}

func (c *Conn) releaseHandshake() {
	if c.hs != nil {
		c.hs.wipe()
		c.mem.GiveBackHandshake(c.hs)
		c.hs = nil
	}
}

// fail ends the connection because of err: it queues the alert that belongs to err, and gives back what is not needed to
// send it. Only the first error counts.
func (c *Conn) fail(err error) {
	if c.err != nil || c.state == idle {
		return
	}
	if a, ok := AlertFor(err); ok && !c.closed {
		c.alert(a)
		c.last.closes = a == AlertUserCanceled
	}
	c.err = err
	c.forget()
	c.releaseHandshake()
	c.in.drop(c.mem)
	c.in.protection.Wipe()
	subtle.Wipe(c.read[:])
	c.out.fill = 0
	c.out.release(c.mem)
	if !c.last.closes {
		c.forgetSending()
	}
	c.event(Event{Kind: EventFailed, Err: err})
}

// forgetSending wipes the keys of our direction, behind its last record.
func (c *Conn) forgetSending() {
	c.out.protection.Wipe()
	subtle.Wipe(c.write[:])
}

// lastWords is room for the one alert a connection sends, so that sending it never depends on a buffer being free. Behind one there is a
// second: who cancels a handshake says close_notify too (RFC 8446, section 6.1), when the room is free again.
type lastWords struct {
	record    [changeCipherSpecSize + record.Overhead + 2]byte
	sent, end uint8
	closes    bool // close_notify is to follow
}

// alert queues an alert (RFC 8446, section 6) behind all that was sealed; it is the last record we send. If it is also the first
// that a client protects, change_cipher_spec stands before it: to middleboxes the alert is the client's second flight.
func (c *Conn) alert(a Alert) {
	const warning, fatal = 1, 2
	level := byte(fatal)
	if a == AlertCloseNotify || a == AlertUserCanceled {
		level = warning
	}
	room := c.last.record[:]
	if c.client && !c.tls12 && c.hs != nil && !c.hs.changed && c.out.protection.Cipher() != record.None {
		putChangeCipherSpec(room)
		room = room[changeCipherSpecSize:]
	}
	content := room[c.out.protection.Head():]
	content[0], content[1] = level, byte(a)
	c.last.end = uint8(len(c.last.record) - len(room) + c.out.protection.Seal(room, record.Alert, 2))
	c.event(Event{Kind: EventAlertSent, Alert: a})
}

// judge asks the application whether to go on in view of e, and if so, reports it.
func (c *Conn) judge(e Event) error {
	if c.cfg.Veto != nil {
		if err := c.cfg.Veto(c, e); err != nil {
			return err
		}
	}
	c.event(e)
	return nil
}

func (c *Conn) event(e Event) {
	if c.cfg.Events != nil {
		c.cfg.Events(c, e)
	}
}

// rekey gives one direction the keys that follow from a traffic secret.
func (c *Conn) rekey(p *record.Protection, secret *keyschedule.Secret) { c.suite.rekey(p, secret) }

func (s *suite) rekey(p *record.Protection, secret *keyschedule.Secret) {
	var key [32]byte
	var iv [12]byte
	k := key[:s.cipher.KeySize()]
	keyschedule.TrafficKey(s.hash, k, &iv, secret)
	p.Init(s.cipher, k, &iv)
	subtle.Wipe(key[:])
	subtle.Wipe(iv[:])
}

func (c *Conn) hash() sha2.Algorithm { return c.suite.hash }
