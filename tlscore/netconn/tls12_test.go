package netconn_test

import (
	"crypto/tls"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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
	var resumed atomic.Int32
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 3 {
				far, err := net.Dial("tcp", address)
				if err != nil {
					t.Error(err)
					return
				}
				far.SetDeadline(time.Now().Add(limit))
				c, err := netconn.Client(far, &cfg, "changeme")
				if err != nil {
					t.Error(err)
					return
				}
				text := make([]byte, 50_000)
				go c.Write(text)
				if _, err := io.ReadFull(c, text); err != nil {
					t.Error(err)
				}
				state := c.ConnectionState()
				if state.Resumed {
					resumed.Add(1)
				}
				if state.Version != tls.VersionTLS12 {
					t.Errorf("%+v", state)
				}
				c.Close()
			}
		})
	}
	all.Wait()
	if resumed.Load() == 0 {
		t.Error("no session was resumed")
	}
}
