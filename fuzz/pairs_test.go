package fuzz

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"slices"
	"testing"

	gofuzz "github.com/google/gofuzz"

	"colibri/tlscore"
	"colibri/tlscore/netconn"
	"colibri/tlscore/signature"
)

// habits are how one end lives. gofuzz fills them from the fuzzer's bytes.
type habits struct {
	Versions  uint8 // both, TLS 1.3 only, TLS 1.2 only
	P256First bool
	Suite     uint8
	Limit     uint8
	Padding   uint8
	GREASE    bool
	Stepwise  bool
	Small     bool // buffers
	Resumes   bool // keeps sessions, or gives tickets
	PSK       uint8

	Compressed bool // certificates
}

// pairing is a client and a server of ours, and what happens between them.
type pairing struct {
	Client, Server habits
	Auth           uint8 // ClientAuth
	Known          bool  // the client has a certificate
	Cached         bool  // the server keeps sessions of TLS 1.2
	ResumeClients  bool
	Cookies        bool
	FalseStart     bool
	Nameless       bool // the client does not name the server
	Shareless      bool // the client waits to be asked for a key share
	Prefers        bool // the server asks for its own first group
	Meetings       []meeting
}

// meeting is one connection, and what happened before it.
type meeting struct {
	Rotations uint8 // of the keys of tickets
	Hours     uint8
	Forgets   bool  // the client forgets its sessions
	Chop      uint8 // bytes that are delivered at once
	Chatter   uint8 // bytes that each says
	Holds     bool  // windows, while it does other things
}

func (p *pairing) String() string { return fmt.Sprintf("%+v", *p) }

// speaks reports whether one end allows TLS 1.3, and 1.2.
func (h *habits) speaks() (tls13, tls12 bool) { return h.Versions%3 != 2, h.Versions%3 != 1 }

// suites are those of one habit, of both versions.
func (h *habits) suites() []tlscore.SuiteID { return habitualSuites[int(h.Suite)%len(habitualSuites)] }

var habitualSuites = [...][]tlscore.SuiteID{
	{tlscore.AES128GCMSHA256, tlscore.AES256GCMSHA384, tlscore.ChaCha20Poly1305SHA256, tlscore.ECDHEECDSAAES128GCMSHA256,
		tlscore.ECDHEECDSAAES256GCMSHA384, tlscore.ECDHEECDSAChaCha20Poly1305},
	{tlscore.AES128GCMSHA256, tlscore.ECDHEECDSAAES128GCMSHA256},
	{tlscore.AES256GCMSHA384, tlscore.ECDHEECDSAAES256GCMSHA384},
	{tlscore.ChaCha20Poly1305SHA256, tlscore.AES256GCMSHA384, tlscore.ECDHEECDSAChaCha20Poly1305, tlscore.ECDHEECDSAAES256GCMSHA384},
}

var pairKeys = []tlscore.PSK{{Identity: []byte("first"), Key: bytes.Repeat([]byte{1}, 16)}, {Identity: []byte("second"), Key: bytes.Repeat([]byte{2}, 32)}}

// config makes the configuration of an end, but for what only one role has.
// keys are those that both sides may have been given.
func (h *habits) keys() []tlscore.PSK {
	return [][]tlscore.PSK{nil, nil, pairKeys, pairKeys[1:]}[h.PSK%4]
}

func (h *habits) config(clock *int64) (cfg tlscore.Config, pool tlscore.PoolConfig) {
	cfg = theWorld().cfg
	cfg.Rand, cfg.Clock = new(stream), func() int64 { return *clock }
	cfg.Groups = []tlscore.GroupID{tlscore.X25519, tlscore.P256}
	if h.P256First {
		cfg.Groups = []tlscore.GroupID{tlscore.P256, tlscore.X25519}
	}
	for _, id := range h.suites() {
		if _, tls12 := h.speaks(); tls12 || id>>8 == 0x13 {
			cfg.Suites = append(cfg.Suites, id)
		}
	}
	cfg.RecordSizeLimit = []int{0, 64, 500}[h.Limit%3]
	cfg.Padding = []int{0, 16, 300}[h.Padding%3]
	cfg.GREASE, cfg.Stepwise = h.GREASE, h.Stepwise
	pool = tlscore.PoolConfig{Handshakes: 1, LargeBuffers: 2}
	if h.Small {
		pool = tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 2048}
	}
	if _, tls12 := h.speaks(); tls12 && h.Versions%3 == 2 {
		cfg.MaxVersion = 0x0303
	}
	return cfg, pool
}

