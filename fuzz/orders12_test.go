package fuzz

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"

	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// The legal orders of TLS 1.2, to its end: what is protected, tickets and resumed handshakes included. As the puppet knows what it has
// said, there is one state at any time, and what that state welcomes must be accepted too.

// event is what a peer can do at any time: send a handshake message of a type, or announce new keys.
type event uint16

const changeCipherSpec12 event = 256

func (e event) String() string {
	if e == changeCipherSpec12 {
		return "change_cipher_spec"
	}
	return named(byte(e))
}

// kind is a handshake of TLS 1.2.
type kind struct {
	server   bool // ours is the server
	asks     bool // the server asks for a certificate
	ticketed bool // it gives a ticket
	staples  bool // it staples a response to its certificate
	resumes  bool // an earlier session, which had a ticket; it gets another if ticketed is set
}

// kinds12 are all that there are.
var kinds12 = []kind{
	{server: true},
	{server: true, asks: true},
	{server: true, ticketed: true},
	{server: true, asks: true, ticketed: true},
	{server: true, resumes: true},
	{server: true, ticketed: true, resumes: true},
	{},
	{asks: true},
	{ticketed: true},
	{staples: true},
	{asks: true, ticketed: true, staples: true},
	{resumes: true},
	{ticketed: true, resumes: true},
}

// honest is what a peer says in a handshake of this kind.
func (k kind) honest() (order []event) {
	say := func(when bool, events ...event) {
		if when {
			order = append(order, events...)
		}
	}
	if k.server {
		say(true, event(wire.TypeClientHello))
		say(k.asks, event(wire.TypeCertificate))
		say(!k.resumes, event(wire.TypeClientKeyExchange))
		say(k.asks, event(wire.TypeCertificateVerify))
	} else {
		say(true, event(wire.TypeServerHello))
		say(!k.resumes, event(wire.TypeCertificate))
		say(k.staples, event(wire.TypeCertificateStatus))
		say(!k.resumes, event(wire.TypeServerKeyExchange))
		say(k.asks, event(wire.TypeCertificateRequest))
		say(!k.resumes, event(wire.TypeServerHelloDone))
		say(k.ticketed, event(wire.TypeNewSessionTicket))
	}
	say(true, changeCipherSpec12, event(wire.TypeFinished))
	return order
}

// leads reports whether in a handshake of this kind an arrow leads from one state to the other. Where the server may still change its mind,
// by not asking for a certificate or not stapling a response, the state before is one that knows it.
func (k kind) leads(from, to string) bool {
	switch from {
	case "expectClientHello":
		return to == "sendServerHello12"
	case "sendServerHello12":
		return (to != "sendServerCertificate12") == k.resumes
	case "sendServerKeyExchange":
		return (to == "sendCertificateRequest12") == k.asks
	case "sendServerHelloDone":
		return (to == "expectClientCertificate12") == k.asks
	case "expectClientKeyExchange":
		return (to == "expectClientCertificateVerify12") == k.asks
	case "expectClientFinished12":
		switch {
		case k.resumes:
			return to == "established"
		case k.ticketed:
			return to == "sendNewSessionTicket12"
		}
		return to == "sendServerChangeCipherSpec"
	case "expectServerHello":
		switch {
		case !k.resumes:
			return to == "expectServerCertificate12"
		case k.ticketed:
			return to == "expectNewSessionTicket12"
		}
		return to == "expectServerChangeCipherSpec"
	case "expectServerCertificate12":
		return (to == "expectCertificateStatus") == k.staples
	case "sendClientFinished12":
		switch {
		case k.resumes:
			return to == "established"
		case k.ticketed:
			return to == "expectNewSessionTicket12"
		}
		return to == "expectServerChangeCipherSpec"
	case "sendServerFinished12", "expectServerFinished12":
		return (to == "established") != k.resumes
	}
	return true
}

// flow returns the arrows of handshakes of this kind.
func (k kind) flow(all map[string][]arrow) (flow []arrow) {
	role := "client"
	if k.server {
		role = "server"
	}
	for _, a := range all[role] {
		first := strings.HasSuffix(a.state, "ClientHello") || a.state == "expectServerHello"
		if !first && !strings.HasSuffix(a.table, "12") {
			continue
		}
		to := a.next
		a.next = nil
		for _, next := range to {
			if k.leads(a.state, next) {
				a.next = append(a.next, next)
			}
		}
		flow = append(flow, a)
	}
	return flow
}

