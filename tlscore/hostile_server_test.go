package tlscore_test

import (
	"bytes"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// answer is a server's first message in the making, as a hostile server sends it.
type answer struct {
	random    []byte
	sessionID []byte
	version   uint16 // 0: no supported_versions
	legacy    uint16
	suite     uint16
	method    byte
	group     uint16
	share     []byte
	cookie    []byte
	psk       []byte // body of pre_shared_key
	extra     wire.ExtensionType
}

// message builds the ServerHello or HelloRetryRequest.
func (a *answer) message() []byte {
	b := wire.NewBuilder(make([]byte, 1024))
	msg := b.BeginMessage(wire.TypeServerHello)
	b.U16(a.legacy)
	b.Bytes(a.random)
	m := b.Begin(1)
	b.Bytes(a.sessionID)
	b.End(m)
	b.U16(a.suite)
	b.U8(a.method)
	exts := b.Begin(2)
	if a.version != 0 {
		ext := b.BeginExtension(wire.ExtSupportedVersions)
		b.U16(a.version)
		b.End(ext)
	}
	if a.group != 0 {
		ext := b.BeginExtension(wire.ExtKeyShare)
		b.U16(a.group)
		if a.share != nil {
			m := b.Begin(2)
			b.Bytes(a.share)
			b.End(m)
		}
		b.End(ext)
	}
	if a.cookie != nil {
		ext := b.BeginExtension(wire.ExtCookie)
		m := b.Begin(2)
		b.Bytes(a.cookie)
		b.End(m)
		b.End(ext)
	}
	if a.psk != nil {
		ext := b.BeginExtension(wire.ExtPreSharedKey)
		b.Bytes(a.psk)
		b.End(ext)
	}
	if a.extra != 0 {
		b.End(b.BeginExtension(a.extra))
	}
	b.End(exts)
	b.End(msg)
	return b.Written()
}

// TestHostileServerHellos: what a server may not answer, each with its alert.
func TestHostileServerHellos(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	retry := func(change func(*answer)) func(*answer) {
		return func(a *answer) {
			a.random, a.group, a.share = wire.HelloRetryRequestRandom[:], uint16(tlscore.P256), nil
			change(a)
		}
	}
	for _, test := range []struct {
		name   string
		change func(*answer)
		err    error
		alert  tlscore.Alert
	}{
		{"another session ID", func(a *answer) { a.sessionID[0] ^= 1 }, tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter},
		{"no session ID", func(a *answer) { a.sessionID = nil }, tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter},
		{"a suite that was not offered", func(a *answer) { a.suite = 0x1304 }, tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter},
		{"another version", func(a *answer) { a.version = 0x0303 }, tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter},
		{"another legacy version", func(a *answer) { a.legacy = 0x0304 }, tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter},
		{"TLS 1.2", func(a *answer) { a.version, a.group = 0, 0 }, tlscore.ErrVersion, tlscore.AlertProtocolVersion},
		{"TLS 1.2 by downgrade", func(a *answer) {
			a.version, a.group = 0, 0
			copy(a.random[24:], "DOWNGRD\x01")
		}, tlscore.ErrDowngrade, tlscore.AlertIllegalParameter},
		{"compression", func(a *answer) { a.method = 1 }, wire.ErrCompression, tlscore.AlertIllegalParameter},
		{"another group", func(a *answer) { a.group, a.share = uint16(tlscore.P256), make([]byte, 65) },
			tlscore.ErrBadServerHello, tlscore.AlertIllegalParameter},
		{"no key share", func(a *answer) { a.group = 0 }, tlscore.ErrMissingExtension, tlscore.AlertMissingExtension},
		{"a key share of low order", func(a *answer) { clear(a.share) }, tlscore.ErrBadKeyShare, tlscore.AlertIllegalParameter},
		{"a short key share", func(a *answer) { a.share = a.share[:31] }, tlscore.ErrBadKeyShare, tlscore.AlertIllegalParameter},
		{"an extension that was not asked for", func(a *answer) { a.extra = wire.ExtALPN }, wire.ErrUnsolicited, tlscore.AlertUnsupportedExtension},
		{"a cookie in a ServerHello", func(a *answer) { a.cookie = []byte("c") }, wire.ErrUnsolicited, tlscore.AlertUnsupportedExtension},
		{"a pre-shared key that was not offered", func(a *answer) { a.psk = []byte{0, 0} }, wire.ErrUnsolicited, tlscore.AlertUnsupportedExtension},
		{"a retry that changes nothing", retry(func(a *answer) { a.group = 0 }), tlscore.ErrBadRetry, tlscore.AlertIllegalParameter},
		{"a retry with the group we sent", retry(func(a *answer) { a.group = uint16(tlscore.X25519) }), tlscore.ErrBadRetry, tlscore.AlertIllegalParameter},
		{"a retry with a group we do not have", retry(func(a *answer) { a.group = 25 }), tlscore.ErrBadRetry, tlscore.AlertIllegalParameter},
		{"a retry with an empty cookie", retry(func(a *answer) { a.cookie = []byte{} }), wire.ErrDecode, tlscore.AlertDecodeError},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newClientSession(t, p)
			test.change(s.answer)
			s.feed(s.answer.message())
			s.refuses(test.err, test.alert)
		})
	}
}

