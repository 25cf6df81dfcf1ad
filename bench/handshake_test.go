// The recorded peers answer to fixed randomness; crypto/tls reads Config.Rand only with this setting.
//
//go:debug cryptocustomrand=1
package bench

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// now is the time of all certificates and clocks.
var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// constantRand gives the same byte for ever. crypto/tls discards a byte now and then to keep its callers from counting on
// its reads, which this does not notice.
type constantRand struct{}

func (constantRand) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0x5a
	}
	return len(p), nil
}

// scenario is one kind of handshake.
type scenario struct {
	family ca.Family
	mutual bool
	curve  tls.CurveID
}

func (s scenario) String() string {
	auth, curve := "server", "x25519"
	if s.mutual {
		auth = "mutual"
	}
	if s.curve == tls.CurveP256 {
		curve = "p256"
	}
	return fmt.Sprintf("ver=1.3/group=%s/key=%v/auth=%s", curve, s.family, auth)
}

var scenarios = []scenario{
	{ca.ECDSA, false, tls.CurveP256},
	{ca.ECDSA, true, tls.CurveP256},
	{ca.ECDSA, false, tls.X25519},
	{ca.ECDSA, true, tls.X25519},
	{ca.RSA, false, tls.X25519},
	{ca.RSA, true, tls.X25519},
}

// peers are the two ends of a scenario.
type peers struct {
	std    *tls.Config // crypto/tls as server
	ours   *tlscore.Config
	client *tls.Config
}

func (s scenario) peers(tb testing.TB) *peers {
	tb.Helper()
	root, err := ca.New(s.family, now, "colibri bench CA")
	check(tb, err)
	server, err := root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	check(tb, err)
	client, err := root.Issue(ca.Request{Names: []string{"sandboxclient"}, Usage: ca.Client})
	check(tb, err)
	anchors := new(x509lite.Anchors)
	check(tb, anchors.Add(root.Cert.Raw))
	der, err := x509.MarshalPKCS8PrivateKey(server.Key)
	check(tb, err)
	key := new(signature.PrivateKey)
	check(tb, key.Parse(der))

	p := &peers{
		client: &tls.Config{
			ServerName:       "changeme",
			RootCAs:          root.Pool(),
			Time:             func() time.Time { return now },
			MinVersion:       tls.VersionTLS13,
			CurvePreferences: []tls.CurveID{s.curve},
		},
		std: &tls.Config{
			Certificates:           []tls.Certificate{server.TLS()},
			ClientCAs:              root.Pool(),
			Time:                   func() time.Time { return now },
			Rand:                   constantRand{},
			MinVersion:             tls.VersionTLS13,
			SessionTicketsDisabled: true,
		},
		ours: &tlscore.Config{
			Identities: []tlscore.Identity{{Chain: server.Chain, Key: key}},
			Anchors:    anchors,
			Clock:      func() int64 { return now.Unix() },
			Rand:       constantRand{},
		},
	}
	if s.mutual {
		p.client.Certificates = []tls.Certificate{client.TLS()}
		p.std.ClientAuth = tls.RequireAndVerifyClientCert
		p.ours.ClientAuth = tlscore.RequireClientCert
	}
	return p
}

// record runs a client against serve once and returns what it sent, flight by flight.
func record(tb testing.TB, client *tls.Config, serve func(net.Conn) error) [][]byte {
	tb.Helper()
	near, far := net.Pipe()
	deadline := time.Now().Add(10 * time.Second)
	near.SetDeadline(deadline)
	far.SetDeadline(deadline)
	tape := &tape{Conn: near}
	served := make(chan error, 1)
	go func() { served <- serve(tape) }()
	conn := tls.Client(far, client)
	check(tb, conn.Handshake())
	check(tb, <-served)
	near.Close()
	return tape.flights
}

// tape is a server's transport that keeps what the client sends; what comes between two writes is one flight.
type tape struct {
	net.Conn
	flights [][]byte
	wrote   bool
}

func (t *tape) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	if t.wrote || len(t.flights) == 0 {
		t.flights = append(t.flights, nil)
		t.wrote = false
	}
	last := len(t.flights) - 1
	t.flights[last] = append(t.flights[last], p[:n]...)
	return n, err
}

func (t *tape) Write(p []byte) (int, error) {
	t.wrote = true
	return t.Conn.Write(p)
}

