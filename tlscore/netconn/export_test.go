package netconn

import (
	"net"

	"colibri/tlscore"
)

// Shared is the memory of all connections.
var Shared tlscore.Memory = &shared

// ServerIn is Server with a memory of its own.
func ServerIn(transport net.Conn, cfg *tlscore.Config, mem tlscore.Memory) (*Conn, error) {
	c := newConn(transport, cfg)
	return c, c.tls.Server(&c.cfg, mem)
}
