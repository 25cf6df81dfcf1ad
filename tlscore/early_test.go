package tlscore_test

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// dawn is a client and a server that meet several times, and say something before they have shaken hands.
type dawn struct {
	*reunion
	replays *tlscore.Replays
	told    [2][]tlscore.EarlyOutcome // by the events of client and server
}

// newDawn returns both after their first connection, and later than a start of the server matters.
func newDawn(t *testing.T, change func(d *dawn)) *dawn {
	t.Helper()
	d := &dawn{reunion: newReunion(t), replays: &tlscore.Replays{Slots: make([]tlscore.SeenHello, 4)}}
	d.client.EarlyData, d.server.EarlyData = tlscore.EarlyDataClient(), tlscore.EarlyDataServer(d.replays)
	for i, cfg := range []*tlscore.Config{d.client, d.server} {
		cfg.Events = func(c *tlscore.Conn, e tlscore.Event) {
			if e.Kind == tlscore.EventEarlyData {
				d.told[i] = append(d.told[i], c.Info().Early)
			}
		}
	}
	if change != nil {
		change(d)
	}
	d.expect("the first connection", false)
	d.clock += 100
	return d
}

// begin starts a connection whose client writes text early, or as much of it as it may.
func (d *dawn) begin(text string) (p *pair, written int) {
	d.t.Helper()
	d.told = [2][]tlscore.EarlyOutcome{}
	p = newPair(d.t, d.client, d.server, d.pools)
	return p, writeEarly(&p.client, text)
}

// writeEarly writes as much of text as c may.
func writeEarly(c *tlscore.Conn, text string) (written int) {
	for written < len(text) {
		w := c.EarlyWindow()
		if len(w) == 0 {
			break
		}
		n := copy(w, text[written:])
		c.Written(n)
		written += n
	}
	c.Flush()
	return written
}

// carry moves bytes until nothing moves, and collects what the server reads before its handshake is done.
func (p *pair) carry(n int) (early []byte) {
	for moved := true; moved; {
		moved = p.move(0, n)
		if w := p.server.ReadWindow(); len(w) > 0 && !p.server.HandshakeDone() {
			if !p.server.Early() {
				p.t.Error("what came before the handshake was done is not early data")
			}
			early = append(early, w...)
			p.server.Consumed(len(w))
			moved = true
		}
		moved = p.move(1, n) || moved
	}
	return early
}

// carryClient moves what the client has to say, and drops what the server reads.
func (p *pair) carryClient() {
	for p.move(0, 1<<20) {
		p.server.Consumed(len(p.server.ReadWindow()))
	}
}

// done checks that both have shaken hands, and agree on the early data.
func (d *dawn) done(p *pair, client, server tlscore.EarlyOutcome) {
	d.t.Helper()
	if !p.client.HandshakeDone() || !p.server.HandshakeDone() {
		d.t.Fatalf("client: %v, server: %v", p.client.Err(), p.server.Err())
	}
	if c, s := p.client.Info(), p.server.Info(); c.Early != client || s.Early != server {
		d.t.Errorf("the client says early data is %v, want %v; the server %v, want %v", c.Early, client, s.Early, server)
	}
	for i, want := range []tlscore.EarlyOutcome{client, server} {
		named := d.client.EarlyData
		if i == 1 {
			named = d.server.EarlyData
		}
		if named != nil && want != tlscore.NoEarlyData && !slices.Equal(d.told[i], []tlscore.EarlyOutcome{want}) {
			d.t.Errorf("side %d was told %v, want %v", i, d.told[i], want)
		}
	}
	if p.server.Early() {
		d.t.Error("what comes behind the handshake is said to be early")
	}
	p.transfer(0, []byte("a late question"))
	p.transfer(1, []byte("a late answer"))
}

