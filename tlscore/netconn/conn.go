package netconn

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"colibri/tlscore"
)

// Conn is a TLS connection over a net.Conn. It may be used by several goroutines at once, like every net.Conn.
type Conn struct {
	transport net.Conn
	cfg       tlscore.Config

	// Locks are taken in this order. Only the holder of reading has a RecvWindow or consumes plaintext, only the holder of
	// writing has a WriteWindow, and only the holder of sending has a SendWindow; it takes all three to release the
	// engine's buffers. A window may be in the hands of the transport while it blocks, so these locks may be held for
	// long; engine, which guards tls and all below it, never is. Once the handshake is done a reader waits neither for
	// writing nor for sending: two peers that both write go on only because both also read.
	handshaking sync.Mutex // who runs the handshake
	reading     sync.Mutex // reads of the transport, and the order of plaintext received
	writing     sync.Mutex // the order of plaintext sent
	sending     sync.Mutex // writes of the transport
	engine      sync.Mutex
	tls         tlscore.Conn
	state       ConnectionState
	sendErr     error // why the transport takes nothing more
	closed      bool  // Close was called
}

// ConnectionState is what is known of a connection when its handshake is done.
type ConnectionState struct {
	tlscore.Info
	ServerName      string // the name the client asked for, or connected to
	PeerCertificate []byte // DER of the certificate that the peer proved to own, nil if it showed none
	PeerPublicKey   []byte // DER, the raw public key that the peer proved to own, nil if it showed a certificate or nothing
	OCSPResponse    []byte // DER, what the server sent with its certificate, unverified; nil if nothing
}

// Server returns the server's end of a TLS connection over transport. The first Read or Write runs the handshake, or Handshake
// does. cfg must not change while connections use it. Config.Events and Config.Veto are called while the connection is locked.
// Config.SessionCache and the TicketKeys of Config.Tickets and Config.Cookies must have a Guard.
func Server(transport net.Conn, cfg *tlscore.Config) (*Conn, error) {
	if cfg.Tickets != nil && cfg.Tickets.Guard == nil || cfg.Cookies != nil && cfg.Cookies.Keys.Guard == nil ||
		cfg.SessionCache != nil && cfg.SessionCache.Guard == nil {
		return nil, errUnguarded
	}
	if cfg.EarlyData != nil {
		return nil, errEarly
	}
	c := newConn(transport, cfg)
	if err := c.tls.Server(&c.cfg, memoryFor(&c.cfg)); err != nil {
		return nil, err
	}
	return c, nil
}

// Client returns the client's end of a TLS connection over transport to the server called name, a host name or an IP address.
// Otherwise it is like Server. Config.Sessions must have a Guard.
func Client(transport net.Conn, cfg *tlscore.Config, name string) (*Conn, error) {
	if cfg.Sessions != nil && cfg.Sessions.Guard == nil {
		return nil, errUnguarded
	}
	if cfg.EarlyData != nil {
		return nil, errEarly
	}
	c := newConn(transport, cfg)
	if err := c.tls.Client(&c.cfg, memoryFor(&c.cfg), name); err != nil {
		return nil, err
	}
	c.state.ServerName = name
	return c, nil
}

var errUnguarded = errors.New("netconn: Config.Tickets, Cookies, Sessions or SessionCache has no Guard, and connections run in several goroutines")

// errEarly: who reads a net.Conn takes what it reads for what its peer says now, and cannot tell.
var errEarly = errors.New("netconn: Config.EarlyData is not for a net.Conn, which cannot say what of its stream came early")

func newConn(transport net.Conn, cfg *tlscore.Config) *Conn {
	c := &Conn{transport: transport, cfg: *cfg}
	c.cfg.Events = func(tls *tlscore.Conn, e tlscore.Event) {
		c.remember(e)
		if cfg.Events != nil {
			cfg.Events(tls, e)
		}
	}
	return c
}

// remember keeps of an event what ConnectionState shows.
func (c *Conn) remember(e tlscore.Event) {
	switch e.Kind {
	case tlscore.EventClientHello:
		c.state.ServerName = string(e.Name)
	case tlscore.EventPeerCertificate:
		c.state.PeerCertificate = append([]byte(nil), e.Certificate.Raw...)
		c.state.OCSPResponse = append([]byte(nil), e.OCSP...)
	case tlscore.EventPeerRawKey:
		c.state.PeerPublicKey = append([]byte(nil), e.PublicKey...)
	case tlscore.EventHandshakeDone:
		c.state.Info = c.tls.Info()
	}
}

// Handshake runs the handshake if it has not run yet.
func (c *Conn) Handshake() error { return c.HandshakeContext(context.Background()) }

// HandshakeContext is like Handshake, but gives up when ctx is done, and then returns the error of ctx. It uses the transport's
// deadlines for this: after such an error the transport has no deadlines, whatever they were before.
func (c *Conn) HandshakeContext(ctx context.Context) error {
	return c.handshakeUntil(ctx, (*tlscore.Conn).HandshakeDone)
}

