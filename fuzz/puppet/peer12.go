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

// Peer12 is a client or a server of TLS 1.2 in the hands of a test, for the suite
// TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 unless Suite is another of AES-128-GCM with SHA-256. It makes each message, knows the keys,
// and leaves it to the test which messages are sent, in what order, and what is changed in them before.
type Peer12 struct {
	IsClient bool
	Suite    uint16
	Suites   []uint16 // a client offers; nil: Suite alone
	Version  uint16   // in our hello
	Versions []uint16 // supported_versions of a client; nil: none
	Groups   []uint16 // a client offers; nil: no extension
	Group    uint16   // of the key exchange
	Schemes  []uint16
	Methods  []byte // compression
	Session  []byte // session ID in our hello
	Name     string // server_name of a client
	Random   [32]byte

	NoMaster bool   // leave extended_master_secret out
	Info     []byte // body of renegotiation_info; nil: none
	Formats  []byte // body of ec_point_formats; nil: none
	Ticket   []byte // body of session_ticket; nil: none

	// Extra, if not nil, adds extensions to the end of our hello.
	Extra func(b *wire.Builder)

	// What the peer sent, once Take has seen it.
	PeerHello  []byte // the message
	PeerRandom [32]byte
	PeerPoint  []byte
	PeerTicket []byte // of a NewSessionTicket
	Lifetime   uint32 // of that, in seconds
	Messages   []wire.MessageType
	Changed    bool // change_cipher_spec came
	Finishes   bool // the peer's Finished came and is right
	Inbound

	All    []byte // all handshake messages so far
	Master keyschedule.Secret
	Out    record.Protection

	key *ecdh.PrivateKey
}

// New12 returns a peer that says what one of ours likes to hear.
func New12(client bool) *Peer12 {
	p := &Peer12{
		IsClient: client,
		Suite:    0xc02b,
		Version:  wire.VersionTLS12,
		Groups:   []uint16{29, 23},
		Group:    29,
		Schemes:  []uint16{0x0403, 0x0503, 0x0804, 0x0401},
		Methods:  []byte{0},
		Info:     []byte{0},
	}
	if client {
		p.Formats = []byte{1, 0}
		p.Name = "changeme"
	}
	rand.Read(p.Random[:])
	return p
}

// Message makes a handshake message and adds it to those that Finished covers.
func (p *Peer12) Message(t wire.MessageType, body func(b *wire.Builder)) []byte {
	b := wire.NewBuilder(make([]byte, 1<<16))
	m := b.BeginMessage(t)
	if body != nil {
		body(&b)
	}
	b.End(m)
	p.All = append(p.All, b.Written()...)
	return b.Written()
}

// Hello returns our ClientHello or ServerHello.
func (p *Peer12) Hello() []byte {
	t := wire.TypeServerHello
	if p.IsClient {
		t = wire.TypeClientHello
	}
	return p.Message(t, func(b *wire.Builder) {
		b.U16(p.Version)
		b.Bytes(p.Random[:])
		m := b.Begin(1)
		b.Bytes(p.Session)
		b.End(m)
		if p.IsClient {
			if p.Suites == nil {
				p.Suites = []uint16{p.Suite}
			}
			list(b, 2, p.Suites)
			m = b.Begin(1)
			b.Bytes(p.Methods)
			b.End(m)
		} else {
			b.U16(p.Suite)
			b.Bytes(p.Methods)
		}
		block(b, p.extensions)
	})
}

