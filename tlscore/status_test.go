package tlscore_test

import (
	"bytes"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// TestStapledResponse: a server sends its OCSP response to who asks for it, through buffers of any size; a client hands it on.
func TestStapledResponse(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	response := bytes.Repeat([]byte("OCSP"), 700)
	for _, asks := range []bool{false, true} {
		for _, has := range []bool{false, true} {
			for _, chop := range []int{1, 1 << 20} {
				client, server := p.clientConfig(t), p.config(t)
				client.RequestOCSP = asks
				if has {
					server.Identities[0].OCSP = response
				}
				var got []byte
				client.Events = func(_ *tlscore.Conn, e tlscore.Event) {
					if e.Kind == tlscore.EventPeerCertificate {
						got = bytes.Clone(e.OCSP)
					}
				}
				newPair(t, client, server, [2]tlscore.PoolConfig{roomy, tight}).establish(chop)
				if want := asks && has; want != bytes.Equal(got, response) || !want && got != nil {
					t.Errorf("asks %v, has %v: %d bytes", asks, has, len(got))
				}
			}
		}
	}
}

// TestStapledResponseWithCryptoTLS: in both roles.
func TestStapledResponseWithCryptoTLS(t *testing.T) {
	p := newPKI(t, ca.RSA)
	cfg := p.clientConfig(t)
	cfg.RequestOCSP = true
	var got []byte
	cfg.Events = func(_ *tlscore.Conn, e tlscore.Event) { got = append(got, e.OCSP...) }
	std := p.stdServer()
	std.Certificates[0].OCSPStaple = []byte("a response")
	client, transport, server := dial(t, cfg, "changeme", std)
	go server.Handshake()
	if err := drive(client, transport, client.HandshakeDone); err != nil || string(got) != "a response" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestOCSPMustFit(t *testing.T) {
	cfg := newPKI(t, ca.ECDSA).config(t)
	cfg.Identities[0].OCSP = make([]byte, wire.MaxOCSP+1)
	if err := new(tlscore.Conn).Server(cfg, newPool(t)); err != tlscore.ErrLongOCSP {
		t.Error(err)
	}
}

func TestHostileStatusRequests(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		name string
		body []byte
		err  error
	}{
		{"for OCSP", []byte{1, 0, 0, 0, 0}, nil},
		{"with responders", []byte{1, 0, 6, 0, 1, 7, 0, 1, 8, 0, 0}, nil},
		{"with extensions", []byte{1, 0, 0, 0, 2, 0x30, 0}, nil},
		{"of another type", []byte{2, 99}, nil},
		{"empty", nil, wire.ErrDecode},
		{"cut off", []byte{1, 0, 0, 0}, wire.ErrDecode},
		{"with an empty responder", []byte{1, 0, 2, 0, 0, 0, 0}, wire.ErrDecode},
		{"with half a responder", []byte{1, 0, 1, 0, 0, 0}, wire.ErrDecode},
		{"with bytes behind it", []byte{1, 0, 0, 0, 0, 0}, wire.ErrDecode},
	} {
		s := newSession(t, p.config(t))
		extra(wire.ExtStatusRequest, test.body...)(s)
		if test.err != nil {
			s.refuses(test.err, tlscore.AlertDecodeError)
		} else if s.server.Err() != nil {
			t.Errorf("%s: %v", test.name, s.server.Err())
		}
	}
}

// TestHostileStaples: what must not stand beside a certificate.
func TestHostileStaples(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	staple := func(body ...byte) func(b *wire.Builder) {
		return func(b *wire.Builder) {
			ext := b.BeginExtension(wire.ExtStatusRequest)
			b.Bytes(body)
			b.End(ext)
		}
	}
	for _, test := range []struct {
		name  string
		asks  bool
		exts  func(b *wire.Builder)
		err   error
		alert tlscore.Alert
	}{
		{"as asked for", true, staple(1, 0, 0, 1, 9), nil, 0},
		{"not asked for", false, staple(1, 0, 0, 1, 9), wire.ErrUnsolicited, tlscore.AlertUnsupportedExtension},
		{"another extension", true, func(b *wire.Builder) { b.End(b.BeginExtension(18)) }, wire.ErrUnsolicited, tlscore.AlertUnsupportedExtension},
		{"of another type", true, staple(2, 0, 0, 1, 9), wire.ErrDecode, tlscore.AlertDecodeError},
		{"without a response", true, staple(1, 0, 0, 0), wire.ErrDecode, tlscore.AlertDecodeError},
		{"cut off", true, staple(1, 0, 0, 2, 9), wire.ErrDecode, tlscore.AlertDecodeError},
		{"with bytes behind it", true, staple(1, 0, 0, 1, 9, 9), wire.ErrDecode, tlscore.AlertDecodeError},
		{"twice", true, func(b *wire.Builder) { staple(1, 0, 0, 1, 9)(b); staple(1, 0, 0, 1, 9)(b) },
			wire.ErrDuplicateExtension, tlscore.AlertIllegalParameter},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := p.clientConfig(t)
			cfg.RequestOCSP = test.asks
			client, server := puppetServer(t, cfg)
			if server.Hello.WantsOCSP != test.asks {
				t.Errorf("the client asks: %v", server.Hello.WantsOCSP)
			}
			tell(t, client, server, server.ServerHello())
			tell(t, client, server, server.Record(record.Handshake, append(server.EncryptedExtensions(nil),
				server.Certificate(test.exts, p.server.Chain...)...)))
			if client.Err() != test.err {
				t.Errorf("%v, want %v", client.Err(), test.err)
			}
			if test.err != nil && (len(server.Alerts) != 1 || tlscore.Alert(server.Alerts[0]) != test.alert) {
				t.Errorf("alerts %v, want %v", server.Alerts, test.alert)
			}
		})
	}
}

// TestClientMustNotStaple: nobody asks a client for an OCSP response.
func TestClientMustNotStaple(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	cfg := p.config(t)
	cfg.ClientAuth, cfg.RequestOCSP = tlscore.RequireClientCert, true
	s := newSession(t, cfg)
	s.hello()
	own := wire.OwnCertificate{Chain: p.client.Chain, OCSP: []byte("response")}
	msg := make([]byte, own.Size())
	own.Copy(msg, 0)
	s.feed(s.client.Record(record.Handshake, msg))
	s.refuses(wire.ErrUnsolicited, tlscore.AlertUnsupportedExtension)
}
