package netconn_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/netconn"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// What happens while a goroutine is blocked in the transport. Over a net.Pipe every Write blocks until the peer reads.

// ledger is a memory that counts the buffers it has lent.
type ledger struct {
	tlscore.Memory
	lent atomic.Int32
}

func newLedger() *ledger { return &ledger{Memory: netconn.Shared} }

func (l *ledger) Borrow(n int, sending bool) []byte {
	l.lent.Add(1)
	return l.Memory.Borrow(n, sending)
}

func (l *ledger) GiveBack(b []byte) {
	l.lent.Add(-1)
	l.Memory.GiveBack(b)
}

// spy is a transport that tells how many goroutines write to it, and takes its time to set deadlines.
type spy struct {
	net.Conn
	writers atomic.Int32
}

func (s *spy) Write(p []byte) (int, error) {
	s.writers.Add(1)
	defer s.writers.Add(-1)
	return s.Conn.Write(p)
}

func (s *spy) SetDeadline(t time.Time) error {
	time.Sleep(10 * time.Millisecond)
	return s.Conn.SetDeadline(t)
}

// awaitWriter waits until a goroutine writes.
func (s *spy) awaitWriter() {
	for s.writers.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
}

// newPipe returns the ends of a net.Pipe for a server and its client.
func newPipe(t *testing.T) (*spy, *spy) {
	near, far := net.Pipe()
	near.SetDeadline(time.Now().Add(limit / 4))
	far.SetDeadline(time.Now().Add(limit / 4))
	t.Cleanup(func() {
		near.Close()
		far.Close()
	})
	return &spy{Conn: near}, &spy{Conn: far}
}

// piped shakes hands between a server of ours that borrows from mem and a client of crypto/tls.
func (h *house) piped(t *testing.T, mem tlscore.Memory) (*netconn.Conn, *spy, *tls.Conn) {
	t.Helper()
	near, far := newPipe(t)
	server, err := netconn.ServerIn(near, h.ours, mem)
	check(t, err)
	client := tls.Client(far, h.client)
	done := make(chan error, 1)
	go func() { done <- client.Handshake() }()
	check(t, server.Handshake())
	check(t, <-done)
	return server, near, client
}

// puppeteer is a transport whose Read returns what the test says, when it says so, even if it was closed meanwhile.
type puppeteer struct {
	net.Conn
	reading chan struct{}
	arrive  chan []byte // nil: net.ErrClosed
	closed  chan struct{}
}

func (p *puppeteer) Read(b []byte) (int, error) {
	p.reading <- struct{}{}
	if arrived := <-p.arrive; arrived != nil {
		return copy(b, arrived), nil
	}
	return 0, net.ErrClosed
}

func (p *puppeteer) Write(b []byte) (int, error)      { return len(b), nil }
func (p *puppeteer) SetWriteDeadline(time.Time) error { return nil }

func (p *puppeteer) Close() error {
	close(p.closed)
	return nil
}

// TestBufferStaysWithItsReader: a buffer that a blocked Read of the transport may still fill is not lent to anybody else, and is
// given back once that Read is over.
func TestBufferStaysWithItsReader(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	for name, end := range map[string]func(c *netconn.Conn, transport *puppeteer, readReturns func()){
		"CloseWrite": func(c *netconn.Conn, _ *puppeteer, readReturns func()) {
			check(t, c.CloseWrite())
			readReturns()
		},
		"Close": func(c *netconn.Conn, transport *puppeteer, readReturns func()) {
			closed := make(chan error)
			go func() { closed <- c.Close() }()
			<-transport.closed
			time.Sleep(10 * time.Millisecond) // Time to do it wrong.
			readReturns()
			check(t, <-closed)
		},
	} {
		t.Run(name, func(t *testing.T) {
			mem := newLedger()
			transport := &puppeteer{reading: make(chan struct{}), arrive: make(chan []byte), closed: make(chan struct{})}
			c, err := netconn.ServerIn(transport, h.ours, mem)
			check(t, err)
			failed := make(chan error)
			go func() { failed <- c.Handshake() }()
			<-transport.reading
			transport.arrive <- []byte{byte(record.Handshake), 3, 1, 2, 0} // A header; what follows needs a buffer.
			<-transport.reading
			end(c, transport, func() {
				if n := mem.lent.Load(); n != 1 {
					t.Errorf("%d buffers are lent while the transport fills one", n)
				}
				transport.arrive <- nil
				if err := <-failed; err == nil {
					t.Error("the handshake succeeded")
				}
			})
			if n := mem.lent.Load(); n != 0 {
				t.Errorf("%d buffers were not given back", n)
			}
		})
	}
}