func (p *Peer12) extensions(b *wire.Builder) {
	if !p.NoMaster {
		extension(b, wire.ExtExtendedMasterSecret, func() {})
	}
	for _, e := range []struct {
		t    wire.ExtensionType
		body []byte
	}{{wire.ExtRenegotiationInfo, p.Info}, {wire.ExtECPointFormats, p.Formats}, {wire.ExtSessionTicket, p.Ticket}} {
		if e.body != nil {
			extension(b, e.t, func() { b.Bytes(e.body) })
		}
	}
	if p.IsClient {
		if p.Name != "" {
			extension(b, wire.ExtServerName, func() {
				names := b.Begin(2)
				b.U8(0)
				name := b.Begin(2)
				b.String(p.Name)
				b.End(name)
				b.End(names)
			})
		}
		if p.Groups != nil {
			extension(b, wire.ExtSupportedGroups, func() { list(b, 2, p.Groups) })
		}
		if p.Schemes != nil {
			extension(b, wire.ExtSignatureAlgorithms, func() { list(b, 2, p.Schemes) })
		}
		if p.Versions != nil {
			extension(b, wire.ExtSupportedVersions, func() { list(b, 1, p.Versions) })
		}
	}
	if p.Extra != nil {
		p.Extra(b)
	}
}

// Point returns our public key for Group.
func (p *Peer12) Point() []byte {
	if p.key == nil {
		curve := ecdh.X25519()
		if p.Group == 23 {
			curve = ecdh.P256()
		}
		key, err := curve.GenerateKey(rand.Reader)
		if err != nil {
			panic(err)
		}
		p.key = key
	}
	return p.key.PublicKey().Bytes()
}

// Certificate returns a Certificate message for chain (DER, leaf first).
func (p *Peer12) Certificate(chain ...[]byte) []byte {
	msg := make([]byte, wire.CertificateSize12(chain))
	wire.CopyCertificate12(msg, chain, 0)
	p.All = append(p.All, msg...)
	return msg
}

// ServerKeyExchange returns a server's message with our point, signed by key under scheme. change, if not nil, changes what is sent, but not
// what is signed.
func (p *Peer12) ServerKeyExchange(key crypto.Signer, scheme uint16, change func(k *wire.ServerKeyExchange)) []byte {
	b := wire.NewBuilder(make([]byte, 256))
	point := p.Point()
	copy(wire.AppendParams(&b, p.Group, len(point)), point)
	k := wire.ServerKeyExchange{Params: b.Written(), Scheme: scheme}
	signed := append(append(append([]byte(nil), p.PeerRandom[:]...), p.Random[:]...), k.Params...)
	k.Signature = sign12(key, scheme, signed)
	if change != nil {
		change(&k)
	}
	b = wire.NewBuilder(make([]byte, 1024))
	k.Append(&b)
	p.All = append(p.All, b.Written()...)
	return b.Written()
}

// CertificateVerify returns a client's message, signed by key under scheme.
func (p *Peer12) CertificateVerify(key crypto.Signer, scheme uint16) []byte {
	v := wire.CertificateVerify{Scheme: scheme, Signature: sign12(key, scheme, p.All)}
	b := wire.NewBuilder(make([]byte, 1024))
	v.Append(&b)
	p.All = append(p.All, b.Written()...)
	return b.Written()
}

// sign12 signs content under a scheme of ECDSA, RSA-PSS or RSASSA-PKCS1-v1_5 with SHA-256, SHA-384 or SHA-512.
func sign12(key crypto.Signer, scheme uint16, content []byte) []byte {
	hash := map[uint16]crypto.Hash{
		0x0403: crypto.SHA256, 0x0401: crypto.SHA256, 0x0804: crypto.SHA256,
		0x0503: crypto.SHA384, 0x0501: crypto.SHA384, 0x0805: crypto.SHA384,
		0x0603: crypto.SHA512, 0x0601: crypto.SHA512, 0x0806: crypto.SHA512,
	}[scheme]
	if hash == 0 {
		hash = crypto.SHA256
	}
	digest := hash.New()
	digest.Write(content)
	var opts crypto.SignerOpts = hash
	if scheme>>8 == 0x08 {
		opts = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: hash}
	}
	sig, err := key.Sign(rand.Reader, digest.Sum(nil), opts)
	if err != nil {
		panic(err)
	}
	return sig
}

// ClientKeyExchange returns a client's message, and computes the master secret.
func (p *Peer12) ClientKeyExchange() []byte {
	b := wire.NewBuilder(make([]byte, 256))
	wire.AppendClientKeyExchange(&b, p.Point())
	p.All = append(p.All, b.Written()...)
	p.extract()
	return b.Written()
}

