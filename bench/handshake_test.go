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
	family  ca.Family
	auth    auth
	curve   tls.CurveID
	version uint16
	retry   bool // whether the client guesses another curve first
}

// auth is how the two sides prove who they are.
type auth string

const (
	byServer auth = "server"  // the server by its certificate
	mutual   auth = "mutual"  // both by certificates
	resumed  auth = "resumed" // both by a session that the server began by its certificate
)

func (s scenario) String() string {
	version, curve := "1.3", "x25519"
	if s.version == tls.VersionTLS12 {
		version = "1.2"
	}
	if s.curve == tls.CurveP256 {
		curve = "p256"
	}
	if s.retry {
		curve += "-retry"
	}
	return fmt.Sprintf("ver=%s/group=%s/key=%v/auth=%s", version, curve, s.family, s.auth)
}

var scenarios = []scenario{
	{ca.ECDSA, byServer, tls.CurveP256, tls.VersionTLS13, false},
	{ca.ECDSA, mutual, tls.CurveP256, tls.VersionTLS13, false},
	{ca.ECDSA, byServer, tls.X25519, tls.VersionTLS13, false},
	{ca.ECDSA, mutual, tls.X25519, tls.VersionTLS13, false},
	{ca.RSA, byServer, tls.X25519, tls.VersionTLS13, false},
	{ca.RSA, mutual, tls.X25519, tls.VersionTLS13, false},
	{ca.ECDSA, byServer, tls.CurveP256, tls.VersionTLS13, true},
	{ca.ECDSA, resumed, tls.X25519, tls.VersionTLS13, false},
	{ca.ECDSA, byServer, tls.X25519, tls.VersionTLS12, false},
	{ca.ECDSA, mutual, tls.X25519, tls.VersionTLS12, false},
	{ca.RSA, mutual, tls.X25519, tls.VersionTLS12, false},
	{ca.ECDSA, resumed, tls.X25519, tls.VersionTLS12, false},
}

// peers are the two ends of a scenario in both implementations.
type peers struct {
	server, client       *tlscore.Config
	stdServer, stdClient *tls.Config

	// What the clients know of earlier sessions. Our client uses up what it has, and has it again for each handshake.
	sessions tlscore.Sessions
	stdCache cache
}

// cache is the one session that a client of crypto/tls has. Unless it learns it stays as it is.
type cache struct {
	session *tls.ClientSessionState
	learns  bool
}

func (c *cache) Get(string) (*tls.ClientSessionState, bool) { return c.session, c.session != nil }

func (c *cache) Put(_ string, s *tls.ClientSessionState) {
	if c.learns && s != nil {
		c.session = s
	}
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
		client: &tlscore.Config{Groups: []tlscore.GroupID{tlscore.GroupID(s.curve)}, MaxVersion: s.version},
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
		cfg.Rand, cfg.CurvePreferences = constantRand{}, []tls.CurveID{s.curve}
		cfg.MinVersion, cfg.MaxVersion = s.version, s.version
		cfg.Time = func() time.Time { return now }
	}
	if s.version == tls.VersionTLS12 {
		p.server.TLS12, p.client.TLS12 = tlscore.TLS12Server(), tlscore.TLS12Client()
	}
	if s.retry {
		p.client.Groups = []tlscore.GroupID{tlscore.X25519, tlscore.GroupID(s.curve)}
		p.stdClient.CurvePreferences = []tls.CurveID{tls.X25519, s.curve}
	}
	if s.auth == resumed {
		p.server.Tickets, p.client.Sessions = new(tlscore.TicketKeys), new(tlscore.Sessions)
		check(tb, p.server.Tickets.Rotate(constantRand{}))
		p.stdServer.SessionTicketsDisabled, p.stdClient.ClientSessionCache = false, &p.stdCache
		p.stdServer.SetSessionTicketKeys([][32]byte{{1}})
	}
	if s.auth == mutual {
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

// record runs one side of a handshake, which is to be measured, against the other once, and returns what the other sent. If they
// are to resume a session they begin it first.
func record(tb testing.TB, s scenario, measured, other end) []byte {
	tb.Helper()
	if s.auth == resumed {
		meet(tb, measured.greet, other.greet)
	}
	return meet(tb, measured.handshake, other.handshake)
}

// meet runs the two sides against each other, and returns what the first heard. It does so over TCP, where neither waits for the
// other to read: a client does not read the ticket that follows its handshake.
func meet(tb testing.TB, one, other func(net.Conn) error) []byte {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(tb, err)
	defer l.Close()
	done := make(chan error, 1)
	go func() {
		far, err := l.Accept()
		if err == nil {
			defer far.Close()
			far.SetDeadline(time.Now().Add(10 * time.Second))
			err = other(far)
		}
		done <- err
	}()
	near, err := net.Dial("tcp", l.Addr().String())
	check(tb, err)
	defer near.Close()
	near.SetDeadline(time.Now().Add(10 * time.Second))
	tape := &tape{Conn: near}
	check(tb, one(tape))
	check(tb, <-done)
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
	begin   func(*tlscore.Conn, *tlscore.Pool) error
	resumes bool
	pool    *tlscore.Pool
	conn    tlscore.Conn
}

func newOurs(tb testing.TB, resumes bool, begin func(*tlscore.Conn, *tlscore.Pool) error) *ours {
	tb.Helper()
	pool, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 4096})
	check(tb, err)
	return &ours{begin: begin, resumes: resumes, pool: pool}
}

