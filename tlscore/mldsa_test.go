package tlscore_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/asn1"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/primitive/mldsa"
	"colibri/tlscore/signature"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// mldsaSet is a parameter set of ML-DSA, the n-th.
type mldsaSet struct {
	scheme            signature.Scheme
	public, signature int // sizes in bytes
}

var mldsaSets = [...]mldsaSet{
	{signature.MLDSA44, mldsa.PublicKeySize44, mldsa.SignatureSize44},
	{signature.MLDSA65, mldsa.PublicKeySize65, mldsa.SignatureSize65},
	{signature.MLDSA87, mldsa.PublicKeySize87, mldsa.SignatureSize87},
}

// mldsaKey is a private key of ML-DSA.
type mldsaKey struct {
	set  mldsaSet
	seed [mldsa.SeedSize]byte
}

func newMLDSAKey(set mldsaSet, name string) *mldsaKey {
	return &mldsaKey{set, sha256.Sum256([]byte(name))}
}

// algorithm is the AlgorithmIdentifier of the keys and signatures (RFC 9881, section 2).
func (k *mldsaKey) algorithm() []byte {
	return []byte{0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 17 + byte(k.set.scheme-signature.MLDSA44)}
}

func (k *mldsaKey) spki(t testing.TB) []byte {
	pub := make([]byte, k.set.public)
	if !mldsa.PublicKey(pub, k.seed[:]) {
		t.Fatal(k.set.scheme)
	}
	return marshal(t, struct {
		Algorithm asn1.RawValue
		Key       asn1.BitString
	}{asn1.RawValue{FullBytes: k.algorithm()}, asn1.BitString{Bytes: pub, BitLength: 8 * len(pub)}})
}

// parsed is the key as package signature reads it.
func (k *mldsaKey) parsed(t testing.TB) *signature.PrivateKey {
	t.Helper()
	file := marshal(t, struct {
		Version   int
		Algorithm asn1.RawValue
		Key       []byte
	}{0, asn1.RawValue{FullBytes: k.algorithm()}, append([]byte{0x80, mldsa.SeedSize}, k.seed[:]...)})
	key := &signature.PrivateKey{MLDSA: mldsa.Scheme{}}
	if err := key.Parse(file); err != nil {
		t.Fatal(err)
	}
	return key
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	b, err := asn1.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// certify returns the certificate der with the key of subject, if that is not nil, in the place of its own, signed anew by k:
// crypto/x509 knows no ML-DSA.
func (k *mldsaKey) certify(t testing.TB, der []byte, subject *mldsaKey) []byte {
	t.Helper()
	const signatureField, keyField = 2, 6
	var cert struct {
		TBS, Algorithm asn1.RawValue
		Signature      asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &cert); err != nil {
		t.Fatal(err)
	}
	var fields []asn1.RawValue
	for rest := cert.TBS.Bytes; len(rest) > 0; {
		var field asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &field); err != nil {
			t.Fatal(err)
		}
		fields = append(fields, field)
	}
	fields[signatureField] = asn1.RawValue{FullBytes: k.algorithm()}
	if subject != nil {
		fields[keyField] = asn1.RawValue{FullBytes: subject.spki(t)}
	}
	cert.TBS = asn1.RawValue{FullBytes: marshal(t, fields)}
	cert.Algorithm = fields[signatureField]
	sig := make([]byte, k.set.signature)
	if !mldsa.Sign(sig, k.seed[:], cert.TBS.FullBytes, nil, nil) {
		t.Fatal(k.set.scheme)
	}
	cert.Signature = asn1.BitString{Bytes: sig, BitLength: 8 * len(sig)}
	return marshal(t, cert)
}

// mldsaPKI is p with all keys of one parameter set.
type mldsaPKI struct {
	*pki
	root, server, client *mldsaKey
	anchor               []byte
}

func newMLDSAPKI(t testing.TB, set mldsaSet) *mldsaPKI {
	t.Helper()
	p := &mldsaPKI{newPKI(t, ca.ECDSA), newMLDSAKey(set, "root"), newMLDSAKey(set, "server"), newMLDSAKey(set, "client"), nil}
	p.anchor = p.root.certify(t, p.pki.root.Cert.Raw, p.root)
	return p
}

