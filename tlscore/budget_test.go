package tlscore_test

import (
	"testing"
	"unsafe"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/x509lite"
)

// TestPlan: whatever the budget is, the pool that is planned stays within it, serves at least as much as a smaller budget would, and
// is one that NewPool makes.
func TestPlan(t *testing.T) {
	cfg := newPKI(t, ca.ECDSA).config(t)
	cfg.ClientAuth = tlscore.RequireClientCert
	for _, cfg.Profile = range []x509lite.Profile{x509lite.ProfileDefault, x509lite.ProfileSuiteB} {
		for connections := 1; connections <= 16; connections *= 2 {
			var last tlscore.PoolConfig
			planned := 0
			for total := 0; total < 256<<10; total += 512 {
				pc, err := cfg.Plan(connections, total)
				if err != nil {
					if planned > 0 {
						t.Fatalf("%d connections in %d bytes: %v, but fewer were enough", connections, total, err)
					}
					continue
				}
				planned++
				if f := pc.Footprint(connections); f.Total > total {
					t.Fatalf("%d connections in %d bytes: %+v takes %d", connections, total, pc, f.Total)
				}
				if pc.LargeBuffers < last.LargeBuffers || pc.LargeBuffers == last.LargeBuffers && pc.SmallSize < last.SmallSize {
					t.Fatalf("%d connections in %d bytes: %+v is less than %+v", connections, total, pc, last)
				}
				if _, err := tlscore.NewPool(pc); err != nil {
					t.Fatalf("%+v: %v", pc, err)
				}
				last = pc
			}
			if planned == 0 || last.SmallBuffers != max(2, 2*connections) {
				t.Errorf("%d connections: the largest budget gives %+v", connections, last)
			}
		}
	}
}

// TestEightConnectionsIn32KB: on 32 bits, eight connections, one of them in a mutual handshake and one receiving a record of
// full size, take 32 KB in all.
func TestEightConnectionsIn32KB(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) != 4 {
		t.Skip("sizes are asserted on 32 bits: GOARCH=386 go test")
	}
	p := newPKI(t, ca.ECDSA)
	cfg := p.config(t)
	cfg.ClientAuth = tlscore.RequireClientCert
	cfg.Profile = x509lite.ProfileSuiteB
	pc, err := cfg.Plan(8, 32<<10)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v: %+v", pc, pc.Footprint(8))
	if pc.LargeBuffers < 1 {
		t.Error("no room for a record of full size")
	}
	pool, err := tlscore.NewPool(pc)
	if err != nil {
		t.Fatal(err)
	}
	client := p.issue(t, ca.Request{Names: []string{"client"}, Usage: ca.Client})
	sessions := make([]*session, 8)
	for i := range sessions {
		s := newSession(t, cfg)
		s.server.Release()
		s.pool = pool
		if err := s.server.Server(cfg, pool); err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		if sessions[i] = s; i < 7 {
			s.establish(client)
		}
	}
	sessions[7].hello()
	rec := sessions[0].client.Record(0x17, make([]byte, 1<<14))
	sessions[0].feed(rec[:len(rec)-1])
	sessions[7].finish(client)
	sessions[0].feed(rec[len(rec)-1:])
	if len(sessions[0].server.ReadWindow()) != 1<<14 || !sessions[7].server.HandshakeDone() {
		t.Errorf("%d bytes read, handshake done %v: %v, %v", len(sessions[0].server.ReadWindow()), sessions[7].server.HandshakeDone(),
			sessions[0].server.Err(), sessions[7].server.Err())
	}
	for _, s := range sessions[1:] {
		s.echo("small", "answer")
	}
}
