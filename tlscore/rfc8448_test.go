package tlscore

import (
	"bytes"
	"encoding/hex"
	"io"
	"os"
	"strings"
	"testing"

	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/signature"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// The traces of RFC 8448. Each is played twice: our server meets the RFC's client, and our client the RFC's server, with the
// randomness and the keys of the RFC. All that we send must be the RFC's, byte for byte, and all that it sends must be understood.
//
// What is ours: both key schedules, the protection of every record, ServerHello, Certificate, CertificateVerify but for the signature,
// Finished, application data and close_notify. What the traces have and we do not send is taken from them (see scripted): the
// ClientHellos, the HelloRetryRequest with its cookie, EncryptedExtensions with supported_groups, CertificateRequest, the ticket. Their
// RSA keys of 1,024 bits we neither use nor accept: signatures by them come from the trace, and are checked for what they sign.

// trace is one section of testdata/rfc8448.txt.
type trace struct {
	t      *testing.T
	name   string
	values map[string][]byte
}

func traces(t *testing.T) (all []*trace) {
	t.Helper()
	text, err := os.ReadFile("testdata/rfc8448.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(text), "\n") {
		if name, ok := strings.CutPrefix(line, "["); ok {
			all = append(all, &trace{name: strings.TrimSuffix(name, "]"), values: map[string][]byte{}})
		} else if name, value, ok := strings.Cut(line, " "); ok && !strings.HasPrefix(line, "#") {
			b, err := hex.DecodeString(value)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			all[len(all)-1].values[name] = b
		}
	}
	if len(all) != 5 {
		t.Fatalf("%d traces", len(all))
	}
	return all
}

func (tr *trace) has(name string) bool { return tr.values[name] != nil }

// get returns a value, which must be there.
func (tr *trace) get(name string) []byte {
	tr.t.Helper()
	if !tr.has(name) {
		tr.t.Fatalf("the trace has no %s", name)
	}
	return tr.values[name]
}

// message returns the message that is alone in an unprotected record.
func (tr *trace) message(name string) []byte { return tr.get(name)[5:] }

// der returns the certificate that is alone in the server's Certificate message.
func (tr *trace) der() []byte {
	var m wire.Certificate
	if err := m.Parse(tr.get("certificate")[wire.HeaderSize:]); err != nil {
		tr.t.Fatal(err)
	}
	der, _, _ := wire.NextCertificate(m.Entries)
	return der
}

// anchors returns trust anchors, for the sake of which certificates are accepted; none is verified with them.
func (tr *trace) anchors() *x509lite.Anchors {
	anchors := new(x509lite.Anchors)
	for _, other := range traces(tr.t) {
		if other.t = tr.t; other.elliptic() {
			if err := anchors.Add(other.der()); err != nil {
				tr.t.Fatal(err)
			}
		}
	}
	return anchors
}

// elliptic reports whether the server's key is one of those that we know; the others are RSA of 1,024 bits.
func (tr *trace) elliptic() bool { return tr.name == "client authentication" }

// traceSigner is a key that made the signatures of a trace.
type traceSigner struct {
	tr                *trace
	scheme            signature.Scheme
	content, recorded string
}

func (s *traceSigner) Supports(scheme signature.Scheme) bool { return scheme == s.scheme }

func (s *traceSigner) Sign(_ signature.Scheme, sig []byte, message, _ []byte) (int, error) {
	if !bytes.Equal(message, s.tr.get(s.content)) {
		s.tr.t.Errorf("to be signed is\n%x, the trace has\n%x", message, s.tr.get(s.content))
	}
	return copy(sig, s.tr.get(s.recorded)), nil
}

// zeros is what randomness is where it makes no difference.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// player is one end of ours.
type player struct {
	*trace
	conn Conn
	sent []byte
}

func (tr *trace) player(cfg *Config) *player {
	tr.t.Helper()
	cfg.Suites = []SuiteID{AES128GCMSHA256}
	cfg.Clock = func() int64 { return 1_500_000_000 }
	pool, err := NewPool(PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 2048})
	if err != nil {
		tr.t.Fatal(err)
	}
	p := &player{trace: tr}
	if err := p.conn.borrow(cfg, pool, false); err != nil {
		tr.t.Fatal(err)
	}
	return p
}

