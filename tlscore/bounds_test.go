package tlscore_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// bound is one of the bounds in the package's documentation: so much is let pass, and not one more.
type bound struct {
	what  string
	limit int
	play  func(s *session, n int)
	err   error
	alert tlscore.Alert
}

// records plays n equal records on an established connection.
func records(t record.ContentType, content ...byte) func(*session, int) {
	return func(s *session, n int) {
		s.establish(nil)
		for range n {
			s.feed(s.client.Record(t, content))
		}
	}
}

// padded makes a ClientHello of n bytes, header included.
func padded(s *session, n int) []byte {
	const unknown = 0x5a5a
	own := 0
	s.client.Extra = func(b *wire.Builder) {
		if own > 0 {
			m := b.BeginExtension(unknown)
			b.Bytes(make([]byte, n-own-4))
			b.End(m)
		}
	}
	puppetCopy := *s.client
	own = len(puppetCopy.Hello())
	return s.client.Hello()
}

var bounds = []bound{
	{"bytes of a record", 2048 - record.HeaderSize, func(s *session, n int) {
		s.establish(nil)
		s.feed(s.client.Record(record.ApplicationData, make([]byte, n-17)))
	}, tlscore.ErrRecordTooLong, tlscore.AlertRecordOverflow},
	{"bytes of a handshake message", 2048 - record.HeaderSize, func(s *session, n int) {
		s.feed([]byte{22, 3, 3, 0, 4, 1, 0, byte((n - 4) >> 8), byte(n - 4)})
	}, tlscore.ErrMessageTooLong, tlscore.AlertIllegalParameter},
	{"bytes of a ClientHello", 700, func(s *session, n int) {
		s.feed(s.client.Record(record.Handshake, padded(s, n)))
	}, tlscore.ErrMessageTooLong, tlscore.AlertIllegalParameter},
	{"empty handshake or alert records", 0, records(record.Handshake), tlscore.ErrEmptyFragment, tlscore.AlertUnexpectedMessage},
	{"empty application data records in a row", 32, records(record.ApplicationData), tlscore.ErrUselessRecords, tlscore.AlertUnexpectedMessage},
	{"change_cipher_spec records", 32, func(s *session, n int) {
		s.hello()
		for range n {
			s.feed([]byte{20, 3, 3, 0, 1, 1})
		}
	}, tlscore.ErrUselessRecords, tlscore.AlertUnexpectedMessage},
	{"user_canceled alerts in a row", 4, records(record.Alert, 1, 90), tlscore.ErrUselessRecords, tlscore.AlertUnexpectedMessage},
	{"KeyUpdates in a row", 32, func(s *session, n int) {
		s.establish(nil)
		for range n {
			s.feed(s.client.Record(record.Handshake, []byte{24, 0, 0, 1, 0}))
			s.client.UpdateKeys()
		}
	}, tlscore.ErrUselessRecords, tlscore.AlertUnexpectedMessage},
	{"extensions of a message", 64, func(s *session, n int) {
		own := 0
		s.client.Extra = func(b *wire.Builder) {
			for i := range n - own {
				b.End(b.BeginExtension(wire.ExtensionType(0x5a00 + i)))
			}
		}
		puppetCopy := *s.client
		own = n // Count those that the puppet sends anyway.
		var h wire.ClientHello
		if err := h.Parse(puppetCopy.Hello()[wire.HeaderSize:]); err != nil {
			s.t.Fatal(err)
		}
		own = 0
		for r := wire.NewReader(h.Extensions); r.More(); own++ {
			r.U16()
			r.Vec16()
		}
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
	}, wire.ErrTooManyExtensions, tlscore.AlertDecodeError},
	{"key shares", 16, func(s *session, n int) {
		s.client.Groups, s.client.ShareOf = nil, nil
		s.client.Extra = func(b *wire.Builder) {
			groups := b.BeginExtension(wire.ExtSupportedGroups)
			list := b.Begin(2)
			b.U16(uint16(tlscore.X25519)) // A share of it is not there, so that a retry follows.
			for i := range n {
				b.U16(uint16(1000 + i))
			}
			b.End(list)
			b.End(groups)
			shares := b.BeginExtension(wire.ExtKeyShare)
			list = b.Begin(2)
			for i := range n {
				b.U16(uint16(1000 + i))
				b.Bytes([]byte{0, 1, 0})
			}
			b.End(list)
			b.End(shares)
		}
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
	}, tlscore.ErrTooManyKeyShares, tlscore.AlertIllegalParameter},
}

