package fuzz

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/netconn"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// The orders of messages that are legal, as the flow tables of tlscore have them: what has no arrow there must be refused, and what
// is accepted must have one.

// arrow is a row of a flow table, from a state with a message to the next states.
type arrow struct {
	table          string // its role and version
	state, message string
	receives       bool
	next           []string
}

// theFlow is what testdata/flow.txt says: the arrows of each role, of all versions.
var theFlow = sync.OnceValue(func() map[string][]arrow {
	flow := map[string][]arrow{}
	for line := range strings.Lines(string(must(os.ReadFile("testdata/flow.txt")))) {
		fields := strings.Fields(line)
		if fields[0] == "#" {
			continue
		}
		role := fields[0][:len("server")]
		flow[role] = append(flow[role], arrow{fields[0], fields[1], fields[3], fields[2] == "<", fields[4:]})
	}
	if len(flow["server"]) < 20 || len(flow["client"]) < 20 {
		panic("the flow tables are not there: go run ./tlscore/internal/flowdoc")
	}
	return flow
})

// states are those that a connection may be in, as far as the messages tell.
type states []string

// settle follows all arrows of messages that the connection sends by itself.
func settle(flow []arrow, s states) states {
	for i := 0; i < len(s); i++ {
		for _, a := range flow {
			if a.state == s[i] && !a.receives {
				for _, next := range a.next {
					if !slices.Contains(s, next) {
						s = append(s, next)
					}
				}
			}
		}
	}
	return s
}

// after returns the states after the connection received a message; none if no state welcomes it.
func (s states) after(flow []arrow, message string) (next states, welcome bool) {
	for _, a := range flow {
		if slices.Contains(s, a.state) && a.receives && a.message == message {
			next, welcome = append(next, a.next...), true
		}
	}
	return settle(flow, next), welcome
}

// named returns the name of a type of messages, as flow.txt has it.
func named(t byte) string {
	if name := wire.MessageType(t).String(); !strings.Contains(name, " ") {
		return name
	}
	return fmt.Sprintf("type %d", t)
}

// target is one end of ours with a puppet at the other.
type target struct {
	t      testing.TB
	conn   tlscore.Conn
	flow   []arrow
	states states
	client *puppet.Client // one of them
	server *puppet.Server
	pool   *tlscore.Pool
}

func newTarget(t testing.TB, role string, auth tlscore.ClientAuth, change func(*tlscore.Config)) *target {
	w := theWorld()
	o := &target{t: t, flow: theFlow()[role]}
	o.pool = must(tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, LargeBuffers: 2}))
	cfg := w.cfg
	cfg.Rand, cfg.ClientAuth = new(stream), auth
	if change != nil {
		change(&cfg)
	}
	if cfg.EarlyData == nil {
		o.flow = without(o.flow, "EndOfEarlyData")
	}
	if cfg.CertificateCompression == nil {
		o.flow = without(o.flow, "CompressedCertificate")
	}
	if role == "server" {
		o.client = puppet.New()
		o.states = states{"expectClientHello"}
		if err := o.conn.Server(&cfg, o.pool); err != nil {
			t.Fatal(err)
		}
	} else {
		o.server = puppet.NewServer()
		o.states = settle(o.flow, states{"sendClientHello"})
		if err := o.conn.Client(&cfg, o.pool, "changeme"); err != nil {
			t.Fatal(err)
		}
		o.feed(nil)
	}
	return o
}

// without leaves out the arrows of a message that only an option adds, and what leads to states that have its name.
func without(flow []arrow, message string) (rest []arrow) {
	for _, a := range flow {
		if a.message != message {
			a.next = slices.DeleteFunc(slices.Clone(a.next), func(s string) bool { return strings.Contains(s, message) })
			rest = append(rest, a)
		}
	}
	return rest
}

// compressing lets both roles have their certificates compressed.
func compressing(role string) func(*tlscore.Config) {
	return func(cfg *tlscore.Config) {
		if cfg.CertificateCompression = tlscore.CompressionClient(netconn.Zlib()); role == "server" {
			cfg.CertificateCompression = tlscore.CompressionServer(netconn.Zlib())
		}
	}
}