// TestEarlyData: what the client writes before the server has answered is read by it, and by it alone, before the handshake is done,
// whatever the suite and however the transport chops it; and again in the next connection.
func TestEarlyData(t *testing.T) {
	for _, suite := range []tlscore.SuiteID{tlscore.AES128GCMSHA256, tlscore.AES256GCMSHA384, tlscore.ChaCha20Poly1305SHA256} {
		for _, n := range []int{1 << 20, 1, 7} {
			for _, options := range []func(d *dawn){
				nil,
				func(d *dawn) { d.client.ALPN, d.server.ALPN = []string{"h2", "http/1.1"}, []string{"http/1.1"} },
				func(d *dawn) { d.client.Padding, d.server.Padding, d.client.GREASE = 64, 64, true },
				func(d *dawn) { d.client.Stepwise, d.server.Stepwise = true, true },
				func(d *dawn) { d.server.ClientAuth, d.server.ResumeClients = tlscore.RequireClientCert, true },
				func(d *dawn) { d.client.RecordSizeLimit, d.server.RecordSizeLimit = 128, 64 },
				func(d *dawn) { d.server.Cookies = tlscore.NewCookies(d.server.Tickets) },
				func(d *dawn) { // Padding makes no record too long for the server.
					d.client.Padding = 5000
					d.pools[1] = tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 3, SmallSize: 1024}
				},
			} {
				d := newDawn(t, func(d *dawn) {
					d.client.Suites = []tlscore.SuiteID{tlscore.AES128CCMSHA256, suite}
					d.server.Suites = []tlscore.SuiteID{suite}
					if options != nil {
						options(d)
					}
				})
				for range 2 {
					text := strings.Repeat("early ", 100)
					p, written := d.begin(text)
					if written != len(text) {
						t.Fatalf("%d bytes could be written early", written)
					}
					if got := string(p.carry(n)); got != text {
						t.Fatalf("the server read %q early", got)
					}
					d.done(p, tlscore.EarlyAccepted, tlscore.EarlyAccepted)
					if !p.client.Info().Resumed || p.client.EarlyWindow() != nil || p.server.EarlyWindow() != nil {
						t.Error("a window for early data behind the handshake")
					}
				}
			}
		}
	}
}

// TestEarlyDataIsAnswered: the server's answer comes with its handshake, before the client's is done, and the server may even end its
// direction.
func TestEarlyDataIsAnswered(t *testing.T) {
	for _, closes := range []bool{false, true} {
		d := newDawn(t, nil)
		p, _ := d.begin("a question")
		if p.client.WriteWindow() != nil {
			t.Error("a client's window is open that is not for early data")
		}
		for p.move(0, 1<<20) {
		}
		if got := string(p.server.ReadWindow()); got != "a question" || !p.server.Early() {
			t.Fatalf("%q, %v", got, p.server.Err())
		}
		p.server.Consumed(len("a question"))
		p.server.Written(copy(p.server.WriteWindow(), "an answer"))
		p.server.Flush()
		if closes {
			p.server.Close()
		}
		for p.move(1, 1<<20) {
		}
		if p.server.HandshakeDone() {
			t.Error("the handshake is done")
		}
		if got := string(p.client.ReadWindow()); got != "an answer" || !p.client.HandshakeDone() {
			t.Fatalf("the client read %q, %v", got, p.client.Err())
		}
		p.client.Consumed(len("an answer"))
		if !closes {
			p.carry(1 << 20)
			d.done(p, tlscore.EarlyAccepted, tlscore.EarlyAccepted)
			continue
		}
		p.client.Close()
		p.carry(1 << 20)
		if !p.client.PeerClosed() || !p.server.PeerClosed() || p.client.Err() != nil || p.server.Err() != nil || !p.server.Closed() {
			t.Errorf("not closed: %v, %v", p.client.Err(), p.server.Err())
		}
	}
}

// forget makes the tickets worthless that the client has.
func forget(d *dawn) {
	d.server.Tickets.Rotate(d.server.Rand)
	d.server.Tickets.Rotate(d.server.Rand)
}

