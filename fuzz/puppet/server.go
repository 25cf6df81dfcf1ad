package puppet

import (
	"crypto"
	"crypto/ecdh"
	"crypto/rand"

	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// Server is a TLS 1.3 server in the hands of a test, the counterpart of Client: it makes each message of a server's
// handshake and leaves it to the test which of them are sent, and what is changed in them before. It works under
// TLS_AES_128_GCM_SHA256, with the first key share of the client.
type Server struct {
	PSK []byte // if not nil, the key of the first identity of the client's pre_shared_key, which ServerHello accepts

	// What the client sent, once Take has seen it.
	Hello    wire.ClientHello
	Messages [][]byte // handshake messages, ClientHellos included
	inbound13

	Transcript   sha2.Digest
	Out          record.Protection
	ClientSecret keyschedule.Secret // handshake traffic secret
	ServerSecret keyschedule.Secret
	ClientApp    keyschedule.Secret
	ServerApp    keyschedule.Secret

	schedule keyschedule.Schedule
}

// NewServer returns a server that has heard nothing yet.
func NewServer() *Server {
	s := new(Server)
	s.Transcript.Reset(sha2.SHA256)
	return s
}

// Take works on what the client sent.
func (s *Server) Take(p []byte) error { return s.take(p, s) }

func (s *Server) takeMessage(msg []byte) error {
	s.Messages = append(s.Messages, msg)
	s.Transcript.Write(msg)
	switch wire.MessageType(msg[0]) {
	case wire.TypeClientHello:
		return s.Hello.Parse(msg[wire.HeaderSize:])
	case wire.TypeFinished:
		s.rekey(&s.In, &s.ClientApp)
	}
	return nil
}

// message makes a handshake message and adds it to the transcript.
func (s *Server) message(t wire.MessageType, body func(b *wire.Builder)) []byte {
	b := wire.NewBuilder(make([]byte, 1<<16))
	m := b.BeginMessage(t)
	body(&b)
	b.End(m)
	s.Transcript.Write(b.Written())
	return b.Written()
}

// ServerHello returns a record with a ServerHello; what follows it is protected.
func (s *Server) ServerHello() []byte {
	group, share, rest := wire.NextKeyShare(s.Hello.KeyShare)
	if len(share) == 1 { // GREASE
		group, share, _ = wire.NextKeyShare(rest)
	}
	curve := ecdh.X25519()
	if group == 23 {
		curve = ecdh.P256()
	}
	key, err := curve.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	peer, err := curve.NewPublicKey(share)
	if err != nil {
		panic(err)
	}
	shared, err := key.ECDH(peer)
	if err != nil {
		panic(err)
	}
	random := make([]byte, 32)
	rand.Read(random)
	b := wire.NewBuilder(make([]byte, 1024))
	hello := wire.ServerHello{
		Random:      random,
		SessionID:   s.Hello.SessionID,
		CipherSuite: 0x1301,
		Group:       group,
		ShareSize:   len(key.PublicKey().Bytes()),
		HasPSK:      s.PSK != nil,
	}
	copy(hello.Append(&b), key.PublicKey().Bytes())
	s.Transcript.Write(b.Written())
	rec := s.Record(record.Handshake, b.Written())
	if s.PSK != nil {
		s.schedule.InitPSK(sha2.SHA256, s.PSK)
	} else {
		s.schedule.Init(sha2.SHA256)
	}
	s.schedule.Handshake(&s.ClientSecret, &s.ServerSecret, shared, &s.Transcript)
	s.rekey(&s.In, &s.ClientSecret)
	s.rekey(&s.Out, &s.ServerSecret)
	return rec
}

// EncryptedExtensions returns the message; extensions, if not nil, fills its block.
func (s *Server) EncryptedExtensions(extensions func(b *wire.Builder)) []byte {
	return s.message(wire.TypeEncryptedExtensions, func(b *wire.Builder) { block(b, extensions) })
}

// CertificateRequest returns the message; extensions, if not nil, fills its block behind signature_algorithms.
func (s *Server) CertificateRequest(extensions func(b *wire.Builder)) []byte {
	return s.message(wire.TypeCertificateRequest, func(b *wire.Builder) {
		b.U8(0)
		block(b, func(b *wire.Builder) {
			extension(b, wire.ExtSignatureAlgorithms, func() { list(b, 2, []uint16{0x0403, 0x0804}) })
			if extensions != nil {
				extensions(b)
			}
		})
	})
}

// Certificate returns the message for chain (DER, leaf first); extensions, if not nil, fills the leaf's block.
func (s *Server) Certificate(extensions func(b *wire.Builder), chain ...[]byte) []byte {
	return s.message(wire.TypeCertificate, func(b *wire.Builder) {
		b.U8(0)
		entries := b.Begin(3)
		for i, der := range chain {
			cert := b.Begin(3)
			b.Bytes(der)
			b.End(cert)
			if i > 0 {
				extensions = nil
			}
			block(b, extensions)
		}
		b.End(entries)
	})
}

// CompressedCertificate returns the message (RFC 8879, section 4).
func (s *Server) CompressedCertificate(algorithm uint16, size int, compressed []byte) []byte {
	return s.message(wire.TypeCompressedCertificate, func(b *wire.Builder) { compressedCertificate(b, algorithm, size, compressed) })
}

func block(b *wire.Builder, extensions func(b *wire.Builder)) {
	m := b.Begin(2)
	if extensions != nil {
		extensions(b)
	}
	b.End(m)
}

// CertificateVerify returns the message, signed by key under scheme (0x0403 or 0x0804).
func (s *Server) CertificateVerify(key crypto.Signer, scheme uint16) []byte {
	msg := certificateVerify("TLS 1.3, server CertificateVerify\x00", &s.Transcript, key, scheme)
	s.Transcript.Write(msg)
	return msg
}

// Finished returns the server's Finished message. Call Confirm once it was sent.
func (s *Server) Finished() []byte {
	var mac keyschedule.Secret
	n := keyschedule.FinishedMAC(sha2.SHA256, mac[:], &s.ServerSecret, &s.Transcript)
	msg := s.message(wire.TypeFinished, func(b *wire.Builder) { b.Bytes(mac[:n]) })
	s.schedule.Application(&s.ClientApp, &s.ServerApp, nil, &s.Transcript)
	return msg
}

// Confirm switches the sending direction to the application traffic key; call it once Finished was sent.
func (s *Server) Confirm() { s.rekey(&s.Out, &s.ServerApp) }

// Record returns a record of type t with the given content under the keys that are current.
func (s *Server) Record(t record.ContentType, content []byte) []byte {
	rec := make([]byte, s.Out.Room(len(content)))
	copy(rec[record.HeaderSize:], content)
	s.Out.Seal(rec, t, len(content))
	return rec
}

func (s *Server) rekey(p *record.Protection, secret *keyschedule.Secret) {
	var key [16]byte
	var iv [12]byte
	keyschedule.TrafficKey(sha2.SHA256, key[:], &iv, secret)
	p.Init(record.AES128GCM, key[:], &iv)
}