// TestRetryTwice: a second HelloRetryRequest is refused.
func TestRetryTwice(t *testing.T) {
	s := newClientSession(t, newPKI(t, ca.ECDSA))
	s.answer.random, s.answer.group, s.answer.share = wire.HelloRetryRequestRandom[:], uint16(tlscore.P256), nil
	s.answer.cookie = []byte("a cookie")
	first := s.hello
	s.feed(s.answer.message())
	second := s.sentHello()
	if second.Cookie == nil || string(second.Cookie) != "a cookie" || !bytes.Equal(second.Random, first.Random) {
		t.Errorf("the second ClientHello has the cookie %q and random %x, the first %x", second.Cookie, second.Random, first.Random)
	}
	if group, _, rest := wire.NextKeyShare(second.KeyShare); group != uint16(tlscore.P256) || len(rest) > 0 {
		t.Errorf("the second ClientHello has a share of group %d", group)
	}
	s.feed(s.answer.message())
	s.refuses(tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage)
}

// clientSession is a client of ours whose server is the test.
type clientSession struct {
	t      *testing.T
	client tlscore.Conn
	hello  wire.ClientHello
	answer *answer
	sent   []byte
}

func newClientSession(t *testing.T, p *pki) *clientSession {
	t.Helper()
	return newClientSessionWith(t, p.clientConfig(t))
}

func newClientSessionWith(t *testing.T, cfg *tlscore.Config) *clientSession {
	t.Helper()
	s := &clientSession{t: t}
	if err := s.client.Client(cfg, newPool(t), "changeme"); err != nil {
		t.Fatal(err)
	}
	s.hello = s.sentHello()
	_, share, rest := wire.NextKeyShare(s.hello.KeyShare)
	if len(share) == 1 { // GREASE
		_, share, _ = wire.NextKeyShare(rest)
	}
	s.answer = &answer{
		random:    bytes.Repeat([]byte{7}, 32),
		sessionID: bytes.Clone(s.hello.SessionID),
		version:   wire.VersionTLS13,
		legacy:    wire.VersionTLS12,
		suite:     uint16(tlscore.AES128GCMSHA256),
		group:     uint16(tlscore.X25519),
		share:     bytes.Clone(share), // any point will do
	}
	return s
}

// sentHello returns the ClientHello that the client has just sent.
func (s *clientSession) sentHello() (hello wire.ClientHello) {
	s.t.Helper()
	s.drain()
	for rest := s.sent; len(rest) > 0; {
		t, n, err := record.ParseHeader(rest)
		if err != nil {
			s.t.Fatal(err)
		}
		if t == record.Handshake {
			if err := hello.Parse(bytes.Clone(rest[record.HeaderSize+wire.HeaderSize : record.HeaderSize+n])); err != nil {
				s.t.Fatal(err)
			}
		}
		rest = rest[record.HeaderSize+n:]
	}
	s.sent = nil
	return hello
}

func (s *clientSession) drain() {
	for w := s.client.SendWindow(); len(w) > 0; w = s.client.SendWindow() {
		s.sent = append(s.sent, w...)
		s.client.Sent(len(w))
	}
}

// feed sends an unprotected handshake message to the client.
func (s *clientSession) feed(msg []byte) {
	rec := make([]byte, record.HeaderSize, record.HeaderSize+len(msg))
	record.PutHeader(rec, record.Handshake, len(msg))
	for rec = append(rec, msg...); len(rec) > 0 && len(s.client.RecvWindow()) > 0; {
		n := copy(s.client.RecvWindow(), rec)
		s.client.Received(n)
		rec = rec[n:]
	}
	s.drain()
}

// refuses checks that the client has ended with err, and told the server.
func (s *clientSession) refuses(err error, alert tlscore.Alert) {
	s.t.Helper()
	if s.client.Err() != err {
		s.t.Errorf("the client's error is %v, want %v", s.client.Err(), err)
	}
	want := []byte{21, 3, 3, 0, 2, 2, byte(alert)}
	if !bytes.HasSuffix(s.sent, want) {
		s.t.Errorf("the client sent %x, want %x at its end", s.sent, want)
	}
}

// TestAlertAsSecondFlight: a client that fails before its second flight sends change_cipher_spec all the same, in the clear and
// before the alert: what is protected then looks to middleboxes like TLS 1.2 (RFC 8446, appendix D.4).
func TestAlertAsSecondFlight(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	client, server := puppetServer(t, p.clientConfig(t))
	tell(t, client, server, server.ServerHello())
	rec := server.Record(record.Handshake, server.EncryptedExtensions(func(b *wire.Builder) {
		b.End(b.BeginExtension(wire.ExtServerName))
		b.End(b.BeginExtension(wire.ExtServerName))
	}))
	for n := copy(client.RecvWindow(), rec); n > 0; n = copy(client.RecvWindow(), rec) {
		client.Received(n)
		rec = rec[n:]
	}
	if client.Err() != wire.ErrDuplicateExtension {
		t.Fatal(client.Err())
	}
	want := []byte{byte(record.ChangeCipherSpec), 3, 3, 0, 1, 1, byte(record.ApplicationData)}
	if sent := client.SendWindow(); !bytes.HasPrefix(sent, want) {
		t.Errorf("the client's last words are %x, want %x at their begin", sent, want)
	}
}
