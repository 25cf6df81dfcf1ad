package fuzz

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	gofuzz "github.com/google/gofuzz"

	"colibri/firmware/pki/ca"
	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// action is one thing that a client does.
type action uint8

const (
	hello action = iota
	certificate
	noCertificate
	verify
	stolenVerify
	finished
	applicationData
	keyUpdate
	changeCipherSpec
	alert
	otherRecord
	rawBytes
	compressedCertificate
	numActions
)

var actionNames = [numActions]string{"hello", "certificate", "no certificate", "verify", "stolen verify", "finished",
	"application data", "key update", "change_cipher_spec", "alert", "record", "raw bytes", "compressed certificate"}

// op is an action with what is changed in it. gofuzz fills it from the fuzzer's bytes.
type op struct {
	Action   uint8
	Flip     bool   // change a byte of the message before it is protected
	At       uint16 // where
	By       uint8  // XORed with it
	Tamper   bool   // change a byte of the record after it is protected
	Fragment uint8  // records of at most so many bytes; 0: one record
	Chop     uint8  // bytes handed over at once; 0: all
	Raw      []byte // content of a record or raw bytes
}

func (o op) action() action { return action(o.Action) % numActions }

// honest reports whether o is done as the protocol wants it.
func (o op) honest() bool { return (!o.Flip || o.By == 0) && (!o.Tamper || o.By == 0) }

// String is a line of the script that a failure prints.
func (o op) String() string {
	s := actionNames[o.action()]
	if o.Flip {
		s += fmt.Sprintf(", byte %d xor %#x", o.At, o.By)
	}
	if o.Tamper {
		s += fmt.Sprintf(", record byte %d xor %#x", o.At, o.By)
	}
	if o.Fragment > 0 {
		s += fmt.Sprintf(", in records of %d", o.Fragment)
	}
	if o.Chop > 0 {
		s += fmt.Sprintf(", %d bytes at once", o.Chop)
	}
	if a := o.action(); a == rawBytes || a == otherRecord || a == applicationData {
		s += fmt.Sprintf(", %x", o.Raw)
	}
	return s
}

// script is what a client does from beginning to end.
type script struct {
	Prefix  uint8 // so many messages of an honest client come first, modulo one more than there are
	Retry   bool  // the first ClientHello lacks a key share that the server takes
	Mutual  uint8
	Suite   uint8
	Ops     []op
	Written uint8 // bytes that the server writes after every action, if it may
}

func (s *script) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "retry %v, client auth %d, suite %d\n", s.Retry, s.Mutual%3, s.Suite%3)
	for _, o := range s.all() {
		fmt.Fprintln(&b, o)
	}
	return b.String()
}

// honest returns the messages of a client that keeps to the protocol.
func (s *script) honest() []action {
	honest := []action{hello}
	if s.Retry {
		honest = append(honest, hello)
	}
	if tlscore.ClientAuth(s.Mutual%3) != tlscore.NoClientCert {
		honest = append(honest, certificate, verify)
	}
	return append(honest, finished)
}

// all returns the operations with their honest prefix.
func (s *script) all() []op {
	honest := s.honest()
	var ops []op
	for _, a := range honest[:int(s.Prefix)%(len(honest)+1)] {
		ops = append(ops, op{Action: uint8(a)})
	}
	return append(ops, s.Ops...)
}

// world is the certificates of all runs.
type world struct {
	server *ca.Identity
	client *ca.Identity
	other  *ca.Identity // also trusted, with another key
	cfg    tlscore.Config
}

var theWorld = sync.OnceValue(func() *world {
	root := must(ca.New(ca.ECDSA, now, "colibri fuzz CA"))
	server := must(root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server}))
	key := new(signature.PrivateKey)
	if err := key.Parse(must(x509.MarshalPKCS8PrivateKey(server.Key))); err != nil {
		panic(err)
	}
	anchors := new(x509lite.Anchors)
	if err := anchors.Add(root.Cert.Raw); err != nil {
		panic(err)
	}
	return &world{
		server: server,
		client: must(root.Issue(ca.Request{Names: []string{"client"}, Usage: ca.Client})),
		other:  must(root.Issue(ca.Request{Names: []string{"other"}, Usage: ca.Client})),
		cfg: tlscore.Config{
			Identities: []tlscore.Identity{{Chain: server.Chain, Key: key}},
			Anchors:    anchors,
			Groups:     []tlscore.GroupID{tlscore.X25519},
			Clock:      func() int64 { return now.Unix() },
		},
	}
})

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// stream is a deterministic source of randomness.
type stream struct {
	block [32]byte
	used  int
}

