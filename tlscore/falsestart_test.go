package tlscore_test

import (
	"bytes"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/wire"
)

// untilWritable runs the handshake, one byte of the server's at a time, until the client may write. It returns whether that is before the
// handshake is done.
func (p *pair) untilWritable() bool {
	p.t.Helper()
	for !p.client.Writable() {
		for p.move(0, 1<<20) {
		}
		if !p.client.Writable() && !p.move(1, 1) {
			p.t.Fatalf("client: %v, server: %v", p.client.Err(), p.server.Err())
		}
	}
	return !p.client.HandshakeDone()
}

// TestFalseStart: a client of TLS 1.2 writes behind its Finished, and the server reads that when the handshake is done; without
// Config.FalseStart, and when a session is resumed, it waits.
func TestFalseStart(t *testing.T) {
	r := newReunion(t)
	r.client.TLS12, r.server.TLS12 = tlscore.TLS12Client(), tlscore.TLS12Server()
	r.client.MaxVersion = wire.VersionTLS12
	for _, test := range []struct {
		name          string
		start, resume bool
		early         bool
	}{
		{"not wanted", false, false, false},
		{"wanted", true, false, true},
		{"resumed", true, true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if !test.resume {
				r.client.Sessions.Wipe()
			}
			r.client.FalseStart = test.start
			p := newPair(t, r.client, r.server, r.pools)
			if early := p.untilWritable(); early != test.early {
				t.Fatalf("writable before the handshake is done: %v", early)
			}
			if test.early {
				text := []byte("a question that does not wait")
				p.client.Written(copy(p.client.WriteWindow(), text))
				p.client.Flush()
				for p.move(0, 1<<20) {
				}
				if !p.server.HandshakeDone() || !bytes.Equal(p.server.ReadWindow(), text) {
					t.Fatalf("server: %v, %q", p.server.Err(), p.server.ReadWindow())
				}
				p.server.Consumed(len(text))
			}
			p.establish(1 << 20)
			p.transfer(0, []byte("a question"))
			p.transfer(1, []byte("an answer"))
			if p.client.Info().Resumed != test.resume {
				t.Errorf("%+v", p.client.Info())
			}
		})
	}
}

// TestFalseStartIsNoTrust: what has been written early does not make a client that gets a bad Finished read anything, nor keep the session.
func TestFalseStartIsNoTrust(t *testing.T) {
	r := newReunion(t)
	r.client.TLS12, r.server.TLS12 = tlscore.TLS12Client(), tlscore.TLS12Server()
	r.client.MaxVersion, r.client.FalseStart = wire.VersionTLS12, true
	p := newPair(t, r.client, r.server, r.pools)
	p.untilWritable()
	p.client.Written(copy(p.client.WriteWindow(), "a question"))
	p.client.Flush()
	for p.move(0, 1<<20) {
	}
	p.server.Written(copy(p.server.WriteWindow(), "an answer"))
	p.server.Flush()
	flight := bytes.Clone(p.server.SendWindow())
	for i := len(flight) - 1; i > 0; i-- { // The last record is the answer, the one before it Finished.
		if bytes.HasPrefix(flight[i:], []byte{22, 3, 3}) {
			flight[i+20] ^= 1
			break
		}
	}
	for n := 0; len(flight) > 0 && p.client.Err() == nil; flight = flight[n:] {
		n = copy(p.client.RecvWindow(), flight)
		p.client.Received(n)
	}
	if p.client.Err() == nil || p.client.HandshakeDone() || len(p.client.ReadWindow()) > 0 || p.client.Writable() {
		t.Errorf("%v, %q", p.client.Err(), p.client.ReadWindow())
	}
	if n := r.client.Sessions.Kept(); n != 0 {
		t.Errorf("%d sessions are kept", n)
	}
}

// TestCloseAfterFalseStart: who closes then says close_notify, as there is something that it ends.
func TestCloseAfterFalseStart(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	client, server := p.clientConfig12(t), p.config12(t)
	client.MaxVersion, client.FalseStart = wire.VersionTLS12, true
	pair := newPair(t, client, server, [2]tlscore.PoolConfig{roomy, tight})
	pair.untilWritable()
	pair.client.Written(copy(pair.client.WriteWindow(), "the end"))
	pair.client.Close()
	pair.run(1 << 20)
	if got := pair.server.ReadWindow(); string(got) != "the end" || pair.client.Err() != nil {
		t.Fatalf("%q, %v", got, pair.client.Err())
	}
	pair.server.Consumed(7)
	pair.run(1 << 20)
	if !pair.server.PeerClosed() || pair.server.Err() != nil {
		t.Errorf("closed: %v, %v", pair.server.PeerClosed(), pair.server.Err())
	}
}