// TestEarlyDataIsRejected: for every reason that there is the server reads nothing early, both are told so, and the handshake goes on.
func TestEarlyDataIsRejected(t *testing.T) {
	protocols := func(d *dawn) { d.client.ALPN, d.server.ALPN = []string{"h2", "http/1.1"}, []string{"h2"} }
	skewed := func(by int64) func(d *dawn) {
		return func(d *dawn) { d.client.Clock = func() int64 { return d.clock + by } }
	}
	wide := func(d *dawn) { d.replays.Window = 60 }
	restart := func(d *dawn) {
		d.replays = &tlscore.Replays{Slots: make([]tlscore.SeenHello, 4)}
		d.server.EarlyData = tlscore.EarlyDataServer(d.replays)
	}
	for _, test := range []struct {
		name           string
		before, change func(d *dawn)
		client, server tlscore.EarlyOutcome
	}{
		{"the server no longer wants it", nil, func(d *dawn) { d.server.EarlyData = nil }, tlscore.EarlyRejected, tlscore.EarlyRejected},
		{"the ticket does not allow it", func(d *dawn) { d.server.EarlyData = nil }, func(d *dawn) {
			d.server.EarlyData = tlscore.EarlyDataServer(d.replays)
			d.client.Sessions.Allow(100)
		}, tlscore.EarlyRejected, tlscore.EarlyRejected},
		{"a HelloRetryRequest", nil, func(d *dawn) { d.server.Groups = []tlscore.GroupID{tlscore.P256} }, tlscore.EarlyRetried, tlscore.EarlyRetried},
		{"a HelloRetryRequest without memory", nil, func(d *dawn) {
			d.server.Groups = []tlscore.GroupID{tlscore.P256}
			d.server.Cookies = tlscore.NewCookies(d.server.Tickets)
		}, tlscore.EarlyRetried, tlscore.EarlyRetried},
		{"new keys of tickets", nil, forget, tlscore.EarlyNotResumed, tlscore.EarlyNotResumed},
		{"a server that asks for certificates", nil, func(d *dawn) { d.server.ClientAuth = tlscore.RequireClientCert },
			tlscore.EarlyNotResumed, tlscore.EarlyNotResumed},
		{"another suite", nil, func(d *dawn) { d.server.Suites = []tlscore.SuiteID{tlscore.ChaCha20Poly1305SHA256} },
			tlscore.EarlyNotResumed, tlscore.EarlyNotResumed},
		{"another protocol", protocols, func(d *dawn) { d.server.ALPN = []string{"http/1.1"} },
			tlscore.EarlyRejected, tlscore.EarlyOtherProtocol},
		{"no protocol any more", protocols, func(d *dawn) { d.server.ALPN = nil }, tlscore.EarlyRejected, tlscore.EarlyOtherProtocol},
		{"a client whose clock is slow", nil, skewed(-11), tlscore.EarlyRejected, tlscore.EarlyStale},
		{"a client whose clock is fast", nil, skewed(11), tlscore.EarlyRejected, tlscore.EarlyStale},
		{"just in time", nil, skewed(-10), tlscore.EarlyAccepted, tlscore.EarlyAccepted},
		{"not a second too early", nil, skewed(10), tlscore.EarlyAccepted, tlscore.EarlyAccepted},
		{"just in time for a wide window", wide, func(d *dawn) { d.clock += 130; skewed(-60)(d) }, tlscore.EarlyAccepted, tlscore.EarlyAccepted},
		{"too late for a wide window", wide, func(d *dawn) { d.clock += 130; skewed(-61)(d) }, tlscore.EarlyRejected, tlscore.EarlyStale},
		{"too early for a wide window", wide, func(d *dawn) { d.clock += 130; skewed(61)(d) }, tlscore.EarlyRejected, tlscore.EarlyStale},
		{"a server that has just started", nil, restart, tlscore.EarlyRejected, tlscore.EarlyTooSoon},
		{"a server that started a while ago", nil, func(d *dawn) {
			restart(d)
			d.expect("another connection", true)
			d.clock += 9
		}, tlscore.EarlyRejected, tlscore.EarlyTooSoon},
		{"a server that started long enough ago", nil, func(d *dawn) {
			restart(d)
			d.expect("another connection", true)
			d.clock += 10
		}, tlscore.EarlyAccepted, tlscore.EarlyAccepted},
		{"no memory", func(d *dawn) { d.replays.Slots = nil }, nil, tlscore.EarlyRejected, tlscore.EarlyCrowded},
		{"a full memory", func(d *dawn) { d.replays.Slots = d.replays.Slots[:1] }, func(d *dawn) {
			d.expect("another connection", true)
		}, tlscore.EarlyRejected, tlscore.EarlyCrowded},
		{"a memory that was full", func(d *dawn) { d.replays.Slots = d.replays.Slots[:1] }, func(d *dawn) {
			d.expect("another connection", true)
			d.clock += 11
		}, tlscore.EarlyAccepted, tlscore.EarlyAccepted},
	} {
		for _, n := range []int{1 << 20, 1} {
			t.Run(test.name, func(t *testing.T) {
				d := newDawn(t, test.before)
				if d.t = t; test.change != nil {
					test.change(d)
				}
				p, written := d.begin("early")
				if written != len("early") {
					t.Fatal("nothing could be written")
				}
				// Not sealed when the server answers.
				p.client.Written(copy(p.client.EarlyWindow(), ", and later"))
				want := ""
				if test.server == tlscore.EarlyAccepted {
					want = "early, and later"
				}
				if got := p.carry(n); string(got) != want {
					t.Errorf("the server read %q early, want %q", got, want)
				}
				d.done(p, test.client, test.server)
			})
		}
	}
}

