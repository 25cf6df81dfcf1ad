package tlscore_test

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// TestUpdateKeys: each end renews its keys, alone or with the other, at any time, and what is written around that arrives.
func TestUpdateKeys(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, suite := range []tlscore.SuiteID{tlscore.AES128GCMSHA256, tlscore.AES256GCMSHA384} {
		client, server := p.clientConfig(t), p.config(t)
		client.Suites = []tlscore.SuiteID{suite}
		pair := newPair(t, client, server, [2]tlscore.PoolConfig{hybridPool, hybridPool})
		pair.client.UpdateKeys(true) // Nothing happens yet.
		pair.establish(1 << 20)
		for i, both := range []bool{false, true, true, false, true, false} {
			end := []*tlscore.Conn{&pair.client, &pair.server}[i%2]
			end.Written(copy(end.WriteWindow(), "written before"))
			end.UpdateKeys(both)
			end.UpdateKeys(false) // Twice is once.
			for pair.move(i%2, 1<<20) || pair.move(1-i%2, 1<<20) {
			}
			other := []*tlscore.Conn{&pair.server, &pair.client}[i%2]
			if got := string(other.ReadWindow()); got != "written before" {
				t.Errorf("read %q: %v", got, other.Err())
			}
			other.Consumed(len(other.ReadWindow()))
			pair.run(1 << 20)
			pair.transfer(0, []byte("a question"))
			pair.transfer(1, bytes.Repeat([]byte("an answer"), 500))
		}
		if pair.client.Err() != nil || pair.server.Err() != nil {
			t.Errorf("client: %v, server: %v", pair.client.Err(), pair.server.Err())
		}
	}
}

// TestUpdateKeysAsksThePeer: request_update is said when it was meant.
func TestUpdateKeysAsksThePeer(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, both := range []bool{false, true} {
		s := newSession(t, p.config(t))
		var update []byte
		s.client.OnMessage = func(msg []byte) {
			if wire.MessageType(msg[0]) == wire.TypeKeyUpdate {
				update = bytes.Clone(msg)
			}
		}
		s.establish(nil)
		s.server.UpdateKeys(both)
		s.drain()
		want := []byte{24, 0, 0, 1, 0}
		if both {
			want[4] = 1
		}
		if !bytes.Equal(update, want) {
			t.Errorf("both %v: %x", both, update)
		}
		s.echo("still", "there")
	}
}

// TestUpdateKeysWithStd: crypto/tls follows, and answers when it is asked.
func TestUpdateKeysWithStd(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	client, transport, server := dial(t, p.clientConfig(t), "changeme", p.stdServer())
	go io.Copy(server, server)
	if err := drive(client, transport, client.HandshakeDone); err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		client.UpdateKeys(i%2 == 0)
		text := fmt.Sprintf("echo %d", i)
		for len(client.WriteWindow()) == 0 {
			w := client.SendWindow()
			if _, err := transport.Write(w); err != nil {
				t.Fatal(err)
			}
			client.Sent(len(w))
		}
		client.Written(copy(client.WriteWindow(), text))
		client.Flush()
		if err := drive(client, transport, func() bool { return len(client.ReadWindow()) > 0 }); err != nil {
			t.Fatal(err)
		}
		if got := string(client.ReadWindow()); got != text {
			t.Errorf("read %q, want %q", got, text)
		}
		client.Consumed(len(client.ReadWindow()))
	}
}

// TestPostHandshakeAuthenticationIsRefused: we never offer it, so that nobody may ask for it (RFC 8446, section 4.6.2).
func TestPostHandshakeAuthenticationIsRefused(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	client, server := puppetServer(t, p.clientConfig(t))
	establishPuppet(t, p, client, server)
	tell(t, client, server, server.Record(record.Handshake, server.CertificateRequest(nil)))
	if client.Err() != tlscore.ErrUnexpectedMessage || len(server.Alerts) != 1 || tlscore.Alert(server.Alerts[0]) != tlscore.AlertUnexpectedMessage {
		t.Errorf("a client that is asked: %v, alerts %v", client.Err(), server.Alerts)
	}
	for _, test := range []struct {
		name string
		msg  []byte
	}{
		{"a certificate", []byte{11, 0, 0, 4, 0, 0, 0, 0}},
		{"a ticket", []byte{4, 0, 0, 0}},
		{"a Finished", []byte{20, 0, 0, 0}},
		{"a ClientHello", []byte{1, 0, 0, 0}},
	} {
		s := newSession(t, p.config(t))
		s.establish(nil)
		s.feed(s.client.Record(record.Handshake, test.msg))
		t.Run(test.name, func(t *testing.T) { s.refuses(tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage) })
	}
}

