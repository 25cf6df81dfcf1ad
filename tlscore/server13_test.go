package tlscore_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"fmt"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

func pkcs8(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestHandshakeMatrix(t *testing.T) {
	for _, family := range []ca.Family{ca.ECDSA, ca.RSA} {
		p := newPKI(t, family)
		for _, auth := range []tlscore.ClientAuth{tlscore.NoClientCert, tlscore.RequestClientCert, tlscore.RequireClientCert} {
			for _, suite := range []tlscore.SuiteID{tlscore.AES128GCMSHA256, tlscore.AES256GCMSHA384, tlscore.ChaCha20Poly1305SHA256} {
				for _, group := range []tlscore.GroupID{tlscore.X25519, tlscore.P256} {
					for _, retry := range []bool{false, true} {
						name := fmt.Sprintf("%v/%v/%v/auth=%d/retry=%v", family, suite, group, auth, retry)
						t.Run(name, func(t *testing.T) {
							cfg := p.config(t)
							cfg.ClientAuth = auth
							cfg.Groups = []tlscore.GroupID{group}
							s := newSession(t, cfg)
							s.client.Suite = uint16(suite)
							s.client.ShareOf = []uint16{uint16(group)}
							if retry {
								s.client.ShareOf = []uint16{23 + 29 - uint16(group)}
							}
							var id *ca.Identity
							if auth != tlscore.NoClientCert {
								id = p.client
							}
							s.establish(id)
							if s.client.Retry != retry {
								t.Errorf("HelloRetryRequest: %v, want %v", s.client.Retry, retry)
							}
							if info := s.server.Info(); info.Suite != suite || info.Group != group || info.Version != 0x0304 {
								t.Errorf("Info: %+v", info)
							}
							if s.name != "changeme" {
								t.Errorf("server name %q", s.name)
							}
							if id != nil && s.leaf != string(id.Cert.RawSubjectPublicKeyInfo) {
								t.Error("the client's certificate did not reach the event")
							}
							s.echo("a first question", "an answer")
							s.server.Close()
							s.drain()
							if !bytes.Equal(s.client.Alerts, []byte{0}) {
								t.Errorf("alerts %v, want close_notify", s.client.Alerts)
							}
							s.checkReturned()
						})
					}
				}
			}
		}
	}
}

// echo sends a question to the server and an answer back.
func (s *session) echo(question, answer string) {
	s.t.Helper()
	s.feed(s.client.Record(record.ApplicationData, []byte(question)))
	if got := string(s.server.ReadWindow()); got != question {
		s.t.Errorf("the server read %q, want %q (%v)", got, question, s.server.Err())
	}
	s.server.Consumed(len(s.server.ReadWindow()))
	s.server.Written(copy(s.server.WriteWindow(), answer))
	s.server.Flush()
	s.client.AppData = nil
	s.drain()
	if got := string(s.client.AppData); got != answer {
		s.t.Errorf("the client read %q, want %q", got, answer)
	}
}

func TestClientWithoutCertificate(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	cfg := p.config(t)
	cfg.ClientAuth = tlscore.RequestClientCert
	s := newSession(t, cfg)
	s.establish(nil)

	cfg.ClientAuth = tlscore.RequireClientCert
	s = newSession(t, cfg)
	s.hello()
	s.finish(nil)
	s.refuses(tlscore.ErrNoCertificate, tlscore.AlertCertificateRequired)
}

func TestBadClientCertificates(t *testing.T) {
	p, foreign := newPKI(t, ca.ECDSA), newPKI(t, ca.ECDSA)
	other, err := ca.New(ca.ECDSA, now, "another CA")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		id    *ca.Identity
		err   error
		alert tlscore.Alert
	}{
		{"foreign CA", (&pki{root: other}).issue(t, ca.Request{Names: []string{"stranger"}, Usage: ca.Client}),
			x509lite.ErrUnknownIssuer, tlscore.AlertUnknownCA},
		{"foreign CA of the same name", foreign.client, x509lite.ErrKeyIdentifier, tlscore.AlertUnknownCA},
		{"expired", p.issue(t, ca.Request{Names: []string{"old"}, Usage: ca.Client,
			NotBefore: now.AddDate(-2, 0, 0), NotAfter: now.AddDate(-1, 0, 0)}), x509lite.ErrExpired, tlscore.AlertCertificateExpired},
		{"not yet valid", p.issue(t, ca.Request{Names: []string{"young"}, Usage: ca.Client,
			NotBefore: now.AddDate(0, 0, 1), NotAfter: now.AddDate(1, 0, 0)}), x509lite.ErrNotYetValid, tlscore.AlertBadCertificate},
		{"SHA-1", p.issue(t, ca.Request{Names: []string{"sha1"}, Usage: ca.Client, SHA1: true}),
			x509lite.ErrUnacceptableHash, tlscore.AlertBadCertificate},
		{"a server's", p.server, x509lite.ErrExtendedKeyUsage, tlscore.AlertUnsupportedCertificate},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := p.config(t)
			cfg.ClientAuth = tlscore.RequireClientCert
			s := newSession(t, cfg)
			s.hello()
			s.finish(test.id)
			s.refuses(test.err, test.alert)
		})
	}
}