// TestTicketAge: a server with early data is told by how much its client's clock is wrong, whether the client writes early or not.
func TestTicketAge(t *testing.T) {
	for _, skew := range []int64{0, 5, -5, 3600} {
		for _, early := range []bool{false, true} {
			var told []int64
			d := newDawn(t, func(d *dawn) {
				d.server.Events = func(_ *tlscore.Conn, e tlscore.Event) {
					if e.Kind == tlscore.EventTicketAge {
						told = append(told, e.Skew)
					}
				}
			})
			if len(told) > 0 {
				t.Errorf("told of %v without a ticket", told)
			}
			if d.client.Clock = func() int64 { return d.clock + skew }; !early {
				d.client.EarlyData = nil
			}
			d.expect("the second connection", true)
			if len(told) != 1 || told[0] != skew {
				t.Errorf("a skew of %d, early data %v: told of %v", skew, early, told)
			}
		}
	}
}

// TestEarlyDataIsNotOffered: when a client cannot write any.
func TestEarlyDataIsNotOffered(t *testing.T) {
	protocols := func(d *dawn) { d.client.ALPN, d.server.ALPN = []string{"h2"}, []string{"h2", "http/1.1"} }
	for _, test := range []struct {
		name           string
		before, change func(d *dawn)
	}{
		{"not wanted", nil, func(d *dawn) { d.client.EarlyData = nil }},
		{"the ticket does not allow it", func(d *dawn) { d.server.EarlyData = nil }, func(d *dawn) { d.server.EarlyData = tlscore.EarlyDataServer(d.replays) }},
		{"no session", nil, func(d *dawn) { d.client.Sessions.Wipe() }},
		{"the suite of the session is not offered", nil, func(d *dawn) { d.client.Suites = []tlscore.SuiteID{tlscore.ChaCha20Poly1305SHA256} }},
		{"the protocol of the session is not offered", protocols, func(d *dawn) { d.client.ALPN = []string{"http/1.1"} }},
		{"a session of TLS 1.2", func(d *dawn) {
			d.client.TLS12, d.server.TLS12, d.server.MaxVersion = tlscore.TLS12Client(), tlscore.TLS12Server(), 0x0303
		}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDawn(t, test.before)
			if d.t = t; test.change != nil {
				test.change(d)
			}
			p, written := d.begin("early")
			if written != 0 {
				t.Errorf("%d bytes could be written", written)
			}
			p.carry(1 << 20)
			d.done(p, tlscore.NoEarlyData, tlscore.NoEarlyData)
		})
	}
}

// TestEarlyDataDoesNotFit: a client whose buffers hold a ClientHello with the session, but not the few bytes that early data takes besides,
// resumes without.
func TestEarlyDataDoesNotFit(t *testing.T) {
	without := 0
	for size := tlscore.MinBuffer; size < tlscore.MinBuffer+400; size++ {
		d := newDawn(t, func(d *dawn) {
			d.pools[0] = tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: size}
			d.server.Clock = d.client.Clock
		})
		p, written := d.begin("early")
		p.carry(1 << 20)
		info := p.client.Info()
		if !p.client.HandshakeDone() || written > 0 && !info.Resumed || written > 0 != (info.Early == tlscore.EarlyAccepted) {
			t.Fatalf("buffers of %d bytes: wrote %d, %+v, %v", size, written, info, p.client.Err())
		}
		if info.Resumed && written == 0 {
			without++
		}
		if written > 0 {
			break
		}
	}
	if without != 4+6 {
		t.Errorf("%d sizes of buffers are for a session alone", without)
	}
}