// FuzzPairs lets two ends of ours meet several times, as different as configurations allow. They connect if they have a version and a
// suite in common and the client shows what the server requires; both say the same of how; a session is resumed only while its ticket is good,
// and always if nothing has happened since; the server knows whose it is; what is said arrives; nothing stays borrowed.
func FuzzPairs(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	for i := range byte(40) {
		f.Add(bytes.Repeat([]byte{i, 3 * i, 7*i + 1, i ^ 0x55}, 30))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var p pairing
		gofuzz.NewFromGoFuzz(data).NilChance(0).NumElements(1, 4).Fuzz(&p)
		newPairRun(t, &p).meet()
	})
}

// TestPairs: the fuzz target sees all that two ends can come to.
func TestPairs(t *testing.T) {
	seen := map[string]int{}
	for seed := range int64(600) {
		var p pairing
		gofuzz.NewWithSeed(seed).NilChance(0).NumElements(1, 4).Fuzz(&p)
		r := newPairRun(t, &p)
		r.meet()
		for _, outcome := range r.outcomes {
			seen[outcome]++
		}
	}
	for _, want := range []string{"none", "304 resumed=false mutual=false key=true", "304 resumed=true mutual=false key=true"} {
		if seen[want] == 0 {
			t.Errorf("there is no %q in %v", want, seen)
		}
	}
	for _, version := range []uint16{0x0303, 0x0304} {
		for _, resumed := range []bool{false, true} {
			for _, mutual := range []bool{false, true} {
				if want := fmt.Sprintf("%x resumed=%v mutual=%v key=false", version, resumed, mutual); seen[want] == 0 {
					t.Errorf("there is no %q in %v", want, seen)
				}
			}
		}
	}
}

type pairRun struct {
	t              *testing.T
	p              *pairing
	clock          int64
	client, server tlscore.Config
	pools          [2]tlscore.PoolConfig
	tickets        tlscore.TicketKeys
	sessions       tlscore.Sessions
	certificate    []byte // the client's

	// What the server was told of the client of the connection under way: by a certificate, by a session, by a key.
	shown, resumedAs []byte
	byKey            bool

	// The session that the client has: how it began, how many rotations and hours ago.
	session   bool
	tls12     bool
	rotations int
	hours     int

	outcomes []string // of the connections so far
}

func newPairRun(t *testing.T, p *pairing) *pairRun {
	w := theWorld()
	r := &pairRun{t: t, p: p, clock: now.Unix()}
	r.client, r.pools[0] = p.Client.config(&r.clock)
	r.server, r.pools[1] = p.Server.config(&r.clock)
	if keys := p.Client.keys(); keys != nil {
		r.client.PSKs = tlscore.PSKClient(keys...)
	}
	if keys := p.Server.keys(); keys != nil {
		r.server.PSKs = tlscore.PSKServer(keys...)
	}
	if _, tls12 := p.Client.speaks(); tls12 {
		r.client.TLS12 = tlscore.TLS12Client()
	}
	if _, tls12 := p.Server.speaks(); tls12 {
		r.server.TLS12 = tlscore.TLS12Server()
	}
	r.client.Identities, r.client.Rand = nil, &stream{block: [32]byte{1}} // not the server's
	if p.Known {
		key := new(signature.PrivateKey)
		if err := key.Parse(must(x509.MarshalPKCS8PrivateKey(w.client.Key))); err != nil {
			t.Fatal(err)
		}
		r.client.Identities = []tlscore.Identity{{Chain: w.client.Chain, Key: key}}
		r.certificate = w.client.Chain[0]
	}
	if p.Client.Compressed {
		k := tlscore.CompressionClient(netconn.Zlib())
		for i := range r.client.Identities {
			netconn.Compress(k, &r.client.Identities[i])
		}
		r.client.CertificateCompression = k
	}
	if p.Server.Compressed {
		k := tlscore.CompressionServer(netconn.Zlib())
		netconn.Compress(k, &r.server.Identities[0])
		r.server.CertificateCompression = k
	}
	r.client.FalseStart, r.client.WithoutServerName, r.client.WithoutKeyShares = p.FalseStart, p.Nameless, p.Shareless
	r.server.PreferGroups = p.Prefers
	if p.Client.Resumes {
		r.client.Sessions = &r.sessions
	}
	check(t, r.tickets.Rotate(r.server.Rand))
	if p.Server.Resumes {
		r.server.Tickets = &r.tickets
	}
	if p.Cached {
		r.server.SessionCache = &tlscore.SessionCache{Slots: make([]tlscore.CachedSession, 2)}
	}
	if p.Cookies {
		r.server.Cookies = tlscore.NewCookies(&r.tickets)
	}
	r.server.ClientAuth, r.server.ResumeClients = tlscore.ClientAuth(p.Auth%3), p.ResumeClients
	r.server.Events = func(_ *tlscore.Conn, e tlscore.Event) {
		switch e.Kind {
		case tlscore.EventPeerCertificate:
			r.shown = bytes.Clone(e.Certificate.Raw)
			copy(e.Session[:], e.Certificate.Raw[len(e.Certificate.Raw)-len(e.Session):])
		case tlscore.EventPeerResumed:
			r.resumedAs = bytes.Clone(e.Session[:])
		case tlscore.EventPSK:
			r.byKey = true
		}
	}
	return r
}