// zlibbed returns what a CompressedCertificate for a chain has in it.
func zlibbed(chain ...[]byte) (algorithm uint16, size int, compressed []byte) {
	own := wire.OwnCertificate{Chain: chain}
	msg := make([]byte, own.Size())
	own.Copy(msg, 0)
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	must(w.Write(msg[wire.HeaderSize:]))
	w.Close()
	return uint16(tlscore.Zlib), len(msg) - wire.HeaderSize, b.Bytes()
}

// feed hands over bytes, and the answer to the puppet.
func (o *target) feed(p []byte) {
	o.t.Helper()
	for {
		for w := o.conn.SendWindow(); len(w) > 0; w = o.conn.SendWindow() {
			var err error
			if o.client != nil {
				err = o.client.Take(bytes.Clone(w))
			} else {
				err = o.server.Take(bytes.Clone(w))
			}
			if err != nil {
				o.t.Fatal(err)
			}
			o.conn.Sent(len(w))
		}
		n := copy(o.conn.RecvWindow(), p)
		if n == 0 {
			return
		}
		o.conn.Received(n)
		p = p[n:]
	}
}

// message makes a message of type t, well formed if the puppet can do so; variant chooses among several.
func (o *target) message(t wire.MessageType, variant byte) []byte {
	w := theWorld()
	if c := o.client; c != nil {
		switch {
		case t == wire.TypeClientHello:
			return c.Hello()
		case t == wire.TypeCertificate && variant&1 == 0:
			return c.Certificate(w.client.Chain...)
		case t == wire.TypeCertificate:
			return c.Certificate()
		case t == wire.TypeCompressedCertificate && variant&1 == 0:
			return c.CompressedCertificate(zlibbed(w.client.Chain...))
		case t == wire.TypeCompressedCertificate:
			return c.CompressedCertificate(zlibbed())
		case t == wire.TypeCertificateVerify:
			return c.CertificateVerify(w.client.Key, 0x0403)
		case t == wire.TypeFinished && c.Established:
			return c.Finished()
		}
	} else if s := o.server; o.protected() {
		switch t {
		case wire.TypeEncryptedExtensions:
			return s.EncryptedExtensions(nil)
		case wire.TypeCertificateRequest:
			return s.CertificateRequest(nil)
		case wire.TypeCertificate:
			return s.Certificate(nil, w.server.Chain...)
		case wire.TypeCompressedCertificate:
			return s.CompressedCertificate(zlibbed(w.server.Chain...))
		case wire.TypeCertificateVerify:
			return s.CertificateVerify(w.server.Key, 0x0403)
		case wire.TypeFinished:
			return s.Finished()
		case wire.TypeNewSessionTicket:
			return []byte{4, 0, 0, 14, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 7, 0, 0}
		}
	}
	if t == wire.TypeKeyUpdate {
		return []byte{24, 0, 0, 1, variant & 1}
	}
	return []byte{byte(t), 0, 0, 0}
}

// send sends a message of type t to the target, and checks that it is refused if no state welcomes it. It reports whether the
// connection goes on.
func (o *target) send(t, variant byte) bool {
	o.t.Helper()
	established := o.conn.HandshakeDone()
	var rec []byte
	switch {
	case o.client != nil:
		msg := o.message(wire.MessageType(t), variant)
		rec = o.client.Record(record.Handshake, msg)
	case t == byte(wire.TypeServerHello) && !o.protected():
		rec = o.server.ServerHello()
	default:
		rec = o.server.Record(record.Handshake, o.message(wire.MessageType(t), variant))
	}
	o.feed(rec)
	was := o.states
	next, welcome := was.after(o.flow, named(t))
	if !welcome {
		o.refused(was, t)
		return false
	}
	if o.conn.Err() != nil {
		return false
	}
	o.states = next
	// The keys of the puppet's next message.
	switch {
	case t == byte(wire.TypeFinished) && o.client != nil:
		o.client.Confirm()
	case t == byte(wire.TypeFinished):
		o.server.Confirm()
	case t == byte(wire.TypeKeyUpdate) && established && o.client != nil:
		o.client.UpdateKeys()
	case t == byte(wire.TypeKeyUpdate) && established:
		return false // The puppet cannot.
	}
	return true
}

func (o *target) protected() bool { return o.server.Out.Cipher() != record.None }

