package tlscore_test

import (
	"runtime"
	"testing"
	"unsafe"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/record"
)

// TestSizesOn32Bits asserts what a connection and a handshake take on a chip.
func TestSizesOn32Bits(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) != 4 {
		t.Skip("sizes are asserted on 32 bits: GOARCH=386 go test")
	}
	for _, s := range []struct {
		name       string
		size, most uintptr
	}{
		{"Conn", unsafe.Sizeof(tlscore.Conn{}), 1024},
		{"Handshake", unsafe.Sizeof(tlscore.Handshake{}), 2048},
		{"Verifier", unsafe.Sizeof(tlscore.Verifier{}), 1792},
	} {
		t.Logf("%s: %d bytes", s.name, s.size)
		if s.size > s.most {
			t.Errorf("%s takes %d bytes, at most %d are allowed", s.name, s.size, s.most)
		}
	}
}

// TestPoolSize: a pool takes from the heap what it says, give or take what the allocator rounds up.
func TestPoolSize(t *testing.T) {
	pc := tlscore.PoolConfig{Handshakes: 3, SmallBuffers: 16, SmallSize: 2048, LargeBuffers: 2}
	said := pc.Size()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	pool, err := tlscore.NewPool(pc)
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	runtime.KeepAlive(pool)
	if took := int(after.TotalAlloc - before.TotalAlloc); took < said || took > said+said/4 {
		t.Errorf("the pool took %d bytes and says %d", took, said)
	}
}

func TestPoolConfigIsChecked(t *testing.T) {
	for _, pc := range []tlscore.PoolConfig{
		{},
		{Handshakes: 1},
		{Handshakes: 1, LargeBuffers: 1},
		{Handshakes: 0, LargeBuffers: 2},
		{Handshakes: 1, SmallBuffers: 2, SmallSize: tlscore.MinBuffer - 1},
		{Handshakes: 1, SmallBuffers: 2, SmallSize: tlscore.MaxBuffer},
	} {
		if _, err := tlscore.NewPool(pc); err != tlscore.ErrPoolTooSmall {
			t.Errorf("%+v: %v", pc, err)
		}
	}
}

// TestManyConnectionsShareFewBuffers: idle connections hold nothing, so that a pool with two buffers serves eight of them
// one after the other.
func TestManyConnectionsShareFewBuffers(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	pool, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 1024})
	if err != nil {
		t.Fatal(err)
	}
	sessions := make([]*session, 8)
	for i := range sessions {
		s := newSession(t, p.config(t))
		s.server.Release()
		s.pool = pool
		cfg := p.config(t)
		if err := s.server.Server(cfg, pool); err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		s.establish(nil)
		sessions[i] = s
	}
	for range 3 {
		for _, s := range sessions {
			s.echo("from a connection that held nothing", "answered")
		}
	}
}

// TestStarvedConnectionWaits: a record that finds no buffer waits in the transport, and goes on when one is free.
func TestStarvedConnectionWaits(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	s := newSession(t, p.config(t))
	s.establish(nil)
	rec := s.client.Record(record.ApplicationData, make([]byte, 1<<14))
	var taken [][]byte
	for b := s.pool.Borrow(1, true); b != nil; b = s.pool.Borrow(1, true) {
		taken = append(taken, b)
	}
	s.feed(rec)
	if s.server.Err() != nil || len(s.server.ReadWindow()) > 0 || len(s.server.RecvWindow()) > 0 {
		t.Fatalf("error %v, %d bytes read", s.server.Err(), len(s.server.ReadWindow()))
	}
	for _, b := range taken {
		s.pool.GiveBack(b)
	}
	s.feed(rec[record.HeaderSize:]) // The header was taken before.
	if len(s.server.ReadWindow()) != 1<<14 {
		t.Errorf("%d bytes read, error %v", len(s.server.ReadWindow()), s.server.Err())
	}
}

// TestRecordsDoNotAllocate: an established connection allocates nothing for a record in either direction.
func TestRecordsDoNotAllocate(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	s := newSession(t, p.config(t))
	s.establish(nil)
	records := make([][]byte, 12)
	for i := range records {
		records[i] = s.client.Record(record.ApplicationData, make([]byte, 1000))
	}
	next := 0
	if n := testing.AllocsPerRun(10, func() {
		for rec := records[next]; len(rec) > 0; {
			n := copy(s.server.RecvWindow(), rec)
			s.server.Received(n)
			rec = rec[n:]
		}
		next++
		s.server.Written(copy(s.server.WriteWindow(), s.server.ReadWindow()))
		s.server.Consumed(len(s.server.ReadWindow()))
		s.server.Flush()
		s.server.Sent(len(s.server.SendWindow()))
	}); n != 0 {
		t.Errorf("%v allocations per record", n)
	}
	if s.server.Err() != nil {
		t.Error(s.server.Err())
	}
}

// TestWithoutRSA: a pool without memory for RSA still lets in a client whose certificate is on a curve, and refuses an RSA key in the
// words of one whose scheme was not offered.
func TestWithoutRSA(t *testing.T) {
	pool, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 2048, LargeBuffers: 1, WithoutRSA: true})
	if err != nil || pool.RSA() != nil {
		t.Fatal(err)
	}
	p := newPKI(t, ca.ECDSA)
	cfg := p.config(t)
	cfg.ClientAuth = tlscore.RequireClientCert
	for _, kind := range []ca.Family{ca.ECDSA, ca.RSA} {
		s := newSession(t, cfg)
		s.server.Release()
		s.pool = pool
		if err := s.server.Server(cfg, pool); err != nil {
			t.Fatal(err)
		}
		client := p.issue(t, ca.Request{Names: []string{"client"}, Usage: ca.Client, Family: kind})
		s.hello()
		s.finish(client)
		if kind == ca.ECDSA && !s.server.HandshakeDone() {
			t.Errorf("refused: %v", s.server.Err())
		}
		if kind == ca.RSA {
			s.refuses(tlscore.ErrBadScheme, tlscore.AlertIllegalParameter)
		}
		s.server.Release()
	}
}

// TestWithoutVerifier: a pool that cannot verify serves only those who need not.
func TestWithoutVerifier(t *testing.T) {
	pool, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 2048, WithoutVerifier: true})
	if err != nil {
		t.Fatal(err)
	}
	cfg := newPKI(t, ca.ECDSA).config(t)
	var c tlscore.Conn
	if err := c.Server(cfg, pool); err != nil {
		t.Error(err)
	}
	c.Release()
	cfg.ClientAuth = tlscore.RequestClientCert
	if err := c.Server(cfg, pool); err != tlscore.ErrPoolTooSmall {
		t.Errorf("a server that asks for certificates: %v", err)
	}
	if err := c.Client(cfg, pool, "changeme"); err != tlscore.ErrPoolTooSmall {
		t.Errorf("a client: %v", err)
	}
}
