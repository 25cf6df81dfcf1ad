package tlscore_test

import (
	"bytes"
	"fmt"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// pair is a client and a server of ours with nothing but the test between them.
type pair struct {
	t              testing.TB
	client, server tlscore.Conn
	// longest is the content, type included, of the longest protected record that each sent.
	longest [2]int
	seen    func(i int, t record.ContentType, n int) // is told of each record that side i sends, if not nil
	streams [2][]byte                                // what of a record is under way
	wires   [2][]byte                                // what the transport has taken from each, and not yet delivered
}

// newPair connects a client that asks for changeme with a server; each has a pool of its own.
func newPair(t testing.TB, client, server *tlscore.Config, pools [2]tlscore.PoolConfig) *pair {
	t.Helper()
	p := &pair{t: t}
	var memory [2]*tlscore.Pool
	for i := range pools {
		var err error
		if memory[i], err = tlscore.NewPool(pools[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.server.Server(server, memory[1]); err != nil {
		t.Fatal(err)
	}
	if err := p.client.Client(client, memory[0], "changeme"); err != nil {
		t.Fatal(err)
	}
	return p
}

// move carries at most n bytes from one to the other, through a transport that takes all there is.
func (p *pair) move(i, n int) bool {
	from, to := &p.client, &p.server
	if i == 1 {
		from, to = to, from
	}
	for w := from.SendWindow(); len(w) > 0; w = from.SendWindow() {
		p.watch(i, w)
		p.wires[i] = append(p.wires[i], w...)
		from.Sent(len(w))
	}
	n = copy(to.RecvWindow(), p.wires[i][:min(n, len(p.wires[i]))])
	p.wires[i] = p.wires[i][n:]
	to.Received(n)
	return n > 0
}

// watch measures the records that side i sends.
func (p *pair) watch(i int, sent []byte) {
	s := append(p.streams[i], sent...)
	for len(s) >= record.HeaderSize {
		t, n, err := record.ParseHeader(s)
		if err != nil {
			p.t.Fatal(err)
		}
		if len(s) < record.HeaderSize+n {
			break
		}
		if p.seen != nil {
			p.seen(i, t, n)
		}
		if t == record.ApplicationData {
			p.longest[i] = max(p.longest[i], n-16)
		}
		s = s[record.HeaderSize+n:]
	}
	p.streams[i] = s
}

// run carries bytes, in pieces of at most n, until nothing moves.
func (p *pair) run(n int) {
	for p.move(0, n) || p.move(1, n) {
	}
}

// establish runs the handshake, which has to succeed.
func (p *pair) establish(n int) {
	p.t.Helper()
	p.run(n)
	if !p.client.HandshakeDone() || !p.server.HandshakeDone() {
		p.t.Fatalf("client: %v, server: %v", p.client.Err(), p.server.Err())
	}
}

// transfer sends text from side i to the other.
func (p *pair) transfer(i int, text []byte) {
	p.t.Helper()
	from, to := &p.client, &p.server
	if i == 1 {
		from, to = to, from
	}
	var got []byte
	for rest := text; len(got) < len(text); {
		n := copy(from.WriteWindow(), rest)
		from.Written(n)
		from.Flush()
		rest = rest[n:]
		moved := p.move(i, 1<<20)
		w := to.ReadWindow()
		got = append(got, w...)
		to.Consumed(len(w))
		if n == 0 && !moved && len(w) == 0 {
			p.t.Fatalf("stuck after %d of %d bytes; client: %v, server: %v", len(got), len(text), p.client.Err(), p.server.Err())
		}
	}
	if !bytes.Equal(got, text) {
		p.t.Error("what came is not what was sent")
	}
}

var (
	roomy = tlscore.PoolConfig{Handshakes: 1, LargeBuffers: 2}
	tight = tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 1600}
)

// TestRecordSizeLimits: with every limit on each side, handshakes succeed, data flows, and no record is longer than what its
// receiver said, with whole windows and byte by byte.
func TestRecordSizeLimits(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789abcdef"), 2000)
	for _, family := range []ca.Family{ca.ECDSA, ca.RSA} {
		p := newPKI(t, family)
		for _, limits := range [][2]int{{0, 0}, {64, 64}, {64, 0}, {0, 64}, {100, 1000}, {5000, 511}, {16385, 16384}} {
			for _, pool := range []tlscore.PoolConfig{roomy, tight} {
				for _, chop := range []int{1, 1 << 20} {
					t.Run(fmt.Sprintf("%v/%v/%d/%d", family, limits, pool.SmallSize, chop), func(t *testing.T) {
						client, server := p.clientConfig(t), p.config(t)
						client.RecordSizeLimit, server.RecordSizeLimit = limits[0], limits[1]
						server.ClientAuth = tlscore.RequireClientCert
						pair := newPair(t, client, server, [2]tlscore.PoolConfig{pool, pool})
						pair.establish(chop)
						pair.transfer(0, text)
						pair.transfer(1, text)
						for i, name := range []string{"client", "server"} {
							limit := limits[1-i]
							if held := max(pool.SmallSize-29, 0); limit == 0 || held > 0 && limit > held {
								limit = held
							}
							if limit == 0 {
								limit = tlscore.MaxRecordSizeLimit
							}
							if got := pair.longest[i]; got > limit || got < limit/2 {
								t.Errorf("the %s's longest record carries %d bytes, its peer allows %d", name, got, limit)
							}
						}
					})
				}
			}
		}
	}
}

// TestMaxFragmentLength: a client that knows only the older extension is served by it; one that sends both gets the newer.
func TestMaxFragmentLength(t *testing.T) {
	p := newPKI(t, ca.RSA)
	for code := uint8(1); code <= wire.MaxFragmentCode; code++ {
		for _, both := range []bool{false, true} {
			s := newSession(t, p.config(t))
			s.client.Extra = func(b *wire.Builder) {
				wire.AppendMaxFragment(b, code)
				if both {
					wire.AppendRecordSizeLimit(b, 300)
				}
			}
			var exts wire.EncryptedExtensions
			s.client.OnMessage = func(msg []byte) {
				if wire.MessageType(msg[0]) == wire.TypeEncryptedExtensions {
					if err := exts.Parse(bytes.Clone(msg[wire.HeaderSize:])); err != nil {
						t.Fatal(err)
					}
				}
			}
			s.establish(nil)
			most := 256 << code
			if both {
				most = 299
				if exts.MaxFragment != 0 || exts.RecordSizeLimit != tlscore.MaxRecordSizeLimit {
					t.Errorf("answered %+v", exts)
				}
			} else if exts.MaxFragment != code || exts.RecordSizeLimit != 0 {
				t.Errorf("answered %+v, want the code %d", exts, code)
			}
			for s.server.Written(copy(s.server.WriteWindow(), make([]byte, 5000))); len(s.server.SendWindow()) == 0; {
				s.server.Flush()
			}
			for rest := s.server.SendWindow(); len(rest) > 0; {
				_, n, err := record.ParseHeader(rest)
				if err != nil || n > most+17 {
					t.Fatalf("a record of %d bytes, %v; %d are agreed", n, err, most)
				}
				rest = rest[record.HeaderSize+n:]
			}
			s.drain()
			if both {
				continue // There is no limit to our side: s has a large buffer.
			}
			s.feed(s.client.Record(record.ApplicationData, make([]byte, most)))
			if len(s.server.ReadWindow()) != most {
				t.Fatal(s.server.Err())
			}
			s.server.Consumed(most)
			s.feed(s.client.Record(record.ApplicationData, make([]byte, most+1)))
			s.refuses(record.ErrOverflow, tlscore.AlertRecordOverflow)
		}
	}
}

// TestOversizedRecords: a client that agreed to a limit and breaks it by a byte, be it of padding, is told so; one that did not
// agree may send what the buffers hold.
func TestOversizedRecords(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	cfg := p.config(t)
	cfg.RecordSizeLimit = 500
	for _, test := range []struct {
		agreed  bool
		content record.ContentType
		size    int
		ok      bool
	}{
		{true, record.ApplicationData, 499, true},
		{true, record.ApplicationData, 500, false},
		{true, 0, 500, false},
		{false, record.ApplicationData, 5000, true},
	} {
		s := newSession(t, cfg)
		if test.agreed {
			s.client.Extra = func(b *wire.Builder) { wire.AppendRecordSizeLimit(b, 16385) }
		}
		s.establish(nil)
		content := make([]byte, test.size)
		content[0] = byte(record.ApplicationData) // For the record of padding.
		s.feed(s.client.Record(test.content, content))
		if !test.ok {
			s.refuses(record.ErrOverflow, tlscore.AlertRecordOverflow)
		} else if len(s.server.ReadWindow()) != test.size {
			t.Errorf("%+v: %v", test, s.server.Err())
		}
	}
}

func TestHostileLimits(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []hostile{
		{"record_size_limit of 63", extra(wire.ExtRecordSizeLimit, 0, 63), wire.ErrValue, tlscore.AlertIllegalParameter},
		{"record_size_limit of 0", extra(wire.ExtRecordSizeLimit, 0, 0), wire.ErrValue, tlscore.AlertIllegalParameter},
		{"record_size_limit of one byte", extra(wire.ExtRecordSizeLimit, 1), wire.ErrDecode, tlscore.AlertDecodeError},
		{"record_size_limit of three bytes", extra(wire.ExtRecordSizeLimit, 1, 0, 0), wire.ErrDecode, tlscore.AlertDecodeError},
		{"max_fragment_length 0", extra(wire.ExtMaxFragmentLength, 0), wire.ErrValue, tlscore.AlertIllegalParameter},
		{"max_fragment_length 5", extra(wire.ExtMaxFragmentLength, 5), wire.ErrValue, tlscore.AlertIllegalParameter},
		{"max_fragment_length empty", extra(wire.ExtMaxFragmentLength), wire.ErrDecode, tlscore.AlertDecodeError},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSession(t, p.config(t))
			test.play(s)
			s.refuses(test.err, test.alert)
		})
	}
}

// puppetServer connects a client of ours with a puppet, as far as the client's first flight.
func puppetServer(t testing.TB, cfg *tlscore.Config) (*tlscore.Conn, *puppet.Server) {
	t.Helper()
	client, server := new(tlscore.Conn), puppet.NewServer()
	if err := client.Client(cfg, newPool(t), "changeme"); err != nil {
		t.Fatal(err)
	}
	tell(t, client, server, nil)
	return client, server
}

// tell gives the client what the server sends, and the server the answer.
func tell(t testing.TB, client *tlscore.Conn, server *puppet.Server, sent []byte) {
	t.Helper()
	for {
		for w := client.SendWindow(); len(w) > 0; w = client.SendWindow() {
			if err := server.Take(bytes.Clone(w)); err != nil {
				t.Fatal(err)
			}
			client.Sent(len(w))
		}
		n := copy(client.RecvWindow(), sent)
		if n == 0 {
			return
		}
		client.Received(n)
		sent = sent[n:]
	}
}

// TestHostileAnswersToLimits: a server must choose one of the two extensions, and of the older the value that was asked for.
func TestHostileAnswersToLimits(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		name  string
		limit int // of our client; above 2^14 it does not offer max_fragment_length
		exts  func(b *wire.Builder)
		err   error
		alert tlscore.Alert
	}{
		{"none", 600, nil, nil, 0},
		{"record_size_limit", 600, func(b *wire.Builder) { wire.AppendRecordSizeLimit(b, 64) }, nil, 0},
		{"max_fragment_length", 600, func(b *wire.Builder) { wire.AppendMaxFragment(b, 1) }, nil, 0},
		{"both", 600, func(b *wire.Builder) {
			wire.AppendMaxFragment(b, 1)
			wire.AppendRecordSizeLimit(b, 600)
		}, tlscore.ErrBadLimit, tlscore.AlertIllegalParameter},
		{"another length", 600, func(b *wire.Builder) { wire.AppendMaxFragment(b, 2) }, tlscore.ErrBadLimit, tlscore.AlertIllegalParameter},
		{"a length not asked for", 0, func(b *wire.Builder) { wire.AppendMaxFragment(b, 4) }, tlscore.ErrBadLimit, tlscore.AlertIllegalParameter},
		{"too small", 600, func(b *wire.Builder) { wire.AppendRecordSizeLimit(b, 63) }, wire.ErrValue, tlscore.AlertIllegalParameter},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := p.clientConfig(t)
			cfg.RecordSizeLimit = test.limit
			client, server := puppetServer(t, cfg)
			if want := uint8(min(test.limit/512, 1)); server.Hello.MaxFragment != want {
				t.Errorf("the client asks for fragments %d, want %d", server.Hello.MaxFragment, want)
			}
			tell(t, client, server, server.ServerHello())
			tell(t, client, server, server.Record(record.Handshake, server.EncryptedExtensions(test.exts)))
			if client.Err() != test.err {
				t.Errorf("%v, want %v", client.Err(), test.err)
			}
			if test.err != nil && (len(server.Alerts) != 1 || tlscore.Alert(server.Alerts[0]) != test.alert) {
				t.Errorf("alerts %v, want %v", server.Alerts, test.alert)
			}
		})
	}
}