// identity is an identity of pki's with another key.
func (p *mldsaPKI) identity(t testing.TB, id *ca.Identity, key *mldsaKey) tlscore.Identity {
	t.Helper()
	return tlscore.Identity{Chain: [][]byte{p.root.certify(t, id.Chain[0], key)}, Key: key.parsed(t)}
}

// configs are a client and a server that show certificates of ML-DSA and want to see such.
func (p *mldsaPKI) configs(t testing.TB) (client, server *tlscore.Config) {
	t.Helper()
	client, server = p.clientConfig(t), p.config(t)
	client.Identities = []tlscore.Identity{p.identity(t, p.pki.client, p.client)}
	server.Identities = []tlscore.Identity{p.identity(t, p.pki.server, p.server)}
	server.ClientAuth = tlscore.RequireClientCert
	for _, cfg := range []*tlscore.Config{client, server} {
		cfg.MLDSA = mldsa.Scheme{}
		cfg.Anchors = new(x509lite.Anchors)
		if err := cfg.Anchors.Add(p.anchor); err != nil {
			t.Fatal(err)
		}
	}
	return client, server
}

var (
	// mldsaPool takes what there is; mldsaTight sends what is longer than its buffers.
	mldsaPool  = tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 2048, LargeBuffers: 1, MLDSA: true}
	mldsaTight = tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: tlscore.MinBuffer, MLDSA: true}
)

// TestMLDSA: both ends prove who they are by ML-DSA, their certificates are signed by it, in one go and step by step, however the
// bytes are chopped; where nothing long comes back, in the smallest buffers.
func TestMLDSA(t *testing.T) {
	for _, set := range mldsaSets {
		p := newMLDSAPKI(t, set)
		for _, mutual := range []bool{false, true} {
			for _, stepwise := range []bool{false, true} {
				for _, chop := range []int{1, 1000, 1 << 20} {
					client, server := p.configs(t)
					client.Stepwise, server.Stepwise = stepwise, stepwise
					pools := [2]tlscore.PoolConfig{mldsaPool, mldsaPool}
					if !mutual {
						server.ClientAuth = tlscore.NoClientCert
						pools[1] = mldsaTight
					}
					pair := newPair(t, client, server, pools)
					for pair.move(0, chop) || pair.move(1, chop) || pair.client.Working() || pair.server.Working() {
						pair.client.Work()
						pair.server.Work()
					}
					pair.establish(chop)
					if got := pair.client.Info().PeerScheme; got != set.scheme {
						t.Errorf("%v: the server signed under %v", set.scheme, got)
					}
					if got := pair.server.Info().PeerScheme; mutual && got != set.scheme || !mutual && got != 0 {
						t.Errorf("%v: the client signed under %v", set.scheme, got)
					}
					pair.transfer(0, []byte("data"))
					pair.transfer(1, []byte("data"))
				}
			}
		}
	}
}

// TestMLDSAMixed: a chain may change between ML-DSA and other keys, and two parties use different ones.
func TestMLDSAMixed(t *testing.T) {
	p := newMLDSAPKI(t, mldsaSets[0])
	other := newMLDSAKey(mldsaSets[2], "other")
	client, server := p.configs(t)
	// A key on a curve, certified by ML-DSA, also for clients that do not know that.
	server.Identities = []tlscore.Identity{identity(t, p.pki.server)}
	server.Identities[0].Chain = [][]byte{p.root.certify(t, p.pki.server.Chain[0], nil)}
	client.Identities = []tlscore.Identity{p.identity(t, p.pki.client, other)}
	pair := newPair(t, client, server, [2]tlscore.PoolConfig{mldsaPool, mldsaPool})
	pair.establish(1 << 20)
	if c, s := pair.client.Info().PeerScheme, pair.server.Info().PeerScheme; c != signature.ECDSAWithP256AndSHA256 || s != signature.MLDSA87 {
		t.Errorf("signed under %v and %v", c, s)
	}
	client.MLDSA, client.Identities = nil, nil
	pair = newPair(t, client, server, [2]tlscore.PoolConfig{mldsaPool, mldsaPool})
	if pair.run(1 << 20); pair.client.Err() != x509lite.ErrUnsupportedAlgorithm || pair.server.Err() != tlscore.PeerAlert(tlscore.AlertUnsupportedCertificate) {
		t.Errorf("a client without ML-DSA: %v, %v", pair.client.Err(), pair.server.Err())
	}
}