// player is a transport on which a recorded client speaks; what the server says is counted.
type player struct {
	rest bytes.Reader
	wire int
}

func (p *player) Read(b []byte) (int, error)       { return p.rest.Read(b) }
func (p *player) Write(b []byte) (int, error)      { p.wire += len(b); return len(b), nil }
func (p *player) Close() error                     { return nil }
func (p *player) LocalAddr() net.Addr              { return nil }
func (p *player) RemoteAddr() net.Addr             { return nil }
func (p *player) SetDeadline(time.Time) error      { return nil }
func (p *player) SetReadDeadline(time.Time) error  { return nil }
func (p *player) SetWriteDeadline(time.Time) error { return nil }

// ourServer runs handshakes of tlscore in recycled memory.
type ourServer struct {
	cfg  *tlscore.Config
	pool *tlscore.Pool
	conn tlscore.Conn
}

func newOurServer(tb testing.TB, cfg *tlscore.Config) *ourServer {
	tb.Helper()
	pool, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 4096, LargeBuffers: 0})
	check(tb, err)
	return &ourServer{cfg: cfg, pool: pool}
}

var errIncomplete = errors.New("the handshake is not complete")

// serve runs one handshake over transport.
func (s *ourServer) serve(transport io.ReadWriter) error {
	if err := s.conn.Server(s.cfg, s.pool); err != nil {
		return err
	}
	defer s.conn.Release()
	for {
		for w := s.conn.SendWindow(); len(w) > 0; w = s.conn.SendWindow() {
			if _, err := transport.Write(w); err != nil {
				return err
			}
			s.conn.Sent(len(w))
		}
		if err := s.conn.Err(); err != nil {
			return err
		}
		if s.conn.HandshakeDone() {
			return nil
		}
		w := s.conn.RecvWindow()
		if len(w) == 0 {
			return errIncomplete
		}
		n, err := transport.Read(w)
		if err != nil {
			return err
		}
		s.conn.Received(n)
	}
}

func BenchmarkHandshakeServer(b *testing.B) {
	for _, s := range scenarios {
		p := s.peers(b)
		b.Run("impl=colibri/"+s.String(), func(b *testing.B) {
			server := newOurServer(b, p.ours)
			tape := bytes.Join(record(b, p.client, func(c net.Conn) error { return server.serve(c) }), nil)
			benchServer(b, tape, func(c net.Conn) error { return server.serve(c) })
		})
		b.Run("impl=std/"+s.String(), func(b *testing.B) {
			tape := bytes.Join(record(b, p.client, func(c net.Conn) error { return tls.Server(c, p.std).Handshake() }), nil)
			benchServer(b, tape, func(c net.Conn) error { return tls.Server(c, p.std).Handshake() })
		})
	}
}

func benchServer(b *testing.B, tape []byte, serve func(net.Conn) error) {
	b.ReportAllocs()
	var t player
	for b.Loop() {
		t.wire = 0
		t.rest.Reset(tape)
		if err := serve(&t); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(tape)+t.wire), "wire-B/op")
}

// TestServerAllocations compares what a server handshake allocates with crypto/tls in the same run: at most a tenth. None of
// it is tlscore's own; it is the standard library's cryptography behind the primitives of the host build.
func TestServerAllocations(t *testing.T) {
	for _, s := range scenarios {
		p := s.peers(t)
		server := newOurServer(t, p.ours)
		ours := allocations(t, p.client, func(c net.Conn) error { return server.serve(c) })
		std := allocations(t, p.client, func(c net.Conn) error { return tls.Server(c, p.std).Handshake() })
		t.Logf("%v: %.0f allocations, crypto/tls %.0f", s, ours, std)
		if ours > std/10 {
			t.Errorf("%v: %.0f allocations, more than a tenth of crypto/tls's %.0f", s, ours, std)
		}
	}
}

// allocations returns how often one handshake of serve with a recorded client allocates.
func allocations(t *testing.T, client *tls.Config, serve func(net.Conn) error) float64 {
	t.Helper()
	tape := bytes.Join(record(t, client, serve), nil)
	var transport player
	return testing.AllocsPerRun(10, func() {
		transport.rest.Reset(tape)
		check(t, serve(&transport))
	})
}

func check(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