// TestEarlyDataReplayed: who has recorded the first flight of a client, and sends it again, brings in no early data: neither at once, nor
// when it is no longer remembered, nor behind a restart, nor when the clock is set back.
func TestEarlyDataReplayed(t *testing.T) {
	d := newDawn(t, nil)
	p, _ := d.begin("pay 100 to Mallory")
	for w := p.client.SendWindow(); len(w) > 0; w = p.client.SendWindow() {
		p.wires[0] = append(p.wires[0], w...)
		p.client.Sent(len(w))
	}
	flight := bytes.Clone(p.wires[0])
	if string(p.carry(1<<20)) != "pay 100 to Mallory" {
		t.Fatal("the original was not accepted")
	}
	d.done(p, tlscore.EarlyAccepted, tlscore.EarlyAccepted)
	replay := func(name string, want tlscore.EarlyOutcome) {
		t.Helper()
		var c tlscore.Conn
		if err := c.Server(d.server, newPool(t)); err != nil {
			t.Fatal(err)
		}
		pour(&c, flight)
		if len(c.ReadWindow()) > 0 || c.Info().Early != want || c.Err() != nil || !c.Info().Resumed {
			t.Errorf("%s: early data is %v, want %v; read %q, error %v", name, c.Info().Early, want, c.ReadWindow(), c.Err())
		}
		c.Release()
	}
	began := d.clock
	replay("at once", tlscore.EarlyReplayed)
	d.clock = began - 10
	replay("with a clock set back", tlscore.EarlyReplayed)
	d.clock = began - 11
	replay("with a clock set further back", tlscore.EarlyStale)
	d.clock = began + 10
	replay("as late as may be", tlscore.EarlyReplayed)
	d.clock = began + 11
	replay("when it is no longer remembered", tlscore.EarlyStale)
	d.clock = began
	replay("with a clock set back behind that", tlscore.EarlyStale)
	for later := range int64(12) {
		d.clock = began + later
		d.server.EarlyData = tlscore.EarlyDataServer(&tlscore.Replays{Slots: make([]tlscore.SeenHello, 4)})
		want := tlscore.EarlyTooSoon
		if later > 10 {
			want = tlscore.EarlyStale
		}
		replay("behind a restart", want)
	}
}

// pour gives c what a client has sent, as far as it takes it, and drops the answers.
func pour(c *tlscore.Conn, flight []byte) {
	for {
		for w := c.SendWindow(); len(w) > 0; w = c.SendWindow() {
			c.Sent(len(w))
		}
		n := copy(c.RecvWindow(), flight)
		if n == 0 {
			return
		}
		flight = flight[n:]
		c.Received(n)
	}
}

// TestEarlyDataReplayedAtOnce: of many connections that the same flight reaches at the same time one takes its early data.
func TestEarlyDataReplayedAtOnce(t *testing.T) {
	d := newDawn(t, func(d *dawn) {
		d.server.Tickets = &tlscore.TicketKeys{Guard: new(sync.Mutex)}
		if err := d.server.Tickets.Rotate(d.server.Rand); err != nil {
			t.Fatal(err)
		}
		d.replays.Guard, d.replays.Slots = new(sync.Mutex), make([]tlscore.SeenHello, 100)
	})
	p, _ := d.begin("early")
	for w := p.client.SendWindow(); len(w) > 0; w = p.client.SendWindow() {
		p.wires[0] = append(p.wires[0], w...)
		p.client.Sent(len(w))
	}
	var accepted, replayed atomic.Int32
	var wait sync.WaitGroup
	for range 16 {
		pool := newPool(t)
		cfg := *d.server
		cfg.Rand, cfg.Events = new(fixedRand), nil
		wait.Go(func() {
			var c tlscore.Conn
			if err := c.Server(&cfg, pool); err != nil {
				t.Error(err)
			}
			pour(&c, p.wires[0])
			switch read := string(c.ReadWindow()); {
			case c.Info().Early == tlscore.EarlyAccepted && read == "early":
				accepted.Add(1)
			case c.Info().Early == tlscore.EarlyReplayed && read == "":
				replayed.Add(1)
			}
		})
	}
	wait.Wait()
	if accepted.Load() != 1 || replayed.Load() != 15 {
		t.Errorf("accepted %d times, and told for a replay %d times", accepted.Load(), replayed.Load())
	}
}

