package tlscore

import (
	"colibri/tlscore/keyschedule"
	"colibri/tlscore/primitive/aesgcm"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// Sizes of what a handshake keeps, in bytes if nothing else is said.
const (
	// MaxChain is the most certificates that a peer may send.
	MaxChain = 8
	// EntropySize is how much randomness a signature gets: enough for an RSA-PSS salt of SHA-512, or for hedging.
	EntropySize = 64

	maxKey       = 512 // public key of a peer: an RSA-4096 modulus
	maxSignature = 512 // RSA-4096
	maxSigned    = 64 + len(serverContext) + 1 + keyschedule.MaxHash
)

// Handshake is the memory that a connection needs only until its handshake is done. The zero value is ready; what is in it
// is of no concern to those who lend it.
type Handshake struct {
	transcript   sha2.Digest
	schedule     keyschedule.Schedule
	clientSecret keyschedule.Secret // handshake traffic secrets
	serverSecret keyschedule.Secret
	random       [32]byte

	// A client's; other is the transcript under the second hash, until the suite says which one counts.
	started   bool // random, session ID and key share are drawn
	changed   bool // change_cipher_spec was sent
	cookieLen int  // of the cookie to echo, in keyBytes
	other     sha2.Digest

	// What the ClientHello asked for and what was chosen for it.
	sessionID     [32]byte
	sessionIDLen  int
	helloHash     [32]byte // of what a second ClientHello has to repeat
	retried       bool
	hasServerName bool
	offersPSK     bool // the client can resume with a key exchange
	group         GroupID
	exchange      keyExchange
	identity      *Identity
	scheme        signature.Scheme
	sent          int    // bytes of our Certificate message already sent
	psk           uint16 // number of the ticket that was accepted
	ticket        [ticketSize]byte
	ticketNonce   [aesgcm.NonceSize]byte

	// Signing and verifying.
	signed       [maxSigned]byte
	entropy      [EntropySize]byte
	signature    [maxSignature]byte
	signatureLen int
	verifier     signature.Verifier

	// The peer's certificate.
	chain    [MaxChain][]byte
	path     x509lite.Verifier
	options  x509lite.Options
	peerKey  x509lite.PublicKey
	keyBytes [maxKey]byte
}

// wipe forgets all secrets and everything else, so that the next handshake finds a fresh one.
func (h *Handshake) wipe() {
	subtle.Wipe(h.clientSecret[:])
	subtle.Wipe(h.serverSecret[:])
	h.schedule.Wipe()
	h.exchange.wipe()
	subtle.Wipe(h.entropy[:])
	subtle.Wipe(h.ticket[:])
	*h = Handshake{}
}

func (k *keyExchange) wipe() {
	subtle.Wipe(k.private[:])
	subtle.Wipe(k.shared[:])
}
