package tlscore_test

import (
	"crypto/tls"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/primitive/mlkem"
	"colibri/tlscore/record"
	"colibri/tlscore/signature"
)

// elsewhere is a key that is not in reach of the handshake: whoever drives it has to ask it.
type elsewhere struct{ key tlscore.Signer }

func (e elsewhere) Supports(s signature.Scheme) bool { return e.key.Supports(s) }

func (e elsewhere) Sign(signature.Scheme, []byte, []byte, []byte) (int, error) {
	return 0, tlscore.ErrPending
}

// sign makes the signature that c waits for; false if it waits for none.
func (e elsewhere) sign(t testing.TB, c *tlscore.Conn) bool {
	t.Helper()
	s, message, ok := c.PendingSignature()
	if !ok {
		return false
	}
	sig := make([]byte, 512)
	n, err := e.key.Sign(s, sig, message, make([]byte, tlscore.EntropySize))
	if err != nil {
		t.Fatal(err)
	}
	c.Signed(sig[:n])
	return true
}

// TestSignaturesFromElsewhere: both ends wait for their signatures, and go on with them, however the bytes are chopped. The first
// flight is on its way meanwhile.
func TestSignaturesFromElsewhere(t *testing.T) {
	for _, family := range []ca.Family{ca.ECDSA, ca.RSA} {
		p := newPKI(t, family)
		for _, chop := range []int{1, 1 << 20} {
			client, server := p.clientConfig(t), p.config(t)
			server.ClientAuth = tlscore.RequireClientCert
			keys := [2]elsewhere{{client.Identities[0].Key}, {server.Identities[0].Key}}
			client.Identities[0].Key, server.Identities[0].Key = keys[0], keys[1]
			pair := newPair(t, client, server, [2]tlscore.PoolConfig{tight, tight})
			pair.run(chop)
			if pair.server.Info().Suite == 0 || pair.longest[1] == 0 || pair.server.HandshakeDone() {
				t.Error("the server has not begun, or not waited")
			}
			if w := pair.server.RecvWindow(); len(w) > 0 {
				t.Error("the server listens while it waits")
			}
			if !keys[1].sign(t, &pair.server) {
				t.Fatal("the server waits for no signature", pair.server.Err())
			}
			pair.run(chop)
			if !keys[0].sign(t, &pair.client) || keys[1].sign(t, &pair.server) {
				t.Error("the client waits for no signature, or the server still does")
			}
			pair.establish(chop)
			pair.transfer(0, []byte("data"))
			pair.transfer(1, []byte("data"))
		}
	}
}

func TestSignaturesThatFail(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, test := range []struct {
		name string
		play func(c *tlscore.Conn)
		err  error
	}{
		{"refused", func(c *tlscore.Conn) { c.SignFailed() }, tlscore.ErrSigning},
		{"empty", func(c *tlscore.Conn) { c.Signed(nil) }, tlscore.ErrSigning},
		{"too long", func(c *tlscore.Conn) { c.Signed(make([]byte, 513)) }, tlscore.ErrSigning},
		{"aborted", func(c *tlscore.Conn) { c.Close() }, tlscore.ErrAborted},
	} {
		cfg := p.config(t)
		cfg.Identities[0].Key = elsewhere{cfg.Identities[0].Key}
		s := newSession(t, cfg)
		s.hello()
		if _, _, ok := s.server.PendingSignature(); !ok {
			t.Fatal(s.server.Err())
		}
		test.play(s.server)
		s.drain()
		alert, _ := tlscore.AlertFor(test.err)
		s.refuses(test.err, alert)
		if _, _, ok := s.server.PendingSignature(); ok {
			t.Errorf("%s: it still waits", test.name)
		}
	}
	// Nobody has asked for these.
	for name, play := range map[string]func(c *tlscore.Conn){
		"signed": func(c *tlscore.Conn) { c.Signed([]byte{1}) },
		"failed": func(c *tlscore.Conn) { c.SignFailed() },
	} {
		s := newSession(t, p.config(t))
		s.hello()
		play(s.server)
		if s.server.Err() != tlscore.ErrMisuse {
			t.Errorf("%s: %v", name, s.server.Err())
		}
		var none tlscore.Conn
		play(&none)
	}
}