// TestEarlyDataBounds: a client writes as much as its ticket allows, and a server reads no more. What a ticket allows fits the server's
// buffers.
func TestEarlyDataBounds(t *testing.T) {
	for _, test := range []struct{ configured, buffer, most int }{
		{0, tlscore.MaxBuffer, 1024},
		{1, tlscore.MaxBuffer, 1},
		{5000, tlscore.MaxBuffer, 5000},
		{1 << 20, tlscore.MaxBuffer, 14336},
		{5000, 1024, 1024 - 5 - 24},
	} {
		d := newDawn(t, func(d *dawn) {
			d.replays.MaxEarlyData = test.configured
			d.pools[1] = tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 3, SmallSize: 1024}
			if test.buffer == tlscore.MaxBuffer {
				d.pools[1].LargeBuffers = 1
			}
		})
		text := strings.Repeat("x", 1<<15)
		p := newPair(t, d.client, d.server, d.pools)
		var written int
		var got []byte
		for {
			n := writeEarly(&p.client, text[written:])
			if written += n; n == 0 {
				break
			}
			for p.move(0, 1<<20) {
				got = append(got, p.server.ReadWindow()...)
				p.server.Consumed(len(p.server.ReadWindow()))
			}
		}
		got = append(got, p.carry(1<<20)...)
		if written != test.most || len(got) != test.most || !p.server.HandshakeDone() {
			t.Errorf("%+v: wrote %d bytes, read %d, %v, %v", test, written, len(got), p.client.Err(), p.server.Err())
		}
	}
}

// TestHostileEarlyData: what a client must not do before, in and behind its early data.
func TestHostileEarlyData(t *testing.T) {
	for _, test := range []struct {
		name string
		send func(p *pair)
		err  error
	}{
		{"more than the ticket allows", func(p *pair) {
			tlscore.AllowEarlyData(&p.client, 1<<15)
			writeEarly(&p.client, strings.Repeat("x", 1025))
		}, tlscore.ErrTooMuchEarlyData},
		{"more than the ticket allows, in pieces", func(p *pair) {
			tlscore.AllowEarlyData(&p.client, 1<<15)
			for range 41 {
				p.carryClient()
				writeEarly(&p.client, strings.Repeat("x", 25))
			}
		}, tlscore.ErrTooMuchEarlyData},
		{"a tampered record", func(p *pair) {
			writeEarly(&p.client, "early")
			for w := p.client.SendWindow(); len(w) > 0; w = p.client.SendWindow() {
				p.wires[0] = append(p.wires[0], w...)
				p.client.Sent(len(w))
			}
			p.wires[0][len(p.wires[0])-1] ^= 1
		}, record.ErrBadMAC},
		{"a record in the clear", func(p *pair) {
			p.carryClient()
			p.wires[0] = append(p.wires[0], 22, 3, 3, 0, 4, 5, 0, 0, 0)
		}, record.ErrUnprotected},
		{"Finished in the place of EndOfEarlyData", func(p *pair) {
			tlscore.Utter(&p.client, record.Handshake, append([]byte{20, 0, 0, 32}, make([]byte, 32)...))
		}, tlscore.ErrUnexpectedMessage},
		{"a KeyUpdate", func(p *pair) { tlscore.Utter(&p.client, record.Handshake, []byte{24, 0, 0, 1, 0}) }, tlscore.ErrUnexpectedMessage},
		{"another ClientHello", func(p *pair) { tlscore.Utter(&p.client, record.Handshake, []byte{1, 0, 0, 0}) }, tlscore.ErrUnexpectedMessage},
		{"a whole EndOfEarlyData, and it is long", func(p *pair) { tlscore.Utter(&p.client, record.Handshake, []byte{5, 0, 0, 1, 0}) },
			tlscore.ErrMalformedMessage},
		{"something behind EndOfEarlyData", func(p *pair) { tlscore.Utter(&p.client, record.Handshake, []byte{5, 0, 0, 0, 20}) },
			tlscore.ErrKeyChangeInMessage},
		{"data within EndOfEarlyData", func(p *pair) {
			tlscore.Utter(&p.client, record.Handshake, []byte{5, 0})
			tlscore.Utter(&p.client, record.ApplicationData, []byte("early"))
		}, tlscore.ErrInterleaved},
		{"close_notify", func(p *pair) { tlscore.Utter(&p.client, record.Alert, []byte{1, 0}) }, tlscore.ErrClosedEarly},
		{"warnings without end", func(p *pair) {
			for range 40 {
				p.carryClient()
				tlscore.Utter(&p.client, record.Alert, []byte{1, byte(tlscore.AlertUserCanceled)})
			}
		}, tlscore.ErrUselessRecords},
		{"no EndOfEarlyData", func(p *pair) {
			p.client.EarlyWindow() // and so it waits
			p.carry(1 << 20)
			if !tlscore.Stands(&p.client) {
				t.Error("the client did not come that far")
			}
			tlscore.HideEndOfEarlyData(&p.client)
			p.client.Written(0)
		}, record.ErrBadMAC},
		{"the end of the transport", func(p *pair) { p.carryClient(); p.server.RecvEOF() }, tlscore.ErrClosedEarly},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDawn(t, nil)
			p, _ := d.begin("early")
			test.send(p)
			p.carry(1 << 20)
			if p.server.Err() != test.err || p.server.HandshakeDone() {
				t.Errorf("error %v, want %v", p.server.Err(), test.err)
			}
		})
	}
}