// version returns the version that the two speak, 0 if they have none in common.
func (r *pairRun) version() uint16 {
	c13, c12 := r.p.Client.speaks()
	s13, s12 := r.p.Server.speaks()
	switch {
	case c13 && s13:
		return 0x0304
	case c12 && s12:
		return 0x0303
	}
	return 0
}

// sharesSuite reports whether the two have a suite in common for the version, and whether one that goes with the keys.
func (r *pairRun) sharesSuite(version uint16) (any, withKey bool) {
	for _, id := range r.p.Client.suites() {
		if slices.Contains(r.p.Server.suites(), id) && (id>>8 == 0x13) == (version == 0x0304) {
			any = true
			withKey = withKey || version == 0x0304 && id != tlscore.AES256GCMSHA384
		}
	}
	return any, withKey
}

func (r *pairRun) meet() {
	for i, m := range r.p.Meetings {
		for range m.Rotations % 3 {
			check(r.t, r.tickets.Rotate(r.server.Rand))
			r.rotations++
		}
		r.clock += int64(m.Hours%13) * 60 * 60
		r.hours += int(m.Hours % 13)
		if m.Forgets {
			r.sessions.Wipe()
			r.session = false
		}
		r.connect(i, m)
	}
}

func (r *pairRun) fatal(i int, format string, args ...any) {
	r.t.Helper()
	r.t.Fatalf("connection %d: %s\n%v", i, fmt.Sprintf(format, args...), r.p)
}

// connect runs one connection.
func (r *pairRun) connect(i int, m meeting) {
	r.shown, r.resumedAs, r.byKey = nil, nil, false
	var client, server end
	for j, e := range []*end{&client, &server} {
		e.pool = must(tlscore.NewPool(r.pools[j]))
		e.says = bytes.Repeat([]byte{byte(j + 1)}, 1+20*int(m.Chatter))
	}
	if err := server.conn.Server(&r.server, server.pool); err != nil {
		r.fatal(i, "server: %v", err)
	}
	if err := client.conn.Client(&r.client, client.pool, "changeme"); err != nil {
		r.fatal(i, "client: %v", err)
	}
	chop := 1 + int(m.Chop)
	if m.Chop > 200 {
		chop = 1 << 14
	}
	for steps := 0; client.step(&server, chop, m.Holds) || server.step(&client, chop, m.Holds); steps++ {
		if steps > 1e5 {
			r.fatal(i, "they go on for ever; client %v, server %v", client.conn.Err(), server.conn.Err())
		}
	}
	version := r.version()
	share, byKey := r.sharesSuite(version)
	byKey = byKey && r.client.PSKs != nil && r.server.PSKs != nil
	want := version != 0 && share && (r.p.Known || r.byKey || r.resumedAs != nil || r.server.ClientAuth != tlscore.RequireClientCert)
	for _, e := range []*end{&client, &server} {
		if done := e.conn.HandshakeDone() && e.conn.Err() == nil; done != want {
			r.fatal(i, "done %v, want %v; client %v, server %v", done, want, client.conn.Err(), server.conn.Err())
		}
	}
	if want {
		r.judge(i, &client, &server, byKey)
	} else {
		r.session = r.session && !r.p.Client.Resumes
		r.outcomes = append(r.outcomes, "none")
	}
	client.conn.Release()
	server.conn.Release()
	for _, e := range []*end{&client, &server} {
		h := e.pool.BorrowHandshake()
		if h == nil || e.pool.Borrow(1, true) == nil || e.pool.Borrow(1, true) == nil {
			r.fatal(i, "something is borrowed still")
		}
	}
}