// TestLegacyClientCertificates: a certificate as old openssl commands make it, of version 1 and without key identifiers, is
// refused unless Config.Legacy admits it, and then the event says so.
func TestLegacyClientCertificates(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	old := p.issue(t, ca.Request{CommonName: "old", Usage: ca.Client, Version1: true})
	for _, legacy := range []x509lite.Legacy{0, x509lite.LegacyVersion1 | x509lite.LegacyKeyIdentifiers} {
		cfg := p.config(t)
		cfg.ClientAuth = tlscore.RequireClientCert
		cfg.Legacy = legacy
		s := newSession(t, cfg)
		s.hello()
		s.finish(old)
		if legacy == 0 {
			s.refuses(x509lite.ErrVersion, tlscore.AlertBadCertificate)
			continue
		}
		if !s.server.HandshakeDone() {
			t.Fatal(s.server.Err())
		}
		noted := false
		for _, e := range s.events {
			noted = noted || e.Kind == tlscore.EventPeerCertificate && e.Notes != 0
		}
		if !noted {
			t.Error("the event does not say that the certificate is of an old kind")
		}
	}
}

// TestStolenCertificate: a client shows a certificate whose key it does not hold.
func TestStolenCertificate(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	cfg := p.config(t)
	cfg.ClientAuth = tlscore.RequireClientCert
	s := newSession(t, cfg)
	s.hello()
	stolen := *p.client
	stolen.Key = p.server.Key
	s.finish(&stolen)
	s.refuses(tlscore.ErrBadSignature, tlscore.AlertDecryptError)
}

func TestKeyUpdate(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	s := newSession(t, p.config(t))
	s.establish(nil)
	for _, request := range []byte{0, 1, 1, 0} {
		before := len(s.client.Messages)
		s.feed(s.client.Record(record.Handshake, []byte{24, 0, 0, 1, request}))
		s.client.UpdateKeys()
		if got := len(s.client.Messages) - before; got != int(request) {
			t.Errorf("request_update %d brought %d messages", request, got)
		}
		s.echo("under a new key", "as is this")
	}
	s.feed(s.client.Record(record.Handshake, []byte{24, 0, 0, 1, 2}))
	s.refuses(tlscore.ErrBadKeyUpdate, tlscore.AlertIllegalParameter)
}

// TestOneAnswerToManyKeyUpdates: an answer that has not left yet is for all requests that have come meanwhile.
func TestOneAnswerToManyKeyUpdates(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	s := newSession(t, p.config(t))
	s.establish(nil)
	for range 2 {
		var requests []byte
		for range 3 {
			requests = append(requests, s.client.Record(record.Handshake, []byte{24, 0, 0, 1, 1})...)
			s.client.UpdateKeys()
		}
		for len(requests) > 0 {
			n := copy(s.server.RecvWindow(), requests)
			s.server.Received(n)
			requests = requests[n:]
		}
		before := len(s.client.Messages)
		s.drain()
		if got := len(s.client.Messages) - before; got != 1 {
			t.Errorf("three requests brought %d answers", got)
		}
		s.echo("under the last key", "as is this")
	}
}

func TestPaddingIsRemoved(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	s := newSession(t, p.config(t))
	s.establish(nil)
	// The content type of a padded record stands before its zeros: seal a record of type 0 whose content ends with it.
	content := append([]byte("padded\x17"), make([]byte, 300)...)
	s.feed(s.client.Record(0, content))
	if got := string(s.server.ReadWindow()); got != "padded" {
		t.Errorf("read %q, error %v", got, s.server.Err())
	}
}

