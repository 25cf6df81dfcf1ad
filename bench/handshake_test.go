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
	"net"
	"sync"
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

// peers are the two ends of a scenario in both implementations.
type peers struct {
	server, client       *tlscore.Config
	stdServer, stdClient *tls.Config
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
	p := &peers{
		server: &tlscore.Config{Identities: []tlscore.Identity{identity(tb, server)}, Groups: []tlscore.GroupID{tlscore.GroupID(s.curve)}},
		client: &tlscore.Config{Groups: []tlscore.GroupID{tlscore.GroupID(s.curve)}},
		stdServer: &tls.Config{
			Certificates:           []tls.Certificate{server.TLS()},
			ClientCAs:              root.Pool(),
			SessionTicketsDisabled: true,
		},
		stdClient: &tls.Config{ServerName: "changeme", RootCAs: root.Pool()},
	}
	for _, cfg := range []*tlscore.Config{p.server, p.client} {
		cfg.Anchors, cfg.Rand = anchors, constantRand{}
		cfg.Clock = func() int64 { return now.Unix() }
	}
	for _, cfg := range []*tls.Config{p.stdServer, p.stdClient} {
		cfg.Rand, cfg.MinVersion, cfg.CurvePreferences = constantRand{}, tls.VersionTLS13, []tls.CurveID{s.curve}
		cfg.Time = func() time.Time { return now }
	}
	if s.mutual {
		p.server.ClientAuth = tlscore.RequireClientCert
		p.client.Identities = []tlscore.Identity{identity(tb, client)}
		p.stdServer.ClientAuth = tls.RequireAndVerifyClientCert
		p.stdClient.Certificates = []tls.Certificate{client.TLS()}
	}
	return p
}

func identity(tb testing.TB, id *ca.Identity) tlscore.Identity {
	tb.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(id.Key)
	check(tb, err)
	key := new(signature.PrivateKey)
	check(tb, key.Parse(der))
	return tlscore.Identity{Chain: id.Chain, Key: key}
}

// record runs one side of a handshake, which is to be measured, against the other once, and returns what the other sent.
func record(tb testing.TB, measured, other func(net.Conn) error) []byte {
	tb.Helper()
	near, far := net.Pipe()
	deadline := time.Now().Add(10 * time.Second)
	near.SetDeadline(deadline)
	far.SetDeadline(deadline)
	tape := &tape{Conn: near}
	done := make(chan error, 1)
	go func() { done <- other(far) }()
	check(tb, measured(tape))
	check(tb, <-done)
	near.Close()
	return tape.heard
}

// tape is a transport that keeps what is read from it.
type tape struct {
	net.Conn
	heard []byte
}

func (t *tape) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	t.heard = append(t.heard, p[:n]...)
	return n, err
}

// player is a transport on which a recorded peer speaks; what it is told is counted.
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

// ours runs handshakes of tlscore in recycled memory.
type ours struct {
	begin func(*tlscore.Conn, *tlscore.Pool) error
	pool  *tlscore.Pool
	conn  tlscore.Conn
}

func newOurs(tb testing.TB, begin func(*tlscore.Conn, *tlscore.Pool) error) *ours {
	tb.Helper()
	pool, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 4096})
	check(tb, err)
	return &ours{begin: begin, pool: pool}
}

var errIncomplete = errors.New("the handshake is not complete")

// handshake runs one handshake over transport.
func (o *ours) handshake(transport net.Conn) error {
	if err := o.begin(&o.conn, o.pool); err != nil {
		return err
	}
	defer o.conn.Release()
	for {
		for w := o.conn.SendWindow(); len(w) > 0; w = o.conn.SendWindow() {
			if _, err := transport.Write(w); err != nil {
				return err
			}
			o.conn.Sent(len(w))
		}
		if err := o.conn.Err(); err != nil {
			return err
		}
		if o.conn.HandshakeDone() {
			return nil
		}
		w := o.conn.RecvWindow()
		if len(w) == 0 {
			return errIncomplete
		}
		n, err := transport.Read(w)
		if err != nil {
			return err
		}
		o.conn.Received(n)
	}
}

// side is one side of a scenario in both implementations: what is measured, and whom it is recorded against.
type side struct {
	name             string
	ours, std, other func(net.Conn) error
}

// sides returns both sides of s.
func (s scenario) sides(tb testing.TB) []side {
	p := s.peers(tb)
	server := newOurs(tb, func(c *tlscore.Conn, pool *tlscore.Pool) error { return c.Server(p.server, pool) })
	client := newOurs(tb, func(c *tlscore.Conn, pool *tlscore.Pool) error { return c.Client(p.client, pool, "changeme") })
	stdServer := func(c net.Conn) error { return tls.Server(c, p.stdServer).Handshake() }
	stdClient := func(c net.Conn) error { return tls.Client(c, p.stdClient).Handshake() }
	return []side{
		{"server", server.handshake, stdServer, stdClient},
		{"client", client.handshake, stdClient, stdServer},
	}
}

func BenchmarkHandshake(b *testing.B) {
	for _, s := range scenarios {
		sides := sync.OnceValue(func() []side { return s.sides(b) })
		for i, role := range [...]string{"server", "client"} {
			b.Run(fmt.Sprintf("role=%s/impl=colibri/%v", role, s), func(b *testing.B) { sides()[i].bench(b, sides()[i].ours) })
			b.Run(fmt.Sprintf("role=%s/impl=std/%v", role, s), func(b *testing.B) { sides()[i].bench(b, sides()[i].std) })
		}
	}
}

// counted runs what a benchmark measures: cmd/instructions counts what happens inside it.
//
//go:noinline
func counted(f func()) { f() }

func (s side) bench(b *testing.B, measured func(net.Conn) error) {
	b.ReportAllocs()
	tape := record(b, measured, s.other)
	var t player
	for b.Loop() {
		t.wire = 0
		t.rest.Reset(tape)
		counted(func() { check(b, measured(&t)) })
	}
	b.ReportMetric(float64(len(tape)+t.wire), "wire-B/op")
}

// TestAllocations compares what one side of a handshake allocates with crypto/tls in the same run. In the portable build it is
// nothing at all; on hosts it is at most a tenth, all of it by the standard library's cryptography behind our primitives.
func TestAllocations(t *testing.T) {
	for _, s := range scenarios {
		for _, side := range s.sides(t) {
			ours, std := side.allocations(t, side.ours), side.allocations(t, side.std)
			t.Logf("%s, %v: %.0f allocations, crypto/tls %.0f", side.name, s, ours, std)
			if portableBuild && ours > 0 {
				t.Errorf("%s, %v: %.0f allocations in the portable build", side.name, s, ours)
			}
			if ours > std/10 {
				t.Errorf("%s, %v: %.0f allocations, more than a tenth of crypto/tls's %.0f", side.name, s, ours, std)
			}
		}
	}
}

// allocations returns how often one handshake with a recorded peer allocates.
func (s side) allocations(t *testing.T, measured func(net.Conn) error) float64 {
	t.Helper()
	tape := record(t, measured, s.other)
	var transport player
	return testing.AllocsPerRun(10, func() {
		transport.rest.Reset(tape)
		check(t, measured(&transport))
	})
}

func check(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