func (s *stream) Read(p []byte) (int, error) {
	for i := range p {
		if s.used%32 == 0 {
			s.block = sha256.Sum256(s.block[:])
		}
		p[i] = s.block[s.used%32]
		s.used++
	}
	return len(p), nil
}

// run is one script at work.
type run struct {
	t      *testing.T
	script *script
	client *puppet.Client
	server tlscore.Conn
	pool   *tlscore.Pool
	failed error // of an EventFailed
	sent   []tlscore.Alert
	done   bool

	honest    bool // the client has kept to the protocol so far
	proved    bool // it has shown a certificate and proved to own it
	plaintext []byte
	wanted    []byte
}

// FuzzServerFlight plays scripts of a client's messages, honest and not, against a server, and checks after each of them
// what must hold whatever the client does.
func FuzzServerFlight(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var s script
		gofuzz.NewFromGoFuzz(data).NilChance(0).NumElements(1, 12).Fuzz(&s)
		play(t, &s)
	})
}

// seeds differ in length and content so that the fuzzer begins with scripts of several shapes.
var seeds = [][]byte{
	{0}, bytes.Repeat([]byte{1, 2, 3, 4, 5, 6, 7}, 30), bytes.Repeat([]byte{0xff, 0}, 100), bytes.Repeat([]byte("colibri"), 50),
}

// play runs a script; it reports whether the connection was established at its end.
func play(t *testing.T, s *script) bool {
	w := theWorld()
	pool := must(tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 1024, LargeBuffers: 1}))
	r := &run{t: t, script: s, client: puppet.New(), pool: pool, honest: true}
	r.client.Suite = 0x1301 + uint16(s.Suite%3)
	if s.Retry {
		r.client.ShareOf = []uint16{23}
	}
	cfg := w.cfg
	cfg.ClientAuth = tlscore.ClientAuth(s.Mutual % 3)
	compressing("server")(&cfg)
	cfg.Rand = new(stream)
	cfg.Events = func(_ *tlscore.Conn, e tlscore.Event) {
		switch e.Kind {
		case tlscore.EventFailed:
			r.failed = e.Err
		case tlscore.EventAlertSent:
			r.sent = append(r.sent, e.Alert)
		case tlscore.EventHandshakeDone:
			r.done = true
		}
	}
	if err := r.server.Server(&cfg, pool); err != nil {
		t.Fatal(err)
	}
	for _, o := range s.all() {
		r.act(w, o)
		r.check()
	}
	established := r.done && r.server.Err() == nil
	r.server.RecvEOF()
	r.check()
	r.server.Release()
	if h := pool.BorrowHandshake(); h == nil {
		r.fatal("the handshake was not given back")
	}
	for i := range 3 {
		if pool.Borrow(1, true) == nil {
			r.fatal("%d of 3 buffers were given back", i)
		}
	}
	return established
}

func (r *run) fatal(format string, args ...any) {
	r.t.Helper()
	r.t.Fatalf("%s\nserver's error: %v\nscript: %v", fmt.Sprintf(format, args...), r.server.Err(), r.script)
}

// act makes the message of o, changes it and sends it.
func (r *run) act(w *world, o op) {
	c := r.client
	before := c.Established
	r.honest = r.honest && o.honest()
	handshake := func(msg []byte) { r.send(record.Handshake, msg, o) }
	switch o.action() {
	case hello:
		if r.started() && !(c.Retry && len(c.Messages) == 1) {
			r.honest = false
		}
		handshake(c.Hello())
	case certificate:
		r.honest = r.honest && before && !r.done
		handshake(c.Certificate(w.client.Chain...))
	case compressedCertificate:
		r.honest = r.honest && before && !r.done
		handshake(c.CompressedCertificate(zlibbed(w.client.Chain...)))
	case noCertificate:
		r.honest = r.honest && before && !r.done
		handshake(c.Certificate())
	case verify, stolenVerify:
		key := w.client.Key
		if o.action() == stolenVerify {
			key = w.other.Key
			r.honest = false
		} else {
			r.proved = true
		}
		handshake(c.CertificateVerify(key, 0x0403))
	case finished:
		r.honest = r.honest && before && !r.done
		handshake(c.Finished())
		if before {
			c.Confirm()
		}
	case applicationData:
		if r.done && r.server.Err() == nil && !r.server.PeerClosed() && o.honest() && r.honest {
			r.wanted = append(r.wanted, o.Raw...)
		}
		r.send(record.ApplicationData, o.Raw, o)
	case keyUpdate:
		handshake([]byte{24, 0, 0, 1, o.By & 1})
		if before {
			c.UpdateKeys()
		}
	case changeCipherSpec:
		r.feed([]byte{20, 3, 3, 0, 1, 1}, o)
	case alert:
		r.honest = false
		r.send(record.Alert, []byte{1, o.By}, o)
	case otherRecord:
		r.honest = false
		r.send(record.ContentType(o.By), o.Raw, o)
	case rawBytes:
		r.honest = false
		r.feed(o.Raw, o)
	}
}