var (
	errIncomplete = errors.New("the handshake is not complete")
	errNotResumed = errors.New("the handshake resumes no session, or should not")
)

// handshake runs one handshake over transport.
func (o *ours) handshake(transport net.Conn) error {
	if err := o.begin(&o.conn, o.pool); err != nil {
		return err
	}
	defer o.conn.Release()
	err := o.run(transport, (*tlscore.Conn).HandshakeDone)
	if err == nil && o.conn.Info().Resumed != o.resumes {
		return errNotResumed
	}
	return err
}

// run sends and receives until the connection is done.
func (o *ours) run(transport net.Conn, done func(*tlscore.Conn) bool) error {
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
		if done(&o.conn) {
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

// greet runs a handshake after which the server says a byte. Once the client has read it, it has the ticket that came before.
func (o *ours) greet(transport net.Conn, server bool) error {
	if err := o.begin(&o.conn, o.pool); err != nil {
		return err
	}
	defer o.conn.Release()
	if err := o.run(transport, (*tlscore.Conn).HandshakeDone); err != nil {
		return err
	}
	if server {
		o.conn.WriteWindow()
		o.conn.Written(1)
		o.conn.Flush()
	}
	return o.run(transport, func(c *tlscore.Conn) bool { return server || len(c.ReadWindow()) > 0 })
}

// end is one side in one implementation: a handshake, and one with which a session begins that later ones resume.
type end struct{ handshake, greet func(net.Conn) error }

// side is one side of a scenario in both implementations: what is measured, and whom it is recorded against.
type side struct {
	scenario
	name             string
	ours, std, other end
}

// sides returns both sides of s.
func (s scenario) sides(tb testing.TB) []side {
	p := s.peers(tb)
	server := newOurs(tb, s.auth == resumed, func(c *tlscore.Conn, pool *tlscore.Pool) error { return c.Server(p.server, pool) })
	client := newOurs(tb, s.auth == resumed, func(c *tlscore.Conn, pool *tlscore.Pool) error {
		if s.auth == resumed {
			*p.client.Sessions = p.sessions
		}
		return c.Client(p.client, pool, "changeme")
	})
	ourServer := end{server.handshake, func(c net.Conn) error { return server.greet(c, true) }}
	ourClient := end{client.handshake, func(c net.Conn) error {
		p.sessions = tlscore.Sessions{}
		err := client.greet(c, false)
		p.sessions = *p.client.Sessions
		return err
	}}
	std := func(c *tls.Conn) error {
		if err := c.Handshake(); err != nil || s.auth != resumed {
			return err
		}
		if !c.ConnectionState().DidResume {
			return errNotResumed
		}
		return nil
	}
	stdServer := end{
		func(c net.Conn) error { return std(tls.Server(c, p.stdServer)) },
		func(c net.Conn) error {
			_, err := tls.Server(c, p.stdServer).Write([]byte{0})
			return err
		},
	}
	stdClient := end{
		func(c net.Conn) error { return std(tls.Client(c, p.stdClient)) },
		func(c net.Conn) error {
			p.stdCache = cache{learns: true}
			_, err := tls.Client(c, p.stdClient).Read(make([]byte, 1))
			p.stdCache.learns = false
			return err
		},
	}
	return []side{
		{s, "server", ourServer, stdServer, stdClient},
		{s, "client", ourClient, stdClient, stdServer},
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

func (s side) bench(b *testing.B, measured end) {
	b.ReportAllocs()
	tape := record(b, s.scenario, measured, s.other)
	var t player
	for b.Loop() {
		t.wire = 0
		t.rest.Reset(tape)
		counted(func() { check(b, measured.handshake(&t)) })
	}
	b.ReportMetric(float64(len(tape)+t.wire), "wire-B/op")
}

// What one side of a handshake may allocate on hosts, all of it in the standard library's cryptography behind our primitives.
const (
	hostAllocations    = 9
	hostAllocationsRSA = 43
)

// TestAllocations pins what one side of a handshake allocates, beside crypto/tls in the same run. In the portable build it is nothing
// at all.
func TestAllocations(t *testing.T) {
	for _, s := range scenarios {
		limit := float64(hostAllocations)
		if portableBuild {
			limit = 0
		} else if s.family == ca.RSA {
			limit = hostAllocationsRSA
		}
		for _, side := range s.sides(t) {
			ours, std := side.allocations(t, side.ours), side.allocations(t, side.std)
			t.Logf("%s, %v: %.0f allocations, crypto/tls %.0f", side.name, s, ours, std)
			if ours > limit {
				t.Errorf("%s, %v: %.0f allocations, at most %.0f are allowed", side.name, s, ours, limit)
			}
		}
	}
}

// allocations returns how often one handshake with a recorded peer allocates.
func (s side) allocations(t *testing.T, measured end) float64 {
	t.Helper()
	tape := record(t, s.scenario, measured, s.other)
	var transport player
	return testing.AllocsPerRun(10, func() {
		transport.rest.Reset(tape)
		check(t, measured.handshake(&transport))
	})
}

func check(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