// TestPadding: protected records have, with type and padding, lengths that are multiples, as far as the peer takes them, and what
// was written arrives.
func TestPadding(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, padding := range []int{1, 16, 100, 256, 1024, 16384} {
		for _, limit := range []int{0, 64, 200} {
			t.Run(fmt.Sprintf("padding %d, limit %d", padding, limit), func(t *testing.T) {
				client, server := p.clientConfig(t), p.config(t)
				client.Padding, server.RecordSizeLimit = padding, limit
				pair := newPair(t, client, server, [2]tlscore.PoolConfig{hybridPool, roomy})
				pair.establish(1 << 20)
				for _, n := range []int{1, 15, 16, 17, 99, 100, 255, 256, 257, 1000, 3000} {
					pair.longest[0] = 0
					pair.transfer(0, bytes.Repeat([]byte{byte(n)}, n))
					got := pair.longest[0]
					switch {
					case limit > 0 && got > limit:
						t.Errorf("%d bytes: a record of %d", n, got)
					case got%padding != 0 && (limit == 0 || got != limit) && padding < 2000:
						t.Errorf("%d bytes: a record of %d", n, got)
					}
				}
				pair.transfer(1, make([]byte, 3000))
			})
		}
	}
	for _, bad := range []int{-1, 1<<14 + 1} {
		cfg := p.clientConfig(t)
		cfg.Padding = bad
		if err := new(tlscore.Conn).Client(cfg, newPool(t), "changeme"); err != tlscore.ErrBadPadding {
			t.Errorf("padding %d: %v", bad, err)
		}
	}
}

// TestMisplacedExtensions: an extension that belongs into another message is told apart from one that nobody asked for (RFC 8446,
// section 4.2).
func TestMisplacedExtensions(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		ext   wire.ExtensionType
		err   error
		alert tlscore.Alert
	}{
		{wire.ExtKeyShare, wire.ErrMisplaced, tlscore.AlertIllegalParameter},
		{wire.ExtSupportedVersions, wire.ErrMisplaced, tlscore.AlertIllegalParameter},
		{wire.ExtPreSharedKey, wire.ErrMisplaced, tlscore.AlertIllegalParameter},
		{wire.ExtEarlyData, wire.ErrUnsolicited, tlscore.AlertUnsupportedExtension},
		{0x1234, wire.ErrUnsolicited, tlscore.AlertUnsupportedExtension},
	} {
		client, server := puppetServer(t, p.clientConfig(t))
		tell(t, client, server, server.ServerHello())
		tell(t, client, server, server.Record(record.Handshake,
			server.EncryptedExtensions(func(b *wire.Builder) { b.End(b.BeginExtension(test.ext)) })))
		if client.Err() != test.err || len(server.Alerts) != 1 || tlscore.Alert(server.Alerts[0]) != test.alert {
			t.Errorf("extension %d: %v, alerts %v", test.ext, client.Err(), server.Alerts)
		}
	}
}

// TestAbortedHandshake: who gives a handshake up says user_canceled and then close_notify (RFC 8446, section 6.1), at every point of it,
// under the keys of that point.
func TestAbortedHandshake(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, tls12 := range []bool{false, true} {
		for i := range 2 {
			points := 0
			for done := false; !done; points++ {
				var heard []tlscore.Alert
				change := func(client, server *tlscore.Config) {
					peer := [2]*tlscore.Config{server, client}[i]
					peer.Events = func(_ *tlscore.Conn, e tlscore.Event) {
						if e.Kind == tlscore.EventAlertReceived {
							heard = append(heard, e.Alert)
						}
					}
				}
				pair := unconnected(t, p, tls12, change)
				from, to := pair.sides(i)
				for range points {
					pair.move(0, 100)
					pair.move(1, 100)
				}
				if done = from.HandshakeDone(); done {
					continue
				}
				from.Close()
				if from.Err() != tlscore.ErrAborted {
					t.Fatalf("TLS 1.2 %v, side %d, point %d: %v", tls12, i, points, from.Err())
				}
				for range 3 {
					pair.run(1 << 20) // It stops when one end has nothing to hear, though the other has.
				}
				if !from.Closed() {
					t.Errorf("TLS 1.2 %v, side %d, point %d: there is more to say", tls12, i, points)
				}
				switch both := slices.Equal(heard, []tlscore.Alert{tlscore.AlertUserCanceled, tlscore.AlertCloseNotify}); {
				case both && to.HandshakeDone() && to.PeerClosed() && to.Err() == nil:
				case both && to.Err() == tlscore.ErrClosedEarly:
				case i == 0 && !tls12 && heard == nil && to.Err() == record.ErrUnprotected:
					// The client has not heard the server's part of the key exchange yet.
				default:
					t.Errorf("TLS 1.2 %v, side %d, point %d: heard %v: %v", tls12, i, points, heard, to.Err())
				}
			}
			if points < 5 {
				t.Errorf("TLS 1.2 %v, side %d: %d points", tls12, i, points)
			}
		}
	}
}
