//go:build unix

package sockets

import (
	"bytes"
	"crypto/sha256"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"colibri/firmware/device"
)

// echo is the smallest device: it sends back what it receives, through a buffer of its own for each
// connection.
type echo struct {
	n     *Network
	conns map[device.Socket]*echoConn
	addrs []string
}

type echoConn struct {
	buf  [4096]byte
	held []byte
	eof  bool
}

func (e *echo) poll() {
	var addr [64]byte
	for {
		s, n := e.n.Accept(addr[:])
		if s == 0 {
			break
		}
		e.conns[s] = &echoConn{}
		e.addrs = append(e.addrs, string(addr[:n]))
	}
	for s, c := range e.conns {
		e.serve(s, c)
	}
}

func (e *echo) serve(s device.Socket, c *echoConn) {
	if len(c.held) == 0 && !c.eof {
		n, err := e.n.Recv(s, c.buf[:])
		c.held, c.eof = c.buf[:n], err == io.EOF
		if err != nil && !c.eof {
			e.n.Close(s)
			delete(e.conns, s)
			return
		}
	}
	if len(c.held) > 0 {
		n, err := e.n.Send(s, c.held)
		c.held = c.held[n:]
		if err != nil {
			e.n.Close(s)
			delete(e.conns, s)
			return
		}
	}
	if c.eof && len(c.held) == 0 {
		e.n.CloseSend(s)
		e.n.Close(s)
		delete(e.conns, s)
	}
}

// start runs an echo until the test ends, and counts its rounds.
func start(t *testing.T) (addr string, rounds *atomic.Int64) {
	t.Helper()
	n, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e := &echo{n: n, conns: map[device.Socket]*echoConn{}}
	rounds = new(atomic.Int64)
	var stop atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for !stop.Load() {
			rounds.Add(1)
			e.poll()
			if err := n.Wait(-1); err != nil {
				t.Error(err)
				return
			}
		}
	}()
	t.Cleanup(func() {
		stop.Store(true)
		n.Wake()
		<-done
		for _, addr := range e.addrs {
			if a, err := netip.ParseAddrPort(addr); err != nil || !a.Addr().IsLoopback() {
				t.Errorf("remote address %q", addr)
			}
		}
		if err := n.Shut(); err != nil {
			t.Error(err)
		}
	})
	return n.Addr().String(), rounds
}

func dial(t *testing.T, addr string) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(20 * time.Second))
	return c.(*net.TCPConn)
}

func TestManyConnectionsCarryMuch(t *testing.T) {
	addr, _ := start(t)
	const conns, size = 8, 4 << 20
	results := make(chan error, conns)
	for i := range conns {
		c := dial(t, addr)
		sent, got := sha256.New(), sha256.New()
		go func() {
			random := rand.NewChaCha8([32]byte{byte(i)})
			io.CopyN(io.MultiWriter(c, sent), random, size)
			c.CloseWrite()
		}()
		go func() {
			n, err := io.Copy(got, c)
			if err == nil && (n != size || !bytes.Equal(got.Sum(nil), sent.Sum(nil))) {
				err = io.ErrUnexpectedEOF
			}
			results <- err
		}()
	}
	for range conns {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestIdleAndBlockedConnectionsSleep(t *testing.T) {
	addr, rounds := start(t)
	dial(t, addr) // idle
	blocked := dial(t, addr)
	blocked.SetWriteDeadline(time.Now().Add(300 * time.Millisecond))
	io.Copy(blocked, neverEnding{}) // until the buffers of both directions are full, for nothing is read back
	before := rounds.Load()
	time.Sleep(200 * time.Millisecond)
	if n := rounds.Load() - before; n > 5 {
		t.Errorf("%d rounds in 200 ms with nothing to do", n)
	}
}

type neverEnding struct{}

func (neverEnding) Read(p []byte) (int, error) { return len(p), nil }

func TestConnectionLeftAloneWakesNoOne(t *testing.T) {
	n, err := Listen("[::1]:0")
	if err != nil {
		if n, err = Listen("127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
	}
	defer n.Shut()
	c := dial(t, n.Addr().String())
	var s device.Socket
	for s == 0 {
		if s, _ = n.Accept(nil); s == 0 {
			n.Wait(time.Second)
		}
	}
	if got, err := n.Recv(s, make([]byte, 10)); got != 0 || err != nil {
		t.Fatal(got, err)
	}
	c.Write([]byte("data"))
	if waited := timed(func() { n.Wait(5 * time.Second) }); waited > 4*time.Second {
		t.Errorf("data woke Wait after %v", waited)
	}
	// Not asked for: it sleeps, even when the peer resets the connection.
	c.SetLinger(0)
	c.Close()
	if waited := timed(func() { n.Wait(50 * time.Millisecond) }); waited < 50*time.Millisecond {
		t.Errorf("a connection left alone ended Wait after %v", waited)
	}
	for err = error(nil); err == nil; {
		_, err = n.Recv(s, make([]byte, 10))
	}
	if err == io.EOF {
		t.Error("a reset was reported as an orderly end")
	}
	n.Wake()
	n.Wake()
	if waited := timed(func() { n.Wait(5 * time.Second) }); waited > 4*time.Second {
		t.Errorf("Wake ended Wait after %v", waited)
	}
	if waited := timed(func() { n.Wait(10 * time.Millisecond) }); waited < 10*time.Millisecond {
		t.Errorf("a second Wait returned after %v", waited)
	}
}

func TestNumbersOfClosedConnectionsAreRefused(t *testing.T) {
	n, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer n.Shut()
	for _, s := range []device.Socket{-1, 0, 1, 99} {
		if _, err := n.Recv(s, make([]byte, 1)); err != net.ErrClosed {
			t.Errorf("Recv(%d): %v", s, err)
		}
		if _, err := n.Send(s, make([]byte, 1)); err != net.ErrClosed {
			t.Errorf("Send(%d): %v", s, err)
		}
		n.CloseSend(s)
		n.Close(s)
	}
	if _, err := Listen(n.Addr().String()); err == nil {
		t.Error("two listeners on one port")
	}
}

func timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}