// replace puts a handler of the test in the place of that of one state.
func replace(flow []row, at state, receive func(*Conn, []byte) (state, error), send func(*Conn) (state, error)) {
	for i := range flow {
		if flow[i].state == at {
			flow[i].receive, flow[i].send = receive, send
		}
	}
}

// scripted returns a handler that sends a message of the trace and goes on to next.
func scripted(msg []byte, next state) func(*Conn) (state, error) {
	return func(c *Conn) (state, error) {
		b := c.message()
		b.Bytes(msg)
		if err := c.appendMessage(&b); err != nil {
			return idle, err
		}
		return next, nil
	}
}

// hear gives our end what the trace's peer sends.
func (p *player) hear(name string) {
	p.t.Helper()
	for rec := p.get(name); len(rec) > 0; {
		w := p.conn.RecvWindow()
		if len(w) == 0 {
			p.t.Fatalf("%s is not wanted: %v", name, p.conn.Err())
		}
		n := copy(w, rec)
		p.conn.Received(n)
		rec = rec[n:]
		p.drain()
	}
	if p.conn.Err() != nil {
		p.t.Fatalf("%s: %v", name, p.conn.Err())
	}
}

func (p *player) drain() {
	for w := p.conn.SendWindow(); len(w) > 0; w = p.conn.SendWindow() {
		p.sent = append(p.sent, w...)
		p.conn.Sent(len(w))
	}
}

// says checks that our end has sent exactly what the trace has.
func (p *player) says(names ...string) {
	p.t.Helper()
	p.drain()
	var want []byte
	for _, name := range names {
		want = append(want, p.get(name)...)
	}
	if !bytes.Equal(p.sent, want) {
		p.t.Fatalf("%v: sent\n%x, the trace has\n%x; %v", names, p.sent, want, p.conn.Err())
	}
	p.sent = nil
}

// text is what both ends say once they are connected.
func text() (p []byte) {
	for i := range 50 {
		p = append(p, byte(i))
	}
	return p
}

func (p *player) reads() {
	p.t.Helper()
	if !bytes.Equal(p.conn.ReadWindow(), text()) {
		p.t.Errorf("read %x", p.conn.ReadWindow())
	}
	p.conn.Consumed(len(p.conn.ReadWindow()))
}

func (p *player) writes() {
	p.conn.Written(copy(p.conn.WriteWindow(), text()))
	p.conn.Flush()
}

// converse ends a trace: data both ways, if it has some, and close_notify.
func (p *player) converse(own, other string) {
	p.t.Helper()
	if !p.conn.HandshakeDone() {
		p.t.Fatalf("the handshake is not done: %v", p.conn.Err())
	}
	if p.has(other + "-data") {
		p.hear(other + "-data")
		p.reads()
		p.writes()
		p.says(own + "-data")
	}
	p.hear(other + "-close")
	if !p.conn.PeerClosed() {
		p.t.Error("close_notify is not understood")
	}
	p.conn.Close()
	p.says(own + "-close")
	p.conn.Release()
}

