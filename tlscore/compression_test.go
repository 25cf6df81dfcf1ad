package tlscore_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"slices"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/netconn"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// Two algorithms that compress nothing, and so show what is done with a message: one leaves out the context, which is empty, and the other
// writes something before it.
const (
	shorter tlscore.CompressionAlgorithm = 0xff01
	longer  tlscore.CompressionAlgorithm = 0xff02
)

func shorten(dst, src []byte) (int, bool) {
	return copy(dst, src[1:]), len(dst) >= len(src)-1 && src[0] == 0
}

func lengthen(dst, src []byte) (int, bool) {
	if len(dst) < len(src)+2 {
		return 0, false
	}
	return 2 + copy(dst[copy(dst, "up"):], src), true
}

// counted returns the algorithms, which count what they decompress.
func counted(n *int) (one, other tlscore.Compression) {
	one = tlscore.Compression{Algorithm: shorter, Decompress: func(dst, src []byte) (int, bool) {
		*n++
		dst[0] = 0
		return 1 + copy(dst[1:], src), len(dst) >= len(src)+1
	}}
	other = tlscore.Compression{Algorithm: longer, Decompress: func(dst, src []byte) (int, bool) {
		*n++
		if len(src) < 2 || string(src[:2]) != "up" {
			return 0, false
		}
		return copy(dst, src[2:]), len(dst) >= len(src)-2
	}}
	return one, other
}

// shrink has k keep the identity by the first of the algorithms.
func shrink(t testing.TB, k *tlscore.Compressions, id *tlscore.Identity, stapled bool) []byte {
	t.Helper()
	msg, ok := k.Compress(id, shorter, stapled, make([]byte, 1<<16), shorten)
	if !ok {
		t.Fatal("not compressed")
	}
	return msg
}

// TestCompressedCertificates: with zlib, in either role or both, however the bytes are chopped and whatever the buffers are.
func TestCompressedCertificates(t *testing.T) {
	for _, family := range []ca.Family{ca.ECDSA, ca.RSA} {
		p := newPKI(t, family)
		for _, pools := range [][2]tlscore.PoolConfig{{tight, tight}, {roomy, roomy}} {
			if family == ca.RSA && pools[0].SmallBuffers > 0 {
				pools = [2]tlscore.PoolConfig{{Handshakes: 1, SmallBuffers: 2, SmallSize: 1000, LargeBuffers: 1}, {Handshakes: 1, SmallBuffers: 2, SmallSize: 1000, LargeBuffers: 1}}
			}
			for _, chop := range []int{1, 7, 1 << 20} {
				for _, stepwise := range []bool{false, true} {
					for has := range 4 { // bit 0: the server's is compressed, bit 1: the client's
						for _, raw := range []bool{false, true} {
							t.Run(fmt.Sprintf("%v/%d/chop=%d/stepwise=%v/%d/raw=%v", family, pools[0].SmallSize, chop, stepwise, has, raw), func(t *testing.T) {
								client, server := p.clientConfig(t), p.config(t)
								server.ClientAuth = tlscore.RequireClientCert
								client.Stepwise, server.Stepwise = stepwise, stepwise
								if raw {
									client.Identities[0], server.Identities[0] = rawIdentity(t, p.client), rawIdentity(t, p.server)
									client.RawPublicKeys, server.RawPublicKeys = pinned(true, p.server), pinned(true, p.client)
								}
								var count [2]int
								counting := func(n *int) tlscore.Compression {
									z := netconn.Zlib()
									inflate := z.Decompress
									z.Decompress = func(dst, src []byte) (int, bool) { *n++; return inflate(dst, src) }
									return z
								}
								c, s := tlscore.CompressionClient(counting(&count[0])), tlscore.CompressionServer(counting(&count[1]))
								client.CertificateCompression, server.CertificateCompression = c, s
								if has&1 != 0 {
									zlibbed(t, s, &server.Identities[0])
								}
								if has&2 != 0 {
									zlibbed(t, c, &client.Identities[0])
								}
								pair := newPair(t, client, server, pools)
								establishStepwise(pair, chop)
								for i := range count {
									if has>>i&1 != 0 != (count[i] > 0) || !stepwise && count[i] > 1 {
										t.Errorf("side %d has decompressed %d times", i, count[i])
									}
								}
								pair.transfer(0, []byte("from the client"))
								pair.transfer(1, []byte("from the server"))
							})
						}
					}
				}
			}
		}
	}
}

