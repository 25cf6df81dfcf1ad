// Package soak makes a great many connections to a device, most of them bad: handshakes that are cut off after every possible
// record, changed on the way, slow, resumed, garbage. What it does to the device's memory, others look at.
package soak

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"syscall"
	"time"
)

// Target is the device.
type Target struct {
	Address string
	Config  *tls.Config // of a client that the device lets in; with a ClientSessionCache sessions are resumed
	Path    string      // a page
	Slow    time.Duration
}

// Counts says how many connections of each kind there were.
type Counts struct{ Full, Resumed, Aborted, Malformed, Slow, Garbage int }

// Total returns the number of all.
func (c *Counts) Total() int {
	return c.Full + c.Resumed + c.Aborted + c.Malformed + c.Slow + c.Garbage
}

// String lists them.
func (c *Counts) String() string {
	return fmt.Sprintf("%d connections: %d full, %d resumed, %d aborted, %d malformed, %d slow, %d garbage",
		c.Total(), c.Full, c.Resumed, c.Aborted, c.Malformed, c.Slow, c.Garbage)
}

// Run makes n connections, workers at a time, the same ones for the same seed. It fails if one that should be served is not.
func (t *Target) Run(n, workers int, seed uint64) (Counts, error) {
	var (
		mu     sync.Mutex
		counts Counts
		errs   []error
		wg     sync.WaitGroup
	)
	for w := range workers {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(w)))
			for i := w; i < n; i += workers {
				var one Counts
				err := t.one(i, random, &one)
				mu.Lock()
				counts.add(&one)
				if err != nil {
					errs = append(errs, fmt.Errorf("connection %d: %w", i, err))
				}
				stop := len(errs) > 0
				mu.Unlock()
				if stop {
					return
				}
			}
		})
	}
	wg.Wait()
	return counts, errors.Join(errs...)
}

func (c *Counts) add(d *Counts) {
	c.Full += d.Full
	c.Resumed += d.Resumed
	c.Aborted += d.Aborted
	c.Malformed += d.Malformed
	c.Slow += d.Slow
	c.Garbage += d.Garbage
}

// patience is how long a good client tries again that the device has refused because it is full: those that were cut off before
// hold their places for a moment.
const patience = 15 * time.Second

// one makes connection number i.
func (t *Target) one(i int, random *rand.Rand, c *Counts) error {
	good := i%10 < 2 || i%10 == 8
	for begin := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		err := t.try(i, random, c)
		if !good || !isRefusal(err) || time.Since(begin) > patience {
			return err
		}
	}
}

// isRefusal reports whether a connection was closed in the face of its client.
func isRefusal(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// try makes connection number i once.
func (t *Target) try(i int, random *rand.Rand, c *Counts) error {
	raw, err := net.DialTimeout("tcp", t.Address, 10*time.Second)
	if err != nil {
		return err
	}
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(20 * time.Second))
	cfg := t.Config.Clone()
	switch i % 10 {
	case 0, 1:
		return t.fetch(raw, cfg, c)
	case 2, 3, 4, 5: // the client's records are counted: hello, then after the server's flight the rest
		c.Aborted++
		cut := &cutter{Conn: raw, left: random.IntN(8) + random.IntN(2)*random.IntN(600), bytes: random.IntN(2) == 0}
		tls.Client(cut, cfg).Handshake()
	case 6, 7:
		c.Malformed++
		cfg.ClientSessionCache = nil
		if conn := tls.Client(&changer{Conn: raw, at: random.IntN(1200), mask: byte(1 + random.IntN(255))}, cfg); conn.Handshake() == nil {
			fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", t.Path)
			io.Copy(io.Discard, conn)
		}
	case 8:
		err := t.fetch(&sloth{Conn: raw, pause: t.Slow}, cfg, nil)
		if err == nil {
			c.Slow++
		}
		return err
	case 9:
		c.Garbage++
		p := make([]byte, random.IntN(3000))
		for i := range p {
			p[i] = byte(random.Uint32())
		}
		if random.IntN(2) == 0 && len(p) > 3 {
			copy(p, "\x16\x03\x01")
		}
		raw.Write(p)
		if random.IntN(2) == 0 {
			raw.(*net.TCPConn).CloseWrite()
			io.Copy(io.Discard, raw)
		}
	}
	return nil
}

// fetch gets the page; c, if not nil, counts what kind of handshake it was, once the page has come.
func (t *Target) fetch(raw net.Conn, cfg *tls.Config, c *Counts) error {
	conn := tls.Client(raw, cfg)
	if err := conn.Handshake(); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", t.Path); err != nil {
		return err
	}
	answer, err := io.ReadAll(conn)
	if err == nil && string(answer[:min(len(answer), 12)]) != "HTTP/1.1 200" {
		err = fmt.Errorf("the answer is %.60q", answer)
	}
	if err == nil && c != nil {
		if conn.ConnectionState().DidResume {
			c.Resumed++
		} else {
			c.Full++
		}
	}
	return err
}

var errCut = errors.New("cut")

// cutter ends a connection after so many calls of Write or Read, or so many bytes written.
type cutter struct {
	net.Conn
	left  int
	bytes bool
}

func (c *cutter) Write(p []byte) (int, error) {
	if c.bytes && len(p) > c.left {
		c.Conn.Write(p[:c.left])
		return 0, c.cut()
	}
	if c.bytes {
		c.left -= len(p)
	} else if c.left--; c.left < 0 {
		return 0, c.cut()
	}
	return c.Conn.Write(p)
}

func (c *cutter) Read(p []byte) (int, error) {
	if !c.bytes {
		if c.left--; c.left < 0 {
			return 0, c.cut()
		}
	}
	return c.Conn.Read(p)
}

func (c *cutter) cut() error {
	c.Conn.Close()
	return errCut
}

// changer changes one byte of what is written.
type changer struct {
	net.Conn
	at   int
	mask byte
}

func (c *changer) Write(p []byte) (int, error) {
	if 0 <= c.at && c.at < len(p) {
		q := append([]byte(nil), p...)
		q[c.at] ^= c.mask
		p = q
	}
	c.at -= len(p)
	return c.Conn.Write(p)
}

// sloth writes a few bytes at a time.
type sloth struct {
	net.Conn
	pause time.Duration
}

func (s *sloth) Write(p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var m int
		m, err = s.Conn.Write(p[n:min(n+97, len(p))])
		n += m
		time.Sleep(s.pause)
	}
	return n, err
}