func TestALPN(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		ours, theirs []string
		want         string
		refused      bool
	}{
		{nil, nil, "", false},
		{nil, []string{"h2"}, "", false},
		{[]string{"http/1.1"}, nil, "", false},
		{[]string{"http/1.1"}, []string{"h2", "http/1.1"}, "http/1.1", false},
		{[]string{"http/1.1"}, []string{"h2"}, "", true},
	} {
		cfg := p.config(t)
		cfg.ALPN = test.ours
		s := newSession(t, cfg)
		s.client.ALPN = test.theirs
		s.hello()
		if test.refused {
			s.refuses(tlscore.ErrNoProtocol, tlscore.AlertNoApplicationProtocol)
			continue
		}
		s.finish(nil)
		if got := s.server.Info().ALPN; got != test.want {
			t.Errorf("%v and %v: %q, want %q", test.ours, test.theirs, got, test.want)
		}
	}
}

func TestCloseNotifyFromTheClient(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	s := newSession(t, p.config(t))
	s.establish(nil)
	s.feed(s.client.Record(record.Alert, []byte{1, 0}))
	if !s.server.PeerClosed() || s.server.Err() != nil {
		t.Fatalf("peer closed %v, error %v", s.server.PeerClosed(), s.server.Err())
	}
	s.server.Written(copy(s.server.WriteWindow(), "what was still to be said"))
	s.server.Close()
	s.drain()
	if string(s.client.AppData) != "what was still to be said" {
		t.Errorf("the client read %q", s.client.AppData)
	}
	s.server.RecvEOF()
	if s.server.Err() != nil {
		t.Errorf("error %v after a proper end", s.server.Err())
	}
}

func TestTruncation(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	s := newSession(t, p.config(t))
	s.hello()
	s.server.RecvEOF()
	if s.server.Err() != tlscore.ErrClosedEarly {
		t.Errorf("during the handshake: %v", s.server.Err())
	}
	s = newSession(t, p.config(t))
	s.establish(nil)
	s.server.RecvEOF()
	if s.server.Err() != tlscore.ErrTruncated {
		t.Errorf("after the handshake: %v", s.server.Err())
	}
}

func TestLongChainThroughSmallBuffers(t *testing.T) {
	p := newPKI(t, ca.RSA)
	long := p.behind(t, 3)
	cfg := p.config(t)
	cfg.Identities = []tlscore.Identity{identity(t, long)}
	cfg.ClientAuth = tlscore.RequireClientCert
	if size := (&wire.OwnCertificate{Chain: long.Chain}).Size(); size < 2048 {
		t.Fatalf("the chain of %d bytes is too short for this test", size)
	}
	s := newSession(t, cfg)
	s.establish(long)
	s.echo("q", "a")
}

func TestConfigIsChecked(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		want   error
		change func(*tlscore.Config)
	}{
		{tlscore.ErrNoEntropy, func(c *tlscore.Config) { c.Rand = nil }},
		{tlscore.ErrNoIdentity, func(c *tlscore.Config) { c.Identities = nil }},
		{tlscore.ErrNoIdentity, func(c *tlscore.Config) { c.Identities = []tlscore.Identity{{}} }},
		{tlscore.ErrNoAnchors, func(c *tlscore.Config) { c.ClientAuth, c.Anchors = tlscore.RequireClientCert, nil }},
		{tlscore.ErrUnknownClientAuth, func(c *tlscore.Config) { c.ClientAuth = 9 }},
		{tlscore.ErrUnknownSuite, func(c *tlscore.Config) { c.Suites = []tlscore.SuiteID{0xc02b} }},
		{tlscore.ErrUnknownGroup, func(c *tlscore.Config) { c.Groups = []tlscore.GroupID{1} }},
		{tlscore.ErrBadProtocol, func(c *tlscore.Config) { c.ALPN = []string{""} }},
	} {
		cfg := p.config(t)
		test.change(cfg)
		if err := new(tlscore.Conn).Server(cfg, newPool(t)); err != test.want {
			t.Errorf("%v, want %v", err, test.want)
		}
	}
}

