package tlscore_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"colibri/firmware/pki/ca"
	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// now is the time of all certificates and clocks in these tests.
var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// pki is a CA with a server and clients of one family.
type pki struct {
	root           *ca.Authority
	server, client *ca.Identity
}

func newPKI(t testing.TB, f ca.Family) *pki {
	t.Helper()
	return newNamedPKI(t, f, "colibri test CA")
}

func newNamedPKI(t testing.TB, f ca.Family, name string) *pki {
	t.Helper()
	root, err := ca.New(f, now, name)
	if err != nil {
		t.Fatal(err)
	}
	p := &pki{root: root}
	p.server = p.issue(t, ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	p.client = p.issue(t, ca.Request{Names: []string{"sandboxclient"}, Usage: ca.Client})
	return p
}

func (p *pki) issue(t testing.TB, r ca.Request) *ca.Identity {
	t.Helper()
	id, err := p.root.Issue(r)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// behind returns an identity of changeme, for both sides, with n certificates between its own and the root's.
func (p *pki) behind(t testing.TB, n int) *ca.Identity {
	t.Helper()
	issuer := p.root
	for i := range n {
		var err error
		if issuer, err = issuer.Intermediate(fmt.Sprintf("intermediate %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	id, err := issuer.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server | ca.Client})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// config returns a server's configuration with p's server certificate, which trusts p's root.
func (p *pki) config(t testing.TB) *tlscore.Config {
	t.Helper()
	anchors := new(x509lite.Anchors)
	if err := anchors.Add(p.root.Cert.Raw); err != nil {
		t.Fatal(err)
	}
	return &tlscore.Config{
		Identities: []tlscore.Identity{identity(t, p.server)},
		Anchors:    anchors,
		Clock:      func() int64 { return now.Unix() },
		Rand:       new(fixedRand),
	}
}

func identity(t testing.TB, id *ca.Identity) tlscore.Identity {
	t.Helper()
	key := new(signature.PrivateKey)
	if err := key.Parse(pkcs8(t, id.Key)); err != nil {
		t.Fatal(err)
	}
	return tlscore.Identity{Chain: id.Chain, Key: key}
}

// fixedRand is a deterministic stream of bytes: a server with it always answers the same to the same.
type fixedRand struct {
	block [32]byte
	used  int
}

func (r *fixedRand) Read(p []byte) (int, error) {
	for i := range p {
		if r.used%32 == 0 {
			r.block = sha256.Sum256(r.block[:])
		}
		p[i] = r.block[r.used%32]
		r.used++
	}
	return len(p), nil
}

func newPool(t testing.TB) *tlscore.Pool {
	t.Helper()
	p, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 2048, LargeBuffers: 1})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// session is a server of ours with a puppet as its client.
type session struct {
	t      testing.TB
	client *puppet.Client
	server *tlscore.Conn
	pool   *tlscore.Pool
	events []tlscore.Event
	name   string
	leaf   string // subject public key info of the client's leaf, if it was shown
	sent   []byte // all that the client sent
	answer []byte // all that the server answered
}

func newSession(t testing.TB, cfg *tlscore.Config) *session {
	t.Helper()
	s := &session{t: t, client: puppet.New(), server: new(tlscore.Conn), pool: newPool(t)}
	own := *cfg
	own.Events = func(c *tlscore.Conn, e tlscore.Event) {
		s.events = append(s.events, e)
		if e.Kind == tlscore.EventClientHello {
			s.name = string(e.Name)
		}
		if e.Certificate != nil {
			s.leaf = string(e.Certificate.SPKI)
		}
	}
	if err := s.server.Server(&own, s.pool); err != nil {
		t.Fatal(err)
	}
	return s
}

// feed gives the server what the client sends, and the client what the server answers.
func (s *session) feed(p []byte) {
	s.t.Helper()
	s.sent = append(s.sent, p...)
	for len(p) > 0 {
		w := s.server.RecvWindow()
		if len(w) == 0 {
			break
		}
		n := copy(w, p)
		s.server.Received(n)
		p = p[n:]
		s.drain()
	}
	s.drain()
}

// drain gives the client what the server has to send.
func (s *session) drain() {
	s.t.Helper()
	for len(s.server.SendWindow()) > 0 {
		w := s.server.SendWindow()
		s.answer = append(s.answer, w...)
		if err := s.client.Take(w); err != nil {
			s.t.Fatal(err)
		}
		s.server.Sent(len(w))
	}
}

// hello sends the ClientHello, and a second one if the server asks for it.
func (s *session) hello() {
	s.t.Helper()
	s.feed(s.client.Record(record.Handshake, s.client.Hello()))
	if s.client.Retry && !s.client.Established {
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
	}
}

// finish sends the client's last flight: id, if it is not nil, and Finished.
func (s *session) finish(id *ca.Identity) {
	s.t.Helper()
	if !s.client.Established {
		s.t.Fatalf("the server has not finished: %v", s.server.Err())
	}
	var flight []byte
	if id != nil {
		scheme := uint16(0x0403)
		if id.Cert.PublicKeyAlgorithm.String() == "RSA" {
			scheme = 0x0804
		}
		flight = append(flight, s.client.Certificate(id.Chain...)...)
		flight = append(flight, s.client.CertificateVerify(id.Key, scheme)...)
	} else if s.client.Requested {
		flight = append(flight, s.client.Certificate()...)
	}
	flight = append(flight, s.client.Finished()...)
	s.feed(s.client.Record(record.Handshake, flight))
	s.client.Confirm()
}

// establish runs a whole handshake that has to succeed.
func (s *session) establish(id *ca.Identity) {
	s.t.Helper()
	s.hello()
	s.finish(id)
	if err := s.server.Err(); err != nil || !s.server.HandshakeDone() {
		s.t.Fatalf("handshake: done %v, error %v", s.server.HandshakeDone(), err)
	}
}

// refuses checks that the server ended with err and that the client got the alert that belongs to it.
func (s *session) refuses(err error, alert tlscore.Alert) {
	s.t.Helper()
	if s.server.Err() != err {
		s.t.Errorf("the server's error is %v, want %v", s.server.Err(), err)
	}
	want := []byte{byte(alert)}
	if alert == tlscore.AlertUserCanceled {
		want = append(want, byte(tlscore.AlertCloseNotify))
	}
	if !bytes.Equal(s.client.Alerts, want) {
		s.t.Errorf("the client got the alerts %v, want %v", s.client.Alerts, want)
	}
	if len(s.server.RecvWindow()) > 0 || len(s.server.WriteWindow()) > 0 || len(s.server.ReadWindow()) > 0 {
		s.t.Error("a window is open after the error")
	}
	if !s.server.Closed() {
		s.t.Error("the server is not closed")
	}
	s.checkReturned()
}

// checkReturned checks that nothing is borrowed any more.
func (s *session) checkReturned() {
	s.t.Helper()
	s.server.Release()
	if h := s.pool.BorrowHandshake(); h == nil {
		s.t.Error("the handshake was not given back")
	} else {
		s.pool.GiveBackHandshake(h)
	}
	var got [][]byte
	for b := s.pool.Borrow(1, true); b != nil; b = s.pool.Borrow(1, true) {
		got = append(got, b)
	}
	if len(got) != 3 {
		s.t.Errorf("%d buffers were given back, want 3", len(got))
	}
	for _, b := range got {
		s.pool.GiveBack(b)
	}
}