// establishStepwise is establish for ends that may have Config.Stepwise.
func establishStepwise(p *pair, n int) {
	p.t.Helper()
	for p.run(n); p.client.Working() || p.server.Working(); p.run(n) {
		p.client.Work()
		p.server.Work()
	}
	p.establish(n)
}

// zlibbed has k keep the identity by zlib, be it shorter or not: a raw public key is not.
func zlibbed(t testing.TB, k *tlscore.Compressions, id *tlscore.Identity) {
	t.Helper()
	if _, ok := k.Compress(id, tlscore.Zlib, false, make([]byte, 1<<15), func(dst, src []byte) (int, bool) {
		return copy(dst, squeeze(src)), true
	}); !ok {
		t.Fatal("not compressed")
	}
}

func squeeze(p []byte) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write(p)
	w.Close()
	return b.Bytes()
}

// TestCompressByZlib: what netconn compresses is shown, with and without an OCSP response.
func TestCompressByZlib(t *testing.T) {
	p := newPKI(t, ca.RSA)
	for _, asks := range []bool{false, true} {
		client, server := p.clientConfig(t), p.config(t)
		client.RequestOCSP = asks
		server.Identities[0].OCSP = bytes.Repeat([]byte("OCSP"), 500)
		k := tlscore.CompressionServer(netconn.Zlib())
		netconn.Compress(k, &server.Identities[0])
		z := netconn.Zlib()
		inflate, n := z.Decompress, 0
		z.Decompress = func(dst, src []byte) (int, bool) { n += len(dst) - len(src); return inflate(dst, src) }
		client.CertificateCompression, server.CertificateCompression = tlscore.CompressionClient(z), k
		var got []byte
		client.Events = func(_ *tlscore.Conn, e tlscore.Event) { got = append(got, e.OCSP...) }
		newPair(t, client, server, [2]tlscore.PoolConfig{roomy, tight}).establish(1 << 20)
		if asks != bytes.Equal(got, server.Identities[0].OCSP) || !asks && got != nil {
			t.Errorf("asks %v: %d bytes", asks, len(got))
		}
		if n <= 0 || asks && n < 1900 {
			t.Errorf("asks %v: %d bytes are saved", asks, n)
		}
	}
}