// handshakeUntil runs the handshake until reached says that it has come far enough.
func (c *Conn) handshakeUntil(ctx context.Context, reached func(*tlscore.Conn) bool) error {
	if c.is(reached) {
		return nil
	}
	c.handshaking.Lock()
	defer c.handshaking.Unlock()
	if c.is(reached) {
		return nil // Without waiting for a reader that waits for the peer.
	}
	interrupted := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		c.transport.SetDeadline(time.Unix(1, 0))
		close(interrupted)
	})
	err := c.handshake(reached)
	if stop() {
		return err
	}
	<-interrupted
	c.engine.Lock()
	defer c.engine.Unlock()
	if !c.closed { // Close has deadlines of its own.
		c.transport.SetDeadline(time.Time{})
	}
	return ctx.Err()
}

// is asks the engine.
func (c *Conn) is(question func(*tlscore.Conn) bool) bool {
	c.engine.Lock()
	defer c.engine.Unlock()
	return question(&c.tls)
}

// ConnectionState returns what was negotiated. It runs the handshake first, and returns the zero value if that fails.
func (c *Conn) ConnectionState() ConnectionState {
	if c.Handshake() != nil {
		return ConnectionState{}
	}
	c.engine.Lock()
	defer c.engine.Unlock()
	return c.state
}

// handshake sends and receives by turns until the handshake has come far enough and all of our part is sent.
func (c *Conn) handshake(reached func(*tlscore.Conn) bool) error {
	c.reading.Lock()
	defer c.reading.Unlock()
	for {
		sendErr := c.flush(true)
		c.engine.Lock()
		if _, _, pending := c.tls.PendingSignature(); pending {
			c.tls.SignFailed() // Signers of a host block until they have signed.
		}
		if c.tls.Working() {
			c.tls.Work()
			c.engine.Unlock()
			continue
		}
		done, err := reached(&c.tls), c.failure()
		c.engine.Unlock()
		switch {
		case err != nil:
			return err
		case sendErr != nil:
			return sendErr
		case done:
			return nil
		}
		if err := c.receive(); err != nil {
			return err
		}
	}
}

// receive moves what the transport has next to the engine. If the engine wants nothing, because it has failed, it does
// nothing. The caller holds reading.
func (c *Conn) receive() error {
	c.engine.Lock()
	window := c.tls.RecvWindow()
	c.engine.Unlock()
	if len(window) == 0 {
		return nil
	}
	n, err := c.transport.Read(window)
	c.engine.Lock()
	defer c.engine.Unlock()
	c.tls.Received(n) // If nothing came, too: it gives the window back.
	switch {
	case n > 0 || c.failure() != nil:
		return nil // The transport will repeat its error, or it follows from ours.
	case err == io.EOF:
		c.tls.RecvEOF()
		return nil
	}
	return err
}

// failure returns the error that ends the connection for its user.
func (c *Conn) failure() error {
	if c.closed {
		return net.ErrClosed
	}
	if err := c.tls.Err(); err == tlscore.ErrTruncated {
		return io.ErrUnexpectedEOF
	} else if err != nil {
		return err
	}
	return nil
}

// flush sends what the engine has to send. If another goroutine is at it, flush waits for its turn, or, with wait false,
// leaves the work to that one, which looks for more after its turn. An error of the transport is for good: it is not known
// what the peer has got.
func (c *Conn) flush(wait bool) error {
	for {
		window, err := c.unsent()
		if len(window) == 0 {
			return err
		}
		if wait {
			c.sending.Lock()
		} else if !c.sending.TryLock() {
			return nil
		}
		c.drain()
		c.sending.Unlock()
	}
}

// drain sends until nothing is left, or the transport fails. The caller holds sending.
func (c *Conn) drain() {
	for {
		window, _ := c.unsent()
		if len(window) == 0 {
			return
		}
		n, err := c.transport.Write(window)
		c.engine.Lock()
		c.tls.Sent(n)
		c.sendErr = err
		c.engine.Unlock()
	}
}

// unsent returns what is to be sent, or why it cannot be.
func (c *Conn) unsent() ([]byte, error) {
	c.engine.Lock()
	defer c.engine.Unlock()
	if c.sendErr != nil {
		return nil, c.sendErr
	}
	return c.tls.SendWindow(), nil
}

