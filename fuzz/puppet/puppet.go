package puppet

import (
	"crypto"
	"crypto/ecdh"
	"crypto/rand"
	"crypto/rsa"
	"errors"

	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// Client is the puppet. Hello, Take and Finished drive it; between them the test may do as it likes.
type Client struct {
	Suite      uint16   // the one cipher suite to offer: 0x1301, 0x1302 or 0x1303
	Groups     []uint16 // supported_groups
	ShareOf    []uint16 // the groups to send key shares for
	Schemes    []uint16 // signature_algorithms
	ServerName string
	ALPN       []string
	Versions   []uint16
	SessionID  []byte
	Grease     uint16 // a suite and a key share that mean nothing (RFC 8701); 0: none

	// Extra, if not nil, adds extensions to the end of the ClientHello.
	Extra func(b *wire.Builder)

	// OnMessage, if not nil, sees each handshake message of the server.
	OnMessage func(msg []byte)

	// What the server sent, once Take has seen it.
	Retry       bool
	Messages    []wire.MessageType
	Requested   bool // a CertificateRequest came
	Established bool // the server's Finished came and is right
	inbound13

	Transcript   sha2.Digest
	Out          record.Protection
	ClientSecret keyschedule.Secret // handshake traffic secret
	ServerSecret keyschedule.Secret
	ClientApp    keyschedule.Secret
	ServerApp    keyschedule.Secret

	keys     map[uint16]*ecdh.PrivateKey
	random   [32]byte
	started  bool
	schedule keyschedule.Schedule
}

// New returns a puppet that offers what a server of ours likes best.
func New() *Client {
	c := &Client{
		Suite:      0x1301,
		Groups:     []uint16{29, 23},
		ShareOf:    []uint16{29},
		Schemes:    []uint16{0x0403, 0x0807, 0x0804, 0x0401},
		ServerName: "changeme",
		Versions:   []uint16{wire.VersionTLS13},
		SessionID:  make([]byte, 32),
		keys:       map[uint16]*ecdh.PrivateKey{},
	}
	rand.Read(c.random[:])
	rand.Read(c.SessionID)
	return c
}

// Hash returns the hash of the puppet's cipher suite.
func (c *Client) Hash() sha2.Algorithm {
	if c.Suite == 0x1302 {
		return sha2.SHA384
	}
	return sha2.SHA256
}

func (c *Client) cipher() record.Cipher {
	switch c.Suite {
	case 0x1301:
		return record.AES128GCM
	case 0x1302:
		return record.AES256GCM
	}
	return record.ChaCha20Poly1305
}

// Hello returns a ClientHello and adds it to the transcript.
func (c *Client) Hello() []byte {
	b := wire.NewBuilder(make([]byte, 1<<16))
	msg := b.BeginMessage(wire.TypeClientHello)
	b.U16(wire.VersionTLS12)
	b.Bytes(c.random[:])
	m := b.Begin(1)
	b.Bytes(c.SessionID)
	b.End(m)
	if suites := []uint16{c.Grease, c.Suite}; c.Grease != 0 {
		list(&b, 2, suites)
	} else {
		list(&b, 2, suites[1:])
	}
	b.Bytes([]byte{1, 0})
	exts := b.Begin(2)
	if c.ServerName != "" {
		ext := b.BeginExtension(wire.ExtServerName)
		names := b.Begin(2)
		b.U8(0)
		name := b.Begin(2)
		b.String(c.ServerName)
		b.End(name)
		b.End(names)
		b.End(ext)
	}
	if c.Versions != nil {
		extension(&b, wire.ExtSupportedVersions, func() { list(&b, 1, c.Versions) })
	}
	if c.Groups != nil {
		extension(&b, wire.ExtSupportedGroups, func() { list(&b, 2, c.Groups) })
	}
	if c.Schemes != nil {
		extension(&b, wire.ExtSignatureAlgorithms, func() { list(&b, 2, c.Schemes) })
	}
	if c.ShareOf != nil {
		extension(&b, wire.ExtKeyShare, func() {
			shares := b.Begin(2)
			if c.Grease != 0 && !c.Retry {
				b.U16(c.Grease)
				b.Bytes([]byte{0, 1, 0})
			}
			for _, g := range c.ShareOf {
				b.U16(g)
				key := b.Begin(2)
				b.Bytes(c.key(g).PublicKey().Bytes())
				b.End(key)
			}
			b.End(shares)
		})
	}
	if c.ALPN != nil {
		extension(&b, wire.ExtALPN, func() {
			names := b.Begin(2)
			for _, p := range c.ALPN {
				name := b.Begin(1)
				b.String(p)
				b.End(name)
			}
			b.End(names)
		})
	}
	if c.Extra != nil {
		c.Extra(&b)
	}
	b.End(exts)
	b.End(msg)
	hello := append([]byte(nil), b.Written()...)
	c.Heard(hello)
	return hello
}

// Heard adds a message to the transcript.
func (c *Client) Heard(msg []byte) {
	c.start()
	c.Transcript.Write(msg)
}

// start begins the transcript; the suite, and with it the hash, may have been changed until now.
func (c *Client) start() {
	if !c.started {
		c.Transcript.Reset(c.Hash())
		c.started = true
	}
}

func extension(b *wire.Builder, t wire.ExtensionType, body func()) {
	m := b.BeginExtension(t)
	body()
	b.End(m)
}

func list(b *wire.Builder, width int, values []uint16) {
	m := b.Begin(width)
	for _, v := range values {
		b.U16(v)
	}
	b.End(m)
}

func (c *Client) key(g uint16) *ecdh.PrivateKey {
	if c.keys[g] == nil {
		curve := ecdh.X25519()
		if g == 23 {
			curve = ecdh.P256()
		}
		k, err := curve.GenerateKey(rand.Reader)
		if err != nil {
			panic(err)
		}
		c.keys[g] = k
	}
	return c.keys[g]
}

// Record returns a record of type t with the given content under the keys that are current.
func (c *Client) Record(t record.ContentType, content []byte) []byte {
	rec := make([]byte, c.Out.Room(len(content)))
	copy(rec[record.HeaderSize:], content)
	c.Out.Seal(rec, t, len(content))
	return rec
}

// Take works on what the server sent. After a HelloRetryRequest, Retry is set and ShareOf is what the server asked for.
func (c *Client) Take(p []byte) error { return c.take(p, c) }

func (c *Client) takeMessage(msg []byte) error {
	t := wire.MessageType(msg[0])
	c.Messages = append(c.Messages, t)
	if c.OnMessage != nil {
		c.OnMessage(msg)
	}
	switch t {
	case wire.TypeServerHello:
		return c.takeServerHello(msg)
	case wire.TypeCertificateRequest:
		c.Requested = true
	case wire.TypeFinished:
		var mac keyschedule.Secret
		n := keyschedule.FinishedMAC(c.Hash(), mac[:], &c.ServerSecret, &c.Transcript)
		if string(mac[:n]) != string(msg[wire.HeaderSize:]) {
			return errors.New("puppet: the server's Finished is wrong")
		}
		c.Heard(msg)
		c.schedule.Application(&c.ClientApp, &c.ServerApp, nil, &c.Transcript)
		c.Rekey(&c.In, &c.ServerApp)
		c.Established = true
		return nil
	case wire.TypeKeyUpdate:
		keyschedule.NextTraffic(c.Hash(), &c.ServerApp)
		c.Rekey(&c.In, &c.ServerApp)
		return nil
	}
	c.Heard(msg)
	return nil
}

func (c *Client) takeServerHello(msg []byte) error {
	r := wire.NewReader(msg[wire.HeaderSize:])
	r.U16()
	random := r.Bytes(32)
	r.Vec8()
	suite := r.U16()
	r.U8()
	exts := wire.Extensions(r.Vec16())
	share, found := exts.Find(wire.ExtKeyShare)
	if !r.Empty() || suite != c.Suite || !found {
		return errors.New("puppet: unexpected ServerHello")
	}
	r = wire.NewReader(share)
	group := r.U16()
	if string(random) == string(wire.HelloRetryRequestRandom[:]) {
		c.Retry = true
		c.ShareOf = []uint16{group}
		var hash keyschedule.Secret
		n := c.Transcript.Sum(hash[:])
		c.Transcript.Reset(c.Hash())
		c.Heard(append([]byte{254, 0, 0, byte(n)}, hash[:n]...))
		c.Heard(msg)
		return nil
	}
	c.Heard(msg)
	curve := c.key(group).Curve()
	peer, err := curve.NewPublicKey(r.Vec16())
	if err != nil {
		return err
	}
	shared, err := c.key(group).ECDH(peer)
	if err != nil {
		return err
	}
	c.schedule.Init(c.Hash())
	c.schedule.Handshake(&c.ClientSecret, &c.ServerSecret, shared, &c.Transcript)
	c.Rekey(&c.In, &c.ServerSecret)
	c.Rekey(&c.Out, &c.ClientSecret)
	return nil
}

// Rekey gives one direction the keys of a traffic secret.
func (c *Client) Rekey(p *record.Protection, secret *keyschedule.Secret) {
	key := make([]byte, c.cipher().KeySize())
	var iv [12]byte
	keyschedule.TrafficKey(c.Hash(), key, &iv, secret)
	p.Init(c.cipher(), key, &iv)
}

// Certificate returns a Certificate message for chain (DER, leaf first) and adds it to the transcript.
func (c *Client) Certificate(chain ...[]byte) []byte {
	own := wire.OwnCertificate{Chain: chain}
	msg := make([]byte, own.Size())
	own.Copy(msg, 0)
	c.Heard(msg)
	return msg
}

// CompressedCertificate returns the message (RFC 8879, section 4) and adds it to the transcript.
func (c *Client) CompressedCertificate(algorithm uint16, size int, compressed []byte) []byte {
	b := wire.NewBuilder(make([]byte, 1<<16))
	m := b.BeginMessage(wire.TypeCompressedCertificate)
	compressedCertificate(&b, algorithm, size, compressed)
	b.End(m)
	c.Heard(b.Written())
	return b.Written()
}

func compressedCertificate(b *wire.Builder, algorithm uint16, size int, compressed []byte) {
	b.U16(algorithm)
	b.U24(size)
	m := b.Begin(3)
	b.Bytes(compressed)
	b.End(m)
}

// CertificateVerify returns a CertificateVerify message of key under scheme (0x0403 or 0x0804) and adds it to the transcript.
func (c *Client) CertificateVerify(key crypto.Signer, scheme uint16) []byte {
	c.start()
	msg := certificateVerify("TLS 1.3, client CertificateVerify\x00", &c.Transcript, key, scheme)
	c.Heard(msg)
	return msg
}

// certificateVerify makes the message that signs transcript in the given context (RFC 8446, section 4.4.3).
func certificateVerify(context string, transcript *sha2.Digest, key crypto.Signer, scheme uint16) []byte {
	var hash [48]byte
	n := transcript.Sum(hash[:])
	content := make([]byte, 64, 160)
	for i := range content {
		content[i] = ' '
	}
	content = append(content, context...)
	content = append(content, hash[:n]...)
	digest := crypto.SHA256.New()
	digest.Write(content)
	var opts crypto.SignerOpts = crypto.SHA256
	if scheme == 0x0804 {
		opts = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}
	}
	sig, err := key.Sign(rand.Reader, digest.Sum(nil), opts)
	if err != nil {
		panic(err)
	}
	b := wire.NewBuilder(make([]byte, 1024))
	m := wire.CertificateVerify{Scheme: scheme, Signature: sig}
	m.Append(&b)
	return append([]byte(nil), b.Written()...)
}

// Finished returns the client's Finished message.
func (c *Client) Finished() []byte {
	c.start()
	var mac keyschedule.Secret
	n := keyschedule.FinishedMAC(c.Hash(), mac[:], &c.ClientSecret, &c.Transcript)
	b := wire.NewBuilder(make([]byte, 64))
	wire.AppendFinished(&b, mac[:n])
	return b.Written()
}

// Confirm switches the puppet's sending direction to the application traffic key; call it once Finished was sent.
func (c *Client) Confirm() { c.Rekey(&c.Out, &c.ClientApp) }

// UpdateKeys renews the sending key; call it once a KeyUpdate was sent.
func (c *Client) UpdateKeys() {
	keyschedule.NextTraffic(c.Hash(), &c.ClientApp)
	c.Rekey(&c.Out, &c.ClientApp)
}