// TestWhatIsCompressed: a compressed form goes to who accepts it, in the place of what it was made of.
func TestWhatIsCompressed(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	other := p.issue(t, ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	for _, test := range []struct {
		name   string
		change func(client, server *tlscore.Config, c, s *tlscore.Compressions)
		want   bool
	}{
		{"as it was made", func(_, server *tlscore.Config, _, s *tlscore.Compressions) {
			shrink(t, s, &server.Identities[0], false)
		}, true},
		{"nothing was made", func(_, _ *tlscore.Config, _, _ *tlscore.Compressions) {}, false},
		{"made elsewhere", func(_, server *tlscore.Config, _, s *tlscore.Compressions) {
			msg := shrink(t, tlscore.CompressionServer(), &server.Identities[0], false)
			if !s.Precompressed(&server.Identities[0], false, msg) {
				t.Error("not taken")
			}
		}, true},
		{"of another identity", func(_, server *tlscore.Config, _, s *tlscore.Compressions) {
			id := identity(t, other)
			shrink(t, s, &id, false)
		}, false},
		{"of one of two identities", func(_, server *tlscore.Config, _, s *tlscore.Compressions) {
			id := identity(t, other)
			shrink(t, s, &id, false)
			shrink(t, s, &server.Identities[0], false)
		}, true},
		{"by an algorithm that the client does not know", func(client, server *tlscore.Config, c, s *tlscore.Compressions) {
			shrink(t, s, &server.Identities[0], false)
			client.CertificateCompression = tlscore.CompressionClient(netconn.Zlib())
		}, false},
		{"the client accepts none", func(client, server *tlscore.Config, c, s *tlscore.Compressions) {
			shrink(t, s, &server.Identities[0], false)
			client.CertificateCompression = tlscore.CompressionClient(tlscore.Compression{Algorithm: shorter})
		}, false},
		{"the client does not know the extension", func(client, server *tlscore.Config, c, s *tlscore.Compressions) {
			shrink(t, s, &server.Identities[0], false)
			client.CertificateCompression = nil
		}, false},
		{"the server has not named it", func(client, server *tlscore.Config, c, s *tlscore.Compressions) {
			shrink(t, s, &server.Identities[0], false)
			server.CertificateCompression = nil
		}, false},
		{"in TLS 1.2", func(client, server *tlscore.Config, c, s *tlscore.Compressions) {
			shrink(t, s, &server.Identities[0], false)
			client.TLS12, server.TLS12, server.MaxVersion = tlscore.TLS12Client(), tlscore.TLS12Server(), wire.VersionTLS12
		}, false},
		{"after a retry", func(client, server *tlscore.Config, c, s *tlscore.Compressions) {
			shrink(t, s, &server.Identities[0], false)
			server.Groups = []tlscore.GroupID{tlscore.P256}
		}, true},
		{"after a stateless retry", func(client, server *tlscore.Config, c, s *tlscore.Compressions) {
			shrink(t, s, &server.Identities[0], false)
			server.Groups = []tlscore.GroupID{tlscore.P256}
			server.Cookies = tlscore.NewCookies(newKeys(t))
		}, true},
		{"another chain since", func(client, server *tlscore.Config, c, s *tlscore.Compressions) {
			shrink(t, s, &server.Identities[0], false)
			server.Identities[0] = identity(t, other)
		}, false},
		{"another certificate in the chain", func(client, server *tlscore.Config, c, s *tlscore.Compressions) {
			server.Identities[0].Chain = slices.Clone(server.Identities[0].Chain)
			shrink(t, s, &server.Identities[0], false)
			server.Identities[0].Chain = [][]byte{bytes.Clone(server.Identities[0].Chain[0])}
		}, false},
		{"a longer chain since", func(client, server *tlscore.Config, c, s *tlscore.Compressions) {
			shrink(t, s, &server.Identities[0], false)
			server.Identities[0].Chain = append(server.Identities[0].Chain[:1:1], p.root.Cert.Raw)
		}, false},
		{"without the response that is asked for", func(client, server *tlscore.Config, c, s *tlscore.Compressions) {
			server.Identities[0].OCSP, client.RequestOCSP = []byte("a response"), true
			shrink(t, s, &server.Identities[0], false)
		}, false},
		{"with it", func(client, server *tlscore.Config, c, s *tlscore.Compressions) {
			server.Identities[0].OCSP, client.RequestOCSP = []byte("a response"), true
			shrink(t, s, &server.Identities[0], true)
		}, true},
		{"with one that is not asked for", func(client, server *tlscore.Config, c, s *tlscore.Compressions) {
			server.Identities[0].OCSP = []byte("a response")
			shrink(t, s, &server.Identities[0], true)
		}, false},
		{"a response is asked for, and there is none", func(client, server *tlscore.Config, c, s *tlscore.Compressions) {
			client.RequestOCSP = true
			shrink(t, s, &server.Identities[0], false)
		}, true},
		{"another response since", func(client, server *tlscore.Config, c, s *tlscore.Compressions) {
			server.Identities[0].OCSP, client.RequestOCSP = []byte("a response"), true
			shrink(t, s, &server.Identities[0], true)
			server.Identities[0].OCSP = []byte("b response")
		}, false},
		{"another response, compressed too", func(client, server *tlscore.Config, c, s *tlscore.Compressions) {
			server.Identities[0].OCSP, client.RequestOCSP = []byte("a response"), true
			shrink(t, s, &server.Identities[0], true)
			server.Identities[0].OCSP = []byte("b response")
			shrink(t, s, &server.Identities[0], true)
		}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			client, server := p.clientConfig(t), p.config(t)
			n := 0
			one, _ := counted(&n)
			c, s := tlscore.CompressionClient(one), tlscore.CompressionServer(one)
			client.CertificateCompression, server.CertificateCompression = c, s
			test.change(client, server, c, s)
			var got []byte
			client.Events = func(_ *tlscore.Conn, e tlscore.Event) { got = append(got, e.OCSP...) }
			newPair(t, client, server, [2]tlscore.PoolConfig{roomy, tight}).establish(1 << 20)
			if test.want != (n == 1) {
				t.Errorf("decompressed %d times", n)
			}
			if client.RequestOCSP && !bytes.Equal(got, server.Identities[0].OCSP) {
				t.Errorf("the response is %q", got)
			}
		})
	}
}

