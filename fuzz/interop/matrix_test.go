package interop

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
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
)

var (
	every     = flag.Bool("every", false, "try every cell with every client, not a sample")
	tableFile = flag.String("table", "", "file to write the tables to")
)

// limit bounds each conversation with a peer.
const limit = 20 * time.Second

// peer is a program, or a library, that speaks TLS.
type peer struct {
	name     string
	programs []string            // what it takes to run, by name, or other files by path
	packages string              // of Debian, that have the programs
	every    bool                // whether as a client it tries every cell always
	alpn     string              // the protocol that it and we agree on, "" if it has none
	lacks    func(c cell) string // why it cannot do c, "" if it can
}

// with returns the peer with the programs that one of its roles takes.
func (p peer) with(programs ...string) peer {
	p.programs = programs
	return p
}

// speaking returns the peer with an application protocol.
func (p peer) speaking(alpn string) peer {
	p.alpn = alpn
	return p
}

// choosing returns the peer as a server that does not take the first group that a client offers.
func (p peer) choosing(group func(c cell) tlscore.GroupID) peer {
	lacks := p.lacks
	p.lacks = func(c cell) string {
		why := lacks(c)
		if why == "" && group(c) != c.group {
			why = "chooses the other group, which TLS 1.2 wants to be offered because of the certificate's curve"
		}
		return why
	}
	return p
}

// first returns which of the groups that the cell offers stands first in rank.
func (c cell) first(rank ...tlscore.GroupID) tlscore.GroupID {
	for _, g := range rank {
		if slices.Contains(c.offered(), g) {
			return g
		}
	}
	return c.group
}

// theirClient is a peer in the role of the client.
type theirClient struct {
	peer
	// visit makes the client post body to us in the way of c, verifying that we are hostName (or localName); if c is resumed it
	// does so, or only shakes hands, once before. It returns what the client has printed.
	visit func(t *testing.T, s *site, c cell, r *reception) string
}

// theirServer is a peer in the role of the server.
type theirServer struct {
	peer
	// start makes the server wait for all cells of a site, demanding certificates or not. It returns the port, and a function for
	// what the server has printed.
	start func(t *testing.T, s *site, mutual bool) (port string, output func() string)
	// talk has a conversation with the server about body.
	talk func(conn net.Conn) error
}

var (
	theirClients = []theirClient{opensslClient, curlClient, gnutlsClient, nssClient, botanClient, gotlsClient}
	theirServers = []theirServer{opensslServer, gnutlsServer, nssServer, botanServer, mbedtlsServer, wolfsslServer, gotlsServer}
)

// body is what goes each way: text in lines of different lengths, none of which is a command to a program.
var body = func() []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < 128<<10; i++ {
		fmt.Fprintf(&b, "line %d %s\n", i, strings.Repeat("colibri ", i%50))
	}
	return b.Bytes()
}()

// request is body as a client that knows no HTTP says it.
var request = fmt.Sprintf("POST / HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n%s", hostName, len(body), body)

func TestMatrix(t *testing.T) {
	sites := map[ca.Family]*site{}
	for _, family := range identities {
		sites[family] = newSite(t, family)
	}
	tables := []*table{newTable("their clients, our server"), newTable("our client, their servers")}
	t.Run("server", func(t *testing.T) {
		for _, client := range theirClients {
			t.Run(client.name, func(t *testing.T) { client.try(t, sites, tables[0]) })
		}
	})
	t.Run("client", func(t *testing.T) {
		for _, server := range theirServers {
			t.Run(server.name, func(t *testing.T) { server.try(t, sites, tables[1]) })
		}
	})
	if text := tables[0].String() + "\n" + tables[1].String(); *tableFile == "" {
		t.Logf("\n%s", text)
	} else {
		check(t, os.WriteFile(*tableFile, []byte(text), 0o666))
	}
}

// cells returns the cells to try with the peer, and writes into the table why others cannot be tried, first of all whether the
// peer is there.
func (p *peer) cells(t *testing.T, table *table) (able []cell) {
	t.Helper()
	for _, program := range p.programs {
		_, err := exec.LookPath(program)
		if strings.HasPrefix(program, "/") {
			_, err = os.Stat(program)
		}
		if err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal(err)
			}
			table.note(p.name, cells(), p.name+" is not installed: apt-get install "+p.packages)
			t.Skipf("%v; apt-get install %s", err, p.packages)
		}
	}
	for _, c := range cells() {
		switch {
		case p.lacks(c) != "":
			table.note(p.name, []cell{c}, p.name+" "+p.lacks(c))
		default:
			able = append(able, c)
		}
	}
	return able
}

