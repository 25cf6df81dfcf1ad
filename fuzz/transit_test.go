package fuzz

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"testing"

	gofuzz "github.com/google/gofuzz"

	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/signature"
)

// mishap is what happens on the way to one record.
type mishap struct {
	Record uint8 // counted over both directions
	Kind   uint8 // change a byte, drop it, repeat it, put bytes before it, cut it off
	At     uint16
	By     uint8
	Raw    []byte
}

const (
	changed = iota
	dropped
	repeated
	preceded
	cutOff
	numMishaps
)

// apply returns what arrives of rec.
func (m mishap) apply(rec []byte) []byte {
	switch m.Kind % numMishaps {
	case changed:
		rec[int(m.At)%len(rec)] ^= m.By | 1
	case dropped:
		return nil
	case repeated:
		return append(rec, rec...)
	case preceded:
		return append(bytes.Clone(m.Raw), rec...)
	case cutOff:
		return rec[:int(m.At)%len(rec)]
	}
	return rec
}

// transit is a conversation of a client and a server of ours over a wire on which mishaps happen.
type transit struct {
	TLS12, Mutual, Retry bool
	Suite                uint8
	Mishaps              []mishap
}

func (tr *transit) String() string { return fmt.Sprintf("%+v", *tr) }

// FuzzTransit lets mishaps happen between a client and a server of ours. Whatever arrives, neither side may take anything for the
// other's word that the other has not said: plaintext that is read is a beginning of what was written.
func FuzzTransit(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var tr transit
		gofuzz.NewFromGoFuzz(data).NilChance(0).NumElements(0, 4).Fuzz(&tr)
		run := newTransitRun(t, &tr)
		run.converse()
		run.check()
	})
}

// end is one side of the conversation.
type end struct {
	name  string
	conn  tlscore.Conn
	pool  *tlscore.Pool
	says  []byte
	wrote int
	read  []byte
	wire  []byte // bytes on the way to it
}

type transitRun struct {
	t              *testing.T
	tr             *transit
	client, server end
	records        int
	touched        bool // a mishap has happened
}

func newTransitRun(t *testing.T, tr *transit) *transitRun {
	w := theWorld()
	r := &transitRun{t: t, tr: tr}
	r.client.name, r.client.says = "client", []byte("what the client has to say")
	r.server.name, r.server.says = "server", bytes.Repeat([]byte("what the server has to say"), 100)
	serverConfig, clientConfig := w.cfg, w.cfg
	serverConfig.Rand, clientConfig.Rand = new(stream), new(stream)
	serverConfig.Suites = []tlscore.SuiteID{0x1301 + tlscore.SuiteID(tr.Suite%3)}
	if tr.TLS12 {
		serverConfig.TLS12, clientConfig.TLS12 = tlscore.TLS12Server(), tlscore.TLS12Client()
		serverConfig.MaxVersion = 0x0303
		serverConfig.Suites = []tlscore.SuiteID{[3]tlscore.SuiteID{tlscore.ECDHEECDSAAES128GCMSHA256, tlscore.ECDHEECDSAAES256GCMSHA384,
			tlscore.ECDHEECDSAChaCha20Poly1305}[tr.Suite%3]}
	}
	clientConfig.Groups = []tlscore.GroupID{tlscore.X25519, tlscore.P256}
	if tr.Retry {
		clientConfig.Groups = []tlscore.GroupID{tlscore.P256, tlscore.X25519}
	}
	clientConfig.Identities = nil
	if tr.Mutual {
		serverConfig.ClientAuth = tlscore.RequireClientCert
		key := new(signature.PrivateKey)
		if err := key.Parse(must(x509.MarshalPKCS8PrivateKey(w.client.Key))); err != nil {
			t.Fatal(err)
		}
		clientConfig.Identities = []tlscore.Identity{{Chain: w.client.Chain, Key: key}}
	}
	for _, e := range []*end{&r.client, &r.server} {
		e.pool = must(tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 1024, LargeBuffers: 1}))
	}
	if err := r.server.conn.Server(&serverConfig, r.server.pool); err != nil {
		t.Fatal(err)
	}
	if err := r.client.conn.Client(&clientConfig, r.client.pool, "changeme"); err != nil {
		t.Fatal(err)
	}
	return r
}

// converse runs until nothing moves any more.
func (r *transitRun) converse() {
	for r.step(&r.client, &r.server) || r.step(&r.server, &r.client) {
	}
	for _, e := range []*end{&r.client, &r.server} {
		e.conn.RecvEOF()
		e.conn.Release()
	}
}

// step lets one end write, send and receive; it reports whether anything happened.
func (r *transitRun) step(e, other *end) (moved bool) {
	if n := copy(e.conn.WriteWindow(), e.says[e.wrote:]); n > 0 {
		e.conn.Written(n)
		e.wrote += n
		moved = true
	}
	e.conn.Flush()
	for w := e.conn.SendWindow(); len(w) > 0; w = e.conn.SendWindow() {
		_, n, err := record.ParseHeader(w)
		if err != nil {
			r.t.Fatalf("the %s sends no record: %v\n%v", e.name, err, r.tr)
		}
		n += record.HeaderSize
		other.wire = append(other.wire, r.carry(bytes.Clone(w[:n]))...)
		e.conn.Sent(n)
		moved = true
	}
	for w := e.conn.RecvWindow(); len(w) > 0 && len(e.wire) > 0; w = e.conn.RecvWindow() {
		n := copy(w, e.wire)
		e.wire = e.wire[n:]
		e.conn.Received(n)
		for w := e.conn.ReadWindow(); len(w) > 0; w = e.conn.ReadWindow() {
			e.read = append(e.read, w...)
			e.conn.Consumed(len(w))
		}
		moved = true
	}
	return moved
}

// carry takes a record over the wire.
func (r *transitRun) carry(rec []byte) []byte {
	for _, m := range r.tr.Mishaps {
		if int(m.Record)%16 == r.records {
			r.touched = true
			rec = m.apply(rec)
			break
		}
	}
	r.records++
	return rec
}

func (r *transitRun) check() {
	if !bytes.HasPrefix(r.server.says[:r.server.wrote], r.client.read) || !bytes.HasPrefix(r.client.says[:r.client.wrote], r.server.read) {
		r.t.Errorf("the client read %q, the server %q\n%v", r.client.read, r.server.read, r.tr)
	}
	if !r.touched && (len(r.client.read) != len(r.server.says) || len(r.server.read) != len(r.client.says)) {
		r.t.Errorf("without a mishap the client read %d bytes, the server %d\n%v", len(r.client.read), len(r.server.read), r.tr)
	}
	for _, e := range []*end{&r.client, &r.server} {
		if e.pool.BorrowHandshake() == nil {
			r.t.Errorf("the %s has not given its handshake back\n%v", e.name, r.tr)
		}
		for i := range 3 {
			if e.pool.Borrow(1, true) == nil {
				r.t.Errorf("the %s has given back %d of 3 buffers\n%v", e.name, i, r.tr)
			}
		}
	}
}

// TestTransitWithoutMishap: the conversation succeeds in every variety, or the fuzz target would test little.
func TestTransitWithoutMishap(t *testing.T) {
	for i := range 8 {
		for suite := range uint8(3) {
			r := newTransitRun(t, &transit{TLS12: i&1 != 0, Mutual: i&2 != 0, Retry: i&4 != 0, Suite: suite})
			r.converse()
			r.check()
		}
	}
}