// TestEndOfEarlyDataUninvited: without early data that was accepted nobody may end it, or send application data.
func TestEndOfEarlyDataUninvited(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, named := range []bool{false, true} {
		for _, announced := range []bool{false, true} {
			for _, data := range []bool{false, true} {
				cfg := p.config(t)
				cfg.Tickets = newKeys(t)
				if named {
					cfg.EarlyData = tlscore.EarlyDataServer(&tlscore.Replays{Slots: make([]tlscore.SeenHello, 1)})
				}
				s := newSession(t, cfg)
				if announced {
					s.client.Extra = func(b *wire.Builder) { b.End(b.BeginExtension(wire.ExtEarlyData)) }
				}
				s.hello()
				if data {
					s.feed(s.client.Record(record.ApplicationData, []byte("early")))
					s.refuses(tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage)
				} else {
					s.feed(s.client.Record(record.Handshake, []byte{byte(wire.TypeEndOfEarlyData), 0, 0, 0}))
					s.refuses(tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage)
				}
			}
		}
	}
}

// TestHostileServersOfEarlyData: a server must not accept early data that was not offered, or in another session, suite or protocol, nor
// go back to TLS 1.2.
func TestHostileServersOfEarlyData(t *testing.T) {
	pretend := func(d *dawn) {
		d.server.Events = func(c *tlscore.Conn, e tlscore.Event) {
			if e.Kind == tlscore.EventEarlyData {
				tlscore.Pretend(c, tlscore.EarlyAccepted)
			}
		}
	}
	for _, test := range []struct {
		name           string
		before, change func(d *dawn)
		err            error
	}{
		{"accepted in another protocol", func(d *dawn) { d.client.ALPN, d.server.ALPN = []string{"h2", "http/1.1"}, []string{"h2"} }, func(d *dawn) {
			d.server.ALPN = []string{"http/1.1"}
			pretend(d)
		}, tlscore.ErrBadEarlyData},
		{"accepted under another suite", nil, func(d *dawn) {
			d.client.Sessions.Recast(tlscore.ChaCha20Poly1305SHA256)
			pretend(d)
		}, tlscore.ErrBadEarlyData},
		{"accepted without the session", nil, func(d *dawn) {
			forget(d)
			pretend(d)
		}, tlscore.ErrBadEarlyData},
		{"accepted behind a HelloRetryRequest", nil, func(d *dawn) {
			d.server.Groups = []tlscore.GroupID{tlscore.P256}
			pretend(d)
		}, wire.ErrUnsolicited},
		{"accepted what was not offered", nil, func(d *dawn) {
			d.client.EarlyData = nil
			d.server.Events = func(c *tlscore.Conn, e tlscore.Event) {
				if e.Kind == tlscore.EventClientHello {
					tlscore.Pretend(c, tlscore.EarlyAccepted)
				}
			}
		}, wire.ErrUnsolicited},
		{"an older version", nil, func(d *dawn) {
			d.client.TLS12, d.server.TLS12, d.server.MaxVersion = tlscore.TLS12Client(), tlscore.TLS12Server(), 0x0303
		}, tlscore.ErrVersion},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDawn(t, test.before)
			d.t = t
			test.change(d)
			p, _ := d.begin("early")
			p.carry(1 << 20)
			if p.client.Err() != test.err || p.client.HandshakeDone() {
				t.Errorf("error %v, want %v; the server: %v", p.client.Err(), test.err, p.server.Err())
			}
		})
	}
}