func TestFullPoolRefusesAtOnce(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	cfg, pool := p.config(t), newPool(t)
	var first, second tlscore.Conn
	if err := first.Server(cfg, pool); err != nil {
		t.Fatal(err)
	}
	if err := second.Server(cfg, pool); err != tlscore.ErrPoolEmpty {
		t.Fatalf("%v, want %v", err, tlscore.ErrPoolEmpty)
	}
	first.Release()
	if err := second.Server(cfg, pool); err != nil {
		t.Fatal(err)
	}
}

// TestNoEntropyNoHandshake: a source that fails ends the handshake wherever it is needed.
func TestNoEntropyNoHandshake(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for good := range 3 {
		cfg := p.config(t)
		cfg.Rand = &failingRand{good: good}
		s := newSession(t, cfg)
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
		s.refuses(tlscore.ErrNoEntropy, tlscore.AlertInternalError)
	}
}

type failingRand struct {
	fixedRand
	good int
}

func (r *failingRand) Read(p []byte) (int, error) {
	if r.good--; r.good < 0 {
		return 0, bytes.ErrTooLarge
	}
	return r.fixedRand.Read(p)
}

// TestEarlyDataIsSkipped: a client that resumes a session nobody knows may send early data; it is dropped, and the handshake
// goes on (RFC 8446, section 4.2.10). What was not announced, or is too much, is not.
func TestEarlyDataIsSkipped(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	unreadable := func(n int) []byte {
		return append([]byte{23, 3, 3, byte(n >> 8), byte(n)}, bytes.Repeat([]byte{0xe5}, n)...)
	}
	for _, test := range []struct {
		name      string
		announced bool
		retry     bool
		sizes     []int
		err       error
	}{
		{"skipped", true, false, []int{1000, 1000}, nil},
		{"skipped after a retry", true, true, []int{1000, 1000}, nil},
		{"not announced", false, false, []int{1000}, record.ErrBadMAC},
		{"not announced, after a retry", false, true, []int{1000}, tlscore.ErrUnexpectedRecord},
		{"too much", true, false, []int{16000, 1000}, tlscore.ErrTooMuchEarlyData},
		{"too much after a retry", true, true, []int{16000, 1000}, tlscore.ErrTooMuchEarlyData},
		{"too much at once", true, false, []int{16401}, tlscore.ErrTooMuchEarlyData},
		{"too much at once, after a retry", true, true, []int{16401}, tlscore.ErrTooMuchEarlyData},
		{"longer than any record", true, true, []int{16641}, record.ErrOverflow},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSession(t, p.config(t))
			if test.announced {
				s.client.Extra = func(b *wire.Builder) { b.End(b.BeginExtension(wire.ExtEarlyData)) }
			}
			if test.retry {
				s.client.ShareOf = []uint16{}
			}
			s.feed(s.client.Record(record.Handshake, s.client.Hello()))
			for _, n := range test.sizes {
				s.feed(unreadable(n))
			}
			if test.err != nil {
				alert, _ := tlscore.AlertFor(test.err)
				s.refuses(test.err, alert)
				return
			}
			if test.retry {
				s.client.Extra = nil
				s.feed(s.client.Record(record.Handshake, s.client.Hello()))
			}
			s.finish(nil)
			if !s.server.HandshakeDone() {
				t.Fatal(s.server.Err())
			}
			s.echo("q", "a")
			s.feed(unreadable(100))
			s.refuses(record.ErrBadMAC, tlscore.AlertBadRecordMAC)
		})
	}
}

// TestServerNameIsAcknowledged unless the server is not to; a connection without a name is not told of one.
func TestServerNameIsAcknowledged(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		name           string
		without, acked bool
	}{{"changeme", false, true}, {"changeme", true, false}, {"", false, false}} {
		cfg := p.config(t)
		cfg.WithoutServerName = test.without
		s := newSession(t, cfg)
		s.client.ServerName = test.name
		var exts wire.EncryptedExtensions
		s.client.OnMessage = func(msg []byte) {
			if wire.MessageType(msg[0]) == wire.TypeEncryptedExtensions {
				if err := exts.Parse(bytes.Clone(msg[wire.HeaderSize:])); err != nil {
					t.Fatal(err)
				}
			}
		}
		s.establish(nil)
		if exts.ServerName != test.acked || s.name != test.name {
			t.Errorf("%+v: acknowledged %v, and the name is %q", test, exts.ServerName, s.name)
		}
	}
}