// TestPreferredCompression: of what both know, the sender's order counts.
func TestPreferredCompression(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, prefers := range []tlscore.CompressionAlgorithm{shorter, longer} {
		client, server := p.clientConfig(t), p.config(t)
		var n [2]int
		one, _ := counted(&n[0])
		_, other := counted(&n[1])
		s := tlscore.CompressionServer(one, other)
		if prefers == longer {
			s = tlscore.CompressionServer(other, one)
		}
		client.CertificateCompression, server.CertificateCompression = tlscore.CompressionClient(one, other), s
		shrink(t, s, &server.Identities[0], false)
		if _, ok := s.Compress(&server.Identities[0], longer, false, make([]byte, 4096), lengthen); !ok {
			t.Fatal("not compressed")
		}
		newPair(t, client, server, [2]tlscore.PoolConfig{roomy, tight}).establish(1 << 20)
		if (n[0] == 1) != (prefers == shorter) || n[0]+n[1] != 1 {
			t.Errorf("%#x: %d", prefers, n)
		}
	}
}

// TestCompressFails: where there is no room, nothing to compress, or the message is not of this identity.
func TestCompressFails(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	id := identity(t, p.server)
	k := tlscore.CompressionServer()
	size := len(shrink(t, k, &id, false)) - wire.CompressedHead + 1 // of the message, without header
	compress := func(stapled bool, room int, f func(dst, src []byte) (int, bool)) bool {
		_, ok := k.Compress(&id, shorter, stapled, make([]byte, room), f)
		return ok
	}
	enough := wire.HeaderSize + size + wire.CompressedHead + size - 1
	if !compress(false, enough, shorten) {
		t.Error("it fits and is refused")
	}
	for room := range enough {
		if compress(false, room, shorten) {
			t.Errorf("%d bytes are enough", room)
		}
	}
	if compress(true, 1<<16, shorten) {
		t.Error("with a response that there is not")
	}
	for name, f := range map[string]func(dst, src []byte) (int, bool){
		"nothing":   func(_, _ []byte) (int, bool) { return 0, true },
		"a lie":     func(dst, _ []byte) (int, bool) { return len(dst) + 1, true },
		"less":      func(_, _ []byte) (int, bool) { return -1, true },
		"no":        func(dst, _ []byte) (int, bool) { return 1, false },
		"all of it": nil,
	} {
		if f != nil && compress(false, 1<<16, f) {
			t.Errorf("%s is taken for compressed", name)
		}
	}
	good := shrink(t, k, &id, false)
	for name, msg := range map[string][]byte{
		"empty": nil, "cut off": good[:len(good)-1], "with a byte behind it": append(slices.Clone(good), 0), "the head": good[:wire.CompressedHead],
		"another message": append([]byte{11}, good[1:]...),
		"another length":  append(append(slices.Clone(good[:6]), 0, 0, 1), good[9:]...),
	} {
		if k.Precompressed(&id, false, msg) {
			t.Errorf("%s: taken", name)
		}
	}
	if none := (tlscore.Identity{}); k.Precompressed(&none, false, []byte{25, 0, 0, 9, 0, 1, 0, 0, 4, 0, 0, 1, 0}) {
		t.Error("an identity without a chain")
	}
}

// TestCompressionIsForOneRole: a configuration with the other's is refused.
func TestCompressionIsForOneRole(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	cfg := p.config(t)
	cfg.CertificateCompression = tlscore.CompressionClient(netconn.Zlib())
	if err := new(tlscore.Conn).Server(cfg, newPool(t)); err != tlscore.ErrRole {
		t.Error(err)
	}
	cfg = p.clientConfig(t)
	cfg.CertificateCompression = tlscore.CompressionServer(netconn.Zlib())
	if err := new(tlscore.Conn).Client(cfg, newPool(t), "changeme"); err != tlscore.ErrRole {
		t.Error(err)
	}
}

