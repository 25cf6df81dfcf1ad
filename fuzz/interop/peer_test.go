package interop

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/netconn"
	"colibri/tlscore/record"
	"colibri/x509lite"
)

// What the tests of single features share: a server of ours for one client, a program as a server for a client of ours, and a
// meter between them.

// meter is a transport that measures the protected records that pass.
type meter struct {
	net.Conn
	mu             sync.Mutex
	sent, received gauge
}

// gauge is the longest protected fragment of a stream of records, and how many of the others ask for another ClientHello.
type gauge struct {
	stream  []byte
	longest int
	retries int
}

// helloRetryRandom is how the random of a HelloRetryRequest begins (RFC 8446, section 4.1.3).
var helloRetryRandom = []byte{0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11}

func (g *gauge) take(p []byte) {
	g.stream = append(g.stream, p...)
	for len(g.stream) >= record.HeaderSize {
		n := int(g.stream[3])<<8 | int(g.stream[4])
		if len(g.stream) < record.HeaderSize+n {
			return
		}
		if record.ContentType(g.stream[0]) == record.ApplicationData {
			g.longest = max(g.longest, n)
		} else if bytes.Contains(g.stream[:record.HeaderSize+n], helloRetryRandom) {
			g.retries++
		}
		g.stream = g.stream[record.HeaderSize+n:]
	}
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.Conn.Read(p)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.received.take(p[:n])
	return n, err
}

func (m *meter) Write(p []byte) (int, error) {
	n, err := m.Conn.Write(p)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent.take(p[:n])
	return n, err
}

// longest returns the longest fragments that were sent and received.
func (m *meter) longest() (sent, received int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sent.longest, m.received.longest
}

// retries returns how many HelloRetryRequests have passed.
func (m *meter) retries() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sent.retries + m.received.retries
}

// served is what a server of ours knows after one connection.
type served struct {
	meter *meter
	state netconn.ConnectionState
	got   string
	err   error
}

// serveOnce starts a server of ours for one connection: it reads a line, and answers with text and the end of the connection.
func serveOnce(t *testing.T, cfg *tlscore.Config, text string) (port string, result chan served) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	t.Cleanup(func() { l.Close() })
	result = make(chan served, 1)
	go func() {
		s := served{}
		defer func() { result <- s }()
		transport, err := l.Accept()
		if err != nil {
			s.err = err
			return
		}
		defer transport.Close()
		transport.SetDeadline(time.Now().Add(limit))
		s.meter = &meter{Conn: transport}
		conn, err := netconn.Server(s.meter, cfg)
		if err != nil {
			s.err = err
			return
		}
		if s.err = conn.Handshake(); s.err != nil {
			return
		}
		s.state = conn.ConnectionState()
		line := make([]byte, 4096)
		n, err := conn.Read(line)
		if s.got, s.err = string(line[:n]), err; err != nil {
			return
		}
		// What comes late is read before we close, or the transport resets what is on its way to the client.
		transport.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
		io.Copy(io.Discard, conn)
		transport.SetReadDeadline(time.Now().Add(limit))
		if _, s.err = io.WriteString(conn, text); s.err == nil {
			s.err = conn.Close()
		}
	}()
	_, port, err = net.SplitHostPort(l.Addr().String())
	check(t, err)
	return port, result
}

// run runs a client program and returns its output. Its standard input is said, and stays open until it leaves: some leave when
// it ends, before the answer has come.
func run(t *testing.T, said, name string, arguments ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, arguments...)
	stdin, err := cmd.StdinPipe()
	check(t, err)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	check(t, cmd.Start())
	io.WriteString(stdin, said) // A client that is gone already says why in its output.
	if err := cmd.Wait(); err != nil {
		fmt.Fprintf(&out, "\n%s: %v\n", name, err)
	}
	return out.String()
}

// program starts a server program whose arguments, or environment, hold PORT for the port, and returns the port when it listens. The
// port was free a moment before; if another has taken it meanwhile the program ends, and is started again.
func program(t *testing.T, name string, arguments ...string) (port string, output func() string) {
	t.Helper()
	need(t, name)
	for range 3 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		check(t, err)
		_, port, err = net.SplitHostPort(l.Addr().String())
		check(t, err)
		l.Close()
		if output, ok := listen(t, port, name, arguments); ok {
			return port, output
		} else {
			t.Logf("%s does not listen:\n%s", name, output())
		}
	}
	t.FailNow()
	return "", nil
}

// listen starts a server program on the port, and reports whether it listens. The test's end ends it.
func listen(t *testing.T, port, name string, arguments []string) (output func() string, ok bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*limit)
	arguments = slices.Clone(arguments)
	for i := range arguments {
		arguments[i] = strings.ReplaceAll(arguments[i], "PORT", port)
	}
	cmd := exec.CommandContext(ctx, name, arguments...)
	cmd.Env = append(os.Environ(), "PORT="+port)
	var out lockedBuffer
	cmd.Stdout, cmd.Stderr = &out, &out
	stdin, err := cmd.StdinPipe()
	check(t, err)
	check(t, cmd.Start())
	ended := make(chan struct{})
	go func() {
		cmd.Wait()
		close(ended)
	}()
	t.Cleanup(func() {
		stdin.Close()
		cancel()
		<-ended
	})
	for range 250 {
		select {
		case <-ended:
			return out.String, false
		case <-time.After(20 * time.Millisecond):
		}
		if conn, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			conn.Close()
			return out.String, true
		}
	}
	return out.String, false
}

// need skips the test where a program is missing, but not in CI.
func need(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("%v; .ci/run names the package", err)
	}
}

// dial makes a client of ours for the server at the port; its handshake has not run. The test's end closes the transport.
func dial(t *testing.T, cfg *tlscore.Config, port string) (*netconn.Conn, *meter) {
	t.Helper()
	transport, err := net.DialTimeout("tcp", "127.0.0.1:"+port, limit)
	check(t, err)
	t.Cleanup(func() { transport.Close() })
	transport.SetDeadline(time.Now().Add(limit))
	m := &meter{Conn: transport}
	conn, err := netconn.Client(m, cfg, hostName)
	check(t, err)
	return conn, m
}

// dialOnce connects a client of ours with a server, says text, and returns what it answers until it closes or has said want.
func dialOnce(t *testing.T, cfg *tlscore.Config, port, text, want string) (string, *meter, *netconn.Conn, error) {
	t.Helper()
	conn, m := dial(t, cfg, port)
	if err := conn.Handshake(); err != nil {
		return "", m, conn, err
	}
	if _, err := io.WriteString(conn, text); err != nil {
		return "", m, conn, err
	}
	var got []byte
	for p := make([]byte, 4096); want == "" || !strings.Contains(string(got), want); {
		n, err := conn.Read(p)
		got = append(got, p[:n]...)
		if err == io.EOF && want == "" {
			break
		} else if err != nil {
			return string(got), m, conn, err
		}
	}
	return string(got), m, conn, nil
}

// lockedBuffer is a buffer that a program fills while the test reads it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// trust makes root the one trust anchor of cfg.
func trust(cfg *tlscore.Config, root *ca.Authority) error {
	cfg.Anchors = new(x509lite.Anchors)
	return cfg.Anchors.Add(root.Cert.Raw)
}
