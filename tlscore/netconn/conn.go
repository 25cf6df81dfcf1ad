package netconn

import (
	"context"
	"io"
	"net"
	"sync"
	"time"

	"colibri/tlscore"
)

// Conn is a TLS connection over a net.Conn. Like every net.Conn it may be used by several goroutines at once.
type Conn struct {
	transport net.Conn
	cfg       tlscore.Config

	// Locks are taken in this order, and each guards what it names. engine guards tls and all below it, and is never
	// held while the transport blocks.
	handshaking sync.Mutex // who runs the handshake
	reading     sync.Mutex // reads of the transport
	writing     sync.Mutex // the order of plaintext
	sending     sync.Mutex // writes of the transport
	engine      sync.Mutex
	tls         tlscore.Conn
	state       ConnectionState
	closed      bool
}

// ConnectionState is what is known of a connection once its handshake is done.
type ConnectionState struct {
	tlscore.Info
	ServerName      string // the name the client asked for, or connected to
	PeerCertificate []byte // DER of the certificate that the peer proved to own, nil if it showed none
}

// Server returns the server's end of a TLS connection over transport. The handshake runs with the first Read or Write, or
// by Handshake. cfg must not change while connections use it. Config.Events, if set, is called under a lock of the
// connection.
func Server(transport net.Conn, cfg *tlscore.Config) (*Conn, error) {
	c := newConn(transport, cfg)
	if err := c.tls.Server(&c.cfg, &shared); err != nil {
		return nil, err
	}
	return c, nil
}

// Client returns the client's end of a TLS connection over transport to the server called name, a host name or an IP
// address. For the rest it is like Server.
func Client(transport net.Conn, cfg *tlscore.Config, name string) (*Conn, error) {
	c := newConn(transport, cfg)
	if err := c.tls.Client(&c.cfg, &shared, name); err != nil {
		return nil, err
	}
	c.state.ServerName = name
	return c, nil
}

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
	case tlscore.EventHandshakeDone:
		c.state.Info = c.tls.Info()
	}
}

// Handshake runs the handshake if it has not run yet.
func (c *Conn) Handshake() error { return c.HandshakeContext(context.Background()) }

// HandshakeContext is Handshake, given up when ctx is done before it.
func (c *Conn) HandshakeContext(ctx context.Context) error {
	if c.handshakeDone() {
		return nil
	}
	c.handshaking.Lock()
	defer c.handshaking.Unlock()
	if c.handshakeDone() {
		return nil // Without waiting for a reader that waits for the peer.
	}
	stop := context.AfterFunc(ctx, func() { c.transport.SetDeadline(time.Unix(1, 0)) })
	err := c.receiveUntil(c.tls.HandshakeDone)
	if !stop() && ctx.Err() != nil && err != nil {
		return ctx.Err()
	}
	return err
}

func (c *Conn) handshakeDone() bool {
	c.engine.Lock()
	defer c.engine.Unlock()
	return c.tls.HandshakeDone()
}

// ConnectionState returns what was negotiated. It runs the handshake first, and is empty if that fails.
func (c *Conn) ConnectionState() ConnectionState {
	if c.Handshake() != nil {
		return ConnectionState{}
	}
	c.engine.Lock()
	defer c.engine.Unlock()
	return c.state
}