// TestBounds: what a client may do so often, or at such a length, and not more.
func TestBounds(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, b := range bounds {
		t.Run(b.what, func(t *testing.T) {
			cfg := p.config(t)
			cfg.MaxClientHello = 700
			for n := b.limit; n <= b.limit+1; n++ {
				s := newSession(t, cfg)
				s.server.Release()
				pool, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 3, SmallSize: 2048})
				if err != nil {
					t.Fatal(err)
				}
				s.pool = pool
				if b.err == tlscore.ErrMessageTooLong && b.limit > 700 || b.err == tlscore.ErrRecordTooLong {
					cfg.MaxClientHello = 0
				}
				if err := s.server.Server(cfg, pool); err != nil {
					t.Fatal(err)
				}
				b.play(s, n)
				if n > b.limit {
					s.refuses(b.err, b.alert)
				} else if s.server.Err() != nil {
					t.Errorf("%d are refused: %v", n, s.server.Err())
				}
			}
		})
	}
	t.Run("certificates of a chain", func(t *testing.T) {
		// The other certificates are of no use for the path, and do no harm.
		for n := tlscore.MaxChain; n <= tlscore.MaxChain+1; n++ {
			cfg := p.config(t)
			cfg.ClientAuth = tlscore.RequireClientCert
			s := newSession(t, cfg)
			s.hello()
			chain := [][]byte{p.client.Chain[0]}
			for len(chain) < n {
				chain = append(chain, p.server.Chain[0])
			}
			s.feed(s.client.Record(record.Handshake, s.client.Certificate(chain...)))
			if n > tlscore.MaxChain {
				s.refuses(tlscore.ErrChainTooLong, tlscore.AlertBadCertificate)
			} else if s.server.Err() != nil {
				t.Error(s.server.Err())
			}
		}
	})
}

// connected is a client of ours with a puppet as its server, after the handshake.
func connected(t *testing.T, p *pki) (*tlscore.Conn, *puppet.Server) {
	t.Helper()
	client, server := puppetServer(t, p.clientConfig(t))
	tell(t, client, server, server.ServerHello())
	flight := append(server.EncryptedExtensions(nil), server.Certificate(nil, p.server.Chain...)...)
	flight = append(flight, server.CertificateVerify(p.server.Key, ecdsa)...)
	tell(t, client, server, server.Record(record.Handshake, append(flight, server.Finished()...)))
	server.Confirm()
	if !client.HandshakeDone() {
		t.Fatal(client.Err())
	}
	return client, server
}

// TestBoundsOfServers: what a server may do to a client of ours so often, or at such a length, and not more.
func TestBoundsOfServers(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for n := 32; n <= 33; n++ {
		client, server := connected(t, p)
		for range n {
			b := wire.NewBuilder(make([]byte, 100))
			ticket := wire.NewSessionTicket{Lifetime: 1, Ticket: []byte("ticket")}
			ticket.Append(&b)
			tell(t, client, server, server.Record(record.Handshake, b.Written()))
		}
		if refused := client.Err() == tlscore.ErrUselessRecords; refused != (n > 32) {
			t.Errorf("%d tickets: %v", n, client.Err())
		}
	}
	for n := 512; n <= 513; n++ {
		s := newClientSession(t, p)
		s.answer.random, s.answer.group, s.answer.share = wire.HelloRetryRequestRandom[:], 0, nil
		s.answer.cookie = make([]byte, n)
		s.feed(s.answer.message())
		if n > 512 {
			s.refuses(tlscore.ErrMessageTooLong, tlscore.AlertIllegalParameter)
		} else if second := s.sentHello(); len(second.Cookie) != n {
			t.Errorf("a cookie of %d bytes: %d are echoed, %v", n, len(second.Cookie), s.client.Err())
		}
	}
}