// TestOfferedCompressions: a client offers, and a server that asks for certificates, what it can decompress, each once; no more than
// eight count.
func TestOfferedCompressions(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	n := 0
	one, other := counted(&n)
	var many []tlscore.Compression
	for i := range 12 {
		many = append(many, tlscore.Compression{Algorithm: tlscore.CompressionAlgorithm(i), Decompress: one.Decompress})
	}
	for _, test := range []struct {
		name string
		list []tlscore.Compression
		want []byte
	}{
		{"none", nil, nil},
		{"one", []tlscore.Compression{one}, []byte{2, 0xff, 1}},
		{"two", []tlscore.Compression{other, one}, []byte{4, 0xff, 2, 0xff, 1}},
		{"one twice", []tlscore.Compression{one, one}, []byte{2, 0xff, 1}},
		{"to send only", []tlscore.Compression{{Algorithm: tlscore.Zlib}}, nil},
		{"to send, and to receive", []tlscore.Compression{{Algorithm: shorter}, one, {Algorithm: tlscore.Zlib}}, []byte{2, 0xff, 1}},
		{"many", many, []byte{16, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7}},
	} {
		cfg := p.clientConfig(t)
		cfg.CertificateCompression = tlscore.CompressionClient(test.list...)
		_, server := puppetServer(t, cfg)
		if got, found := server.Hello.Extensions.Find(wire.ExtCompressCertificate); !bytes.Equal(got, test.want) || found != (test.want != nil) {
			t.Errorf("%s: a client offers %x", test.name, got)
		}
		cfg = p.config(t)
		cfg.ClientAuth, cfg.CertificateCompression = tlscore.RequestClientCert, tlscore.CompressionServer(test.list...)
		s := newSession(t, cfg)
		var request wire.CertificateRequest
		s.client.OnMessage = func(msg []byte) {
			if wire.MessageType(msg[0]) == wire.TypeCertificateRequest && request.Parse(bytes.Clone(msg[wire.HeaderSize:])) != nil {
				t.Error("malformed CertificateRequest")
			}
		}
		s.hello()
		if got, found := request.Extensions.Find(wire.ExtCompressCertificate); !bytes.Equal(got, test.want) || found != (test.want != nil) {
			t.Errorf("%s: a server offers %x", test.name, got)
		}
	}
	// A client of TLS 1.2 has nothing to offer.
	cfg := p.clientConfig12(t)
	cfg.MaxVersion, cfg.CertificateCompression = wire.VersionTLS12, tlscore.CompressionClient(one)
	client := new(tlscore.Conn)
	if err := client.Client(cfg, newPool(t), "changeme"); err != nil {
		t.Fatal(err)
	}
	var hello wire.ClientHello
	if err := hello.Parse(client.SendWindow()[record.HeaderSize+wire.HeaderSize:]); err != nil {
		t.Fatal(err)
	}
	if _, found := hello.Extensions.Find(wire.ExtCompressCertificate); found {
		t.Error("a client of TLS 1.2 offers it")
	}
}

// TestHostileCompressionLists: compress_certificate that is malformed, in both messages that may have it.
func TestHostileCompressionLists(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		name  string
		body  []byte
		err   error
		alert tlscore.Alert
	}{
		{"one", []byte{2, 0, 1}, nil, 0},
		{"three and some of the future", []byte{10, 0, 3, 0, 2, 0, 1, 7, 7, 8, 8}, nil, 0},
		{"empty", nil, wire.ErrDecode, tlscore.AlertDecodeError},
		{"none", []byte{0}, wire.ErrDecode, tlscore.AlertDecodeError},
		{"half of one", []byte{1, 0}, wire.ErrDecode, tlscore.AlertDecodeError},
		{"one and a half", []byte{3, 0, 1, 0}, wire.ErrDecode, tlscore.AlertDecodeError},
		{"cut off", []byte{4, 0, 1}, wire.ErrDecode, tlscore.AlertDecodeError},
		{"with bytes behind it", []byte{2, 0, 1, 0}, wire.ErrDecode, tlscore.AlertDecodeError},
		{"one twice", []byte{4, 0, 1, 0, 1}, wire.ErrValue, tlscore.AlertIllegalParameter},
		{"one of three twice", []byte{8, 7, 7, 0, 1, 0, 2, 7, 7}, wire.ErrValue, tlscore.AlertIllegalParameter},
	} {
		cfg := p.config(t)
		cfg.CertificateCompression = tlscore.CompressionServer()
		s := newSession(t, cfg)
		extra(wire.ExtCompressCertificate, test.body...)(s)
		if test.err != nil {
			s.refuses(test.err, test.alert)
		} else if s.server.Err() != nil {
			t.Errorf("%s: %v", test.name, s.server.Err())
		}

		cfg = p.clientConfig(t)
		cfg.CertificateCompression = tlscore.CompressionClient()
		client, server := puppetServer(t, cfg)
		tell(t, client, server, server.ServerHello())
		tell(t, client, server, server.Record(record.Handshake, append(server.EncryptedExtensions(nil), server.CertificateRequest(func(b *wire.Builder) {
			ext := b.BeginExtension(wire.ExtCompressCertificate)
			b.Bytes(test.body)
			b.End(ext)
		})...)))
		if client.Err() != test.err || test.err != nil && (len(server.Alerts) != 1 || tlscore.Alert(server.Alerts[0]) != test.alert) {
			t.Errorf("%s: a client says %v, alerts %v", test.name, client.Err(), server.Alerts)
		}
	}
}

