package tlscore_test

import (
	"bytes"
	"crypto/tls"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/wire"
)

// TestStapledResponse12: a server of TLS 1.2 sends its OCSP response to who asks for it, through buffers of any size; a client hands it on.
func TestStapledResponse12(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	response := bytes.Repeat([]byte("OCSP"), 700)
	for _, asks := range []bool{false, true} {
		for _, has := range []bool{false, true} {
			for _, n := range []int{1, 1 << 14} {
				var got []byte
				pair := pair12(t, p, func(client, server *tlscore.Config) {
					client.RequestOCSP = asks
					if has {
						server.Identities[0].OCSP = response
					}
					client.Events = func(_ *tlscore.Conn, e tlscore.Event) {
						if e.Kind == tlscore.EventStapled {
							got = bytes.Clone(e.OCSP)
						}
					}
				}, [2]tlscore.PoolConfig{roomy, tight})
				pair.connect(n)
				if want := asks && has; want != bytes.Equal(got, response) || !want && got != nil {
					t.Errorf("asks %v, has %v: %d bytes", asks, has, len(got))
				}
			}
		}
	}
}

func TestStapledResponseWithCryptoTLS12(t *testing.T) {
	p := newPKI(t, ca.RSA)
	cfg := p.clientConfig12(t)
	cfg.RequestOCSP = true
	var got []byte
	cfg.Events = func(_ *tlscore.Conn, e tlscore.Event) { got = append(got, e.OCSP...) }
	std := p.stdServer()
	std.MaxVersion = tls.VersionTLS12
	std.Certificates[0].OCSPStaple = []byte("a response")
	if chat(t, cfg, std); string(got) != "a response" {
		t.Errorf("%q", got)
	}
	server := p.config12(t)
	server.Identities[0].OCSP = []byte("another")
	if _, state := talk(t, server, p.stdClient()); string(state.OCSPResponse) != "another" {
		t.Errorf("%q", state.OCSPResponse)
	}
}

func TestHostileStaples12(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	promise := func(s *session12) {
		s.peer.Extra = func(b *wire.Builder) { b.End(b.BeginExtension(wire.ExtStatusRequest)) }
	}
	// status sends a CertificateStatus with the given body, and the rest of the flight.
	status := func(body ...byte) func(*session12) {
		return func(s *session12) {
			promise(s)
			flight := [][]byte{s.peer.Hello(), s.peer.Certificate(s.p.server.Chain...)}
			if body != nil {
				flight = append(flight, s.peer.Message(wire.TypeCertificateStatus, func(b *wire.Builder) { b.Bytes(body) }))
			}
			s.say(append(flight, s.peer.ServerKeyExchange(s.p.server.Key, 0x0403, nil))...)
		}
	}
	for _, test := range []struct {
		asks bool
		hostile12
	}{
		{true, hostile12{"as asked for", status(1, 0, 0, 1, 9), nil, 0}},
		{true, hostile12{"promised and left out", status(), nil, 0}},
		{true, hostile12{"not promised", func(s *session12) {
			s.say(s.peer.Hello(), s.peer.Certificate(s.p.server.Chain...))
			s.say(s.peer.Message(wire.TypeCertificateStatus, func(b *wire.Builder) { b.Bytes([]byte{1, 0, 0, 1, 9}) }))
		}, tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage}},
		{false, hostile12{"not asked for", func(s *session12) {
			promise(s)
			s.say(s.peer.Hello())
		}, wire.ErrUnsolicited, tlscore.AlertUnsupportedExtension}},
		{true, hostile12{"of another type", status(2, 0, 0, 1, 9), wire.ErrValue, tlscore.AlertIllegalParameter}},
		{true, hostile12{"empty", status(1, 0, 0, 0), wire.ErrDecode, tlscore.AlertDecodeError}},
		{true, hostile12{"cut off", status(1, 0, 0, 2, 9), wire.ErrDecode, tlscore.AlertDecodeError}},
		{true, hostile12{"with bytes behind it", status(1, 0, 0, 1, 9, 9), wire.ErrDecode, tlscore.AlertDecodeError}},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := p.clientConfig12(t)
			cfg.RequestOCSP = test.asks
			s := newClient12(t, p, cfg)
			test.play(s)
			if test.err != nil {
				s.refuses(test.err, test.alert)
			} else if s.ours.Err() != nil {
				t.Error(s.ours.Err())
			}
		})
	}
}