// try tries the client with a server of ours for each cell.
func (p *theirClient) try(t *testing.T, sites map[ca.Family]*site, table *table) {
	t.Parallel()
	some := p.cells(t, table)
	if !p.every && !*every {
		some = sample(some)
	}
	for _, c := range some {
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			defer func() { table.result(p.name, c, !t.Failed()) }()
			r := receive(t, sites[c.identity], c, p.alpn)
			output := p.visit(t, sites[c.identity], c, r)
			if err := r.check(c, p.alpn); err != nil {
				t.Fatalf("%v; the client says:\n%s", err, brief(output))
			}
			if !strings.Contains(output, string(body)) {
				t.Errorf("the client does not repeat what we have sent:\n%s", brief(output))
			}
		})
	}
}

// try tries the server with a client of ours for each cell; it is started once for each site and each demand for certificates.
func (p *theirServer) try(t *testing.T, sites map[ca.Family]*site, table *table) {
	t.Parallel()
	some := p.cells(t, table)
	for family, s := range sites {
		for _, mutual := range []bool{false, true} {
			t.Run(fmt.Sprintf("%v/mutual=%v", family, mutual), func(t *testing.T) {
				t.Parallel()
				var port string
				var output func() string
				for _, c := range some {
					if c.identity != family || c.mode.mutual() != mutual {
						continue
					}
					if port == "" {
						port, output = p.start(t, s, mutual)
					}
					t.Run(c.String(), func(t *testing.T) {
						defer func() { table.result(p.name, c, !t.Failed()) }()
						if err := p.converse(s, c, port); err != nil {
							t.Errorf("%v; the server says:\n%s", err, brief(output()))
						}
					})
				}
			})
		}
	}
}

// reception is a server of ours for one cell.
type reception struct {
	port   string
	guests chan guest
}

// guest is one connection that the reception had.
type guest struct {
	state   netconn.ConnectionState
	resumed string // the name of whom the session is that it resumes, if a certificate was shown in that
	posted  bool   // the whole body came
	err     error
}

// receive opens a reception; the test's end closes it.
func receive(t *testing.T, s *site, c cell, alpn string) *reception {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	t.Cleanup(func() { l.Close() })
	cfg := s.config()
	cfg.Identities = []tlscore.Identity{s.server}
	cfg.Suites, cfg.Groups = []tlscore.SuiteID{c.suite}, []tlscore.GroupID{c.group}
	if c.version == version12 {
		cfg.TLS12, cfg.MaxVersion = tlscore.TLS12Server(), version12
	}
	if alpn != "" {
		cfg.ALPN = []string{alpn}
	}
	if c.mode.mutual() {
		cfg.ClientAuth, cfg.ResumeClients = tlscore.RequireClientCert, true
	}
	cfg.SessionCache = &tlscore.SessionCache{Guard: new(sync.Mutex), Slots: make([]tlscore.CachedSession, 2)}
	cfg.Tickets = &tlscore.TicketKeys{Guard: new(sync.Mutex)}
	check(t, cfg.Tickets.Rotate(cfg.Rand))
	_, port, err := net.SplitHostPort(l.Addr().String())
	check(t, err)
	r := &reception{port, make(chan guest, 8)}
	go func() {
		defer close(r.guests)
		for {
			transport, err := l.Accept()
			if err != nil {
				return
			}
			transport.SetDeadline(time.Now().Add(limit))
			r.guests <- welcome(transport, cfg)
		}
	}()
	return r
}

// welcome shakes hands, and if a request follows, answers it with its own body.
func welcome(transport net.Conn, common *tlscore.Config) (g guest) {
	defer transport.Close()
	cfg := *common
	cfg.Events = func(_ *tlscore.Conn, e tlscore.Event) {
		switch e.Kind {
		case tlscore.EventPeerCertificate:
			if leaf, err := x509.ParseCertificate(e.Certificate.Raw); err == nil {
				copy(e.Session[:], leaf.Subject.CommonName)
			}
		case tlscore.EventPeerResumed:
			g.resumed = string(bytes.TrimRight(e.Session[:], "\x00"))
		}
	}
	conn, err := netconn.Server(transport, &cfg)
	if err != nil {
		return guest{err: err}
	}
	defer conn.Close()
	if err := conn.Handshake(); err != nil {
		return guest{err: err}
	}
	g.state = conn.ConnectionState()
	post, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return g // Some clients come twice, but ask only once.
	}
	got, err := io.ReadAll(post.Body)
	if err != nil || !bytes.Equal(got, body) {
		g.err = fmt.Errorf("%d of %d bytes came, or others: %w", len(got), len(body), err)
		return g
	}
	g.posted = true
	_, g.err = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(got), got)
	return g
}

