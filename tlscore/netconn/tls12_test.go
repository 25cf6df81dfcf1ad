package netconn_test

import (
	"crypto/tls"
	"sync"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/netconn"
)

// TestTLS12: connections of TLS 1.2 carry more than a record both ways, and clients in several goroutines resume sessions that they and
// the server keep.
func TestTLS12(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	server, cfg := *h.ours, *h.ours
	server.TLS12, server.ClientAuth = tlscore.TLS12Server(), tlscore.NoClientCert
	server.SessionCache = &tlscore.SessionCache{Slots: make([]tlscore.CachedSession, 4)}
	if _, err := netconn.Server(nil, &server); err == nil {
		t.Error("a session cache without a guard is accepted")
	}
	server.SessionCache.Guard = new(sync.Mutex)
	address := echoServer(t, &server)

	cfg.TLS12, cfg.MaxVersion = tlscore.TLS12Client(), tls.VersionTLS12
	cfg.Sessions = &tlscore.Sessions{Guard: new(sync.Mutex)}
	visit(t, address, &cfg, 3, 50_000, tls.VersionTLS12)
}