// TestMLDSARawKeys: raw public keys of ML-DSA.
func TestMLDSARawKeys(t *testing.T) {
	for _, set := range mldsaSets {
		p := newMLDSAPKI(t, set)
		client, server := p.configs(t)
		for _, side := range []struct {
			own, peer *tlscore.Config
			key       *mldsaKey
		}{{server, client, p.server}, {client, server, p.client}} {
			side.own.Identities = []tlscore.Identity{{Chain: [][]byte{side.key.spki(t)}, Key: side.key.parsed(t), Raw: true}}
			side.peer.RawPublicKeys = tlscore.PinKeys(&x509lite.Pins{Keys: [][]byte{side.key.spki(t)}})
			side.peer.Anchors = nil
		}
		pair := newPair(t, client, server, [2]tlscore.PoolConfig{mldsaPool, mldsaPool})
		pair.establish(1 << 20)
		if c, s := pair.client.Info().PeerScheme, pair.server.Info().PeerScheme; c != set.scheme || s != set.scheme {
			t.Errorf("signed under %v and %v", c, s)
		}
	}
}

// TestMLDSAIsChosen: peers that know ML-DSA are shown the certificate that is signed by it, others another, and those for whom there
// is no other are refused.
func TestMLDSAIsChosen(t *testing.T) {
	p := newMLDSAPKI(t, mldsaSets[1])
	for _, test := range []struct {
		name        string
		knows, both bool
		want        signature.Scheme
		err         error
	}{
		{"known", true, true, signature.MLDSA65, nil},
		{"not known", false, true, signature.ECDSAWithP256AndSHA256, nil},
		{"not known, and no other", false, false, 0, tlscore.ErrNoScheme},
	} {
		client, server := p.configs(t)
		server.ClientAuth = tlscore.NoClientCert
		if !test.knows {
			client = p.clientConfig(t)
		}
		if test.both {
			server.Identities = append(server.Identities, identity(t, p.pki.server))
		}
		pair := newPair(t, client, server, [2]tlscore.PoolConfig{mldsaPool, mldsaTight})
		if pair.run(1 << 20); pair.server.Err() != test.err {
			t.Errorf("%s: %v, want %v", test.name, pair.server.Err(), test.err)
		}
		if got := pair.client.Info().PeerScheme; got != test.want {
			t.Errorf("%s: signed under %v, want %v", test.name, got, test.want)
		}
	}
}

// TestMLDSAIsNamed: a key of ML-DSA in a Config that does not name ML-DSA is a mistake.
func TestMLDSAIsNamed(t *testing.T) {
	for _, set := range mldsaSets {
		client, server := newMLDSAPKI(t, set).configs(t)
		client.MLDSA, server.MLDSA = nil, nil
		var c tlscore.Conn
		if err := c.Client(client, newPool(t), "changeme"); err != tlscore.ErrNoMLDSA {
			t.Errorf("%v, client: %v", set.scheme, err)
		}
		if err := c.Server(server, newPool(t)); err != tlscore.ErrNoMLDSA {
			t.Errorf("%v, server: %v", set.scheme, err)
		}
	}
}