func TestRFC8448Server(t *testing.T) {
	for _, tr := range traces(t) {
		t.Run(tr.name, func(t *testing.T) {
			tr.t = t
			key := &traceSigner{tr, signature.RSAPSSWithSHA256, "signed", "signature"}
			cfg := &Config{
				Groups: []GroupID{X25519},
				Rand:   io.MultiReader(bytes.NewReader(tr.get("server-random")), bytes.NewReader(tr.get("server-key")), zeros{}),
			}
			if tr.has("certificate") {
				cfg.Identities = []Identity{{Chain: [][]byte{tr.der()}, Key: key}}
			}
			if tr.elliptic() {
				key.scheme = signature.ECDSAWithP256AndSHA256
			}
			flow := append(append([]row(nil), server13.flow...), serverTickets13[:]...)
			cfg.Tickets = &TicketKeys{server: &ticketServer{row: &flow[len(flow)-1]}} // without a key
			afterExtensions := sendCertificate
			switch tr.name {
			case "HelloRetryRequest":
				cfg.Groups = []GroupID{P256}
				replace(flow, sendHelloRetryRequest, nil, func(c *Conn) (state, error) {
					c.hashFirstHello()
					c.hs.retried = true
					next, err := scripted(tr.message("retry"), expectSecondClientHello)(c)
					c.out.seal()
					return next, err
				})
			case "client authentication":
				cfg.ClientAuth, cfg.Anchors = RequireClientCert, tr.anchors()
				afterExtensions = sendCertificateRequest
				replace(flow, sendCertificateRequest, nil, scripted(tr.get("certificate-request"), sendCertificate))
				heard := func(next state) func(*Conn, []byte) (state, error) {
					return func(c *Conn, msg []byte) (state, error) { c.hs.transcript.Write(msg); return next, nil }
				}
				replace(flow, expectClientCertificate, heard(expectClientCertificateVerify), nil)
				replace(flow, expectClientCertificateVerify, heard(expectClientFinished), nil)
			case "simple 1-RTT handshake":
				replace(flow, expectClientFinished, func(c *Conn, msg []byte) (state, error) {
					if _, err := c.receiveFinished(msg); err != nil {
						return idle, err
					}
					return sendNewSessionTicket, nil
				}, nil)
				replace(flow, sendNewSessionTicket, nil, func(c *Conn) (state, error) {
					next, err := scripted(tr.ticket(), established)(c)
					c.out.seal()
					return next, err
				})
			case "resumed 0-RTT handshake":
				afterExtensions = sendFinished
				replace(flow, expectClientHello, tr.resume, nil)
				cfg.EarlyData = EarlyDataServer(new(Replays))
			}
			replace(flow, sendEncryptedExtensions, nil, scripted(tr.get("encrypted-extensions"), afterExtensions))

			p := tr.player(cfg)
			p.conn.role, p.conn.state = &role{flow: flow}, expectClientHello
			p.hear("client-hello")
			if tr.has("retry") {
				p.says("retry")
				p.hear("client-hello-2")
			}
			p.says("server-hello", "server-flight")
			if tr.has("early-data") {
				p.hear("early-data")
				if got := p.conn.ReadWindow(); string(got) != "ABCDEF" || !p.conn.Early() {
					t.Errorf("early data is %q", got)
				}
				p.conn.Consumed(len(p.conn.ReadWindow()))
			}
			p.hear("client-flight")
			if tr.has("ticket") {
				p.says("ticket")
			}
			p.converse("server", "client")
		})
	}
}

// ticket returns the NewSessionTicket message of the simple handshake: half a minute, with early data of 1,024 bytes.
func (tr *trace) ticket() []byte {
	b := wire.NewBuilder(make([]byte, 512))
	m := b.BeginMessage(wire.TypeNewSessionTicket)
	b.Bytes([]byte{0, 0, 0, 0x1e, 0xfa, 0xd6, 0xaa, 0xc5, 2, 0, 0})
	v := b.Begin(2)
	b.Bytes(traceTicket(tr.t))
	b.End(v)
	b.Bytes([]byte{0, 8, 0, 42, 0, 4, 0, 0, 4, 0})
	b.End(m)
	return b.Written()
}

func traceTicket(t *testing.T) []byte {
	for _, tr := range traces(t) {
		if tr.has("session-ticket") {
			return tr.values["session-ticket"]
		}
	}
	t.Fatal("no trace has a ticket")
	return nil
}

