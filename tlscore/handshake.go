package tlscore

import (
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/aesgcm"
	"colibri/tlscore/primitive/p384"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/signature"
	"colibri/tlscore/wire"
	"colibri/x509lite"
)

// Sizes of what a handshake keeps, in bytes if nothing else is said.
const (
	// MaxChain is the most certificates that a peer may send.
	MaxChain = 8
	// EntropySize is how much randomness a signature gets: enough for an RSA-PSS salt of SHA-512, or for hedging.
	EntropySize = 64

	maxPublic = 512 // the modulus or a signature of RSA-4096, or anything else that is public but for ML-DSA
	// The content of a CertificateVerify of TLS 1.3, or of a ServerKeyExchange of TLS 1.2: both randoms, and the parameters with a
	// point of P-384.
	maxSigned = max(64+len(serverContext)+1+keyschedule.MaxHash, 2*32+4+p384.PointSize)
)

// Handshake is the memory that a connection needs until its handshake is done. The zero value is ready for use. Only a Memory
// has to deal with it.
type Handshake struct {
	transcript   sha2.Digest
	schedule     keyschedule.Schedule
	clientSecret keyschedule.Secret // handshake traffic secrets
	serverSecret keyschedule.Secret
	random       [32]byte

	started bool // random is drawn

	// A client's; other is the transcript under the second hash, until the suite says which one counts.
	changed   bool // change_cipher_spec was sent
	cookieLen int  // of the cookie to echo, in public
	other     sha2.Digest
	// certificateEnd is when the server's certificate ends, in Unix seconds.
	certificateEnd int64

	withoutRSA bool // the memory has no room to verify signatures by RSA

	// Of TLS 1.2.
	peerRandom   [32]byte
	otherRuns    bool // other is wanted
	renegotiates bool // the client knows renegotiation_info
	pointFormats bool // the client sent ec_point_formats
	ticketed     bool // a NewSessionTicket was promised
	cached       bool // the session goes into Config.SessionCache

	// Of Config.CertificateCompression.
	compressions uint8 // bit i: the peer accepts algorithm i
	starved      bool  // a CompressedCertificate waits for a buffer

	// What the ClientHello asked for and what was chosen for it.
	sessionID    [32]byte
	sessionIDLen int
	helloHash    [32]byte // of what a second ClientHello has to repeat
	serverName   nameHash
	retried      bool
	shareAsked   bool                 // the HelloRetryRequest named the group
	acknowledges bool                 // the server name, to the client
	offersPSK    bool                 // the client can resume with a key exchange
	peerType     wire.CertificateType // what the peer shows, as negotiated; 0: a certificate
	ownType      wire.CertificateType // what we show
	staples      bool                 // an OCSP response goes with our certificate, if there is one
	limited      bool                 // the client sent record_size_limit
	fragment     uint8                // its max_fragment_length
	exchange     keyExchange
	share        []byte // the client's key_exchange, in its ClientHello, which stays in the receive buffer until it is answered
	identity     *Identity
	scheme       signature.Scheme
	sent         int         // bytes of our Certificate message already sent
	psk          uint16      // number of the pre-shared key that the server accepted
	accepted     bool        // there is one
	peer         sessionPeer // the client, as a server's session keeps it
	ticketNonce  [aesgcm.NonceSize]byte

	// Signing and verifying.
	signed       [maxSigned]byte
	entropy      [EntropySize]byte
	content      []byte // what our key has to sign, a part of signed
	waiting      bool   // for Conn.Signed
	hashed       bool   // content is a digest
	signatureLen int    // of ours, in public

	// Of a chain that is verified in several calls: see stepVerifier.
	now      int64  // when that began
	verdicts uint32 // bit i: signature i is good
	verified uint8  // how many have been verified

	peerKey x509lite.PublicKey

	// What is needed one after the other: a ticket that is opened, a client's cookie to echo, the digest of a raw public key, the peer's key from its Certificate
	// to its CertificateVerify, our signature from its making until there is room to send it, a ticket that is made. Nothing of it
	// stays secret but what is in an open ticket, which is wiped at once, or sealed again.
	public [maxPublic]byte

	// messages are those of TLS 1.2 so far, where there is memory for them: see auth12.go.
	messages []byte
	tooMany  bool // they have not fitted
	whole    bool // the client's CertificateVerify may be under a scheme that takes the messages themselves

	// room is in the place of public for what is too long for it; nil if the memory has none.
	room *MLDSARoom
}

// MLDSARoom is where a handshake keeps a public key of the peer or a signature of ours, if it is of ML-DSA.
type MLDSARoom [signature.MLDSASize]byte

// NewHandshake returns a Handshake that has room and messages for as long as it exists; either may be nil. See PoolConfig.MLDSA
// and PoolConfig.Messages.
func NewHandshake(room *MLDSARoom, messages []byte) *Handshake {
	return &Handshake{room: room, messages: messages[:0]}
}

// signatureRoom returns where our signature goes.
func (h *Handshake) signatureRoom() []byte {
	if h.scheme.MLDSA() {
		return h.room[:]
	}
	return h.public[:]
}

// ticket is room for a ticket of ours.
func (h *Handshake) ticket() *[ticketSize]byte { return (*[ticketSize]byte)(h.public[:]) }

// Verifier is the memory for verifying a peer's certificates or signature. It is needed only during one call.
type Verifier struct {
	chain   [MaxChain][]byte
	path    x509lite.Verifier
	options x509lite.Options
	host    x509lite.Host // a client's, for options
	crypto  signature.Verifier
	step    stepVerifier
}

// forget clears v for the next one that borrows it: it has views of a message that will not stay.
func (v *Verifier) forget() {
	scratch := v.crypto.RSA
	*v = Verifier{}
	v.crypto.RSA = scratch
}

// borrowVerifier borrows what it takes to verify a peer.
func (c *Conn) borrowVerifier() *Verifier {
	v := c.mem.BorrowVerifier()
	v.crypto.MLDSA, v.crypto.P521 = c.cfg.MLDSA, c.cfg.P521
	return v
}

// giveBack returns a verifier to the memory it was borrowed from.
func (c *Conn) giveBack(v *Verifier) {
	v.forget()
	c.mem.GiveBackVerifier(v)
}

// NewVerifier returns a Verifier that uses scratch for RSA. If scratch is nil, it accepts no RSA signatures.
func NewVerifier(scratch *signature.Scratch) *Verifier {
	return &Verifier{crypto: signature.Verifier{RSA: scratch}}
}

// RSA reports whether v verifies signatures by RSA.
func (v *Verifier) RSA() bool { return v.crypto.RSA != nil }

// wipe forgets all secrets and everything else, so that the next handshake finds a fresh one.
func (h *Handshake) wipe() {
	subtle.Wipe(h.clientSecret[:])
	subtle.Wipe(h.serverSecret[:])
	h.schedule.Wipe()
	h.exchange.wipe()
	subtle.Wipe(h.entropy[:])
	subtle.Wipe(h.public[:])
	room := h.room
	if room != nil {
		clear(room[:])
	}
	messages := h.messages[:cap(h.messages)]
	clear(messages)
	*h = Handshake{room: room, messages: messages[:0]}
}
