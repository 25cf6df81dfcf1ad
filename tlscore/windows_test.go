package tlscore_test

import (
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/record"
)

func established(t *testing.T) *session {
	t.Helper()
	s := newSession(t, newPKI(t, ca.ECDSA).config(t))
	s.establish(nil)
	return s
}

// free returns how many buffers the pool could lend for sending.
func (s *session) free() int {
	var got [][]byte
	for b := s.pool.Borrow(1, true); b != nil; b = s.pool.Borrow(1, true) {
		got = append(got, b)
	}
	for _, b := range got {
		s.pool.GiveBack(b)
	}
	return len(got)
}

// TestAcknowledgingNothing: 0 bytes are no bytes, in every window, whatever is under way.
func TestAcknowledgingNothing(t *testing.T) {
	s := established(t)
	rec := s.client.Record(record.ApplicationData, []byte("hello"))
	s.feed(rec[:10])
	s.server.Consumed(0)
	s.server.Received(0)
	s.server.Sent(0)
	s.server.Written(0)
	s.feed(rec[10:])
	if string(s.server.ReadWindow()) != "hello" {
		t.Fatalf("read %q, error %v", s.server.ReadWindow(), s.server.Err())
	}
	s.server.Consumed(5)
	s.echo("q", "a")
}

func TestAcknowledgingTooMuch(t *testing.T) {
	for name, do := range map[string]func(c *tlscore.Conn){
		"Received":                 func(c *tlscore.Conn) { c.Received(len(c.RecvWindow()) + 1) },
		"Received without window":  func(c *tlscore.Conn) { c.Received(1) },
		"Sent":                     func(c *tlscore.Conn) { c.Sent(1) },
		"Consumed":                 func(c *tlscore.Conn) { c.Consumed(1) },
		"Written":                  func(c *tlscore.Conn) { c.Written(len(c.WriteWindow()) + 1) },
		"Written without a window": func(c *tlscore.Conn) { c.Written(1) },
		"a negative number":        func(c *tlscore.Conn) { c.Consumed(-1) },
	} {
		s := established(t)
		do(s.server)
		if s.server.Err() != tlscore.ErrMisuse {
			t.Errorf("%s: %v", name, s.server.Err())
		}
	}
}

// TestWriteWindowSurvives: what else happens between WriteWindow and Written changes nothing in what is written.
func TestWriteWindowSurvives(t *testing.T) {
	t.Run("a KeyUpdate that wants an answer", func(t *testing.T) {
		s := established(t)
		n := copy(s.server.WriteWindow(), "written")
		s.feed(s.client.Record(record.Handshake, []byte{24, 0, 0, 1, 1}))
		s.client.UpdateKeys()
		s.server.Written(n)
		s.server.Flush()
		s.drain()
		if string(s.client.AppData) != "written" {
			t.Errorf("the client read %q", s.client.AppData)
		}
		s.echo("under", "new keys")
	})
	t.Run("all is sent", func(t *testing.T) {
		s := established(t)
		s.server.Written(copy(s.server.WriteWindow(), "one"))
		s.server.Flush()
		n := copy(s.server.WriteWindow(), "two")
		s.drain()
		s.server.Written(n)
		s.server.Flush()
		s.drain()
		if string(s.client.AppData) != "onetwo" {
			t.Errorf("the client read %q", s.client.AppData)
		}
	})
}

// TestRecvWindowSurvives: a window that a blocked transport may still fill is not lent to anybody else when the connection fails.
func TestRecvWindowSurvives(t *testing.T) {
	s := newSession(t, newPKI(t, ca.ECDSA).config(t))
	s.feed(s.client.Record(record.Handshake, s.client.Hello())[:20])
	before := s.free()
	if len(s.server.RecvWindow()) == 0 {
		t.Fatal("no window")
	}
	s.server.Close()
	if s.server.Err() != tlscore.ErrAborted || s.free() != before {
		t.Errorf("error %v, %d buffers free, before %d", s.server.Err(), s.free(), before)
	}
	s.server.Received(3)
	if s.free() != before+1 {
		t.Errorf("%d buffers free, want %d", s.free(), before+1)
	}
}

// TestRecvWindowWhileThereIsWork: who looks at the window, and fills it only after Work was called, loses nothing: while a message waits to
// be worked on, whose place is in the same buffer, there is no window.
func TestRecvWindowWhileThereIsWork(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, tls12 := range []bool{false, true} {
		pair := unconnected(t, p, tls12, func(client, server *tlscore.Config) {
			client.Stepwise, server.Stepwise = true, true
			client.Identities, server.ClientAuth = []tlscore.Identity{identity(t, p.client)}, tlscore.RequireClientCert
		})
		ends := [2]*tlscore.Conn{&pair.client, &pair.server}
		for moved := true; moved; {
			moved = false
			for i, from := range ends {
				to := ends[1-i]
				for w := from.SendWindow(); len(w) > 0; w = from.SendWindow() {
					pair.wires[i] = append(pair.wires[i], w...)
					from.Sent(len(w))
					moved = true
				}
				w := to.RecvWindow()
				if to.Working() {
					to.Work()
					moved = true
				}
				if n := copy(w, pair.wires[i]); n > 0 {
					pair.wires[i] = pair.wires[i][n:]
					to.Received(n)
					moved = true
				}
			}
		}
		if !pair.client.HandshakeDone() || !pair.server.HandshakeDone() {
			t.Errorf("TLS 1.2 %v: client %v, server %v", tls12, pair.client.Err(), pair.server.Err())
		}
	}
}

