package netconn_test

import (
	"crypto/rand"
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

// echoServer starts a server that sends back what it reads, and returns its address; the test's end stops it.
func echoServer(t *testing.T, cfg *tlscore.Config) string {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	t.Cleanup(func() { inner.Close() })
	l, err := netconn.NewListener(inner, cfg)
	check(t, err)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				c.SetDeadline(time.Now().Add(limit))
				io.Copy(c, c)
			}()
		}
	}()
	return inner.Addr().String()
}

// TestClientsShareSessions: clients in several goroutines resume sessions that they share.
func TestClientsShareSessions(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	server := *h.ours
	server.ClientAuth, server.Tickets = tlscore.NoClientCert, new(tlscore.TicketKeys)
	if _, err := netconn.Server(nil, &server); err == nil {
		t.Error("ticket keys without a guard are accepted")
	}
	server.Tickets.Guard = new(sync.Mutex)
	check(t, server.Tickets.Rotate(rand.Reader))
	address := echoServer(t, &server)

	cfg := *h.ours
	cfg.Identities, cfg.Sessions = nil, new(tlscore.Sessions)
	if _, err := netconn.Client(nil, &cfg, "changeme"); err == nil {
		t.Error("sessions without a guard are accepted")
	}
	cfg.Sessions.Guard = new(sync.Mutex)
	visit(t, address, &cfg, 5, 4, tls.VersionTLS13)
}

// visit lets clients in four goroutines say n bytes to an echo server so many times each. Some of the connections must resume a session,
// and all be of the version.
func visit(t *testing.T, address string, cfg *tlscore.Config, times, n int, version uint16) {
	t.Helper()
	var resumed atomic.Int32
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range times {
				far, err := net.Dial("tcp", address)
				if err != nil {
					t.Error(err)
					return
				}
				far.SetDeadline(time.Now().Add(limit))
				c, err := netconn.Client(far, cfg, "changeme")
				if err != nil {
					t.Error(err)
					return
				}
				go c.Write(make([]byte, n))
				if _, err := io.ReadFull(c, make([]byte, n)); err != nil {
					t.Error(err)
				}
				state := c.ConnectionState()
				if state.Resumed {
					resumed.Add(1)
				}
				if state.Version != version {
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