func TestMemoryClearsWhatItTakesBack(t *testing.T) {
	b := netconn.Shared.Borrow(1, false)
	copy(b[len(b)-6:], "secret")
	netconn.Shared.GiveBack(b)
	if slices.Max(b) != 0 {
		t.Error("the next connection gets what this one received")
	}
}

func TestEmptyWriteHoldsNoBuffer(t *testing.T) {
	mem := newLedger()
	server, _, _ := newHouse(t, ca.ECDSA).piped(t, mem)
	if n, err := server.Write(nil); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if n := mem.lent.Load(); n != 0 {
		t.Errorf("%d buffers are lent", n)
	}
}

// TestReadersShareTheStream: every byte goes to one of several readers, and none of them gets nothing without an error.
func TestReadersShareTheStream(t *testing.T) {
	server, client := newHouse(t, ca.ECDSA).pair(t)
	sent := make([]byte, 5000)
	rand.Read(sent)
	go func() {
		for i := range sent {
			client.Write(sent[i : i+1])
		}
		client.Close()
	}()
	var wait sync.WaitGroup
	var got [256]atomic.Int32 // How often each byte came.
	for range 4 {
		wait.Go(func() {
			p := make([]byte, 10)
			for {
				n, err := server.Read(p)
				for _, b := range p[:n] {
					got[b].Add(1)
				}
				if err == io.EOF {
					return
				}
				if n == 0 || err != nil {
					t.Errorf("Read returned %d, %v", n, err)
					return
				}
			}
		})
	}
	wait.Wait()
	for b := range got {
		if n := bytes.Count(sent, []byte{byte(b)}); int(got[b].Load()) != n {
			t.Errorf("byte %d was read %d times, and sent %d times", b, got[b].Load(), n)
		}
	}
}

// TestReadGoesOnWhileBothWrite: two peers that both write before they read wait for each other only until they read.
func TestReadGoesOnWhileBothWrite(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	h.ours.ClientAuth = tlscore.NoClientCert
	near, far := newPipe(t)
	server, err := netconn.Server(near, h.ours)
	check(t, err)
	client, err := netconn.Client(far, h.ours, "changeme")
	check(t, err)
	done := make(chan error, 1)
	go func() { done <- client.Handshake() }()
	check(t, server.Handshake())
	check(t, <-done)
	var wait sync.WaitGroup
	const size = 50_000
	for _, c := range []*netconn.Conn{server, client} {
		wait.Go(func() {
			if _, err := c.Write(make([]byte, size)); err != nil {
				t.Errorf("Write: %v", err)
			}
		})
	}
	near.awaitWriter()
	far.awaitWriter()
	for _, c := range []*netconn.Conn{server, client} {
		wait.Go(func() {
			if n, err := io.ReadFull(c, make([]byte, size)); err != nil {
				t.Errorf("Read after %d bytes: %v", n, err)
			}
		})
	}
	wait.Wait()
}

// TestKeyUpdateIsAnsweredByTheNextWrite: a reader that is asked for new keys reads on without sending, as its peer may not read
// just now; the answer comes before the next data.
func TestKeyUpdateIsAnsweredByTheNextWrite(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	h.ours.ClientAuth = tlscore.NoClientCert
	near, far := newPipe(t)
	server, err := netconn.Server(near, h.ours)
	check(t, err)
	served := make(chan error, 1)
	go func() { served <- server.Handshake() }()
	client := puppet.New()
	send := func(p []byte) {
		t.Helper()
		_, err := far.Write(p)
		check(t, err)
	}
	takeUntil := func(done func() bool) {
		t.Helper()
		for p := make([]byte, 1<<14); !done(); {
			n, err := far.Read(p)
			check(t, err)
			check(t, client.Take(p[:n]))
		}
	}
	send(client.Record(record.Handshake, client.Hello()))
	takeUntil(func() bool { return client.Established })
	send(client.Record(record.Handshake, client.Finished()))
	client.Confirm()
	check(t, <-served)

	read := make(chan error, 1)
	go func() {
		_, err := io.ReadFull(server, make([]byte, 2))
		read <- err
	}()
	send(client.Record(record.ApplicationData, []byte("a")))
	send(client.Record(record.Handshake, []byte{byte(wire.TypeKeyUpdate), 0, 0, 1, byte(wire.UpdateRequested)}))
	client.UpdateKeys()
	send(client.Record(record.ApplicationData, []byte("b")))
	check(t, <-read)
	go server.Write([]byte("c"))
	takeUntil(func() bool { return len(client.AppData) > 0 })
	if last := client.Messages[len(client.Messages)-1]; last != wire.TypeKeyUpdate {
		t.Errorf("the last message is of type %d", last)
	}
}