func TestNothingIsHeldBetweenRecords(t *testing.T) {
	s := established(t)
	s.server.WriteWindow()
	s.server.Written(0)
	if s.free() != 3 {
		t.Errorf("%d of 3 buffers are free after a look at WriteWindow", s.free())
	}
	s.server.WriteWindow()
	s.feed([]byte{23, 3, 3, 0, 1, 0})
	if s.server.Err() != record.ErrBadMAC || s.free() != 2 {
		t.Errorf("error %v, %d buffers free", s.server.Err(), s.free())
	}
	s.server.Written(0)
	if s.free() != 3 {
		t.Errorf("%d of 3 buffers are free after a failure", s.free())
	}
}

// TestEndOfTransportKeepsPlaintext: what came before the end can be read, and then the truncation is told.
func TestEndOfTransportKeepsPlaintext(t *testing.T) {
	s := established(t)
	s.feed(s.client.Record(record.ApplicationData, []byte("hello")))
	s.server.RecvEOF()
	if string(s.server.ReadWindow()) != "hello" || s.server.Err() != nil {
		t.Fatalf("read %q, error %v", s.server.ReadWindow(), s.server.Err())
	}
	s.server.Consumed(5)
	if s.server.Err() != tlscore.ErrTruncated {
		t.Errorf("error %v, want %v", s.server.Err(), tlscore.ErrTruncated)
	}
}

// TestCloseNotifyIsTheLastRecord: a KeyUpdate that is owed does not overtake it.
func TestCloseNotifyIsTheLastRecord(t *testing.T) {
	s := established(t)
	for w := s.server.WriteWindow(); len(w) > 0; w = s.server.WriteWindow() {
		s.server.Written(len(w)) // until there is no room for the answer
	}
	s.receive(s.client.Record(record.Handshake, []byte{24, 0, 0, 1, 1}))
	s.server.Close()
	s.drain()
	if len(s.client.Alerts) != 1 || s.client.Alerts[0] != 0 {
		t.Errorf("alerts %v, want close_notify", s.client.Alerts)
	}
}

// receive gives bytes to the server without taking what it answers.
func (s *session) receive(p []byte) {
	s.t.Helper()
	for len(p) > 0 {
		n := copy(s.server.RecvWindow(), p)
		if n == 0 {
			s.t.Fatalf("the server takes nothing: %v", s.server.Err())
		}
		s.server.Received(n)
		p = p[n:]
	}
}

// TestClientStartsWhenThereIsABuffer: a client that finds none at first has its ClientHello ready once there is one.
func TestClientStartsWhenThereIsABuffer(t *testing.T) {
	pool := newPool(t)
	var all [][]byte
	for b := pool.Borrow(1, true); b != nil; b = pool.Borrow(1, true) {
		all = append(all, b)
	}
	var c tlscore.Conn
	if err := c.Client(newPKI(t, ca.ECDSA).config(t), pool, "changeme"); err != nil {
		t.Fatal(err)
	}
	if len(c.SendWindow()) > 0 {
		t.Fatal("something to send without a buffer")
	}
	for _, b := range all {
		pool.GiveBack(b)
	}
	if len(c.SendWindow()) == 0 {
		t.Error("no ClientHello although there are buffers")
	}
}

// TestServerMayBeUsedAgain: Server gives back what the connection before it had borrowed.
func TestServerMayBeUsedAgain(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	pool := newPool(t)
	var c tlscore.Conn
	for range 5 {
		if err := c.Server(p.config(t), pool); err != nil {
			t.Fatal(err)
		}
	}
}

// TestEchoThroughTwoBuffers: eight connections whose requests are all on the way share two buffers, because the last buffer
// is never lent for receiving.
func TestEchoThroughTwoBuffers(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	pool, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 2048})
	if err != nil {
		t.Fatal(err)
	}
	var sessions []*session
	var requests [][]byte
	for range 8 {
		s := newSession(t, p.config(t))
		if err := s.server.Server(p.config(t), pool); err != nil {
			t.Fatal(err)
		}
		s.pool = pool
		s.establish(nil)
		sessions = append(sessions, s)
		requests = append(requests, s.client.Record(record.ApplicationData, []byte("question")))
	}
	answered := 0
	for range 40 {
		for i, s := range sessions {
			n := copy(s.server.RecvWindow(), requests[i])
			s.server.Received(n)
			requests[i] = requests[i][n:]
		}
		for _, s := range sessions {
			if n := copy(s.server.WriteWindow(), s.server.ReadWindow()); n > 0 {
				s.server.Written(n)
				s.server.Flush()
				s.server.Consumed(n)
				answered++
			}
			s.server.Written(0)
			s.drain()
		}
	}
	if answered != len(sessions) {
		t.Errorf("%d of %d requests were answered", answered, len(sessions))
	}
}
