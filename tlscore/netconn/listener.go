package netconn

import (
	"net"

	"colibri/tlscore"
)

// Listener accepts TLS connections.
type Listener struct {
	net.Listener
	cfg *tlscore.Config
}

// NewListener returns a Listener that makes a TLS connection of each connection that inner accepts. If cfg cannot be used, it
// returns the error that Server would return.
func NewListener(inner net.Listener, cfg *tlscore.Config) (*Listener, error) {
	if _, err := Server(nil, cfg); err != nil {
		return nil, err
	}
	return &Listener{inner, cfg}, nil
}

// Accept waits for the next connection. The handshake has not run yet when it returns, so a slow peer does not hold up others.
func (l *Listener) Accept() (net.Conn, error) {
	transport, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c, err := Server(transport, l.cfg)
	if err != nil {
		transport.Close()
		return nil, err
	}
	return c, nil
}