// TestEarlyWindowInHand: the handshake waits for a caller that has the window, and takes what it writes if the early data was accepted; if not,
// it is gone, and the caller is told.
func TestEarlyWindowInHand(t *testing.T) {
	for _, accepts := range []bool{false, true} {
		d := newDawn(t, func(d *dawn) {
			if !accepts {
				d.replays.Slots = nil
			}
		})
		p, _ := d.begin("in time")
		w := p.client.EarlyWindow()
		got := p.carry(1 << 20)
		if p.client.HandshakeDone() || p.server.HandshakeDone() {
			t.Error("the handshake did not wait")
		}
		p.client.Written(copy(w, ", and late"))
		got = append(got, p.carry(1<<20)...)
		want, outcome, told := "in time, and late", tlscore.EarlyAccepted, tlscore.EarlyAccepted
		if !accepts {
			want, outcome, told = "", tlscore.EarlyRejected, tlscore.EarlyCrowded
		}
		if string(got) != want {
			t.Errorf("accepts %v: read %q early", accepts, got)
		}
		d.done(p, outcome, told)
	}
}

// TestAnswerInHand: the server's handshake waits, too, for a caller that has the window for the answer.
func TestAnswerInHand(t *testing.T) {
	d := newDawn(t, nil)
	p, _ := d.begin("a question")
	p.carryClient()
	w := p.server.WriteWindow()
	p.carry(1 << 20)
	if !p.client.HandshakeDone() || p.server.HandshakeDone() {
		t.Fatalf("client: %v, server: %v", p.client.Err(), p.server.Err())
	}
	p.server.Written(copy(w, "an answer"))
	p.server.Flush()
	p.carry(1 << 20)
	if got := string(p.client.ReadWindow()); got != "an answer" {
		t.Errorf("the client read %q", got)
	}
	p.client.Consumed(len("an answer"))
	p.carry(1 << 20)
	d.done(p, tlscore.EarlyAccepted, tlscore.EarlyAccepted)
}

// TestEarlyKeyLog: both ends log the same secret of early data, which the connection before has not.
func TestEarlyKeyLog(t *testing.T) {
	var logs [2]bytes.Buffer
	d := newDawn(t, nil)
	d.client.KeyLog, d.server.KeyLog = &logs[0], &logs[1]
	p, _ := d.begin("early")
	p.carry(1 << 20)
	d.done(p, tlscore.EarlyAccepted, tlscore.EarlyAccepted)
	client, server := lines(&logs[0]), lines(&logs[1])
	if !slices.Equal(client, server) || len(client) != 6 || !strings.HasPrefix(client[0], "CLIENT_EARLY_TRAFFIC_SECRET ") {
		t.Errorf("the client logs\n%s\nthe server\n%s", strings.Join(client, "\n"), strings.Join(server, "\n"))
	}
}

// TestEarlyWindowMisused: nobody writes more than the window holds.
func TestEarlyWindowMisused(t *testing.T) {
	d := newDawn(t, func(d *dawn) { d.replays.MaxEarlyData = 5 })
	p, _ := d.begin("")
	if n := len(p.client.EarlyWindow()); n != 5 {
		t.Errorf("a window of %d bytes", n)
	}
	p.client.Written(6)
	if p.client.Err() != tlscore.ErrMisuse {
		t.Error(p.client.Err())
	}
}

// TestEarlyRole: a configuration for the other role is refused.
func TestEarlyRole(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	var c tlscore.Conn
	client, server := p.clientConfig(t), p.config(t)
	server.EarlyData, client.EarlyData = tlscore.EarlyDataClient(), tlscore.EarlyDataServer(new(tlscore.Replays))
	if err := c.Server(server, newPool(t)); err != tlscore.ErrRole {
		t.Error(err)
	}
	if err := c.Client(client, newPool(t), "changeme"); err != tlscore.ErrRole {
		t.Error(err)
	}
}

// TestEarlyOutcomesHaveNames: and no two the same.
func TestEarlyOutcomesHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for o := tlscore.NoEarlyData; o <= tlscore.EarlyCrowded; o++ {
		if seen[o.String()] || o.String() == "" || o.String() == "unknown" {
			t.Errorf("%d is called %q", o, o)
		}
		seen[o.String()] = true
	}
	if tlscore.EarlyOutcome(99).String() != "unknown" {
		t.Error("there is a name for none")
	}
}
