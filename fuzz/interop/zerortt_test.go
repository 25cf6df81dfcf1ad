package interop

import (
	"crypto/rand"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/x509lite"
)

// Early data that is accepted, between us and others. netconn has none, so that the core is driven here as a device does it.

// zeroRTT is the material of both roles.
type zeroRTT struct {
	t      *testing.T
	id     *ca.Identity
	dir    string
	server *tlscore.Config // ours
	client *tlscore.Config
	pool   *tlscore.Pool
	closes bool // our server ends what it has answered
}

func newZeroRTT(t *testing.T) *zeroRTT {
	t.Helper()
	root, err := ca.New(ca.ECDSA, time.Now(), "colibri interop CA")
	check(t, err)
	id, err := root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	check(t, err)
	anchors := new(x509lite.Anchors)
	check(t, anchors.Add(root.Cert.Raw))
	clock := func() int64 { return time.Now().Unix() }
	z := &zeroRTT{t: t, id: id, dir: t.TempDir()}
	z.server = &tlscore.Config{
		Identities: []tlscore.Identity{ours(t, id)},
		Rand:       rand.Reader,
		Clock:      clock,
		Tickets:    &tlscore.TicketKeys{Guard: new(nobody)},
		EarlyData:  tlscore.EarlyDataServer(&tlscore.Replays{Slots: make([]tlscore.SeenHello, 8), MaxEarlyData: 4096}),
	}
	check(t, z.server.Tickets.Rotate(rand.Reader))
	z.client = &tlscore.Config{Anchors: anchors, Rand: rand.Reader, Clock: clock, Sessions: &tlscore.Sessions{}, EarlyData: tlscore.EarlyDataClient()}
	z.pool, err = tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, LargeBuffers: 2})
	check(t, err)
	// The server began to watch a minute ago, or it would have to wait for twenty seconds.
	earlier := *z.server
	earlier.Clock = func() int64 { return clock() - 60 }
	var c tlscore.Conn
	check(t, c.Server(&earlier, z.pool))
	c.Release()
	return z
}

// file writes a file, and returns its path.
func (z *zeroRTT) file(name string, text []byte) string {
	path := filepath.Join(z.dir, name)
	check(z.t, os.WriteFile(path, text, 0o600))
	return path
}

// talk moves bytes between c and the transport until until is true or either fails; what arrives goes to read.
func (z *zeroRTT) talk(c *tlscore.Conn, transport net.Conn, read func(p []byte), until func() bool) error {
	transport.SetDeadline(time.Now().Add(limit))
	for {
		for w := c.SendWindow(); len(w) > 0; w = c.SendWindow() {
			n, err := transport.Write(w)
			c.Sent(n)
			if err != nil {
				return err
			}
		}
		if w := c.ReadWindow(); len(w) > 0 {
			read(w)
			c.Consumed(len(w))
			continue
		}
		if err := c.Err(); err != nil {
			return err
		}
		if until() || c.PeerClosed() {
			return nil
		}
		w := c.RecvWindow()
		if len(w) == 0 {
			continue
		}
		n, err := transport.Read(w)
		if c.Received(n); err == io.EOF {
			c.RecvEOF()
		} else if err != nil {
			return err
		}
	}
}

// visit is what a server of ours knows of one connection.
type visit struct {
	early, late string
	info        tlscore.Info
	err         error
}

// serve answers connections, each as soon as it has a line, early or late, until the test ends.
func (z *zeroRTT) serve() (port string, visits chan visit) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(z.t, err)
	visits = make(chan visit, 8)
	done := make(chan struct{})
	z.t.Cleanup(func() { l.Close(); <-done })
	go func() {
		defer close(done)
		for {
			transport, err := l.Accept()
			if err != nil {
				return
			}
			visits <- z.answer(transport)
			transport.Close()
		}
	}()
	_, port, err = net.SplitHostPort(l.Addr().String())
	check(z.t, err)
	return port, visits
}

func (z *zeroRTT) answer(transport net.Conn) (v visit) {
	var c tlscore.Conn
	defer c.Release()
	if v.err = c.Server(z.server, z.pool); v.err != nil {
		return v
	}
	answered := ""
	v.err = z.talk(&c, transport, func(p []byte) {
		if c.Early() {
			v.early += string(p)
		} else {
			v.late += string(p)
		}
		if strings.HasSuffix(string(p), "\n") {
			answered = "an answer to " + string(p)
			c.Written(copy(c.WriteWindow(), answered))
			if c.Flush(); z.closes {
				c.Close()
			}
		}
	}, func() bool { return false })
	if v.err == tlscore.ErrTruncated { // Programs that are ended end so.
		v.err = nil
	}
	v.info = c.Info()
	return v
}

// say is one connection of a client of ours, which writes text as early as it may, and again if that was rejected, and leaves.
func (z *zeroRTT) say(port, text string) tlscore.Info {
	z.t.Helper()
	transport, err := net.DialTimeout("tcp", "127.0.0.1:"+port, limit)
	check(z.t, err)
	defer transport.Close()
	var c tlscore.Conn
	defer c.Release()
	check(z.t, c.Client(z.client, z.pool, "changeme"))
	c.Written(copy(c.EarlyWindow(), text))
	c.Flush()
	ignore := func([]byte) {}
	check(z.t, z.talk(&c, transport, ignore, c.HandshakeDone))
	info := c.Info()
	if info.Early != tlscore.EarlyAccepted {
		c.Written(copy(c.WriteWindow(), text))
	}
	c.Close()
	if err := z.talk(&c, transport, ignore, func() bool { return false }); err != nil && err != tlscore.ErrTruncated {
		z.t.Fatal(err)
	}
	return info
}

