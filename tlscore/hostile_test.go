package tlscore_test

import (
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// hostile is a client that breaks one rule; the server must answer with the alert that RFC 8446 demands.
type hostile struct {
	name  string
	play  func(s *session)
	err   error
	alert tlscore.Alert
}

// withHello changes the puppet and sends its ClientHello.
func withHello(change func(c *puppet.Client)) func(*session) {
	return func(s *session) {
		change(s.client)
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
	}
}

// sendHello sends a ClientHello whose bytes were changed.
func sendHello(change func(hello []byte) []byte) func(*session) {
	return func(s *session) {
		s.feed(s.client.Record(record.Handshake, change(s.client.Hello())))
	}
}

// afterHello sends one record behind the server's flight.
func afterHello(t record.ContentType, content func(c *puppet.Client) []byte) func(*session) {
	return func(s *session) {
		s.hello()
		s.feed(s.client.Record(t, content(s.client)))
	}
}

// afterHandshake sends one record on the established connection.
func afterHandshake(t record.ContentType, content ...byte) func(*session) {
	return func(s *session) {
		s.establish(nil)
		s.feed(s.client.Record(t, content))
	}
}

// extra adds an extension to the ClientHello.
func extra(t wire.ExtensionType, body ...byte) func(*session) {
	return withHello(func(c *puppet.Client) {
		c.Extra = func(b *wire.Builder) {
			m := b.BeginExtension(t)
			b.Bytes(body)
			b.End(m)
		}
	})
}

// sessionIDLength is where legacy_session_id's length stands in a ClientHello: behind header, version and random.
const sessionIDLength = wire.HeaderSize + 2 + 32

var hostiles = []hostile{
	// The record layer.
	{"plain HTTP", func(s *session) { s.feed([]byte("GET / HTTP/1.1\r\n\r\n")) }, record.ErrNotTLS, tlscore.AlertDecodeError},
	{"unknown content type", func(s *session) { s.feed([]byte{24, 3, 3, 0, 1, 0}) }, record.ErrContentType, tlscore.AlertUnexpectedMessage},
	{"record too long", func(s *session) { s.feed([]byte{22, 3, 3, 0xff, 0xff}) }, record.ErrOverflow, tlscore.AlertRecordOverflow},
	{"plaintext record over 2^14", func(s *session) {
		s.feed(append([]byte{22, 3, 3, 0x40, 1}, make([]byte, 1<<14+1)...))
	}, record.ErrOverflow, tlscore.AlertRecordOverflow},
	{"empty handshake record", func(s *session) { s.feed([]byte{22, 3, 3, 0, 0}) }, tlscore.ErrEmptyFragment, tlscore.AlertUnexpectedMessage},
	{"application data first", func(s *session) { s.feed([]byte{23, 3, 3, 0, 1, 0}) }, tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},
	{"change_cipher_spec first", func(s *session) { s.feed([]byte{20, 3, 3, 0, 1, 1}) }, tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},
	{"change_cipher_spec with another value", func(s *session) {
		s.hello()
		s.feed([]byte{20, 3, 3, 0, 1, 2})
	}, tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},
	{"change_cipher_spec without end", func(s *session) {
		s.hello()
		for range 33 {
			s.feed([]byte{20, 3, 3, 0, 1, 1})
		}
	}, tlscore.ErrUselessRecords, tlscore.AlertUnexpectedMessage},
	{"change_cipher_spec after the handshake", func(s *session) {
		s.establish(nil)
		s.feed([]byte{20, 3, 3, 0, 1, 1})
	}, tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},
	{"change_cipher_spec inside a message", func(s *session) {
		s.hello()
		s.feed(s.client.Record(record.Handshake, s.client.Finished()[:10]))
		s.feed([]byte{20, 3, 3, 0, 1, 1})
	}, tlscore.ErrInterleaved, tlscore.AlertUnexpectedMessage},
	{"protected change_cipher_spec", afterHello(record.ChangeCipherSpec, func(*puppet.Client) []byte { return []byte{1} }),
		tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},
	{"unprotected Finished", func(s *session) {
		s.hello()
		s.client.Out = record.Protection{}
		s.feed(s.client.Record(record.Handshake, s.client.Finished()))
	}, record.ErrUnprotected, tlscore.AlertUnexpectedMessage},
	{"tampered record", func(s *session) {
		s.hello()
		rec := s.client.Record(record.Handshake, s.client.Finished())
		rec[len(rec)-1] ^= 1
		s.feed(rec)
	}, record.ErrBadMAC, tlscore.AlertBadRecordMAC},
	{"record shorter than its tag", func(s *session) {
		s.hello()
		s.feed([]byte{23, 3, 3, 0, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
	}, record.ErrBadMAC, tlscore.AlertBadRecordMAC},
	{"record of padding only", afterHandshake(0, 0, 0, 0), record.ErrNoContentType, tlscore.AlertUnexpectedMessage},
	{"inner plaintext over 2^14", func(s *session) {
		s.establish(nil)
		s.feed(s.client.Record(record.ApplicationData, make([]byte, 1<<14+1)))
	}, record.ErrOverflow, tlscore.AlertRecordOverflow},
	{"empty records without end", func(s *session) {
		s.establish(nil)
		for range 33 {
			s.feed(s.client.Record(record.ApplicationData, nil))
		}
	}, tlscore.ErrUselessRecords, tlscore.AlertUnexpectedMessage},
	{"inner content type that does not exist", afterHandshake(99, 1), tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},
	{"malformed alert", afterHandshake(record.Alert, 1), tlscore.ErrMalformedAlert, tlscore.AlertDecodeError},
	{"application data before Finished", afterHello(record.ApplicationData, func(*puppet.Client) []byte { return []byte("early") }),
		tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},

	{"an unprotected close_notify", func(s *session) {
		s.establish(nil)
		s.feed([]byte{21, 3, 3, 0, 2, 1, 0})
	}, record.ErrUnprotected, tlscore.AlertUnexpectedMessage},
	{"an unprotected close_notify after a KeyUpdate", func(s *session) {
		s.establish(nil)
		s.feed(s.client.Record(record.Handshake, []byte{24, 0, 0, 1, 0}))
		s.feed([]byte{21, 3, 3, 0, 2, 1, 0})
	}, record.ErrUnprotected, tlscore.AlertUnexpectedMessage},
	{"an unprotected close_notify in the handshake", func(s *session) {
		s.hello()
		s.feed([]byte{21, 3, 3, 0, 2, 1, 0})
	}, record.ErrUnprotected, tlscore.AlertUnexpectedMessage},
	{"an empty record before the ClientHello", func(s *session) { s.feed([]byte{23, 3, 3, 0, 0}) },
		tlscore.ErrUnexpectedRecord, tlscore.AlertUnexpectedMessage},
	{"an empty record that does not authenticate", func(s *session) {
		s.establish(nil)
		s.feed([]byte{23, 3, 3, 0, 0})
	}, record.ErrBadMAC, tlscore.AlertBadRecordMAC},
	{"empty alert", afterHandshake(record.Alert), tlscore.ErrEmptyFragment, tlscore.AlertUnexpectedMessage},
	{"user_canceled inside a message", func(s *session) {
		hello := s.client.Hello()
		s.feed(s.client.Record(record.Handshake, hello[:50]))
		s.feed([]byte{21, 3, 3, 0, 2, 1, 90})
	}, tlscore.ErrInterleaved, tlscore.AlertUnexpectedMessage},

	// The ClientHello.
	{"SSL 3.0", sendHello(func(hello []byte) []byte {
		hello[5] = 0
		return hello
	}), tlscore.ErrVersion, tlscore.AlertProtocolVersion},
	{"key shares without end", func(s *session) {
		s.client.ShareOf, s.client.Groups = nil, nil
		s.client.Extra = func(b *wire.Builder) {
			groups := b.BeginExtension(wire.ExtSupportedGroups)
			list := b.Begin(2)
			for i := range uint16(2000) {
				b.U16(1000 + i)
			}
			b.End(list)
			b.End(groups)
			shares := b.BeginExtension(wire.ExtKeyShare)
			list = b.Begin(2)
			for i := range uint16(2000) {
				b.U16(1000 + i)
				b.Bytes([]byte{0, 1, 0})
			}
			b.End(list)
			b.End(shares)
		}
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
	}, tlscore.ErrTooManyKeyShares, tlscore.AlertIllegalParameter},
	{"not a ClientHello", func(s *session) {
		s.feed([]byte{22, 3, 3, 0, 4, byte(wire.TypeFinished), 0, 0, 0})
	}, tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"ClientHello cut off", sendHello(func(hello []byte) []byte {
		hello = hello[:len(hello)-1]
		hello[2], hello[3] = byte((len(hello)-wire.HeaderSize)>>8), byte(len(hello)-wire.HeaderSize)
		return hello
	}), wire.ErrDecode, tlscore.AlertDecodeError},
	{"ClientHello with bytes behind it", sendHello(func(hello []byte) []byte { return append(hello, 1, 0, 0, 0) }),
		tlscore.ErrKeyChangeInMessage, tlscore.AlertUnexpectedMessage},
	{"ClientHello longer than any buffer", func(s *session) { s.feed([]byte{22, 3, 3, 0, 4, 1, 0xff, 0xff, 0xff}) },
		tlscore.ErrMessageTooLong, tlscore.AlertIllegalParameter},
	{"session ID over 32 bytes", sendHello(func(hello []byte) []byte {
		hello[sessionIDLength] = 33
		return hello
	}), wire.ErrDecode, tlscore.AlertDecodeError},
	{"TLS 1.2 only", withHello(func(c *puppet.Client) { c.Versions = []uint16{wire.VersionTLS12} }),
		tlscore.ErrVersion, tlscore.AlertProtocolVersion},
	{"no supported_versions", withHello(func(c *puppet.Client) { c.Versions = nil }), tlscore.ErrVersion, tlscore.AlertProtocolVersion},
	{"compression", sendHello(func(hello []byte) []byte {
		hello[sessionIDLength+1+32+4+1] = 1
		return hello
	}), tlscore.ErrCompression, tlscore.AlertIllegalParameter},
	{"no suite in common", withHello(func(c *puppet.Client) { c.Suite = 0x1304 }), tlscore.ErrNoCipherSuite, tlscore.AlertHandshakeFailure},
	{"no group in common", withHello(func(c *puppet.Client) { c.Groups, c.ShareOf = []uint16{25}, []uint16{} }),
		tlscore.ErrNoGroup, tlscore.AlertHandshakeFailure},
	{"no scheme in common", withHello(func(c *puppet.Client) { c.Schemes = []uint16{0x0603} }),
		tlscore.ErrNoScheme, tlscore.AlertHandshakeFailure},
	{"no supported_groups", withHello(func(c *puppet.Client) { c.Groups = nil }),
		tlscore.ErrMissingExtension, tlscore.AlertMissingExtension},
	{"no key_share", withHello(func(c *puppet.Client) { c.ShareOf = nil }),
		tlscore.ErrMissingExtension, tlscore.AlertMissingExtension},
	{"no signature_algorithms", withHello(func(c *puppet.Client) { c.Schemes = nil }),
		tlscore.ErrMissingExtension, tlscore.AlertMissingExtension},
	{"extension twice", withHello(func(c *puppet.Client) {
		c.Extra = func(b *wire.Builder) {
			for range 2 {
				b.End(b.BeginExtension(0x5a5a))
			}
		}
	}), wire.ErrDuplicateExtension, tlscore.AlertIllegalParameter},
	{"extensions without end", withHello(func(c *puppet.Client) {
		c.Extra = func(b *wire.Builder) {
			for i := range wire.ExtensionType(wire.MaxExtensions) {
				b.End(b.BeginExtension(0x5a00 + i))
			}
		}
	}), wire.ErrTooManyExtensions, tlscore.AlertDecodeError},
	{"pre_shared_key not last", withHello(func(c *puppet.Client) {
		c.Extra = func(b *wire.Builder) {
			b.End(b.BeginExtension(wire.ExtPreSharedKey))
			b.End(b.BeginExtension(0x5a5a))
		}
	}), wire.ErrPreSharedKeyNotLast, tlscore.AlertIllegalParameter},
	{"ALPN empty", extra(wire.ExtALPN, 0, 0), wire.ErrDecode, tlscore.AlertDecodeError},
	{"ALPN with an empty name", extra(wire.ExtALPN, 0, 1, 0), wire.ErrDecode, tlscore.AlertDecodeError},
	{"cookie empty", extra(wire.ExtCookie, 0, 0), wire.ErrDecode, tlscore.AlertDecodeError},
	{"early_data not empty", extra(wire.ExtEarlyData, 0), wire.ErrDecode, tlscore.AlertDecodeError},
	{"server_name with a control character", withHello(func(c *puppet.Client) { c.ServerName = "change\nme" }),
		tlscore.ErrBadServerName, tlscore.AlertIllegalParameter},
	{"key share of an unlisted group", withHello(func(c *puppet.Client) { c.Groups = []uint16{23} }),
		tlscore.ErrKeyShareUnlisted, tlscore.AlertIllegalParameter},
	{"two key shares of one group", withHello(func(c *puppet.Client) { c.ShareOf = []uint16{29, 29} }),
		tlscore.ErrKeyShareTwice, tlscore.AlertIllegalParameter},
	{"X25519 share of low order", sendHello(func(hello []byte) []byte {
		// The puppet's key_share is the last extension.
		clear(hello[len(hello)-32:])
		return hello
	}), tlscore.ErrBadKeyShare, tlscore.AlertIllegalParameter},
	{"P-256 share off the curve", func(s *session) {
		s.client.ShareOf = []uint16{23}
		hello := s.client.Hello()
		hello[len(hello)-1] ^= 1
		s.feed(s.client.Record(record.Handshake, hello))
	}, tlscore.ErrBadKeyShare, tlscore.AlertIllegalParameter},
	{"key share of the wrong length", sendHello(func(hello []byte) []byte {
		// Take the last byte of the share away, and one from each of the five lengths around it.
		n := len(hello) - 32
		for _, at := range []int{n - 1, n - 5, n - 7, 3} {
			hello[at]--
		}
		block := sessionIDLength + 1 + 32 + 4 + 2
		size := int(hello[block])<<8 + int(hello[block+1]) - 1
		hello[block], hello[block+1] = byte(size>>8), byte(size)
		return hello[:len(hello)-1]
	}), tlscore.ErrBadKeyShare, tlscore.AlertIllegalParameter},

	// HelloRetryRequest.
	{"second ClientHello with another random", func(s *session) { retry(s, func(hello []byte) { hello[10] ^= 1 }) },
		tlscore.ErrHelloChanged, tlscore.AlertIllegalParameter},
	{"second ClientHello with another session ID", func(s *session) { retry(s, func(hello []byte) { hello[sessionIDLength+1] ^= 1 }) },
		tlscore.ErrHelloChanged, tlscore.AlertIllegalParameter},
	{"second ClientHello with another name", func(s *session) {
		s.client.ShareOf = []uint16{}
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
		s.client.ServerName = "elsewhere"
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
	}, tlscore.ErrHelloChanged, tlscore.AlertIllegalParameter},
	{"second ClientHello with another protocol", func(s *session) {
		s.client.ShareOf, s.client.ALPN = []uint16{}, []string{"h2"}
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
		s.client.ALPN = []string{"http/1.1"}
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
	}, tlscore.ErrHelloChanged, tlscore.AlertIllegalParameter},
	{"second ClientHello without the share", func(s *session) {
		s.client.ShareOf = []uint16{}
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
		s.client.ShareOf = []uint16{}
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
	}, tlscore.ErrRetryIgnored, tlscore.AlertIllegalParameter},
	{"second ClientHello with two shares", func(s *session) {
		s.client.ShareOf = []uint16{}
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
		s.client.ShareOf = []uint16{29, 23}
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
	}, tlscore.ErrRetryIgnored, tlscore.AlertIllegalParameter},

	// The client's last flight.
	{"Finished that is wrong", afterHello(record.Handshake, func(c *puppet.Client) []byte {
		f := c.Finished()
		f[7] ^= 1
		return f
	}), tlscore.ErrBadFinished, tlscore.AlertDecryptError},
	{"Finished of the wrong length", afterHello(record.Handshake, func(c *puppet.Client) []byte {
		f := c.Finished()
		f[3]--
		return f[:len(f)-1]
	}), tlscore.ErrBadFinished, tlscore.AlertDecryptError},
	{"Finished with bytes behind it", afterHello(record.Handshake, func(c *puppet.Client) []byte { return append(c.Finished(), 24) }),
		tlscore.ErrKeyChangeInMessage, tlscore.AlertUnexpectedMessage},
	{"certificate that was not asked for", afterHello(record.Handshake, func(c *puppet.Client) []byte { return c.Certificate() }),
		tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"ClientHello again", afterHello(record.Handshake, func(c *puppet.Client) []byte { return c.Hello() }),
		tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"KeyUpdate before Finished", afterHello(record.Handshake, func(*puppet.Client) []byte { return []byte{24, 0, 0, 1, 0} }),
		tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"an alert inside a handshake", afterHello(record.Alert, func(*puppet.Client) []byte { return []byte{1, 0} }),
		tlscore.ErrClosedEarly, 255},

	// After the handshake.
	{"Finished twice", afterHandshake(record.Handshake, 20, 0, 0, 0), tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"renegotiation", func(s *session) {
		s.establish(nil)
		s.feed(s.client.Record(record.Handshake, s.client.Hello()))
	}, tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
	{"KeyUpdate of the wrong length", afterHandshake(record.Handshake, 24, 0, 0, 2, 0, 0), tlscore.ErrMalformedMessage, tlscore.AlertDecodeError},
	{"KeyUpdate with bytes behind it", afterHandshake(record.Handshake, 24, 0, 0, 1, 0, 24), tlscore.ErrKeyChangeInMessage, tlscore.AlertUnexpectedMessage},
	{"KeyUpdates without end", func(s *session) {
		s.establish(nil)
		for range 33 {
			s.feed(s.client.Record(record.Handshake, []byte{24, 0, 0, 1, 0}))
			s.client.UpdateKeys()
		}
	}, tlscore.ErrUselessRecords, tlscore.AlertUnexpectedMessage},
	{"application data inside a message", func(s *session) {
		s.establish(nil)
		s.feed(s.client.Record(record.Handshake, []byte{24, 0}))
		s.feed(s.client.Record(record.ApplicationData, []byte("x")))
	}, tlscore.ErrInterleaved, tlscore.AlertUnexpectedMessage},
	{"user_canceled without end", func(s *session) {
		s.establish(nil)
		for range 33 {
			s.feed(s.client.Record(record.Alert, []byte{1, 90}))
		}
	}, tlscore.ErrUselessRecords, tlscore.AlertUnexpectedMessage},
}

// retry brings the server to a HelloRetryRequest and sends a second ClientHello that was changed.
func retry(s *session, change func(hello []byte)) {
	s.client.ShareOf = []uint16{}
	s.feed(s.client.Record(record.Handshake, s.client.Hello()))
	if !s.client.Retry {
		s.t.Fatal("no HelloRetryRequest")
	}
	hello := s.client.Hello()
	change(hello)
	s.feed(s.client.Record(record.Handshake, hello))
}

func TestHostileClients(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, h := range hostiles {
		t.Run(h.name, func(t *testing.T) {
			s := newSession(t, p.config(t))
			h.play(s)
			if h.alert == 255 {
				if s.server.Err() != h.err || len(s.client.Alerts) > 0 {
					t.Errorf("error %v, alerts %v; want %v and no alert", s.server.Err(), s.client.Alerts, h.err)
				}
				s.checkReturned()
				return
			}
			s.refuses(h.err, h.alert)
		})
	}
}

// TestHostileClientCertificates breaks the rules of client authentication.
func TestHostileClientCertificates(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	verify := func(c *puppet.Client, scheme uint16) []byte {
		msg := c.CertificateVerify(p.client.Key, 0x0403)
		msg[4], msg[5] = byte(scheme>>8), byte(scheme)
		return msg
	}
	for _, h := range []hostile{
		{"Finished in place of a certificate", afterHello(record.Handshake, func(c *puppet.Client) []byte { return c.Finished() }),
			tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
		{"no CertificateVerify", afterHello(record.Handshake, func(c *puppet.Client) []byte {
			return append(c.Certificate(p.client.Chain...), c.Finished()...)
		}), tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage},
		{"CertificateVerify alone", afterHello(record.Handshake, func(c *puppet.Client) []byte {
			return append(c.Certificate(), verify(c, 0x0403)...)
		}), tlscore.ErrNoCertificate, tlscore.AlertCertificateRequired},
		{"request context", afterHello(record.Handshake, func(*puppet.Client) []byte { return []byte{11, 0, 0, 5, 1, 7, 0, 0, 0} }),
			tlscore.ErrRequestContext, tlscore.AlertIllegalParameter},
		{"an empty certificate", afterHello(record.Handshake, func(*puppet.Client) []byte {
			return []byte{11, 0, 0, 9, 0, 0, 0, 5, 0, 0, 0, 0, 0}
		}), wire.ErrDecode, tlscore.AlertDecodeError},
		{"an extension of a certificate", afterHello(record.Handshake, func(c *puppet.Client) []byte {
			msg := c.Certificate(p.client.Chain...)
			// Make the last certificate's extensions an empty status_request, and mend the two lengths around it.
			msg = append(msg[:len(msg)-2], 0, 4, 0, 5, 0, 0)
			for _, at := range []int{1, wire.HeaderSize + 1} {
				n := int(msg[at])<<16 + int(msg[at+1])<<8 + int(msg[at+2]) + 4
				msg[at], msg[at+1], msg[at+2] = byte(n>>16), byte(n>>8), byte(n)
			}
			return msg
		}), wire.ErrUnsolicited, tlscore.AlertUnsupportedExtension},
		{"certificate list cut off", afterHello(record.Handshake, func(*puppet.Client) []byte { return []byte{11, 0, 0, 6, 0, 0, 0, 5, 0, 0} }),
			wire.ErrDecode, tlscore.AlertDecodeError},
		{"too many certificates", afterHello(record.Handshake, func(c *puppet.Client) []byte {
			chain := make([][]byte, tlscore.MaxChain+1)
			for i := range chain {
				chain[i] = p.client.Chain[0]
			}
			return c.Certificate(chain...)
		}), tlscore.ErrChainTooLong, tlscore.AlertBadCertificate},
		{"a scheme for certificates only", afterHello(record.Handshake, func(c *puppet.Client) []byte {
			return append(c.Certificate(p.client.Chain...), verify(c, 0x0401)...)
		}), tlscore.ErrBadScheme, tlscore.AlertIllegalParameter},
		{"a scheme that does not fit the key", afterHello(record.Handshake, func(c *puppet.Client) []byte {
			return append(c.Certificate(p.client.Chain...), verify(c, 0x0804)...)
		}), tlscore.ErrBadScheme, tlscore.AlertIllegalParameter},
	} {
		t.Run(h.name, func(t *testing.T) {
			cfg := p.config(t)
			cfg.ClientAuth = tlscore.RequireClientCert
			s := newSession(t, cfg)
			h.play(s)
			s.refuses(h.err, h.alert)
		})
	}
}

// TestClientsThatLeave: an alert of the client is not answered, and its name is the error.
func TestClientsThatLeave(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, unprotected := range []bool{false, true} {
		s := newSession(t, p.config(t))
		s.hello()
		if unprotected {
			s.client.Out = record.Protection{}
		}
		s.feed(s.client.Record(record.Alert, []byte{2, byte(tlscore.AlertUnknownCA)}))
		if s.server.Err() != tlscore.PeerAlert(tlscore.AlertUnknownCA) || len(s.client.Alerts) > 0 {
			t.Errorf("error %v, alerts %v", s.server.Err(), s.client.Alerts)
		}
		s.checkReturned()
	}
}