// Read reads plaintext. It returns io.EOF after the peer's close_notify, and io.ErrUnexpectedEOF if the transport ended without
// one. The only thing that Read sends is an alert, when what it reads is bad; the answer to a KeyUpdate goes out with the next
// Write or Close.
func (c *Conn) Read(p []byte) (int, error) {
	if err := c.Handshake(); err != nil || len(p) == 0 {
		return 0, err
	}
	c.reading.Lock()
	defer c.reading.Unlock()
	for {
		c.engine.Lock()
		n := copy(p, c.tls.ReadWindow())
		c.tls.Consumed(n)
		err, eof := c.failure(), c.tls.PeerClosed()
		c.engine.Unlock()
		switch {
		case n > 0:
			return n, nil
		case err != nil:
			c.flush(false)
			return 0, err
		case eof:
			return 0, io.EOF
		}
		if err := c.receive(); err != nil {
			return 0, err
		}
	}
}

// Write writes p in as few records as possible, and returns when the transport has taken them. After an error of the transport,
// such as a timeout, nobody knows how much the peer will read, so every later Write returns that error. Write runs the handshake
// first; with Config.FalseStart it does not wait for the end of it.
func (c *Conn) Write(p []byte) (int, error) {
	if err := c.handshakeUntil(context.Background(), (*tlscore.Conn).Writable); err != nil {
		return 0, err
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	for written := 0; ; {
		n, err := c.fill(p[written:])
		if err != nil {
			return written, err
		}
		if err := c.flush(true); err != nil {
			return written, err
		}
		if written += n; written == len(p) {
			return written, nil
		}
	}
}

// fill makes a record of as much of p as it holds, and returns how much that is. The caller holds writing.
func (c *Conn) fill(p []byte) (int, error) {
	c.engine.Lock()
	defer c.engine.Unlock()
	if err := c.failure(); err != nil {
		return 0, err
	}
	if c.tls.Closed() {
		return 0, io.ErrClosedPipe
	}
	n := copy(c.tls.WriteWindow(), p)
	c.tls.Written(n)
	c.tls.Flush()
	return n, nil
}

// CloseWrite ends our direction with close_notify. What the peer sends may still be read. Before the handshake is done, it gives
// the connection up.
func (c *Conn) CloseWrite() error {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.engine.Lock()
	closed := c.closed
	c.tls.Close()
	c.engine.Unlock()
	if closed {
		return net.ErrClosed
	}
	return c.flush(true)
}

// closeTimeout bounds how long Close waits for the transport to take close_notify.
const closeTimeout = 5 * time.Second

// Close sends close_notify and closes the transport. It does not wait for a Write in another goroutine: that Write fails, and
// the peer then gets no close_notify.
func (c *Conn) Close() error {
	c.engine.Lock()
	if c.closed {
		c.engine.Unlock()
		return net.ErrClosed
	}
	c.tls.Close()
	c.closed = true
	c.engine.Unlock()

	if c.sending.TryLock() {
		c.transport.SetWriteDeadline(time.Now().Add(closeTimeout))
		c.drain() // The peer may be gone; the transport is closed in any case.
		c.sending.Unlock()
		c.linger()
	}
	err := c.transport.Close()

	// Whoever is in the transport comes out now.
	c.reading.Lock()
	defer c.reading.Unlock()
	c.writing.Lock()
	defer c.writing.Unlock()
	c.sending.Lock()
	defer c.sending.Unlock()
	c.engine.Lock()
	defer c.engine.Unlock()
	c.tls.Release()
	return err
}

// lingerTimeout and lingerBytes bound how long Close waits for a peer that was refused.
const (
	lingerTimeout = 500 * time.Millisecond
	lingerBytes   = 1 << 16
)

// linger gives a peer that was refused the time to read why. A transport that is closed with bytes unread resets the
// connection, and the reset may overtake our alert; so what the peer still sends is thrown away for a while. A connection
// that Close itself gave up refused nobody.
func (c *Conn) linger() {
	c.engine.Lock()
	refused := c.tls.Err()
	c.engine.Unlock()
	half, ok := c.transport.(interface{ CloseWrite() error })
	if _, alert := tlscore.AlertFor(refused); refused == nil || refused == tlscore.ErrAborted || !alert || !ok ||
		half.CloseWrite() != nil {
		return
	}
	c.transport.SetReadDeadline(time.Now().Add(lingerTimeout))
	c.reading.Lock()
	defer c.reading.Unlock()
	io.CopyN(io.Discard, c.transport, lingerBytes)
}

// LocalAddr returns the address of this end of the transport.
func (c *Conn) LocalAddr() net.Addr { return c.transport.LocalAddr() }

// RemoteAddr returns the address of the peer's end of the transport.
func (c *Conn) RemoteAddr() net.Addr { return c.transport.RemoteAddr() }

// SetDeadline sets the deadlines of the transport. A Write that times out is the last: see Write.
func (c *Conn) SetDeadline(t time.Time) error { return c.transport.SetDeadline(t) }

// SetReadDeadline sets the read deadline of the transport.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.transport.SetReadDeadline(t) }

// SetWriteDeadline sets the write deadline of the transport. A Write that times out is the last: see Write.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.transport.SetWriteDeadline(t) }