// compressedBody returns the body of the Certificate message for a chain, which the test has put together by itself.
func compressedBody(chain ...[]byte) []byte {
	var list []byte
	for _, der := range chain {
		list = append(list, byte(len(der)>>16), byte(len(der)>>8), byte(len(der)))
		list = append(append(list, der...), 0, 0)
	}
	return append([]byte{0, byte(len(list) >> 16), byte(len(list) >> 8), byte(len(list))}, list...)
}

// hostileCompressed are messages in the place of a peer's Certificate with the given body.
var hostileCompressed = []struct {
	name  string
	make  func(body []byte) (algorithm uint16, size int, compressed []byte)
	err   error
	alert tlscore.Alert
}{
	{"as it should be", func(b []byte) (uint16, int, []byte) { return 1, len(b), squeeze(b) }, nil, 0},
	{"an algorithm that was not offered", func(b []byte) (uint16, int, []byte) { return 2, len(b), squeeze(b) },
		tlscore.ErrCompressionNotOffered, tlscore.AlertIllegalParameter},
	{"an algorithm that we only send", func(b []byte) (uint16, int, []byte) { return 0xff01, len(b), b[1:] },
		tlscore.ErrCompressionNotOffered, tlscore.AlertIllegalParameter},
	{"a length that is too short", func(b []byte) (uint16, int, []byte) { return 1, len(b) - 1, squeeze(b) },
		tlscore.ErrDecompression, tlscore.AlertBadCertificate},
	{"a length that is too long", func(b []byte) (uint16, int, []byte) { return 1, len(b) + 1, squeeze(b) },
		tlscore.ErrDecompression, tlscore.AlertBadCertificate},
	{"no length", func(b []byte) (uint16, int, []byte) { return 1, 0, squeeze(b) }, tlscore.ErrDecompression, tlscore.AlertBadCertificate},
	{"nothing, compressed", func(b []byte) (uint16, int, []byte) { return 1, 0, squeeze(nil) }, wire.ErrDecode, tlscore.AlertDecodeError},
	{"cut off", func(b []byte) (uint16, int, []byte) { z := squeeze(b); return 1, len(b), z[:len(z)-1] },
		tlscore.ErrDecompression, tlscore.AlertBadCertificate},
	{"bytes behind it", func(b []byte) (uint16, int, []byte) { return 1, len(b), append(squeeze(b), 0) },
		tlscore.ErrDecompression, tlscore.AlertBadCertificate},
	{"not compressed", func(b []byte) (uint16, int, []byte) { return 1, len(b), b }, tlscore.ErrDecompression, tlscore.AlertBadCertificate},
	{"empty", func(b []byte) (uint16, int, []byte) { return 1, len(b), nil }, wire.ErrDecode, tlscore.AlertDecodeError},
	{"a bomb that says what it is", func([]byte) (uint16, int, []byte) { return 1, 1 << 20, squeeze(make([]byte, 1<<20)) },
		tlscore.ErrLongCertificate, tlscore.AlertBadCertificate},
	{"a bomb that lies", func(b []byte) (uint16, int, []byte) { return 1, 1000, squeeze(make([]byte, 1<<20)) },
		tlscore.ErrDecompression, tlscore.AlertBadCertificate},
	{"as long as a length can be", func(b []byte) (uint16, int, []byte) { return 1, 1<<24 - 1, squeeze(b) },
		tlscore.ErrLongCertificate, tlscore.AlertBadCertificate},
	{"not a Certificate message", func(b []byte) (uint16, int, []byte) { b = b[:len(b)-1]; return 1, len(b), squeeze(b) },
		wire.ErrDecode, tlscore.AlertDecodeError},
	{"a request context", func(b []byte) (uint16, int, []byte) {
		b = append([]byte{1, 9}, b[1:]...)
		return 1, len(b), squeeze(b)
	}, tlscore.ErrRequestContext, tlscore.AlertIllegalParameter},
}

// onlyZlib has zlib to receive, and another to send.
var onlyZlib = []tlscore.Compression{{Algorithm: shorter}, netconn.Zlib()}