// TestMLDSAWithoutRoom: memory that has no room for ML-DSA, or too short buffers for its certificates, is told apart from faults of the
// peer.
func TestMLDSAWithoutRoom(t *testing.T) {
	p := newMLDSAPKI(t, mldsaSets[0])
	client, server := p.configs(t)
	pool := newPool(t)
	var c tlscore.Conn
	if err := c.Client(client, pool, "changeme"); err != tlscore.ErrNoMLDSARoom {
		t.Errorf("client: %v", err)
	}
	if err := c.Server(server, pool); err != tlscore.ErrNoMLDSARoom {
		t.Errorf("server: %v", err)
	}
	if free := pool.Free(); free.Handshakes != 1 {
		t.Errorf("%+v", free)
	}
	short := newPair(t, client, server, [2]tlscore.PoolConfig{mldsaTight, mldsaPool})
	if short.run(1 << 20); short.client.Err() != tlscore.ErrMessageTooLong {
		t.Errorf("a certificate in buffers of %d bytes: %v", tlscore.MinBuffer, short.client.Err())
	}
	// With cookies the handshake may be missing when the connection begins; then the server does without.
	server.Cookies = tlscore.NewCookies(newKeys(t))
	taken := pool.BorrowHandshake()
	late := &pair{t: t}
	if err := late.server.Server(server, pool); err != nil {
		t.Fatal(err)
	}
	memory, err := tlscore.NewPool(mldsaPool)
	if err != nil {
		t.Fatal(err)
	}
	if err := late.client.Client(client, memory, "changeme"); err != nil {
		t.Fatal(err)
	}
	pool.GiveBackHandshake(taken)
	if late.run(1 << 20); late.server.Err() != tlscore.ErrNoScheme {
		t.Errorf("server with cookies: %v", late.server.Err())
	}
}

// liar is a key that signs with another, and changes the signature.
type liar struct {
	*signature.PrivateKey
	scheme signature.Scheme // under which it signs
	change func(sig []byte) []byte
}

func (l liar) Sign(_ signature.Scheme, sig, message, entropy []byte) (int, error) {
	n, err := l.PrivateKey.Sign(l.scheme, sig, message, entropy)
	if err != nil {
		return 0, err
	}
	return copy(sig[:cap(sig)], l.change(bytes.Clone(sig[:n]))), nil
}

// TestMLDSAForged: signatures by another key, of another length, of another parameter set, or with any part changed, are refused, of
// clients and of servers.
func TestMLDSAForged(t *testing.T) {
	for i, set := range mldsaSets {
		p := newMLDSAPKI(t, set)
		foreign := newMLDSAKey(set, "foreign").parsed(t)
		asIs := func(sig []byte) []byte { return sig }
		for _, test := range []struct {
			name string
			liar func(own *signature.PrivateKey) liar
		}{
			{"another key", func(*signature.PrivateKey) liar { return liar{foreign, set.scheme, asIs} }},
			{"a bit of c changed", func(own *signature.PrivateKey) liar {
				return liar{own, set.scheme, func(sig []byte) []byte { sig[0] ^= 1; return sig }}
			}},
			{"a bit of z changed", func(own *signature.PrivateKey) liar {
				return liar{own, set.scheme, func(sig []byte) []byte { sig[100] ^= 1; return sig }}
			}},
			{"a bit of the hint changed", func(own *signature.PrivateKey) liar {
				return liar{own, set.scheme, func(sig []byte) []byte { sig[len(sig)-1] ^= 1; return sig }}
			}},
			{"truncated", func(own *signature.PrivateKey) liar {
				return liar{own, set.scheme, func(sig []byte) []byte { return sig[:len(sig)-1] }}
			}},
			{"one byte", func(own *signature.PrivateKey) liar {
				return liar{own, set.scheme, func(sig []byte) []byte { return sig[:1] }}
			}},
			{"too long", func(own *signature.PrivateKey) liar {
				return liar{own, set.scheme, func(sig []byte) []byte { return append(sig, 0) }}
			}},
			{"of another parameter set", func(*signature.PrivateKey) liar {
				other := mldsaSets[(i+1)%len(mldsaSets)]
				return liar{newMLDSAKey(other, "server").parsed(t), other.scheme, asIs}
			}},
		} {
			if test.name == "too long" && set.signature == signature.MLDSASize {
				continue // Our side has no room to make one.
			}
			for _, ofClient := range []bool{false, true} {
				client, server := p.configs(t)
				id := &server.Identities[0]
				if ofClient {
					id = &client.Identities[0]
				}
				own := id.Key.(*signature.PrivateKey)
				l := test.liar(own)
				id.Key = says{l, set.scheme}
				pair := newPair(t, client, server, [2]tlscore.PoolConfig{mldsaPool, mldsaPool})
				pair.run(1 << 20)
				judge := &pair.client
				if ofClient {
					judge = &pair.server
				}
				if judge.Err() != tlscore.ErrBadSignature {
					t.Errorf("%v, %s, of the client %v: %v", set.scheme, test.name, ofClient, judge.Err())
				}
			}
		}
	}
}