// TestEarlyDataOfOpenSSL: openssl's client sends early data, which a server of ours answers before the handshake is done.
func TestEarlyDataOfOpenSSL(t *testing.T) {
	need(t, "openssl")
	z := newZeroRTT(t)
	port, visits := z.serve()
	session, early := filepath.Join(z.dir, "session"), z.file("early", []byte("an early question\n"))
	kept := func(string) bool { s, err := os.ReadFile(session); return err == nil && len(s) > 0 }
	if out := talk(t, port, kept, "-sess_out", session); !kept("") {
		t.Fatalf("no session:\n%s", out)
	}
	if v := <-visits; v.early != "" || v.info.Early != tlscore.NoEarlyData {
		t.Errorf("at first: %+v", v)
	}
	var log lockedBuffer
	z.server.KeyLog = &log
	theirs := filepath.Join(z.dir, "keys")
	both := func(out string) bool { return strings.Contains(out, "an answer to a question") }
	for _, test := range []struct {
		name   string
		change func()
		want   tlscore.EarlyOutcome
	}{
		{"accepted", nil, tlscore.EarlyAccepted},
		// It sends the same ticket, in another ClientHello: that is no replay.
		{"another with that ticket", nil, tlscore.EarlyAccepted},
		{"a retry", func() { z.server.Groups = []tlscore.GroupID{tlscore.P384} }, tlscore.EarlyRetried},
	} {
		if test.change != nil {
			test.change()
		}
		out := talk(t, port, both, "-sess_in", session, "-early_data", early, "-keylogfile", theirs)
		v := <-visits
		want := ""
		if test.want == tlscore.EarlyAccepted {
			want = "an early question\n"
			if !strings.Contains(out, "an answer to an early question") || !strings.Contains(out, "Early data was accepted") {
				t.Errorf("%s: the client says\n%s", test.name, out)
			}
		}
		if v.err != nil || v.early != want || v.late != "a question\n" || v.info.Early != test.want || !v.info.Resumed {
			t.Errorf("%s: %+v", test.name, v)
		}
	}
	keys, err := os.ReadFile(theirs)
	check(t, err)
	secrets := 0
	for line := range strings.Lines(string(keys)) {
		if strings.HasPrefix(line, "CLIENT_EARLY_TRAFFIC_SECRET ") && strings.Contains(log.String(), line) {
			secrets++
		}
	}
	if secrets != 2 { // The third, of the retry, a server has no use for.
		t.Errorf("%d secrets of early data are logged by both; the client says\n%s\nwe\n%s", secrets, keys, log.String())
	}
}

// TestEarlyDataToOpenSSL: a client of ours sends early data to openssl's server, with its protection against replays and without.
func TestEarlyDataToOpenSSL(t *testing.T) {
	need(t, "openssl")
	for _, replays := range []string{"-anti_replay", "-no_anti_replay"} {
		z := newZeroRTT(t)
		pem, err := z.id.KeyPEM()
		check(t, err)
		port, output := program(t, "openssl", "s_server", "-accept", "127.0.0.1:PORT", "-tls1_3", "-early_data", replays,
			"-cert", z.file("server.crt", z.id.CertPEM()), "-key", z.file("server.key", pem), "-groups", "X25519:P-256")
		says := func(text string, want tlscore.EarlyOutcome) {
			t.Helper()
			if info := z.say(port, text+"\n"); info.Early != want {
				t.Errorf("%s, %s: %+v", replays, text, info)
			}
			for range 100 {
				if strings.Contains(output(), text) {
					break
				}
				time.Sleep(20 * time.Millisecond)
			}
			if n := strings.Count(output(), text); n != 1 {
				t.Errorf("%s, %s: it arrived %d times:\n%s", replays, text, n, output())
			}
		}
		says("for the first time", tlscore.NoEarlyData)
		says("in the second connection", tlscore.EarlyAccepted)
		says("in the third connection", tlscore.EarlyAccepted)
		z.client.Groups = []tlscore.GroupID{tlscore.P384, tlscore.P256}
		says("behind a retry", tlscore.EarlyRetried)
	}
}

// TestEarlyDataOfGnuTLS: the same as with openssl's client.
func TestEarlyDataOfGnuTLS(t *testing.T) {
	need(t, "gnutls-cli")
	z := newZeroRTT(t)
	z.closes = true
	port, visits := z.serve()
	early := z.file("early", []byte("an early question\n"))
	run(t, "a question\n", "gnutls-cli", "--insecure", "--resume", "--waitresumption", "--earlydata="+early, "--sni-hostname=changeme", "-p", port, "127.0.0.1")
	first, second := <-visits, <-visits
	if first.info.Resumed || !second.info.Resumed || second.early != "an early question\n" || second.info.Early != tlscore.EarlyAccepted {
		t.Errorf("at first %+v, then %+v", first, second)
	}
}