// refused checks that a message that is not welcome has ended the connection, with the right words.
func (o *target) refused(was states, t byte) {
	o.t.Helper()
	alerts := []byte(nil)
	if o.client != nil {
		alerts = o.client.Alerts
	} else {
		alerts = o.server.Alerts
	}
	if o.conn.Err() != tlscore.ErrUnexpectedMessage || len(alerts) != 1 || tlscore.Alert(alerts[0]) != tlscore.AlertUnexpectedMessage {
		o.t.Fatalf("%s in the states %v: error %v, alerts %v", named(t), was, o.conn.Err(), alerts)
	}
}

// TestIllegalOrders: in every state of TLS 1.3, both roles, every type of message that the flow tables do not name there is
// refused with unexpected_message.
func TestIllegalOrders(t *testing.T) {
	const (
		hello, serverHello, extensions = byte(wire.TypeClientHello), byte(wire.TypeServerHello), byte(wire.TypeEncryptedExtensions)
		request, certificate, verify   = byte(wire.TypeCertificateRequest), byte(wire.TypeCertificate), byte(wire.TypeCertificateVerify)
		finished, compressed           = byte(wire.TypeFinished), byte(wire.TypeCompressedCertificate)
	)
	for _, test := range []struct {
		role   string
		auth   tlscore.ClientAuth
		retry  bool
		change func(*tlscore.Config)
		honest []byte
	}{
		{"server", tlscore.NoClientCert, false, nil, []byte{hello, finished}},
		{"server", tlscore.RequireClientCert, true, nil, []byte{hello, hello, certificate, verify, finished}},
		{"client", 0, false, nil, []byte{serverHello, extensions, certificate, verify, finished}},
		{"client", 0, false, nil, []byte{serverHello, extensions, request, certificate, verify, finished}},
		{"server", tlscore.RequireClientCert, false, compressing("server"), []byte{hello, compressed, verify, finished}},
		{"client", 0, false, compressing("client"), []byte{serverHello, extensions, compressed, verify, finished}},
		{"client", 0, false, compressing("client"), []byte{serverHello, extensions, request, compressed, verify, finished}},
	} {
		for n := range len(test.honest) + 1 {
			for illegal := range 256 {
				o := newTarget(t, test.role, test.auth, test.change)
				if test.retry {
					o.client.ShareOf = []uint16{23}
				}
				for _, msg := range test.honest[:n] {
					if !o.send(msg, 0) {
						t.Fatalf("%s: %s is refused: %v", test.role, named(msg), o.conn.Err())
					}
				}
				if n == len(test.honest) && !o.conn.HandshakeDone() {
					t.Fatalf("%s: the honest order leads to %v", test.role, o.states)
				}
				if _, welcome := o.states.after(o.flow, named(byte(illegal))); !welcome {
					o.send(byte(illegal), 0)
				}
			}
		}
	}
}

// FuzzOrders sends messages in any order to both roles: what the flow tables do not name is refused, and nothing that is accepted is
// missing there.
func FuzzOrders(f *testing.F) {
	f.Add([]byte{0, 1, 20})
	f.Add([]byte{2, 1, 11, 15, 20, 24, 24})
	f.Add([]byte{6, 1, 1, 11, 20, 24})
	f.Add([]byte{1, 2, 8, 11, 15, 20, 4, 24})
	f.Add([]byte{1, 2, 8, 13, 11, 15, 20, 4, 4})
	f.Add([]byte{1, 2, 2, 8})
	f.Add([]byte{0x84, 1, 25, 15, 20, 24})
	f.Add([]byte{0x84, 1, 25, 11})
	f.Add([]byte{0x81, 2, 8, 25, 15, 20, 4, 24})
	f.Add([]byte{0x81, 2, 8, 13, 25, 15, 20})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		role := "server"
		if data[0]&1 != 0 {
			role = "client"
		}
		var change func(*tlscore.Config)
		if data[0]&0x80 != 0 {
			change = compressing(role)
		}
		o := newTarget(t, role, tlscore.ClientAuth(data[0]>>1%3), change)
		if o.client != nil && data[0]&4 != 0 {
			o.client.ShareOf = []uint16{23}
		}
		for i, msg := range data[1:min(len(data), 12)] {
			if !o.send(msg, data[0]>>3+byte(i)) {
				break
			}
		}
		o.conn.Release()
	})
}
