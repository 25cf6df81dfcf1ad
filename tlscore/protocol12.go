package tlscore

import (
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// TLS 1.2 (RFC 5246), what both roles need. Only what is sound is here: ECDHE with an AEAD (RFC 5288, RFC 7905), the extended master
// secret always (RFC 7627), no renegotiation, no compression, no SHA-1.

// Protocol12 is TLS 1.2 for one role, as Config.TLS12 names it. A program that names none links nothing of it.
type Protocol12 struct {
	suites *[len(suites12)]suite12 // an array: a slice of it would be made at the program's start, and so link it always
	role   role

	// Where the first hello, read as one of TLS 1.3, turns out to be of TLS 1.2: the server goes on from a ClientHello, the client from
	// a ServerHello.
	answer func(c *Conn, msg []byte) (state, error)
	accept func(c *Conn, msg []byte) (state, error)

	// offer writes to room the extensions of TLS 1.2 for a ClientHello and returns how many bytes they are, or -1 if they do not fit.
	offer func(c *Conn, room []byte) int
}

// suite12 is a cipher suite of TLS 1.2. The signature with which the server proves who it is belongs to the suite.
type suite12 struct {
	suite
	rsa bool
}

// suite returns the suite called id if cfg allows it, else nil.
func (p *Protocol12) suite(cfg *Config, id SuiteID) *suite12 {
	for i := 0; ; i++ {
		if s, more := p.preference(cfg, i); !more || s != nil && s.id == id {
			return s
		}
	}
}

// find returns the suite called id, nil if there is none.
func (p *Protocol12) find(id SuiteID) *suite12 {
	for i := range p.suites {
		if s := &p.suites[i]; s.id == id {
			return s
		}
	}
	return nil
}

// preference returns the i-th suite in the order of preference of cfg; nil if it is not one of TLS 1.2, and false behind the last.
func (p *Protocol12) preference(cfg *Config, i int) (s *suite12, more bool) {
	switch {
	case len(cfg.Suites) > 0 && i < len(cfg.Suites):
		return p.find(cfg.Suites[i]), true
	case len(cfg.Suites) == 0 && i < len(p.suites)-onlyNamed:
		return &p.suites[i], true
	}
	return nil, false
}

// knows reports whether id is a suite of TLS 1.2 that is implemented.
func (p *Protocol12) knows(id SuiteID) bool { return p != nil && p.find(id) != nil }

// States of TLS 1.2. Those before the hellos are the ones of TLS 1.3.
const (
	sendServerHello12 = established + 1 + state(iota)
	sendServerCertificate12
	sendCertificateStatus
	sendServerKeyExchange
	sendCertificateRequest12
	sendServerHelloDone
	expectClientCertificate12
	expectClientKeyExchange
	expectClientCertificateVerify12
	expectClientChangeCipherSpec
	expectClientFinished12
	sendNewSessionTicket12
	sendServerChangeCipherSpec
	sendServerFinished12

	expectServerCertificate12
	expectCertificateStatus // or, if the server has changed its mind, its ServerKeyExchange
	expectServerKeyExchange
	expectCertificateRequest12 // or, if the server does not ask, its ServerHelloDone
	expectServerHelloDone
	sendClientCertificate12
	sendClientKeyExchange
	sendClientCertificateVerify12
	sendClientChangeCipherSpec
	sendClientFinished12
	expectNewSessionTicket12
	expectServerChangeCipherSpec
	expectServerFinished12
)

// changeCipherSpec is how the flow tables name the record that announces new keys (RFC 5246, section 7.1). It is no handshake message;
// none has this number.
const changeCipherSpec wire.MessageType = 255

// master returns the place of the master secret. It stands where TLS 1.3 keeps a secret that there is no use for.
func (h *Handshake) master() *keyschedule.Secret { return &h.clientSecret }

// group12 reports whether g can be used in TLS 1.2.
func group12(g GroupID) bool { return g != X25519MLKEM768 }

// absorb adds a message to the transcript; if there may still be a CertificateVerify, under both hashes and to the messages.
func (h *Handshake) absorb(msg []byte) {
	h.transcript.Write(msg)
	if h.otherRuns {
		h.other.Write(msg)
		h.keep(msg)
	}
}

// digest12 writes what a CertificateVerify under a scheme with this hash signs, the digest of all messages so far (RFC 5246,
// section 7.4.8), and returns its length. Each side has run both hashes until here.
func (h *Handshake) digest12(a sha2.Algorithm, out []byte) int {
	if a == h.transcript.Algorithm() {
		return h.transcript.Sum(out)
	}
	return h.other.Sum(out)
}

// appendMessage12 adds the message that was built to the transcript and to the open record.
func (c *Conn) appendMessage12(b *wire.Builder) error {
	if b.Overflowed() {
		return errNoRoom
	}
	c.hs.absorb(b.Written())
	c.out.append(b.Len())
	return nil
}

// signed12 builds, in h.signed, what a ServerKeyExchange signs: both randoms and params (RFC 8422, section 5.4).
func (c *Conn) signed12(params []byte) []byte {
	h := c.hs
	client, server := c.randoms()
	b := append(append(h.signed[:0], client[:]...), server[:]...)
	return append(b, params...)
}

// randoms returns client_random and server_random.
func (c *Conn) randoms() (client, server *[32]byte) {
	if c.client {
		return &c.hs.random, &c.hs.peerRandom
	}
	return &c.hs.peerRandom, &c.hs.random
}

// extractMaster computes the master secret behind the ClientKeyExchange, and forgets what it came from.
func (c *Conn) extractMaster(preMaster []byte) {
	keyschedule.Master12(c.hash(), c.hs.master(), preMaster, &c.hs.transcript)
	c.hs.exchange.wipe()
}

// rekey12 gives one direction its keys (RFC 5246, section 6.3). The key block is computed for each of both, which is cheaper than
// to keep it.
func (c *Conn) rekey12(p *record.Protection, writtenByClient bool) {
	var block [2*32 + 2*12]byte
	client, server := c.randoms()
	key, salt := c.suite.cipher.KeySize(), c.suite.cipher.SaltSize()
	keyschedule.KeyBlock12(c.hash(), block[:2*key+2*salt], c.hs.master(), client, server)
	if writtenByClient {
		c.logMasterSecret(c.hs.master()) // Once, that is.
		p.Init12(c.suite.cipher, block[:key], block[2*key:2*key+salt])
	} else {
		p.Init12(c.suite.cipher, block[key:2*key], block[2*key+salt:2*key+2*salt])
	}
	subtle.Wipe(block[:])
}

// sendChangeOfKeys sends change_cipher_spec: what follows it is under the new keys.
func (c *Conn) sendChangeOfKeys() error {
	c.out.seal()
	if !c.out.changeCipherSpec() {
		return errNoRoom
	}
	c.rekey12(&c.out.protection, c.client)
	return nil
}

// sendFinished12 sends our Finished and returns what comes next.
func (c *Conn) sendFinished12(next state) (state, error) {
	var data [keyschedule.Finished12Size]byte
	keyschedule.Finished12(c.hash(), &data, c.hs.master(), c.client, &c.hs.transcript)
	b := c.message()
	wire.AppendFinished(&b, data[:])
	if err := c.appendMessage12(&b); err != nil {
		return idle, err
	}
	c.out.seal()
	c.keepUnique(&data, c.client)
	return next, nil
}

// checkFinished12 checks the peer's Finished.
func (c *Conn) checkFinished12(msg []byte) error {
	var data [keyschedule.Finished12Size]byte
	keyschedule.Finished12(c.hash(), &data, c.hs.master(), !c.client, &c.hs.transcript)
	if !subtle.Equal(data[:], msg[wire.HeaderSize:]) {
		return ErrBadFinished
	}
	c.keepUnique(&data, !c.client)
	c.hs.absorb(msg)
	return nil
}

// refuseRenegotiation answers the wish to negotiate anew on an established connection (RFC 5746, section 4.5).
func (c *Conn) refuseRenegotiation([]byte) (state, error) { return idle, ErrRenegotiation }