// resume accepts the pre-shared key of the trace, which is not one of our tickets. Its binder is checked.
func (tr *trace) resume(c *Conn, msg []byte) (state, error) {
	var hello wire.ClientHello
	if err := c.parseClientHello(&hello, msg); err != nil {
		return idle, err
	}
	h := c.hs
	c.suite, c.group, c.early, c.earlyLeft = suiteByID(AES128GCMSHA256), X25519, EarlyAccepted, 1024
	h.transcript.Reset(c.hash())
	var mac keyschedule.Secret
	n := h.startWithPSK(&mac, c.hash(), tr.get("psk"), keyschedule.ResumptionBinder, &h.transcript, hello.WithoutBinders(msg))
	if identity, binder, _, _ := wire.NextPSK(hello.Identities, hello.Binders); !bytes.Equal(binder, mac[:n]) ||
		!bytes.Equal(identity, tr.get("session-ticket")) {
		tr.t.Errorf("binder %x, the trace has %x", mac[:n], binder)
	}
	h.accepted, c.resumed = true, true
	h.transcript.Write(msg)
	c.beginEarlyData()
	h.share = findKeyShare(&hello, X25519)
	return sendServerHello, nil
}

func TestRFC8448Client(t *testing.T) {
	for _, tr := range traces(t) {
		t.Run(tr.name, func(t *testing.T) {
			tr.t = t
			cfg := &Config{Groups: []GroupID{X25519, P256}, Anchors: tr.anchors(), Rand: zeros{}, Sessions: new(Sessions)}
			p := tr.player(cfg)
			h := p.conn.hs
			p.conn.client, p.conn.name, p.conn.group = true, "server", X25519
			h.changed = tr.name != "compatibility mode"
			h.exchange.group = X25519
			copy(h.exchange.private[:], tr.get("client-key"))
			flow := append([]row(nil), client13.flow...)
			replace(flow, sendClientHello, nil, func(c *Conn) (state, error) {
				msg := tr.message("client-hello")
				var hello wire.ClientHello
				if err := hello.Parse(msg[wire.HeaderSize:]); err != nil {
					return idle, err
				}
				copy(h.random[:], hello.Random)
				h.sessionIDLen = copy(h.sessionID[:], hello.SessionID)
				h.transcript.Reset(c.cfgHash())
				if tr.has("psk") {
					tr.rebind(c, msg)
				}
				next, err := scripted(msg, expectServerHello)(c)
				c.out.seal()
				if tr.has("psk") {
					c.early, c.earlyLeft = EarlyOffered, 1024
					return next, c.protectEarlyData()
				}
				return next, err
			})
			certificate := func(c *Conn, msg []byte) (state, error) {
				c.hs.transcript.Write(msg)
				if tr.elliptic() {
					if err := tr.keyOf(c); err != nil {
						return idle, err
					}
				}
				return expectServerCertificateVerify, nil
			}
			replace(flow, expectServerCertificate, certificate, nil)
			for i := range flow {
				if flow[i].state == expectCertificateRequest && flow[i].message == wire.TypeCertificate {
					flow[i].receive = certificate
				}
			}
			if !tr.elliptic() {
				replace(flow, expectServerCertificateVerify, func(c *Conn, msg []byte) (state, error) {
					if got := c.hs.signedContent(false); !bytes.Equal(got, tr.get("signed")) {
						t.Errorf("signed is\n%x, the trace has\n%x", got, tr.get("signed"))
					}
					c.hs.transcript.Write(msg)
					return expectServerFinished, nil
				}, nil)
			}
			switch tr.name {
			case "HelloRetryRequest":
				replace(flow, sendSecondClientHello, nil, func(c *Conn) (state, error) {
					if !bytes.Contains(tr.get("client-hello-2"), h.public[:h.cookieLen]) || h.cookieLen != 114 {
						t.Errorf("the cookie is %x", h.public[:h.cookieLen])
					}
					h.exchange.group = P256
					copy(h.exchange.private[:], tr.get("client-key-2"))
					next, err := scripted(tr.message("client-hello-2"), expectServerHello)(c)
					c.out.seal()
					return next, err
				})
			case "client authentication":
				cfg.Identities = []Identity{{
					Chain: [][]byte{tr.get("client-certificate")},
					Key:   &traceSigner{tr, signature.RSAPSSWithSHA256, "client-signed", "client-signature"},
				}}
			case "resumed 0-RTT handshake":
				cfg.EarlyData = EarlyDataClient()
			}
			p.conn.role, p.conn.state = &role{flow: flow, name: client13.name, room: client13.room, forget: client13.forget}, sendClientHello
			p.conn.run()
			p.heardHello("client-hello")
			if tr.has("retry") {
				p.hear("retry")
				p.says("client-hello-2")
			}
			if tr.has("early-data") {
				p.conn.Written(copy(p.conn.EarlyWindow(), "ABCDEF"))
				p.conn.Flush()
				p.says("early-data")
			}
			p.hear("server-hello")
			p.hear("server-flight")
			p.says("client-flight")
			if tr.has("ticket") {
				p.hear("ticket")
				tr.keeps(cfg.Sessions)
			}
			if tr.has("client-data") { // The client says it first.
				p.writes()
				p.says("client-data")
				p.hear("server-data")
				p.reads()
			}
			p.conn.Close()
			p.says("client-close")
			p.hear("server-close")
			if !p.conn.PeerClosed() {
				t.Error("close_notify is not understood")
			}
			p.conn.Release()
		})
	}
}