// TestTicketsTried: of a list of tickets only the first are looked at. The good one among them is stolen, so that it is told by
// its binder whether the server has tried it.
func TestTicketsTried(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	var keys tlscore.TicketKeys
	if err := keys.Rotate(new(fixedRand)); err != nil {
		t.Fatal(err)
	}
	cfg := p.config(t)
	cfg.Tickets = &keys
	ticket := stolenTicket(t, cfg)
	limit := documented(t, "pre-shared keys tried")
	for at := range 8 {
		s := newSession(t, cfg)
		s.client.Extra = func(b *wire.Builder) {
			m := b.BeginExtension(wire.ExtPSKKeyExchangeModes)
			b.Bytes([]byte{1, 1})
			b.End(m)
			m = b.BeginExtension(wire.ExtPreSharedKey)
			list := b.Begin(2)
			for i := range 8 {
				id := b.Begin(2)
				if i == at {
					b.Bytes(ticket)
				} else {
					b.Bytes(make([]byte, len(ticket)))
				}
				b.End(id)
				b.Bytes(make([]byte, 4))
			}
			b.End(list)
			list = b.Begin(2)
			for range 8 {
				b.U8(32)
				b.Bytes(make([]byte, 32))
			}
			b.End(list)
			b.End(m)
		}
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
		if tried := s.server.Err() == tlscore.ErrBadBinder; tried != (at < limit) || !tried && s.server.Err() != nil {
			t.Errorf("number %d: tried %v, %v; %d are documented", at, tried, s.server.Err(), limit)
		}
	}
}

// boundRow is a row of the table of bounds in doc.go: what, how much, the alert, and the test.
var boundRow = regexp.MustCompile(`(?m)^//\t(\S.{38}) (.{23}) (\w+) +((?:Test|Fuzz)\w+)$`)

func boundRows(t *testing.T) [][]string {
	t.Helper()
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	rows := boundRow.FindAllStringSubmatch(string(doc), -1)
	if len(rows) < 15 {
		t.Fatalf("the table of bounds has %d rows", len(rows))
	}
	return rows
}

// documented returns the number in the table's row.
func documented(t *testing.T, what string) (n int) {
	t.Helper()
	for _, row := range boundRows(t) {
		if strings.TrimSpace(row[1]) == what {
			if _, err := fmt.Sscan(row[2], &n); err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("no row of %q", what)
	return 0
}

// TestBoundsAreDocumented: each row of the table names a test that exists, and each bound that is tested here has its row, with its
// number and its alert.
func TestBoundsAreDocumented(t *testing.T) {
	tests := testNames(t)
	for _, row := range boundRows(t) {
		if !tests[row[4]] {
			t.Errorf("%s: there is no test %s", strings.TrimSpace(row[1]), row[4])
		}
	}
	for _, b := range bounds {
		found := false
		for _, row := range boundRows(t) {
			how := strings.TrimSpace(row[2])
			if strings.TrimSpace(row[1]) != b.what || row[4] != "TestBounds" {
				continue
			}
			found = true
			if b.limit <= 100 && how != fmt.Sprint(b.limit) {
				t.Errorf("%s: %s is documented, it is %d", b.what, how, b.limit)
			}
			if alert := strings.TrimPrefix(tlscore.PeerAlert(b.alert).Error(), "received alert: "); alert != row[3] {
				t.Errorf("%s: the alert %s is documented, it is %s", b.what, row[3], alert)
			}
		}
		if !found {
			t.Errorf("%s: not in the table", b.what)
		}
	}
}

var testFunc = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)

// testNames returns the names of all tests and fuzz targets of the repository.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range testFunc.FindAllStringSubmatch(string(text), -1) {
			names[m[1]] = true
		}
		return err
	})
	if err != nil || len(names) < 100 {
		t.Fatalf("%d tests, %v", len(names), err)
	}
	return names
}