// TestForgedSignature: what comes from elsewhere is not trusted by the peer either.
func TestForgedSignature(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	server := p.config(t)
	server.Identities[0].Key = elsewhere{server.Identities[0].Key}
	pair := newPair(t, p.clientConfig(t), server, [2]tlscore.PoolConfig{roomy, roomy})
	pair.run(1 << 20)
	pair.server.Signed([]byte("not a signature"))
	pair.run(1 << 20)
	if pair.client.Err() != tlscore.ErrBadSignature {
		t.Errorf("client: %v, server: %v", pair.client.Err(), pair.server.Err())
	}
}

// work lets c do its work, and counts the calls.
func work(c *tlscore.Conn) (n int) {
	for c.Working() {
		c.Work()
		n++
	}
	return n
}

// TestOneOperationPerCall counts them: what a call would have done besides is left to Work.
func TestOneOperationPerCall(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	long := p.behind(t, 2)
	cfg := p.config(t)
	cfg.ClientAuth, cfg.Stepwise = tlscore.RequireClientCert, true
	s := newSession(t, cfg)
	s.feed(s.client.Record(record.Handshake, s.client.Hello())) // Makes the key share.
	if n := work(s.server); n != 2 {
		t.Errorf("%d calls after the ClientHello, want 2: key exchange, signature", n)
	}
	s.drain()
	s.finish(long) // Verifies the first certificate.
	if n := work(s.server); n != 3 {
		t.Errorf("%d calls after the client's flight, want 3: two certificates, CertificateVerify", n)
	}
	if !s.server.HandshakeDone() || s.server.Working() {
		t.Fatal(s.server.Err())
	}
	s.echo("q", "a")

	client := p.clientConfig(t)
	client.Stepwise = true
	server := p.config(t)
	server.Identities, server.ClientAuth = []tlscore.Identity{identity(t, long)}, tlscore.RequireClientCert
	pair := newPair(t, client, server, [2]tlscore.PoolConfig{roomy, roomy})
	if n := work(&pair.client); n != 0 { // Client has made the key share.
		t.Errorf("%d calls before the ServerHello, want 0", n)
	}
	// The whole flight of the server comes at once.
	for pair.move(0, 1<<20) {
	}
	total := 0
	for !pair.client.HandshakeDone() && (pair.move(1, 1<<20) || pair.client.Working()) {
		total += work(&pair.client)
	}
	if !pair.client.HandshakeDone() {
		t.Fatal(pair.client.Err())
	}
	// The record with the ServerHello brings the key exchange, that with the rest the first certificate.
	if total != 4 {
		t.Errorf("%d calls for the server's flight, want 4: two certificates, CertificateVerify, signature", total)
	}
}