// says is a key that says which scheme it supports.
type says struct {
	liar
	scheme signature.Scheme
}

func (s says) Supports(scheme signature.Scheme) bool { return scheme == s.scheme }

// TestMLDSASignedElsewhere: a signature that comes by Signed may be as long as one by ML-DSA-87, and no longer.
func TestMLDSASignedElsewhere(t *testing.T) {
	p := newMLDSAPKI(t, mldsaSets[2])
	for _, extra := range []int{0, 1} {
		client, server := p.configs(t)
		server.ClientAuth = tlscore.NoClientCert
		key := server.Identities[0].Key
		server.Identities[0].Key = elsewhere{key}
		pair := newPair(t, client, server, [2]tlscore.PoolConfig{mldsaPool, mldsaTight})
		pair.run(1 << 20)
		s, message, ok := pair.server.PendingSignature()
		if !ok || s != signature.MLDSA87 {
			t.Fatal(s, ok, pair.server.Err())
		}
		sig := make([]byte, signature.MLDSASize+extra)
		if _, err := key.Sign(s, sig, message, nil); err != nil {
			t.Fatal(err)
		}
		if pair.server.Signed(sig); extra > 0 {
			if pair.server.Err() != tlscore.ErrSigning {
				t.Errorf("a signature of %d bytes: %v", len(sig), pair.server.Err())
			}
			continue
		}
		pair.establish(1 << 20)
	}
}

// TestMLDSAIsForTLS13: who speaks TLS 1.2 alone does not offer ML-DSA, and a server of TLS 1.2 does not sign with it for a client
// that does.
func TestMLDSAIsForTLS13(t *testing.T) {
	p := newMLDSAPKI(t, mldsaSets[0])
	for _, max := range []uint16{0, tls.VersionTLS12} {
		client, server := p.configs(t)
		client.TLS12, client.MaxVersion = tlscore.TLS12Client(), max
		server.TLS12, server.MaxVersion = tlscore.TLS12Server(), tls.VersionTLS12
		pair := newPair(t, client, server, [2]tlscore.PoolConfig{mldsaPool, mldsaPool})
		var hello wire.ClientHello
		sent := bytes.Clone(pair.client.SendWindow())
		if err := hello.Parse(sent[5+wire.HeaderSize:]); err != nil {
			t.Fatal(err)
		}
		if offered := hello.SignatureAlgorithms.Contains(uint16(signature.MLDSA44)); offered != (max == 0) {
			t.Errorf("newest version %#x: ML-DSA offered %v", max, offered)
		}
		if pair.run(1 << 20); pair.server.Err() != tlscore.ErrNoScheme {
			t.Errorf("newest version %#x: %v", max, pair.server.Err())
		}
	}
}

// TestMLDSAPlanned: the pool that is planned for ML-DSA makes a handshake, the smallest of them too.
func TestMLDSAPlanned(t *testing.T) {
	p := newMLDSAPKI(t, mldsaSets[0])
	client, server := p.configs(t)
	planned := 0
	for total := 0; total < 64<<10; total += 1 << 10 {
		pc, err := server.Plan(1, total)
		if err != nil {
			if planned > 0 {
				t.Fatalf("%d bytes: %v, but fewer were enough", total, err)
			}
			continue
		}
		if f := pc.Footprint(1); !pc.MLDSA || pc.LargeBuffers < 1 || f.Total > total || f.Handshake < signature.MLDSASize {
			t.Fatalf("%d bytes: %+v takes %+v", total, pc, f)
		}
		if planned++; planned == 1 || total == 63<<10 {
			newPair(t, client, server, [2]tlscore.PoolConfig{mldsaPool, pc}).establish(1 << 20)
		}
	}
	if planned == 0 {
		t.Error("nothing is planned")
	}
	without := mldsaPool
	without.MLDSA = false
	if more := mldsaPool.Size() - without.Size(); more != signature.MLDSASize {
		t.Errorf("ML-DSA takes %d bytes of a pool", more)
	}
}