// judge checks what the two say of a connection that has come to be.
func (r *pairRun) judge(i int, client, server *end, byKey bool) {
	a, b := client.conn.Info(), server.conn.Info()
	a.PeerScheme, b.PeerScheme = 0, 0
	if a != b || a.Version != r.version() {
		r.fatal(i, "the client says %+v, the server %+v", a, b)
	}
	if !bytes.Equal(client.read, server.says) || !bytes.Equal(server.read, client.says) {
		r.fatal(i, "the client read %d bytes of %d, the server %d of %d", len(client.read), len(server.says), len(server.read), len(client.says))
	}
	asks := r.server.ClientAuth != tlscore.NoClientCert
	kept := r.session && r.tls12 == (a.Version == 0x0303) && r.hours <= 24
	if a.Resumed && !kept {
		r.fatal(i, "a session is resumed that is none: %v, of TLS 1.2 %v, %d hours", r.session, r.tls12, r.hours)
	}
	resumes := kept && r.rotations == 0 && r.hours < 24 && r.server.Tickets != nil && (!asks || r.server.ResumeClients)
	if resumes && !a.Resumed {
		r.fatal(i, "a good session is not resumed")
	}
	switch {
	case r.byKey != byKey:
		r.fatal(i, "by a key: %v, want %v", r.byKey, byKey)
	case a.Resumed && asks && r.p.Known && !r.byKey && !bytes.Equal(r.resumedAs, r.certificate[len(r.certificate)-tlscore.SessionNoteSize:]):
		r.fatal(i, "resumed as %x", r.resumedAs)
	case !a.Resumed && r.resumedAs != nil, a.Resumed && r.shown != nil, !asks && (r.shown != nil || r.resumedAs != nil):
		r.fatal(i, "resumed %v, as %x, with a certificate %v", a.Resumed, r.resumedAs, r.shown != nil)
	case !a.Resumed && asks && r.p.Known && !r.byKey && !bytes.Equal(r.shown, r.certificate):
		r.fatal(i, "shown is %x", r.shown)
	}
	r.outcomes = append(r.outcomes, fmt.Sprintf("%x resumed=%v mutual=%v key=%v", a.Version, a.Resumed, r.shown != nil || r.resumedAs != nil, r.byKey))
	// In TLS 1.3, and when it makes one, the client has a session that is new; in TLS 1.2 the old one goes on.
	if !a.Resumed || a.Version == 0x0304 {
		r.hours = 0
	}
	r.session, r.tls12, r.rotations = r.p.Client.Resumes, a.Version == 0x0303, 0
}

// step lets an end write, send, work and receive; it reports whether anything happened. It looks at windows that it may not use; and if holds
// is set, it has the windows to send from and to receive into in hand while all else happens, as a host does whose transport blocks.
func (e *end) step(other *end, chop int, holds bool) (moved bool) {
	var out, in []byte
	if holds {
		out, in = e.conn.SendWindow(), e.conn.RecvWindow()
	}
	if n := copy(e.conn.WriteWindow(), e.says[e.wrote:]); n > 0 {
		e.conn.Written(n)
		e.wrote += n
		moved = true
	}
	e.conn.Flush()
	if holds && moved {
		e.conn.UpdateKeys(len(e.read)%2 == 0)
	}
	if e.conn.Working() {
		e.conn.Work()
		moved = true
	}
	if !holds {
		out = e.conn.SendWindow()
	}
	for ; len(out) > 0; out = e.conn.SendWindow() {
		n := min(chop, len(out))
		other.wire = append(other.wire, out[:n]...)
		e.conn.Sent(n)
		moved = true
	}
	if !holds || len(in) == 0 {
		in = e.conn.RecvWindow()
	}
	if n := copy(in, e.wire[:min(chop, len(e.wire))]); n > 0 {
		e.wire = e.wire[n:]
		e.conn.Received(n)
		moved = true
	}
	for w := e.conn.ReadWindow(); len(w) > 0; w = e.conn.ReadWindow() {
		e.read = append(e.read, w...)
		e.conn.Consumed(len(w))
		moved = true
	}
	return moved
}