// extract computes the master secret from all messages so far.
func (p *Peer12) extract() error {
	p.Point()
	peer, err := p.key.Curve().NewPublicKey(p.PeerPoint)
	if err != nil {
		return err
	}
	shared, err := p.key.ECDH(peer)
	if err != nil {
		return err
	}
	transcript := p.transcript()
	keyschedule.Master12(sha2.SHA256, &p.Master, shared, &transcript)
	return nil
}

func (p *Peer12) transcript() (d sha2.Digest) {
	d.Reset(sha2.SHA256)
	d.Write(p.All)
	return d
}

// ChangeCipherSpec returns the record; what we send after it is under the new keys.
func (p *Peer12) ChangeCipherSpec() []byte {
	rec := p.Record(record.ChangeCipherSpec, []byte{1})
	p.Rekey(&p.Out, p.IsClient)
	return rec
}

// Rekey gives one direction its keys.
func (p *Peer12) Rekey(q *record.Protection, writtenByClient bool) {
	var block [2*16 + 2*4]byte
	client, server := &p.Random, &p.PeerRandom
	if !p.IsClient {
		client, server = server, client
	}
	keyschedule.KeyBlock12(sha2.SHA256, block[:], &p.Master, client, server)
	if writtenByClient {
		q.Init12(record.AES128GCM, block[:16], block[32:36])
	} else {
		q.Init12(record.AES128GCM, block[16:32], block[36:40])
	}
}

// Finished returns our Finished message.
func (p *Peer12) Finished() []byte {
	var data [keyschedule.Finished12Size]byte
	transcript := p.transcript()
	keyschedule.Finished12(sha2.SHA256, &data, &p.Master, p.IsClient, &transcript)
	return p.Message(wire.TypeFinished, func(b *wire.Builder) { b.Bytes(data[:]) })
}

// Record returns a record of type t with the given content under the keys that are current.
func (p *Peer12) Record(t record.ContentType, content []byte) []byte {
	rec := make([]byte, p.Out.Room(len(content)))
	copy(rec[p.Out.Head():], content)
	p.Out.Seal(rec, t, len(content))
	return rec
}

// Take works on what the peer sent.
func (p *Peer12) Take(b []byte) error { return p.take(b, p) }

func (p *Peer12) sealed(record.ContentType) bool { return p.In.Cipher() != record.None }

func (p *Peer12) changeCipherSpec() {
	p.Changed = true
	p.Rekey(&p.In, !p.IsClient)
}

func (p *Peer12) takeMessage(msg []byte) error {
	t, body := wire.MessageType(msg[0]), msg[wire.HeaderSize:]
	p.Messages = append(p.Messages, t)
	switch t {
	case wire.TypeClientHello, wire.TypeServerHello:
		p.PeerHello = msg
		copy(p.PeerRandom[:], body[2:])
	case wire.TypeServerKeyExchange:
		var k wire.ServerKeyExchange
		if err := k.Parse(body); err != nil {
			return err
		}
		p.Group, p.PeerPoint = k.Group, k.Point
	case wire.TypeClientKeyExchange:
		var err error
		if p.PeerPoint, err = wire.ParseClientKeyExchange(body); err != nil {
			return err
		}
		p.All = append(p.All, msg...)
		return p.extract()
	case wire.TypeNewSessionTicket:
		var ticket wire.NewSessionTicket12
		if err := ticket.Parse(body); err != nil {
			return err
		}
		p.PeerTicket, p.Lifetime = ticket.Ticket, ticket.Lifetime
	case wire.TypeFinished:
		var data [keyschedule.Finished12Size]byte
		transcript := p.transcript()
		keyschedule.Finished12(sha2.SHA256, &data, &p.Master, !p.IsClient, &transcript)
		if string(data[:]) != string(body) {
			return errors.New("puppet: the peer's Finished is wrong")
		}
		p.Finishes = true
	}
	p.All = append(p.All, msg...)
	return nil
}