// cfgHash returns the hash of the one suite of the traces.
func (c *Conn) cfgHash() sha2.Algorithm { return suiteByID(c.cfg.Suites[0]).hash }

// heardHello is says for the first ClientHello, in the header of which the traces have version 3.1, and we 3.3.
func (p *player) heardHello(name string) {
	p.t.Helper()
	p.drain()
	if len(p.sent) > 2 {
		p.sent[2] = 1
	}
	p.says(name)
}

// rebind makes the client offer the session of the trace, and checks the binder that follows.
func (tr *trace) rebind(c *Conn, msg []byte) {
	s := &c.cfg.Sessions.slots[0]
	s.use, s.owner, s.suite = sessionOffered, c, suiteByID(AES128GCMSHA256)
	copy(s.secret[:], tr.get("psk"))
	s.ticketLen = copy(s.ticket[:], tr.get("session-ticket"))
	again := append([]byte(nil), msg...)
	clear(again[len(again)-33:])
	c.bind(again, 2+33)
	if !bytes.Equal(again, msg) {
		tr.t.Errorf("binder %x, the trace has %x", again[len(again)-33:], msg[len(msg)-33:])
	}
}

// keeps checks that the ticket of the trace made the session that the next trace resumes.
func (tr *trace) keeps(s *Sessions) {
	for _, next := range traces(tr.t) {
		if next.name != "resumed 0-RTT handshake" {
			continue
		}
		next.t = tr.t
		if got := &s.slots[0]; got.use != sessionKept || !bytes.Equal(got.secret[:32], next.get("psk")) ||
			!bytes.Equal(got.ticket[:got.ticketLen], next.get("session-ticket")) || got.ageAdd != 0xfad6aac5 || got.early != 1024 {
			tr.t.Errorf("the session is %x", got.secret)
		}
	}
}

// keyOf makes the public key of the server's certificate that which its CertificateVerify is checked with.
func (tr *trace) keyOf(c *Conn) error {
	var leaf x509lite.Certificate
	if err := leaf.Parse(tr.der()); err != nil {
		return err
	}
	if err := leaf.PublicKey(&c.hs.peerKey); err != nil {
		return err
	}
	return c.hs.keepPeerKey()
}