func (r *run) started() bool { return len(r.client.Messages) > 0 }

// send puts content into records as o wants it.
func (r *run) send(t record.ContentType, content []byte, o op) {
	content = bytes.Clone(content)
	if o.Flip && len(content) > 0 {
		content[int(o.At)%len(content)] ^= o.By
	}
	size := len(content)
	if o.Fragment > 0 {
		size = int(o.Fragment)
	}
	for first := true; first || len(content) > 0; first = false {
		n := min(size, len(content))
		rec := r.client.Record(t, content[:n])
		content = content[n:]
		if o.Tamper {
			rec[int(o.At)%len(rec)] ^= o.By
		}
		r.feed(rec, o)
	}
}

// feed hands bytes to the server, consumes what it reads, and takes what it answers.
func (r *run) feed(p []byte, o op) {
	for len(p) > 0 {
		w := r.server.RecvWindow()
		if len(w) == 0 {
			return
		}
		n := copy(w, p)
		if o.Chop > 0 {
			n = min(n, int(o.Chop))
		}
		r.server.Received(n)
		p = p[n:]
		for w := r.server.ReadWindow(); len(w) > 0; w = r.server.ReadWindow() {
			r.plaintext = append(r.plaintext, w...)
			r.server.Consumed(len(w))
		}
		if w := r.server.WriteWindow(); len(w) > 0 && r.script.Written > 0 {
			r.server.Written(min(len(w), int(r.script.Written)))
			r.server.Flush()
		}
		r.drain()
	}
}

func (r *run) drain() {
	for w := r.server.SendWindow(); len(w) > 0; w = r.server.SendWindow() {
		if err := r.client.Take(w); err != nil && r.honest {
			r.fatal("an honest client cannot read the answer: %v", err)
		}
		r.server.Sent(len(w))
	}
}

// check holds the oracles.
func (r *run) check() {
	r.t.Helper()
	err := r.server.Err()
	if err != nil {
		if r.failed != err {
			r.fatal("the event says %v", r.failed)
		}
		want, due := tlscore.AlertFor(err)
		if due != (len(r.sent) == 1) || due && r.sent[0] != want {
			r.fatal("alerts sent: %v, want %v: %v", r.sent, due, want)
		}
		if len(r.server.RecvWindow())+len(r.server.WriteWindow()) > 0 {
			r.fatal("a window is open after the error")
		}
		if r.server.HandshakeDone() && !r.done {
			r.fatal("the handshake is done without its event")
		}
	}
	if r.done && r.script.Mutual%3 == uint8(tlscore.RequireClientCert) && !r.proved {
		r.fatal("a client without a certificate was let in")
	}
	if !r.done && len(r.plaintext) > 0 {
		r.fatal("plaintext before the handshake was done")
	}
	if r.honest && r.done && err == nil && !bytes.Equal(r.plaintext, r.wanted) {
		r.fatal("the server read %x, the client sent %x", r.plaintext, r.wanted)
	}
	if !bytes.HasPrefix(r.wanted, r.plaintext) && r.honest {
		r.fatal("the server read %x, the client sent %x", r.plaintext, r.wanted)
	}
}

// TestHonestScripts: scripts without a fault succeed in every variety, or the fuzz target would test little.
func TestHonestScripts(t *testing.T) {
	for _, retry := range []bool{false, true} {
		for mutual := range uint8(3) {
			for suite := range uint8(3) {
				s := &script{Retry: retry, Mutual: mutual, Suite: suite, Written: 9}
				s.Prefix = uint8(len(s.honest()))
				for range 3 {
					s.Ops = append(s.Ops, op{Action: uint8(applicationData), Raw: []byte("plaintext"), Fragment: 4, Chop: 3},
						op{Action: uint8(keyUpdate), By: 1})
				}
				if !play(t, s) {
					t.Errorf("not established: %v", s)
				}
			}
		}
	}
}