// check looks at the guests that came: one, and if the session is resumed another before.
func (r *reception) check(c cell, alpn string) error {
	if c.mode.resumed() {
		first, err := r.guest()
		if err != nil {
			return err
		}
		if err := c.session().matches(first.state, alpn, clientName); err != nil {
			return fmt.Errorf("the session to resume: %w", err)
		}
	}
	g, err := r.guest()
	if err != nil {
		return err
	}
	if !g.posted {
		return errors.New("no data came")
	}
	if g.resumed != "" != (c.mode == both) || g.resumed != "" && g.resumed != clientName {
		return fmt.Errorf("the client resumes as %q", g.resumed)
	}
	return c.matches(g.state, alpn, clientName)
}

// guest waits for the next guest.
func (r *reception) guest() (guest, error) {
	select {
	case g := <-r.guests:
		return g, g.err
	case <-time.After(limit):
		return guest{}, errors.New("nobody came")
	}
}

// matches reports where what was negotiated is not what c says. If the peer showed a certificate, it is that of name.
func (c cell) matches(state netconn.ConnectionState, alpn, name string) error {
	got, want := cell{state.Version, state.Suite, state.Group, c.identity, c.mode}, c
	if got != want || state.Resumed != c.mode.resumed() || state.ALPN != alpn {
		return fmt.Errorf("negotiated are %v, resumed %v, protocol %q", got, state.Resumed, state.ALPN)
	}
	if c.mode.resumed() || name == clientName && !c.mode.mutual() {
		if state.PeerCertificate != nil {
			return errors.New("there is a certificate of the peer")
		}
		return nil
	}
	leaf, err := x509.ParseCertificate(state.PeerCertificate)
	if err != nil {
		return err
	}
	if leaf.Subject.CommonName != name {
		return fmt.Errorf("the peer is %s", leaf.Subject)
	}
	return nil
}

// converse meets the server in the way of c, twice if a session is to be resumed.
func (p *theirServer) converse(s *site, c cell, port string) error {
	cfg := s.config()
	cfg.Suites, cfg.Groups = []tlscore.SuiteID{c.suite}, c.offered()
	if c.version == version12 {
		cfg.TLS12, cfg.MaxVersion = tlscore.TLS12Client(), version12
	}
	if p.alpn != "" {
		cfg.ALPN = []string{p.alpn}
	}
	if c.mode.mutual() {
		cfg.Identities = []tlscore.Identity{s.client}
	}
	if c.mode.resumed() {
		cfg.Sessions = &tlscore.Sessions{Guard: new(sync.Mutex), Long: make([]byte, 16<<10)} // for tickets that hold our chain
		if err := p.meet(cfg, c.session(), port); err != nil {
			return fmt.Errorf("the session to resume: %w", err)
		}
	}
	return p.meet(cfg, c, port)
}

// meet connects a client of ours to the server and talks with it.
func (p *theirServer) meet(cfg *tlscore.Config, c cell, port string) error {
	transport, err := net.DialTimeout("tcp", "127.0.0.1:"+port, limit)
	if err != nil {
		return err
	}
	defer transport.Close()
	transport.SetDeadline(time.Now().Add(limit))
	conn, err := netconn.Client(transport, cfg, hostName)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.Handshake(); err != nil {
		return err
	}
	if err := c.matches(conn.ConnectionState(), p.alpn, hostName); err != nil {
		return err
	}
	return p.talk(conn)
}

// echo says text to a server that answers while it listens, and reports whether the answer is want.
func echo(conn net.Conn, text, want []byte) error {
	wrote := make(chan error, 1)
	go func() {
		_, err := conn.Write(text)
		wrote <- err
	}()
	got := make([]byte, len(want))
	n, err := io.ReadFull(conn, got)
	if err == nil {
		err = <-wrote
	}
	if err != nil || !bytes.Equal(got, want) {
		return fmt.Errorf("%d of %d bytes came, or others: %w", n, len(want), err)
	}
	return nil
}

// post sends body to a server that knows HTTP, at the path, and reports whether it comes back.
func post(conn net.Conn, path string) error {
	if _, err := io.WriteString(conn, strings.Replace(request, "/", path, 1)); err != nil {
		return err
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return err
	}
	got, err := io.ReadAll(answer.Body)
	if err != nil || !bytes.Equal(got, body) {
		return fmt.Errorf("%s, %d of %d bytes came, or others: %w", answer.Status, len(got), len(body), err)
	}
	return nil
}

// brief returns the text without what a peer repeats of body, and not too much of it.
func brief(text string) string {
	text = strings.ReplaceAll(text, string(body), "(all of the body)\n")
	if len(text) > 4000 {
		text = text[:2000] + "\n...\n" + text[len(text)-2000:]
	}
	return text
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