// TestOversizedRecordOfServer: a server that agreed is held to it from its Certificate on.
func TestOversizedRecordOfServer(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	cfg := p.clientConfig(t)
	cfg.RecordSizeLimit = 200
	client, server := puppetServer(t, cfg)
	tell(t, client, server, server.ServerHello())
	tell(t, client, server, server.Record(record.Handshake,
		server.EncryptedExtensions(func(b *wire.Builder) { wire.AppendRecordSizeLimit(b, 16385) })))
	msg := server.Certificate(nil, p.server.Chain...)
	tell(t, client, server, server.Record(record.Handshake, msg[:199]))
	if client.Err() != nil {
		t.Fatal(client.Err())
	}
	tell(t, client, server, server.Record(record.Handshake, msg[199:]))
	if client.Err() != record.ErrOverflow || len(server.Alerts) != 1 || tlscore.Alert(server.Alerts[0]) != tlscore.AlertRecordOverflow {
		t.Errorf("%v, alerts %v", client.Err(), server.Alerts)
	}
}

// TestMaxFragment: no record that we send is longer than Config.MaxFragment says, protected or not, nor than the peer's limit, whichever is
// lower; the other side may send longer ones.
func TestMaxFragment(t *testing.T) {
	p := newPKI(t, ca.RSA)
	growth := map[uint16]int{0x0303: 8 + 16, 0x0304: 1 + 16} // by protection with AES-GCM
	for _, version := range []uint16{0x0303, 0x0304} {
		for _, test := range []struct{ fragment, limit, want int }{{100, 0, 100}, {100, 200, 100}, {300, 200, 200}, {1 << 14, 0, 1 << 14}} {
			for side := range 2 {
				t.Run(fmt.Sprintf("%#04x/%d/%d/%d", version, test.fragment, test.limit, side), func(t *testing.T) {
					client, server := p.clientConfig12(t), p.config12(t)
					client.MaxVersion = version
					server.ClientAuth = tlscore.RequireClientCert
					own, peer := client, server
					if side == 1 {
						own, peer = server, client
					}
					own.MaxFragment = test.fragment
					if peer.RecordSizeLimit = test.limit; version == 0x0304 && test.limit > 0 {
						peer.RecordSizeLimit++ // It counts the type.
					}
					pair := newPair(t, client, server, [2]tlscore.PoolConfig{roomy, roomy})
					longest := [2]int{} // of application data
					pair.seen = func(i int, t record.ContentType, n int) {
						if t == record.ApplicationData {
							longest[i] = max(longest[i], n-growth[version])
						} else if i == side && n > test.fragment+growth[version] {
							pair.t.Errorf("a record of type %d and %d bytes", t, n)
						}
					}
					pair.establish(1 << 20)
					pair.transfer(side, make([]byte, 20000))
					pair.transfer(1-side, make([]byte, 20000))
					if n := longest[side]; n > test.want || n < min(test.want, 1000) {
						t.Errorf("a record of %d bytes, want %d", n, test.want)
					}
					if longest[1-side] < 1000 {
						t.Errorf("the other side sends no more than %d bytes", longest[1-side])
					}
				})
			}
		}
	}
	for _, n := range []int{-1, 63, 1<<14 + 1} {
		cfg := p.config(t)
		cfg.MaxFragment = n
		if err := new(tlscore.Conn).Server(cfg, newPool(t)); err != tlscore.ErrBadRecordLimit {
			t.Errorf("%d: %v", n, err)
		}
	}
}