// TestStepwiseHandshakes: everything that works in one go works step by step, with every group, and fails as it does.
func TestStepwiseHandshakes(t *testing.T) {
	p, q := newPKI(t, ca.ECDSA), newPKI(t, ca.RSA)
	for _, group := range []tlscore.GroupID{tlscore.X25519, tlscore.P256, tlscore.P384, tlscore.X25519MLKEM768} {
		for _, retry := range []bool{false, true} {
			for _, chop := range []int{1, 100, 1 << 20} {
				client, server := p.clientConfig(t), p.config(t)
				client.MLKEM, server.MLKEM = mlkem.KEM{}, mlkem.KEM{}
				client.Stepwise, server.Stepwise = true, true
				server.ClientAuth = tlscore.RequireClientCert
				server.Groups = []tlscore.GroupID{group}
				client.Groups = []tlscore.GroupID{group}
				if retry {
					other := tlscore.X25519
					if group == other {
						other = tlscore.P256
					}
					client.Groups = []tlscore.GroupID{other, group}
				}
				pair := newPair(t, client, server, [2]tlscore.PoolConfig{roomy, roomy})
				for pair.move(0, chop) || pair.move(1, chop) || pair.client.Working() || pair.server.Working() {
					pair.client.Work()
					pair.server.Work()
				}
				pair.establish(chop)
				if pair.server.Info().Group != group {
					t.Errorf("group %v, want %v", pair.server.Info().Group, group)
				}
				pair.transfer(0, []byte("data"))
				pair.transfer(1, []byte("data"))
			}
		}
	}
	// A chain that does not verify ends the handshake in steps, too.
	client, server := p.clientConfig(t), q.config(t)
	client.Stepwise = true
	pair := newPair(t, client, server, [2]tlscore.PoolConfig{roomy, roomy})
	for pair.move(0, 1<<20) || pair.move(1, 1<<20) || pair.client.Working() {
		pair.client.Work()
	}
	inOneGo := newPair(t, p.clientConfig(t), server, [2]tlscore.PoolConfig{roomy, roomy})
	inOneGo.run(1 << 20)
	if pair.client.Err() == nil || pair.client.Err() != inOneGo.client.Err() || pair.client.Working() {
		t.Errorf("%v, in one go %v", pair.client.Err(), inOneGo.client.Err())
	}
}

// TestForgedChainInSteps: a chain whose signatures are wrong, each of them in turn, is refused in steps as it is in one go.
func TestForgedChainInSteps(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	mid, err := p.root.Intermediate("intermediate")
	if err != nil {
		t.Fatal(err)
	}
	id, err := mid.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	if err != nil {
		t.Fatal(err)
	}
	for i := range id.Chain {
		var errs [2]error
		for k := range errs {
			server := p.config(t)
			server.Identities = []tlscore.Identity{identity(t, id)}
			forged := append([][]byte(nil), id.Chain...)
			forged[i] = append([]byte(nil), forged[i]...)
			forged[i][len(forged[i])-1] ^= 1
			server.Identities[0].Chain = forged
			client := p.clientConfig(t)
			client.Stepwise = k == 1
			pair := newPair(t, client, server, [2]tlscore.PoolConfig{roomy, roomy})
			for pair.move(0, 1<<20) || pair.move(1, 1<<20) || pair.client.Working() {
				pair.client.Work()
			}
			errs[k] = pair.client.Err()
		}
		if errs[0] == nil || errs[0] != errs[1] {
			t.Errorf("certificate %d: %v in one go, %v in steps", i, errs[0], errs[1])
		}
	}
}

// TestSlowWork12: in TLS 1.2, too, each call does one operation, and signatures may come from elsewhere.
func TestSlowWork12(t *testing.T) {
	p := newPKI(t, ca.RSA)
	cfg := p.config12(t)
	cfg.ClientAuth, cfg.Stepwise = tlscore.RequireClientCert, true
	key := elsewhere{cfg.Identities[0].Key}
	cfg.Identities[0].Key = key
	server, transport, client := accept(t, cfg, p.stdClient())
	done := make(chan error, 1)
	go func() { done <- client.Handshake() }()
	worked, signed := 0, false
	for !server.HandshakeDone() || len(server.SendWindow()) > 0 {
		switch w := server.SendWindow(); {
		case server.Err() != nil:
			t.Fatal(server.Err())
		case server.Working():
			server.Work()
			worked++
		case len(w) > 0:
			n, err := transport.Write(w)
			if err != nil {
				t.Fatal(err)
			}
			server.Sent(n)
		case key.sign(t, server):
			signed = true
		default:
			n, err := transport.Read(server.RecvWindow())
			if err != nil {
				t.Fatal(err)
			}
			server.Received(n)
		}
	}
	if err := <-done; err != nil || !signed || worked == 0 || server.Info().Version != tls.VersionTLS12 {
		t.Errorf("%v, signed %v, %d calls of Work, %+v", err, signed, worked, server.Info())
	}
}