// target12 is one end of ours with a puppet of TLS 1.2 at the other.
type target12 struct {
	t      testing.TB
	kind   kind
	conn   tlscore.Conn
	peer   *puppet.Peer12
	flow   []arrow
	states states
	said   []event
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// memory12 is what both ends keep of a session.
type memory12 struct {
	tickets  tlscore.TicketKeys
	sessions tlscore.Sessions
	ended    *puppet.Peer12 // the puppet of the handshake that made the session
}

func newTarget12(t testing.TB, k kind) *target12 {
	m := new(memory12)
	check(t, m.tickets.Rotate(rand.Reader))
	if k.resumes {
		first := m.target(t, kind{server: k.server, ticketed: true})
		first.play(first.kind.honest())
		if !first.conn.HandshakeDone() {
			t.Fatalf("no session to resume: %v", first.conn.Err())
		}
		first.conn.Release()
		if k.ticketed {
			check(t, m.tickets.Rotate(rand.Reader)) // A server gives another if the key of the first is no longer current.
		}
		m.ended = first.peer
	}
	return m.target(t, k)
}

// target starts a connection that uses the memory.
func (m *memory12) target(t testing.TB, k kind) *target12 {
	o := &target12{t: t, kind: k, peer: puppet.New12(k.server), flow: k.flow(theFlow())}
	cfg := theWorld().cfg
	cfg.Rand = new(stream)
	pool := must(tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, LargeBuffers: 2}))
	var err error
	if k.server {
		cfg.TLS12, cfg.Tickets, cfg.ResumeClients = tlscore.TLS12Server(), &m.tickets, true
		if k.asks {
			cfg.ClientAuth = tlscore.RequireClientCert
		}
		if k.ticketed {
			o.peer.Ticket = []byte{}
		}
		if m.ended != nil {
			o.peer.Ticket, o.peer.Session, o.peer.Master = m.ended.PeerTicket, bytes.Repeat([]byte{9}, 32), m.ended.Master
		}
		err = o.conn.Server(&cfg, pool)
		o.states = states{"expectClientHello"}
	} else {
		cfg.TLS12, cfg.Sessions, cfg.RequestOCSP = tlscore.TLS12Client(), &m.sessions, true
		err = o.conn.Client(&cfg, pool, "changeme")
		o.states = settle(o.flow, states{"sendClientHello"})
		if k.ticketed {
			o.peer.Ticket = []byte{}
		}
		if k.staples {
			o.peer.Extra = func(b *wire.Builder) { b.End(b.BeginExtension(wire.ExtStatusRequest)) }
		}
		if m.ended != nil {
			o.peer.Master = m.ended.Master
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	o.feed(nil)
	return o
}

// feed hands over bytes, and the answers to the puppet.
func (o *target12) feed(p []byte) {
	o.t.Helper()
	for {
		for w := o.conn.SendWindow(); len(w) > 0; w = o.conn.SendWindow() {
			if err := o.peer.Take(bytes.Clone(w)); err != nil {
				o.t.Fatalf("after %v: %v", o.said, err)
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

// record makes the record of an event, well formed if it is due.
func (o *target12) record(e event, due bool) []byte {
	p, w := o.peer, theWorld()
	if e == changeCipherSpec12 {
		if !due {
			return p.Record(record.ChangeCipherSpec, []byte{1}) // Keys are not there, or there already.
		}
		return p.ChangeCipherSpec()
	}
	msg := []byte{byte(e), 0, 0, 0}
	if due && !o.conn.HandshakeDone() {
		switch t := wire.MessageType(e); t {
		case wire.TypeServerHello:
			if o.kind.resumes {
				random := 4 + 2 + 32
				p.Session = bytes.Clone(p.PeerHello[random+1:][:p.PeerHello[random]])
			}
			msg = p.Hello()
		case wire.TypeClientHello:
			msg = p.Hello()
		case wire.TypeCertificate:
			id := w.server
			if p.IsClient {
				id = w.client
			}
			msg = p.Certificate(id.Chain...)
		case wire.TypeCertificateStatus:
			msg = p.Message(t, func(b *wire.Builder) { b.Bytes([]byte{1, 0, 0, 1, 9}) })
		case wire.TypeServerKeyExchange:
			msg = p.ServerKeyExchange(w.server.Key, 0x0403, nil)
		case wire.TypeCertificateRequest:
			msg = p.Message(t, func(b *wire.Builder) { b.Bytes([]byte{1, 64, 0, 2, 4, 3, 0, 0}) })
		case wire.TypeClientKeyExchange:
			msg = p.ClientKeyExchange()
		case wire.TypeCertificateVerify:
			msg = p.CertificateVerify(w.client.Key, 0x0403)
		case wire.TypeNewSessionTicket:
			msg = p.Message(t, func(b *wire.Builder) { b.Bytes([]byte{0, 0, 1, 0, 0, 3, 7, 7, 7}) })
		case wire.TypeFinished:
			msg = p.Finished()
		default:
			msg = p.Message(t, nil)
		}
	}
	return p.Record(record.Handshake, msg)
}

// send sends an event to the target, and checks that it is taken if and only if the state welcomes it. It reports whether the connection goes on.
func (o *target12) send(e event) bool {
	o.t.Helper()
	was := o.states
	next, welcome := was.after(o.flow, e.String())
	o.said = append(o.said, e)
	o.feed(o.record(e, welcome))
	err := o.conn.Err()
	switch {
	case e == changeCipherSpec12 && slices.Contains(was, "expectServerHello"):
		// In TLS 1.3 it would mean nothing, and the version is not known yet.
		next = was
		fallthrough
	case welcome && len(next) > 0:
		if err != nil {
			o.fatal("%v in the states %v: %v", e, was, err)
		}
	case welcome:
		if err != tlscore.ErrRenegotiation {
			o.fatal("%v in the states %v: %v", e, was, err)
		}
	default:
		o.refused(was, e)
	}
	o.states = next
	if done := slices.Contains(next, "established"); err == nil && (done != o.conn.HandshakeDone() || done && !o.peer.Finishes) {
		o.fatal("in the states %v the handshake is done: %v; the puppet's is: %v", next, o.conn.HandshakeDone(), o.peer.Finishes)
	}
	return err == nil
}

// refused checks that an event that is not welcome has ended the connection, with the right words.
func (o *target12) refused(was states, e event) {
	o.t.Helper()
	want := tlscore.ErrUnexpectedMessage
	if e == changeCipherSpec12 {
		want = tlscore.ErrUnexpectedRecord
	}
	if alerts := o.peer.Alerts; o.conn.Err() != want || len(alerts) != 1 || tlscore.Alert(alerts[0]) != tlscore.AlertUnexpectedMessage {
		o.fatal("%v in the states %v: error %v, alerts %v", e, was, o.conn.Err(), alerts)
	}
}

func (o *target12) fatal(format string, args ...any) {
	o.t.Helper()
	o.t.Fatalf("%+v, after %v: %s", o.kind, o.said, fmt.Sprintf(format, args...))
}

// play sends events until the connection ends.
func (o *target12) play(order []event) bool {
	o.t.Helper()
	for _, e := range order {
		if !o.send(e) {
			return false
		}
	}
	return true
}

// TestIllegalOrders12: in every state of every handshake of TLS 1.2, both roles, each type of message that the flow tables do not name there,
// and change_cipher_spec where they do not, is refused with unexpected_message.
func TestIllegalOrders12(t *testing.T) {
	for _, k := range kinds12 {
		honest := k.honest()
		for n := range len(honest) + 1 {
			for e := range changeCipherSpec12 + 1 {
				if e >= 32 && e < 254 {
					continue // These have no names, like some below.
				}
				o := newTarget12(t, k)
				if !o.play(honest[:n]) {
					t.Fatalf("%+v: %v is refused: %v", k, honest[:n], o.conn.Err())
				}
				if done := n == len(honest); done != o.conn.HandshakeDone() || done && (k.server && k.ticketed) != (o.peer.PeerTicket != nil) {
					t.Fatalf("%+v: the honest order leads to %v, the puppet's ticket is %x", k, o.states, o.peer.PeerTicket)
				}
				if _, welcome := o.states.after(o.flow, e.String()); !welcome {
					o.send(e)
				}
				o.conn.Release()
			}
		}
	}
}

// FuzzOrders12 sends messages of TLS 1.2 in any order to both roles: what the flow tables do not name is refused, what they name is
// taken.
func FuzzOrders12(f *testing.F) {
	for i, k := range kinds12 {
		order := []byte{byte(i)}
		for _, e := range k.honest() {
			order = append(order, byte(min(e, 255)))
		}
		f.Add(order)
		f.Add(append(order, 1))
		f.Add(append(order, 0))
		f.Add(append(order[:len(order)-2:len(order)-2], byte(wire.TypeFinished)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		o := newTarget12(t, kinds12[int(data[0])%len(kinds12)])
		for _, b := range data[1:min(len(data), 14)] {
			e := event(b)
			if b == 255 {
				e = changeCipherSpec12
			}
			if !o.send(e) {
				break
			}
		}
		o.conn.Release()
	})
}