// TestWriteErrorIsForGood: after a Write that timed out nothing is sent twice, and the peer can still be read.
func TestWriteErrorIsForGood(t *testing.T) {
	server, _, client := newHouse(t, ca.ECDSA).piped(t, netconn.Shared)
	server.SetWriteDeadline(time.Now().Add(10 * time.Millisecond))
	_, first := server.Write([]byte("payment"))
	if !errors.Is(first, os.ErrDeadlineExceeded) {
		t.Fatal(first)
	}
	server.SetWriteDeadline(time.Now().Add(limit))
	go client.Write([]byte("hello"))
	if n, err := server.Read(make([]byte, 10)); n != 5 || err != nil {
		t.Errorf("Read: %d, %v", n, err)
	}
	go io.Copy(io.Discard, client)
	if n, err := server.Write([]byte("payment")); n != 0 || err != first {
		t.Errorf("the second Write: %d, %v", n, err)
	}
}

// TestReaderSendsTheAlert: the peer learns at once that what it sent is bad, not only when the connection is closed.
func TestReaderSendsTheAlert(t *testing.T) {
	server, _, client := newHouse(t, ca.ECDSA).piped(t, netconn.Shared)
	read := make(chan error, 1)
	go func() {
		_, err := server.Read(make([]byte, 1))
		read <- err
	}()
	_, err := client.NetConn().Write(append([]byte{byte(record.ApplicationData), 3, 3, 0, 32}, make([]byte, 32)...))
	check(t, err)
	if _, err := client.Read(make([]byte, 1)); err == nil || !strings.Contains(err.Error(), "bad record MAC") {
		t.Errorf("the client: %v", err)
	}
	if err := <-read; err != record.ErrBadMAC {
		t.Errorf("the server: %v", err)
	}
}

func TestCloseIsPrompt(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	prompt := func(t *testing.T, c *netconn.Conn) {
		t.Helper()
		start := time.Now()
		check(t, c.Close())
		if took := time.Since(start); took > 300*time.Millisecond {
			t.Errorf("Close took %v", took)
		}
	}
	t.Run("before the handshake", func(t *testing.T) {
		server, _ := h.pair(t)
		prompt(t, server)
	})
	t.Run("while a Write is blocked", func(t *testing.T) {
		server, near, _ := h.piped(t, netconn.Shared)
		wrote := make(chan error, 1)
		go func() {
			_, err := server.Write([]byte("nobody reads this"))
			wrote <- err
		}()
		near.awaitWriter()
		prompt(t, server)
		if err := <-wrote; err == nil {
			t.Error("Write succeeded")
		}
	})
}

// TestCancelAtTheEndOfTheHandshake: a context that is cancelled as the handshake ends is reported, and leaves no deadline
// behind.
func TestCancelAtTheEndOfTheHandshake(t *testing.T) {
	h := newHouse(t, ca.ECDSA)
	ctx, cancel := context.WithCancel(context.Background())
	h.ours.Events = func(_ *tlscore.Conn, e tlscore.Event) {
		if e.Kind == tlscore.EventHandshakeDone {
			cancel()
		}
	}
	near, far := newPipe(t)
	server, err := netconn.Server(near, h.ours)
	check(t, err)
	go func() {
		client := tls.Client(far, h.client)
		io.Copy(client, client)
	}()
	if err := server.HandshakeContext(ctx); err != context.Canceled {
		t.Errorf("HandshakeContext: %v", err)
	}
	time.Sleep(50 * time.Millisecond) // A deadline that is still to come has come.
	_, err = server.Write([]byte("ping"))
	check(t, err)
	_, err = io.ReadFull(server, make([]byte, 4))
	check(t, err)
}