func TestHostileCompressedServers(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range hostileCompressed {
		for _, request := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/%v", test.name, request), func(t *testing.T) {
				cfg := p.clientConfig(t)
				cfg.CertificateCompression = tlscore.CompressionClient(onlyZlib...)
				client, server := puppetServer(t, cfg)
				tell(t, client, server, server.ServerHello())
				flight := server.EncryptedExtensions(nil)
				if request {
					flight = append(flight, server.CertificateRequest(nil)...)
				}
				flight = append(flight, server.CompressedCertificate(test.make(compressedBody(p.server.Chain...)))...)
				tell(t, client, server, server.Record(record.Handshake, flight))
				if client.Err() != test.err || test.err != nil && (len(server.Alerts) != 1 || tlscore.Alert(server.Alerts[0]) != test.alert) {
					t.Fatalf("%v, alerts %v; want %v", client.Err(), server.Alerts, test.err)
				}
				if test.err != nil {
					return
				}
				flight = append(server.CertificateVerify(p.server.Key, 0x0403), server.Finished()...)
				tell(t, client, server, server.Record(record.Handshake, flight))
				if !client.HandshakeDone() {
					t.Error(client.Err())
				}
			})
		}
	}
}

func TestHostileCompressedClients(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range hostileCompressed {
		t.Run(test.name, func(t *testing.T) {
			cfg := p.config(t)
			cfg.ClientAuth = tlscore.RequireClientCert
			cfg.CertificateCompression = tlscore.CompressionServer(onlyZlib...)
			s := newSession(t, cfg)
			s.hello()
			s.feed(s.client.Record(record.Handshake, s.client.CompressedCertificate(test.make(compressedBody(p.client.Chain...)))))
			if test.err != nil {
				s.refuses(test.err, test.alert)
				return
			}
			s.feed(s.client.Record(record.Handshake, append(s.client.CertificateVerify(p.client.Key, 0x0403), s.client.Finished()...)))
			if !s.server.HandshakeDone() {
				t.Error(s.server.Err())
			}
		})
	}
}

// TestCompressedEmptyChain: a client that has no certificate may say so compressed.
func TestCompressedEmptyChain(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, auth := range []tlscore.ClientAuth{tlscore.RequestClientCert, tlscore.RequireClientCert} {
		cfg := p.config(t)
		cfg.ClientAuth = auth
		cfg.CertificateCompression = tlscore.CompressionServer(onlyZlib...)
		s := newSession(t, cfg)
		s.hello()
		s.feed(s.client.Record(record.Handshake, append(s.client.CompressedCertificate(1, 4, squeeze(compressedBody())), s.client.Finished()...)))
		if auth == tlscore.RequireClientCert {
			s.refuses(tlscore.ErrNoCertificate, tlscore.AlertCertificateRequired)
		} else if !s.server.HandshakeDone() {
			t.Error(s.server.Err())
		}
	}
}

// TestUnwantedCompressedCertificates: who has not offered anything is sent nothing compressed.
func TestUnwantedCompressedCertificates(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	body := compressedBody(p.server.Chain...)
	for _, k := range []tlscore.CertificateCompression{nil, tlscore.CompressionClient(), tlscore.CompressionClient(tlscore.Compression{Algorithm: tlscore.Zlib})} {
		cfg := p.clientConfig(t)
		cfg.CertificateCompression = k
		client, server := puppetServer(t, cfg)
		tell(t, client, server, server.ServerHello())
		tell(t, client, server, server.Record(record.Handshake, append(server.EncryptedExtensions(nil), server.CompressedCertificate(1, len(body), squeeze(body))...)))
		if client.Err() != tlscore.ErrUnexpectedMessage {
			t.Error(client.Err())
		}
	}
	for _, k := range []tlscore.CertificateCompression{nil, tlscore.CompressionServer(), tlscore.CompressionServer(tlscore.Compression{Algorithm: tlscore.Zlib})} {
		cfg := p.config(t)
		cfg.ClientAuth, cfg.CertificateCompression = tlscore.RequireClientCert, k
		s := newSession(t, cfg)
		s.hello()
		s.feed(s.client.Record(record.Handshake, s.client.CompressedCertificate(1, len(body), squeeze(body))))
		s.refuses(tlscore.ErrUnexpectedMessage, tlscore.AlertUnexpectedMessage)
	}
	// In an answer it does not belong at all.
	cfg := p.clientConfig(t)
	cfg.CertificateCompression = tlscore.CompressionClient(netconn.Zlib())
	client, server := puppetServer(t, cfg)
	tell(t, client, server, server.ServerHello())
	tell(t, client, server, server.Record(record.Handshake, server.EncryptedExtensions(func(b *wire.Builder) { wire.AppendCompressions(b, 1) })))
	if client.Err() != wire.ErrUnsolicited {
		t.Error(client.Err())
	}
}

