package tlscore_test

import (
	"bytes"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// session12 is a connection of ours with a puppet of TLS 1.2 as its peer.
type session12 struct {
	t    testing.TB
	p    *pki
	peer *puppet.Peer12
	ours *tlscore.Conn
	pool *tlscore.Pool
}

// newServer12 is a server of ours; nil for cfg stands for one that asks for no certificate.
func newServer12(t testing.TB, p *pki, cfg *tlscore.Config) *session12 {
	t.Helper()
	if cfg == nil {
		cfg = p.config12(t)
	}
	s := &session12{t: t, p: p, peer: puppet.New12(true), ours: new(tlscore.Conn), pool: newPool(t)}
	if err := s.ours.Server(cfg, s.pool); err != nil {
		t.Fatal(err)
	}
	return s
}

// newClient12 is a client of ours that has sent its hello.
func newClient12(t testing.TB, p *pki, cfg *tlscore.Config) *session12 {
	t.Helper()
	if cfg == nil {
		cfg = p.clientConfig12(t)
	}
	s := &session12{t: t, p: p, peer: puppet.New12(false), ours: new(tlscore.Conn), pool: newPool(t)}
	if err := s.ours.Client(cfg, s.pool, "changeme"); err != nil {
		t.Fatal(err)
	}
	s.drain()
	return s
}

func (s *session12) feed(p []byte) {
	s.t.Helper()
	for len(p) > 0 {
		w := s.ours.RecvWindow()
		if len(w) == 0 {
			break
		}
		n := copy(w, p)
		s.ours.Received(n)
		p = p[n:]
		s.drain()
	}
	s.drain()
}

func (s *session12) drain() {
	s.t.Helper()
	for w := s.ours.SendWindow(); len(w) > 0; w = s.ours.SendWindow() {
		if err := s.peer.Take(w); err != nil {
			s.t.Fatal(err)
		}
		s.ours.Sent(len(w))
	}
}

// say sends handshake messages in one record.
func (s *session12) say(msgs ...[]byte) {
	s.t.Helper()
	s.feed(s.peer.Record(record.Handshake, bytes.Join(msgs, nil)))
}

// change sends change_cipher_spec.
func (s *session12) change() { s.feed(s.peer.ChangeCipherSpec()) }

// clientEnd sends the client's last flight behind the hellos.
func (s *session12) clientEnd() {
	s.t.Helper()
	s.say(s.peer.ClientKeyExchange())
	s.change()
	s.say(s.peer.Finished())
}

// serverFlight returns the server's first flight.
func (s *session12) serverFlight(change func(k *wire.ServerKeyExchange)) [][]byte {
	return [][]byte{
		s.peer.Hello(),
		s.peer.Certificate(s.p.server.Chain...),
		s.peer.ServerKeyExchange(s.p.server.Key, 0x0403, change),
		s.peer.Message(wire.TypeServerHelloDone, nil),
	}
}

// establish runs a whole handshake.
func (s *session12) establish() {
	s.t.Helper()
	if s.peer.IsClient {
		s.say(s.peer.Hello())
		s.clientEnd()
	} else {
		s.say(s.serverFlight(nil)...)
		s.change()
		s.say(s.peer.Finished())
	}
	if !s.ours.HandshakeDone() || !s.peer.Finishes {
		s.t.Fatalf("done %v, the peer saw our Finished: %v, %v", s.ours.HandshakeDone(), s.peer.Finishes, s.ours.Err())
	}
}

// refuses checks that our end failed with err and sent the alert that belongs to it.
func (s *session12) refuses(err error, alert tlscore.Alert) {
	s.t.Helper()
	if s.ours.Err() != err {
		s.t.Errorf("the error is %v, want %v", s.ours.Err(), err)
	}
	if len(s.peer.Alerts) != 1 || tlscore.Alert(s.peer.Alerts[0]) != alert {
		s.t.Errorf("the peer got the alerts %v, want %v", s.peer.Alerts, alert)
	}
	if !s.ours.Closed() || s.ours.HandshakeDone() && len(s.ours.ReadWindow()) > 0 {
		s.t.Error("it is still open")
	}
	(&session{t: s.t, server: s.ours, pool: s.pool}).checkReturned()
}

type hostile12 struct {
	name  string
	play  func(s *session12)
	err   error
	alert tlscore.Alert
}

// hello12 changes the puppet and sends its ClientHello.
func hello12(change func(c *puppet.Peer12)) func(*session12) {
	return func(s *session12) {
		change(s.peer)
		s.say(s.peer.Hello())
	}
}

// afterHello12 sends what play does behind the server's first flight.
func afterHello12(play func(s *session12)) func(*session12) {
	return func(s *session12) {
		s.say(s.peer.Hello())
		play(s)
	}
}

// afterHandshake12 sends a record on the established connection.
func afterHandshake12(t record.ContentType, content ...byte) func(*session12) {
	return func(s *session12) {
		s.establish()
		s.feed(s.peer.Record(t, content))
	}
}

var hostileClients12 = []hostile12{
	// ClientHello.
	{"SSL 3.0", hello12(func(c *puppet.Peer12) { c.Version = 0x0300 }), tlscore.ErrVersion, tlscore.AlertProtocolVersion},
	{"TLS 1.0", hello12(func(c *puppet.Peer12) { c.Version = 0x0301 }), tlscore.ErrVersion, tlscore.AlertProtocolVersion},
	{"TLS 1.1", hello12(func(c *puppet.Peer12) { c.Version = 0x0302 }), tlscore.ErrVersion, tlscore.AlertProtocolVersion},
	{"TLS 1.1 in supported_versions", hello12(func(c *puppet.Peer12) { c.Versions = []uint16{0x0302, 0x0301} }),
		tlscore.ErrVersion, tlscore.AlertProtocolVersion},
	{"a fallback from TLS 1.3", hello12(func(c *puppet.Peer12) { c.Suites = []uint16{c.Suite, wire.FallbackSCSV} }),
		tlscore.ErrFallback, tlscore.AlertInappropriateFallback},
	{"no extended master secret", hello12(func(c *puppet.Peer12) { c.NoMaster = true }),
		tlscore.ErrNoExtendedMaster, tlscore.AlertHandshakeFailure},
	{"renegotiation_info of a second handshake", hello12(func(c *puppet.Peer12) { c.Info = append([]byte{12}, make([]byte, 12)...) }),
		tlscore.ErrRenegotiationInfo, tlscore.AlertHandshakeFailure},
	{"renegotiation_info that is malformed", hello12(func(c *puppet.Peer12) { c.Info = []byte{0, 0} }), wire.ErrDecode, tlscore.AlertDecodeError},
	{"compressed points only", hello12(func(c *puppet.Peer12) { c.Formats = []byte{1, 1} }), tlscore.ErrPointFormats, tlscore.AlertIllegalParameter},
	{"no point formats", hello12(func(c *puppet.Peer12) { c.Formats = []byte{0} }), wire.ErrDecode, tlscore.AlertDecodeError},
	{"no null compression", hello12(func(c *puppet.Peer12) { c.Methods = []byte{1} }), tlscore.ErrCompression, tlscore.AlertIllegalParameter},
	{"extended_master_secret with content", hello12(func(c *puppet.Peer12) {
		c.NoMaster = true
		c.Extra = func(b *wire.Builder) {
			m := b.BeginExtension(wire.ExtExtendedMasterSecret)
			b.U8(0)
			b.End(m)
		}
	}), wire.ErrDecode, tlscore.AlertDecodeError},
	{"CBC only", hello12(func(c *puppet.Peer12) { c.Suites = []uint16{0xc023, 0xc009} }), tlscore.ErrNoCipherSuite, tlscore.AlertHandshakeFailure},
	{"RSA key exchange only", hello12(func(c *puppet.Peer12) { c.Suites = []uint16{0x009c, 0x002f} }),
		tlscore.ErrNoCipherSuite, tlscore.AlertHandshakeFailure},
	{"a suite of TLS 1.3 only", hello12(func(c *puppet.Peer12) { c.Suites = []uint16{0x1301} }), tlscore.ErrNoCipherSuite, tlscore.AlertHandshakeFailure},
	{"CCM, which nobody has named", hello12(func(c *puppet.Peer12) { c.Suites = []uint16{0xc0ac, 0xc0ae} }),
		tlscore.ErrNoCipherSuite, tlscore.AlertHandshakeFailure},
	{"a suite for RSA only", hello12(func(c *puppet.Peer12) { c.Suites = []uint16{0xc02f} }), tlscore.ErrNoScheme, tlscore.AlertHandshakeFailure},
	{"SHA-1 only", hello12(func(c *puppet.Peer12) { c.Schemes = []uint16{0x0203, 0x0201} }), tlscore.ErrNoScheme, tlscore.AlertHandshakeFailure},
	{"no signature_algorithms, which stands for SHA-1", hello12(func(c *puppet.Peer12) { c.Schemes = nil }),
		tlscore.ErrNoScheme, tlscore.AlertHandshakeFailure},
	{"no group in common", hello12(func(c *puppet.Peer12) { c.Groups = []uint16{25, 256} }), tlscore.ErrNoGroup, tlscore.AlertHandshakeFailure},
	{"no groups", hello12(func(c *puppet.Peer12) { c.Groups = nil }), tlscore.ErrNoGroup, tlscore.AlertHandshakeFailure},
	{"bytes behind the ClientHello", func(s *session12) { s.say(s.peer.Hello(), []byte{1}) },
		tlscore.ErrKeyChangeInMessage, tlscore.AlertUnexpectedMessage},

	// change_cipher_spec where there is no key for it (CVE-2014-0224), or none at all.
	{"change_cipher_spec before ClientKeyExchange", afterHello12(func(s *session12) { s.change() }),
		tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},
	{"change_cipher_spec twice", afterHello12(func(s *session12) {
		s.say(s.peer.ClientKeyExchange())
		s.change()
		s.feed([]byte{20, 3, 3, 0, 1, 1})
	}), tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},
	{"change_cipher_spec with another value", afterHello12(func(s *session12) {
		s.say(s.peer.ClientKeyExchange())
		s.feed([]byte{20, 3, 3, 0, 1, 2})
	}), tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},
	{"change_cipher_spec inside a message", afterHello12(func(s *session12) {
		s.say(s.peer.ClientKeyExchange(), []byte{20, 0})
		s.change()
	}), tlscore.ErrInterleaved, tlscore.AlertUnexpectedMessage},
	{"no change_cipher_spec", afterHello12(func(s *session12) { s.say(s.peer.ClientKeyExchange(), s.peer.Finished()) }),
		tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"Finished in the clear behind change_cipher_spec", afterHello12(func(s *session12) {
		s.say(s.peer.ClientKeyExchange())
		s.change()
		s.peer.Out = record.Protection{}
		s.say(s.peer.Finished())
	}), record.ErrBadMAC, tlscore.AlertBadRecordMAC},
	{"application data before Finished", afterHello12(func(s *session12) {
		s.say(s.peer.ClientKeyExchange())
		s.change()
		s.feed(s.peer.Record(record.ApplicationData, []byte("early")))
	}), tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},
	{"a record of TLS 1.1 when TLS 1.2 was negotiated", afterHello12(func(s *session12) {
		rec := bytes.Clone(s.peer.Record(record.Handshake, s.peer.ClientKeyExchange()))
		rec[2] = 2
		s.feed(rec)
	}), tlscore.ErrRecordVersion, tlscore.AlertProtocolVersion},
	{"application data in the clear", afterHello12(func(s *session12) { s.feed([]byte{23, 3, 3, 0, 1, 0}) }),
		tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},

	// The client's flight.
	{"Finished in place of ClientKeyExchange", afterHello12(func(s *session12) { s.say(s.peer.Finished()) }),
		tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"a certificate that was not asked for", afterHello12(func(s *session12) { s.say(s.peer.Certificate()) }),
		tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"ClientHello again", afterHello12(func(s *session12) { s.say(s.peer.Hello()) }), tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"an empty point", afterHello12(func(s *session12) { s.say([]byte{16, 0, 0, 1, 0}) }), wire.ErrDecode, tlscore.AlertDecodeError},
	{"a point cut off", afterHello12(func(s *session12) { s.say([]byte{16, 0, 0, 3, 4, 1, 2}) }), wire.ErrDecode, tlscore.AlertDecodeError},
	{"a point of the wrong length", afterHello12(func(s *session12) { s.say([]byte{16, 0, 0, 3, 2, 1, 2}) }),
		tlscore.ErrBadKeyShare, tlscore.AlertIllegalParameter},
	{"a point of low order", afterHello12(func(s *session12) { s.say(append([]byte{16, 0, 0, 33, 32}, make([]byte, 32)...)) }),
		tlscore.ErrBadKeyShare, tlscore.AlertIllegalParameter},
	{"a point off the curve", func(s *session12) {
		s.peer.Groups = []uint16{23}
		s.say(s.peer.Hello())
		msg := s.peer.ClientKeyExchange()
		msg[len(msg)-1] ^= 1
		s.say(msg)
	}, tlscore.ErrBadKeyShare, tlscore.AlertIllegalParameter},
	{"a compressed point", func(s *session12) {
		s.peer.Groups = []uint16{23}
		s.say(s.peer.Hello())
		msg := s.peer.ClientKeyExchange()[:wire.HeaderSize+1+33]
		msg[3], msg[4], msg[5] = 34, 33, 2
		s.say(msg)
	}, tlscore.ErrBadKeyShare, tlscore.AlertIllegalParameter},
	{"Finished that is wrong", afterHello12(func(s *session12) {
		s.say(s.peer.ClientKeyExchange())
		s.change()
		msg := s.peer.Finished()
		msg[7] ^= 1
		s.say(msg)
	}), tlscore.ErrBadFinished, tlscore.AlertDecryptError},
	{"Finished that is short", afterHello12(func(s *session12) {
		s.say(s.peer.ClientKeyExchange())
		s.change()
		msg := s.peer.Finished()
		msg[3]--
		s.say(msg[:len(msg)-1])
	}), tlscore.ErrBadFinished, tlscore.AlertDecryptError},
	{"the server's Finished sent back", afterHello12(func(s *session12) {
		s.say(s.peer.ClientKeyExchange())
		s.change()
		s.peer.IsClient = false
		msg := s.peer.Finished()
		s.peer.IsClient = true
		s.say(msg)
	}), tlscore.ErrBadFinished, tlscore.AlertDecryptError},
	{"another handshake than the server has seen", func(s *session12) {
		hello := s.peer.Hello()
		s.peer.All[len(s.peer.All)-1] ^= 1 // What the client has said, it believes, was this.
		s.say(hello)
		s.say(s.peer.ClientKeyExchange())
		s.change()
		s.say(s.peer.Finished())
	}, record.ErrBadMAC, tlscore.AlertBadRecordMAC},
	{"a tampered record", afterHello12(func(s *session12) {
		s.say(s.peer.ClientKeyExchange())
		s.change()
		rec := s.peer.Record(record.Handshake, s.peer.Finished())
		rec[len(rec)-1] ^= 1
		s.feed(rec)
	}), record.ErrBadMAC, tlscore.AlertBadRecordMAC},
	{"a record shorter than its nonce", afterHello12(func(s *session12) {
		s.say(s.peer.ClientKeyExchange())
		s.change()
		s.feed([]byte{22, 3, 3, 0, 7, 1, 2, 3, 4, 5, 6, 7})
	}), record.ErrBadMAC, tlscore.AlertBadRecordMAC},

	// On the established connection.
	{"renegotiation", func(s *session12) {
		s.establish()
		s.say(s.peer.Hello())
	}, tlscore.ErrRenegotiation, tlscore.AlertNoRenegotiation},
	{"change_cipher_spec after the handshake", func(s *session12) {
		s.establish()
		s.feed([]byte{20, 3, 3, 0, 1, 1})
	}, tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},
	{"a KeyUpdate", afterHandshake12(record.Handshake, 24, 0, 0, 1, 0), tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"Finished twice", afterHandshake12(record.Handshake, 20, 0, 0, 0), tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"a record that is replayed", func(s *session12) {
		s.establish()
		rec := s.peer.Record(record.ApplicationData, []byte("once"))
		again := bytes.Clone(rec)
		s.feed(rec)
		s.ours.Consumed(len(s.ours.ReadWindow()))
		s.feed(again)
	}, record.ErrBadMAC, tlscore.AlertBadRecordMAC},
	{"a record of another type than it was made as", func(s *session12) {
		s.establish()
		rec := s.peer.Record(record.ApplicationData, []byte{1, 0})
		rec[0] = byte(record.Alert)
		s.feed(rec)
	}, record.ErrBadMAC, tlscore.AlertBadRecordMAC},
	{"an unprotected alert", func(s *session12) {
		s.establish()
		s.feed([]byte{21, 3, 3, 0, 2, 1, 0})
	}, record.ErrBadMAC, tlscore.AlertBadRecordMAC},
	{"too much plaintext", func(s *session12) {
		s.establish()
		s.feed(s.peer.Record(record.ApplicationData, make([]byte, 1<<14+1)))
	}, record.ErrOverflow, tlscore.AlertRecordOverflow},
	{"empty records without end", func(s *session12) {
		s.establish()
		for range 33 {
			s.feed(s.peer.Record(record.ApplicationData, nil))
		}
	}, tlscore.ErrUselessRecords, tlscore.AlertUnexpectedMessage},
	{"warnings without end", func(s *session12) {
		s.establish()
		for range 33 {
			s.feed(s.peer.Record(record.Alert, []byte{1, 112}))
		}
	}, tlscore.ErrUselessRecords, tlscore.AlertUnexpectedMessage},
	{"application data inside a message", func(s *session12) {
		s.establish()
		s.feed(s.peer.Record(record.Handshake, []byte{1, 0}))
		s.feed(s.peer.Record(record.ApplicationData, []byte("x")))
	}, tlscore.ErrInterleaved, tlscore.AlertUnexpectedMessage},
}

func TestHostileClients12(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, h := range hostileClients12 {
		t.Run(h.name, func(t *testing.T) {
			s := newServer12(t, p, nil)
			h.play(s)
			s.refuses(h.err, h.alert)
		})
	}
}

// TestHostileClientCertificates12 breaks the rules of client authentication.
func TestHostileClientCertificates12(t *testing.T) {
	p, foreign := newPKI(t, ca.ECDSA), newPKI(t, ca.ECDSA)
	certified := func(play func(s *session12)) func(*session12) {
		return afterHello12(func(s *session12) {
			s.say(s.peer.Certificate(p.client.Chain...), s.peer.ClientKeyExchange())
			play(s)
		})
	}
	for _, h := range []hostile12{
		{"no certificate", afterHello12(func(s *session12) { s.say(s.peer.Certificate()) }),
			tlscore.ErrNoCertificate12, tlscore.AlertHandshakeFailure},
		{"ClientKeyExchange in place of a certificate", afterHello12(func(s *session12) { s.say(s.peer.ClientKeyExchange()) }),
			tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
		{"a stranger's certificate", afterHello12(func(s *session12) { s.say(s.peer.Certificate(foreign.client.Chain...)) }),
			x509lite.ErrKeyIdentifier, tlscore.AlertUnknownCA},
		{"an empty certificate", afterHello12(func(s *session12) { s.say([]byte{11, 0, 0, 6, 0, 0, 3, 0, 0, 0}) }),
			wire.ErrDecode, tlscore.AlertDecodeError},
		{"a list cut off", afterHello12(func(s *session12) { s.say([]byte{11, 0, 0, 5, 0, 0, 3, 0, 0}) }), wire.ErrDecode, tlscore.AlertDecodeError},
		{"too many certificates", afterHello12(func(s *session12) {
			chain := make([][]byte, tlscore.MaxChain+1)
			for i := range chain {
				chain[i] = p.client.Chain[0]
			}
			s.say(s.peer.Certificate(chain...))
		}), tlscore.ErrChainTooLong, tlscore.AlertBadCertificate},
		{"no CertificateVerify", certified(func(s *session12) { s.change() }), tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},
		{"a stolen certificate", certified(func(s *session12) { s.say(s.peer.CertificateVerify(p.server.Key, 0x0403)) }),
			tlscore.ErrBadSignature, tlscore.AlertDecryptError},
		{"a signature of another handshake", certified(func(s *session12) {
			s.peer.All[10] ^= 1
			s.say(s.peer.CertificateVerify(p.client.Key, 0x0403))
		}), tlscore.ErrBadSignature, tlscore.AlertDecryptError},
		{"a scheme with a hash that does not run", certified(func(s *session12) { s.say(s.peer.CertificateVerify(p.client.Key, 0x0603)) }),
			tlscore.ErrBadScheme, tlscore.AlertIllegalParameter},
		{"a scheme with SHA-1", certified(func(s *session12) { s.say(s.peer.CertificateVerify(p.client.Key, 0x0203)) }),
			tlscore.ErrBadScheme, tlscore.AlertIllegalParameter},
		{"a scheme of another kind of key", certified(func(s *session12) { s.say(s.peer.CertificateVerify(p.client.Key, 0x0401)) }),
			tlscore.ErrBadScheme, tlscore.AlertIllegalParameter},
	} {
		t.Run(h.name, func(t *testing.T) {
			cfg := p.config12(t)
			cfg.ClientAuth = tlscore.RequireClientCert
			s := newServer12(t, p, cfg)
			h.play(s)
			s.refuses(h.err, h.alert)
		})
	}
	// What is allowed, however unusual: the other hash, on a curve that it does not belong to.
	cfg := p.config12(t)
	cfg.ClientAuth = tlscore.RequireClientCert
	s := newServer12(t, p, cfg)
	certified(func(s *session12) { s.say(s.peer.CertificateVerify(p.client.Key, 0x0503)) })(s)
	s.change()
	s.say(s.peer.Finished())
	if !s.ours.HandshakeDone() {
		t.Error("P-256 with SHA-384:", s.ours.Err())
	}
}

// answer12 sends a server's first flight that was changed.
func answer12(change func(p *puppet.Peer12), share func(k *wire.ServerKeyExchange)) func(*session12) {
	return func(s *session12) {
		if change != nil {
			change(s.peer)
		}
		s.say(s.serverFlight(share)...)
	}
}

var hostileServers12 = []hostile12{
	// ServerHello.
	{"TLS 1.1", answer12(func(p *puppet.Peer12) { p.Version = 0x0302 }, nil), tlscore.ErrVersion, tlscore.AlertProtocolVersion},
	{"a downgrade from TLS 1.3", answer12(func(p *puppet.Peer12) { copy(p.Random[24:], "DOWNGRD\x01") }, nil),
		tlscore.ErrDowngrade, tlscore.AlertIllegalParameter},
	{"a downgrade from TLS 1.2", answer12(func(p *puppet.Peer12) { copy(p.Random[24:], "DOWNGRD\x00") }, nil),
		tlscore.ErrDowngrade, tlscore.AlertIllegalParameter},
	{"no extended master secret", answer12(func(p *puppet.Peer12) { p.NoMaster = true }, nil),
		tlscore.ErrNoExtendedMaster, tlscore.AlertHandshakeFailure},
	{"renegotiation_info of a second handshake", answer12(func(p *puppet.Peer12) { p.Info = append([]byte{24}, make([]byte, 24)...) }, nil),
		tlscore.ErrRenegotiationInfo, tlscore.AlertHandshakeFailure},
	{"compressed points only", answer12(func(p *puppet.Peer12) { p.Formats = []byte{1, 1} }, nil), tlscore.ErrPointFormats, tlscore.AlertIllegalParameter},
	{"compression", answer12(func(p *puppet.Peer12) { p.Methods = []byte{1} }, nil), wire.ErrCompression, tlscore.AlertIllegalParameter},
	{"a suite that was not offered", answer12(func(p *puppet.Peer12) { p.Suite = 0xc0ac }, nil), tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter},
	{"a suite of TLS 1.3", answer12(func(p *puppet.Peer12) { p.Suite = 0x1301 }, nil), tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter},
	{"CBC", answer12(func(p *puppet.Peer12) { p.Suite = 0xc023 }, nil), tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter},
	{"our session ID, which is of no session", answer12(func(p *puppet.Peer12) { p.Session = p.PeerHello[39:71] }, nil),
		tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter},
	{"a ticket that was not asked for", answer12(func(p *puppet.Peer12) { p.Ticket = []byte{} }, nil),
		wire.ErrUnsolicited, tlscore.AlertUnsupportedExtension},
	{"an extension that was not asked for", answer12(func(p *puppet.Peer12) {
		p.Extra = func(b *wire.Builder) { b.End(b.BeginExtension(0x1234)) }
	}, nil), wire.ErrUnsolicited, tlscore.AlertUnsupportedExtension},
	{"an extension twice", answer12(func(p *puppet.Peer12) {
		p.Extra = func(b *wire.Builder) { b.End(b.BeginExtension(wire.ExtExtendedMasterSecret)) }
	}, nil), wire.ErrDuplicateExtension, tlscore.AlertIllegalParameter},
	{"a HelloRetryRequest's random", answer12(func(p *puppet.Peer12) { p.Random = wire.HelloRetryRequestRandom }, nil),
		tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter},

	// Certificate and ServerKeyExchange.
	{"no certificate", func(s *session12) { s.say(s.peer.Hello(), s.peer.Certificate()) }, tlscore.ErrEmptyChain, tlscore.AlertDecodeError},
	{"a certificate of another name", func(s *session12) { s.say(s.peer.Hello(), s.peer.Certificate(s.p.client.Chain...)) },
		x509lite.ErrNameMismatch, tlscore.AlertBadCertificate},
	{"ServerKeyExchange without a certificate", func(s *session12) {
		s.say(s.peer.Hello(), s.peer.ServerKeyExchange(s.p.server.Key, 0x0403, nil))
	}, tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"ServerHelloDone without ServerKeyExchange", func(s *session12) {
		s.say(s.peer.Hello(), s.peer.Certificate(s.p.server.Chain...), s.peer.Message(wire.TypeServerHelloDone, nil))
	}, tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"a certificate that does not fit the suite", answer12(func(p *puppet.Peer12) { p.Suite = 0xc02f }, nil),
		tlscore.ErrBadScheme, tlscore.AlertIllegalParameter},
	{"a signature by another key", func(s *session12) {
		s.say(s.peer.Hello(), s.peer.Certificate(s.p.server.Chain...), s.peer.ServerKeyExchange(s.p.client.Key, 0x0403, nil))
	}, tlscore.ErrBadSignature, tlscore.AlertDecryptError},
	{"a signature of other randoms", func(s *session12) {
		hello := s.peer.Hello()
		s.peer.PeerRandom[0] ^= 1
		s.say(hello, s.peer.Certificate(s.p.server.Chain...), s.peer.ServerKeyExchange(s.p.server.Key, 0x0403, nil))
	}, tlscore.ErrBadSignature, tlscore.AlertDecryptError},
	{"a signature of other parameters", answer12(nil, func(k *wire.ServerKeyExchange) {
		k.Params = bytes.Clone(k.Params)
		k.Params[10] ^= 1
	}), tlscore.ErrBadSignature, tlscore.AlertDecryptError},
	{"a scheme with SHA-1", answer12(nil, func(k *wire.ServerKeyExchange) { k.Scheme = 0x0203 }), tlscore.ErrBadScheme, tlscore.AlertIllegalParameter},
	{"a scheme of RSA", answer12(nil, func(k *wire.ServerKeyExchange) { k.Scheme = 0x0401 }), tlscore.ErrBadScheme, tlscore.AlertIllegalParameter},
	{"a group that was not offered", answer12(nil, func(k *wire.ServerKeyExchange) { k.Params = []byte{3, 0, 25, 3, 1, 2, 3} }),
		tlscore.ErrBadKeyShare, tlscore.AlertIllegalParameter},
	{"a group of TLS 1.3", answer12(nil, func(k *wire.ServerKeyExchange) { k.Params = []byte{3, 0x11, 0xec, 3, 1, 2, 3} }),
		tlscore.ErrBadKeyShare, tlscore.AlertIllegalParameter},
	{"a curve without a name", answer12(nil, func(k *wire.ServerKeyExchange) { k.Params = []byte{1, 0, 29, 3, 1, 2, 3} }),
		wire.ErrValue, tlscore.AlertIllegalParameter},
	{"an empty point", answer12(nil, func(k *wire.ServerKeyExchange) { k.Params = []byte{3, 0, 29, 0} }), wire.ErrDecode, tlscore.AlertDecodeError},
	{"a point of the wrong length", answer12(nil, func(k *wire.ServerKeyExchange) { k.Params = []byte{3, 0, 29, 3, 1, 2, 3} }),
		tlscore.ErrBadKeyShare, tlscore.AlertIllegalParameter},
	{"ServerHelloDone with the start of what is to come behind it", func(s *session12) {
		s.say(s.peer.Hello(), s.peer.Certificate(s.p.server.Chain...), s.peer.ServerKeyExchange(s.p.server.Key, 0x0403, nil))
		s.say(append(s.peer.Message(wire.TypeServerHelloDone, nil), byte(wire.TypeNewSessionTicket)))
	}, tlscore.ErrKeyChangeInMessage, tlscore.AlertUnexpectedMessage},
	{"ServerHelloDone with content", func(s *session12) {
		s.say(s.peer.Hello(), s.peer.Certificate(s.p.server.Chain...), s.peer.ServerKeyExchange(s.p.server.Key, 0x0403, nil))
		s.say(s.peer.Message(wire.TypeServerHelloDone, func(b *wire.Builder) { b.U8(0) }))
	}, tlscore.ErrMalformedMessage, tlscore.AlertDecodeError},
	{"a CertificateRequest without schemes", func(s *session12) {
		s.say(s.peer.Hello(), s.peer.Certificate(s.p.server.Chain...), s.peer.ServerKeyExchange(s.p.server.Key, 0x0403, nil))
		s.say([]byte{13, 0, 0, 6, 1, 64, 0, 0, 0, 0})
	}, wire.ErrDecode, tlscore.AlertDecodeError},

	// change_cipher_spec and Finished.
	{"change_cipher_spec behind ServerHello", func(s *session12) {
		s.say(s.peer.Hello())
		s.change()
	}, tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},
	{"change_cipher_spec behind the certificate", func(s *session12) {
		s.say(s.peer.Hello(), s.peer.Certificate(s.p.server.Chain...))
		s.change()
	}, tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},
	{"no change_cipher_spec", func(s *session12) {
		s.say(s.serverFlight(nil)...)
		s.say(s.peer.Finished())
	}, tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"a ticket that was not promised", func(s *session12) {
		s.say(s.serverFlight(nil)...)
		s.say(s.peer.Message(wire.TypeNewSessionTicket, func(b *wire.Builder) { b.Bytes(make([]byte, 6)) }))
	}, tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"Finished that is wrong", func(s *session12) {
		s.say(s.serverFlight(nil)...)
		s.change()
		msg := s.peer.Finished()
		msg[4] ^= 1
		s.say(msg)
	}, tlscore.ErrBadFinished, tlscore.AlertDecryptError},
	{"our Finished sent back", func(s *session12) {
		s.say(s.serverFlight(nil)...)
		s.change()
		s.peer.IsClient = true
		msg := s.peer.Finished()
		s.peer.IsClient = false
		s.say(msg)
	}, tlscore.ErrBadFinished, tlscore.AlertDecryptError},

	// On the established connection.
	{"HelloRequest", afterHandshake12(record.Handshake, 0, 0, 0, 0), tlscore.ErrRenegotiation, tlscore.AlertNoRenegotiation},
	{"a late ticket", afterHandshake12(record.Handshake, 4, 0, 0, 6, 0, 0, 0, 0, 0, 0), tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"a KeyUpdate", afterHandshake12(record.Handshake, 24, 0, 0, 1, 0), tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
}

func TestHostileServers12(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, h := range hostileServers12 {
		t.Run(h.name, func(t *testing.T) {
			s := newClient12(t, p, nil)
			h.play(s)
			s.refuses(h.err, h.alert)
		})
	}
}

// TestUnaskedVersions12: a client without TLS 1.2 refuses a server with it, and one that does not want TLS 1.3 a server that speaks it.
func TestUnaskedVersions12(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	s := newClient12(t, p, p.clientConfig(t))
	s.say(s.peer.Hello())
	s.refuses(tlscore.ErrVersion, tlscore.AlertProtocolVersion)

	cfg := p.clientConfig12(t)
	cfg.MaxVersion = wire.VersionTLS12
	s = newClient12(t, p, cfg)
	s.peer.Session = s.peer.PeerHello[39:71]
	s.peer.Suite = 0x1301
	s.peer.Extra = func(b *wire.Builder) {
		m := b.BeginExtension(wire.ExtSupportedVersions)
		b.U16(wire.VersionTLS13)
		b.End(m)
	}
	s.peer.NoMaster, s.peer.Info = true, nil
	s.say(s.peer.Hello())
	s.refuses(tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter)
	// The sentinel is for who would have spoken TLS 1.3.
	s = newClient12(t, p, cfg)
	copy(s.peer.Random[24:], "DOWNGRD\x01")
	s.establish()
}

// TestServerHello12 looks at what our server answers: the sentinel of a server that knows TLS 1.3, no session ID without a session, and the
// extensions that the client asked for.
func TestServerHello12(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, max := range []uint16{0, wire.VersionTLS12} {
		for _, info := range [][]byte{nil, {0}} {
			cfg := p.config12(t)
			cfg.MaxVersion = max
			s := newServer12(t, p, cfg)
			s.peer.Info, s.peer.Session = info, make([]byte, 32)
			s.establish()
			var hello wire.ServerHello12
			if err := hello.Parse(s.peer.PeerHello[wire.HeaderSize:]); err != nil {
				t.Fatal(err)
			}
			if got := string(hello.Random[24:]) == "DOWNGRD\x01"; got != (max == 0) {
				t.Errorf("MaxVersion %x: the random ends in %q", max, hello.Random[24:])
			}
			if len(hello.SessionID) > 0 || !hello.ExtendedMasterSecret || hello.SecureRenegotiation != (info != nil) ||
				!bytes.Equal(hello.PointFormats, []byte{0}) || hello.HasTicket || !hello.Answers.ServerName {
				t.Errorf("%+v", hello)
			}
		}
	}
	cfg := p.config12(t)
	cfg.WithoutServerName = true
	s := newServer12(t, p, cfg)
	s.establish()
	var hello wire.ServerHello12
	if err := hello.Parse(s.peer.PeerHello[wire.HeaderSize:]); err != nil || hello.Answers.ServerName {
		t.Errorf("the name is acknowledged: %+v, %v", hello, err)
	}
	s = newServer12(t, p, nil) // The other way to say that one knows renegotiation_info.
	s.peer.Info, s.peer.Suites = nil, []uint16{0xc02b, wire.RenegotiationSCSV}
	s.establish()
	if err := hello.Parse(s.peer.PeerHello[wire.HeaderSize:]); err != nil || !hello.SecureRenegotiation {
		t.Errorf("%+v, %v", hello, err)
	}
}

// TestWarnings12: a warning does not end a handshake of TLS 1.2.
func TestWarnings12(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	s := newClient12(t, p, nil)
	s.feed([]byte{21, 3, 3, 0, 2, 1, byte(tlscore.AlertUnrecognizedName)})
	s.establish()
	s.feed(s.peer.Record(record.Alert, []byte{1, byte(tlscore.AlertUserCanceled)}))
	s.feed(s.peer.Record(record.ApplicationData, []byte("data")))
	if string(s.ours.ReadWindow()) != "data" {
		t.Error(s.ours.Err())
	}
	s.ours.Consumed(4)
	s.feed(s.peer.Record(record.Alert, []byte{2, byte(tlscore.AlertInternalError)}))
	if s.ours.Err() != tlscore.PeerAlert(tlscore.AlertInternalError) {
		t.Error(s.ours.Err())
	}
}

// TestHostileResumption12: a ticket resumes only the session that it is of, under its suite, with the extended master secret.
func TestHostileResumption12(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	cfg := p.config12(t)
	cfg.Tickets = new(tlscore.TicketKeys)
	cfg.Tickets.Rotate(cfg.Rand)
	first := newServer12(t, p, cfg)
	first.peer.Ticket = []byte{}
	first.establish()
	if len(first.peer.PeerTicket) == 0 {
		t.Fatal("no ticket")
	}
	again := func(change func(c *puppet.Peer12)) *session12 {
		s := newServer12(t, p, cfg)
		s.peer.Ticket, s.peer.Session = bytes.Clone(first.peer.PeerTicket), bytes.Repeat([]byte{7}, 32)
		s.peer.Master = first.peer.Master
		if change != nil {
			change(s.peer)
		}
		s.say(s.peer.Hello())
		return s
	}
	resumes := func(s *session12) bool {
		var hello wire.ServerHello12
		if err := hello.Parse(s.peer.PeerHello[wire.HeaderSize:]); err != nil {
			t.Fatal(err)
		}
		return len(hello.SessionID) > 0
	}
	s := again(nil)
	if !resumes(s) || !s.peer.Finishes {
		t.Fatalf("the good ticket does not resume: %v", s.ours.Err())
	}
	s.change()
	s.say(s.peer.Finished())
	if !s.ours.HandshakeDone() || !s.ours.Info().Resumed {
		t.Errorf("%v, %+v", s.ours.Err(), s.ours.Info())
	}

	for name, change := range map[string]func(c *puppet.Peer12){
		"changed":         func(c *puppet.Peer12) { c.Ticket[len(c.Ticket)-1] ^= 1 },
		"cut off":         func(c *puppet.Peer12) { c.Ticket = c.Ticket[:50] },
		"another suite":   func(c *puppet.Peer12) { c.Suites = []uint16{0xcca9} },
		"somebody else's": func(c *puppet.Peer12) { c.Ticket = bytes.Repeat([]byte{1}, len(c.Ticket)) },
	} {
		if s := again(change); s.ours.Err() != nil || resumes(s) {
			t.Errorf("%s: error %v", name, s.ours.Err())
		}
	}
	again(func(c *puppet.Peer12) { c.NoMaster = true }).refuses(tlscore.ErrNoExtendedMaster, tlscore.AlertHandshakeFailure)

	thief := newServer12(t, p, cfg) // has seen the ticket, and does not know the master secret
	thief.peer.Ticket, thief.peer.Session = first.peer.PeerTicket, make([]byte, 32)
	for w := thief.peer.Record(record.Handshake, thief.peer.Hello()); len(w) > 0; {
		n := copy(thief.ours.RecvWindow(), w)
		thief.ours.Received(n)
		w = w[n:]
	}
	thief.peer.PeerRandom = [32]byte{1} // It cannot read what the server says.
	for w := thief.ours.SendWindow(); len(w) > 0; w = thief.ours.SendWindow() {
		thief.ours.Sent(len(w))
	}
	for _, rec := range [][]byte{thief.peer.ChangeCipherSpec(), thief.peer.Record(record.Handshake, thief.peer.Finished())} {
		for len(rec) > 0 {
			n := copy(thief.ours.RecvWindow(), rec)
			thief.ours.Received(n)
			rec = rec[n:]
		}
	}
	if thief.ours.Err() != record.ErrBadMAC {
		t.Errorf("the thief: %v", thief.ours.Err())
	}
}

// TestTicketsAreRenewed12: a session whose ticket was sealed under the key before the current one goes on with a new ticket (RFC 5077, section
// 3.3), so that it outlives any number of rotations, but not its own time. Under the current key there is no new one.
func TestTicketsAreRenewed12(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	cfg := p.config12(t)
	cfg.Tickets = new(tlscore.TicketKeys)
	cfg.Tickets.Rotate(cfg.Rand)
	clock := now.Unix()
	cfg.Clock = func() int64 { return clock }
	const hour = 60 * 60
	var ticket []byte
	var master keyschedule.Secret
	for i, step := range []struct {
		rotations int
		later     int64 // seconds
		resumed   bool
		lifetime  uint32 // of the ticket that is given; 0: none is
	}{
		{0, 0, false, 24 * hour},
		{0, hour, true, 0},
		{1, 0, true, 23 * hour},
		{1, 10 * hour, true, 13 * hour},
		{0, 0, true, 0},
		{1, 13*hour - 1, true, 1},
		{1, 1, true, 1}, // The last second counts.
		{1, 1, false, 24 * hour},
		{2, 0, false, 24 * hour},
	} {
		for range step.rotations {
			cfg.Tickets.Rotate(cfg.Rand)
		}
		clock += step.later
		s := newServer12(t, p, cfg)
		s.peer.Ticket, s.peer.Session, s.peer.Master = append([]byte{}, ticket...), bytes.Repeat([]byte{byte(i)}, 32), master
		s.say(s.peer.Hello())
		if s.peer.Finishes { // The server resumes: it is done first.
			s.change()
			s.say(s.peer.Finished())
		} else {
			s.clientEnd()
		}
		if !s.ours.HandshakeDone() || !s.peer.Finishes || s.ours.Info().Resumed != step.resumed || s.peer.Lifetime != step.lifetime {
			t.Fatalf("connection %d: done %v, resumed %v, a ticket for %d s, %v", i, s.ours.HandshakeDone(), s.ours.Info().Resumed,
				s.peer.Lifetime, s.ours.Err())
		}
		if s.peer.PeerTicket != nil {
			if bytes.Equal(s.peer.PeerTicket, ticket) {
				t.Errorf("connection %d: the same ticket", i)
			}
			ticket, master = s.peer.PeerTicket, s.peer.Master
		}
	}
}