// receiveUntil moves bytes from the transport to the engine until done, asked under the engine's lock, is true. It returns
// io.EOF if the peer has ended its direction properly.
func (c *Conn) receiveUntil(done func() bool) error {
	c.reading.Lock()
	defer c.reading.Unlock()
	for handshaking := true; ; {
		if err := c.flush(handshaking); err != nil {
			return err
		}
		c.engine.Lock()
		handshaking = !c.tls.HandshakeDone()
		finished, err, eof := done(), c.failure(), c.tls.PeerClosed()
		var window []byte
		if !finished && err == nil && !eof {
			window = c.tls.RecvWindow()
		}
		c.engine.Unlock()
		switch {
		case finished:
			return nil
		case err != nil:
			return err
		case eof:
			return io.EOF
		case len(window) == 0:
			continue // RecvWindow itself failed: the next round says why.
		}
		n, err := c.transport.Read(window)
		c.engine.Lock()
		if n > 0 {
			c.tls.Received(n)
		} else if err == io.EOF {
			c.tls.RecvEOF()
			err = nil
		}
		c.engine.Unlock()
		if n == 0 && err != nil {
			return err
		}
	}
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

// flush moves what the engine has to send to the transport. If another goroutine is at it, flush waits for its turn, or,
// with wait false, leaves the work to that one: a reader must go on reading while a writer is blocked, or two peers
// that both write would wait for each other.
func (c *Conn) flush(wait bool) error {
	for len(c.sendWindow()) > 0 {
		if wait {
			c.sending.Lock()
		} else if !c.sending.TryLock() {
			return nil
		}
		err := c.drain()
		c.sending.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

// drain sends until nothing is left, under the sending lock.
func (c *Conn) drain() error {
	for {
		window := c.sendWindow()
		if len(window) == 0 {
			return nil
		}
		n, err := c.transport.Write(window)
		c.engine.Lock()
		c.tls.Sent(n)
		c.engine.Unlock()
		if err != nil {
			return err
		}
	}
}

func (c *Conn) sendWindow() []byte {
	c.engine.Lock()
	defer c.engine.Unlock()
	return c.tls.SendWindow()
}

// Read reads plaintext. It returns io.EOF after the peer's close_notify, and io.ErrUnexpectedEOF if the transport ended
// without one.
func (c *Conn) Read(p []byte) (int, error) {
	if err := c.Handshake(); err != nil || len(p) == 0 {
		return 0, err
	}
	if err := c.receiveUntil(func() bool { return len(c.tls.ReadWindow()) > 0 }); err != nil {
		return 0, err
	}
	c.engine.Lock()
	n := copy(p, c.tls.ReadWindow())
	c.tls.Consumed(n)
	c.engine.Unlock()
	return n, c.flush(false)
}

// Write writes p in as few records as it fits, and returns when the transport has taken them.
func (c *Conn) Write(p []byte) (int, error) {
	if err := c.Handshake(); err != nil {
		return 0, err
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	written := 0
	for {
		c.engine.Lock()
		err := c.failure()
		if err == nil && c.tls.Closed() {
			err = io.ErrClosedPipe
		}
		n := 0
		if err == nil {
			n = copy(c.tls.WriteWindow(), p[written:])
			c.tls.Written(n)
			c.tls.Flush()
		}
		c.engine.Unlock()
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

// CloseWrite ends our direction with close_notify; what the peer sends may still be read.
func (c *Conn) CloseWrite() error {
	c.engine.Lock()
	c.tls.Close()
	c.engine.Unlock()
	return c.flush(true)
}

// closeTimeout bounds how long Close waits for the transport to take close_notify.
const closeTimeout = 5 * time.Second

// Close sends close_notify, if it can be sent, and closes the transport.
func (c *Conn) Close() error {
	c.engine.Lock()
	if c.closed {
		c.engine.Unlock()
		return net.ErrClosed
	}
	c.tls.Close()
	c.engine.Unlock()

	c.transport.SetDeadline(time.Now().Add(closeTimeout))
	c.flush(true) // The peer may be gone; the transport is closed in any case.
	c.linger()
	err := c.transport.Close()

	// With these two held nobody moves bytes any more, and what was borrowed can go back.
	c.reading.Lock()
	defer c.reading.Unlock()
	c.sending.Lock()
	defer c.sending.Unlock()
	c.engine.Lock()
	defer c.engine.Unlock()
	c.tls.Release()
	c.closed = true
	return err
}

// lingerTimeout and lingerBytes bound how long Close waits for a peer that was refused.
const (
	lingerTimeout = 500 * time.Millisecond
	lingerBytes   = 1 << 16
)

// linger gives a peer that was refused the time to read why. A transport that is closed with bytes unread resets the
// connection, and the reset may overtake our alert; so what the peer still sends is thrown away for a while.
func (c *Conn) linger() {
	c.engine.Lock()
	refused := c.tls.Err()
	c.engine.Unlock()
	half, ok := c.transport.(interface{ CloseWrite() error })
	if _, alert := tlscore.AlertFor(refused); refused == nil || !alert || !ok || half.CloseWrite() != nil {
		return
	}
	c.transport.SetReadDeadline(time.Now().Add(lingerTimeout))
	io.CopyN(io.Discard, c.transport, lingerBytes)
}

// LocalAddr returns the address of this end of the transport.
func (c *Conn) LocalAddr() net.Addr { return c.transport.LocalAddr() }

// RemoteAddr returns the address of the peer's end of the transport.
func (c *Conn) RemoteAddr() net.Addr { return c.transport.RemoteAddr() }

// SetDeadline sets the deadlines of the transport. A write that times out leaves the connection unusable.
func (c *Conn) SetDeadline(t time.Time) error { return c.transport.SetDeadline(t) }

// SetReadDeadline sets the read deadline of the transport.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.transport.SetReadDeadline(t) }

// SetWriteDeadline sets the write deadline of the transport. A write that times out leaves the connection unusable.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.transport.SetWriteDeadline(t) }