// TestMaxCertificate: a certificate message may be as long as the configuration says, and as the buffers hold, and not a byte longer.
func TestMaxCertificate(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	body := compressedBody(p.client.Chain...)
	squeezed := squeeze(body)
	one, _ := counted(new(int))
	play := func(most, small int) error {
		k := tlscore.CompressionServer(netconn.Zlib(), one)
		k.MaxCertificate = most
		cfg := p.config(t)
		cfg.ClientAuth, cfg.CertificateCompression = tlscore.RequireClientCert, k
		s := newSession(t, cfg)
		var err error
		if s.pool, err = tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: small}); err != nil {
			t.Fatal(err)
		}
		s.server.Release()
		if err := s.server.Server(cfg, s.pool); err != nil {
			t.Fatal(err)
		}
		s.hello()
		s.feed(s.client.Record(record.Handshake, s.client.CompressedCertificate(1, len(body), squeezed)))
		return s.server.Err()
	}
	fits := wire.CompressedHead + len(squeezed) + wire.HeaderSize + len(body)
	for _, test := range []struct {
		most, small int
		err         error
	}{
		{0, 2048, nil}, {len(body), 2048, nil}, {len(body) - 1, 2048, tlscore.ErrLongCertificate},
		{0, fits, nil}, {0, fits - 1, tlscore.ErrLongCertificate}, {1 << 20, fits - 1, tlscore.ErrLongCertificate},
	} {
		if err := play(test.most, test.small); err != test.err {
			t.Errorf("%d, %d: %v", test.most, test.small, err)
		}
	}
}

// TestCompressedCertificateWaits: if there is no buffer to decompress into, the connection goes on when there is one.
func TestCompressedCertificateWaits(t *testing.T) {
	const small = 1800
	p := newPKI(t, ca.RSA)
	cfg := p.clientConfig(t)
	cfg.CertificateCompression = tlscore.CompressionClient(netconn.Zlib())
	pool, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: small, LargeBuffers: 1})
	if err != nil {
		t.Fatal(err)
	}
	client, server := new(tlscore.Conn), puppet.NewServer()
	if err := client.Client(cfg, pool, "changeme"); err != nil {
		t.Fatal(err)
	}
	tell(t, client, server, nil)
	tell(t, client, server, server.ServerHello())
	root := p.root.Cert.Raw
	body := compressedBody(p.server.Chain[0], root, root, root)
	flight := append(server.EncryptedExtensions(nil), server.CompressedCertificate(1, len(body), squeeze(body))...)
	if len(flight) > small-100 || len(body) < small {
		t.Fatalf("the message has %d bytes, compressed %d: this test shows nothing", len(body), len(flight))
	}
	large := pool.Borrow(tlscore.MaxBuffer, true)
	tell(t, client, server, server.Record(record.Handshake, flight))
	for range 3 {
		if w := client.RecvWindow(); len(w) > 0 || client.Err() != nil || client.Working() || len(client.SendWindow()) > 0 {
			t.Fatalf("it does not wait: %v", client.Err())
		}
		client.Received(0)
	}
	pool.GiveBack(large)
	tell(t, client, server, nil)
	tell(t, client, server, server.Record(record.Handshake, append(server.CertificateVerify(p.server.Key, 0x0804), server.Finished()...)))
	if !client.HandshakeDone() {
		t.Error(client.Err())
	}
	client.Release()
	if free := pool.Free(); free != (tlscore.Free{Handshakes: 1, SmallBuffers: 2, LargeBuffers: 1}) {
		t.Errorf("%+v", free)
	}
}

// TestCompressedStepwise: of a chain that came compressed, too, each call verifies one signature.
func TestCompressedStepwise(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	long := p.behind(t, 2)
	client, server := p.clientConfig(t), p.config(t)
	server.Identities[0] = identity(t, long)
	n := 0
	one, _ := counted(&n)
	k := tlscore.CompressionServer(one)
	shrink(t, k, &server.Identities[0], false)
	client.Stepwise = true
	client.CertificateCompression, server.CertificateCompression = tlscore.CompressionClient(one), k
	shown := 0
	client.Events = func(_ *tlscore.Conn, e tlscore.Event) {
		if e.Kind == tlscore.EventPeerCertificate {
			shown++
		}
	}
	establishStepwise(newPair(t, client, server, [2]tlscore.PoolConfig{roomy, roomy}), 1<<20)
	if n < 3 || shown != 1 {
		t.Errorf("decompressed %d times, shown %d times", n, shown)
	}
}
