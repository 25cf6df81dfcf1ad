package tlscore

import (
	"colibri/tlscore/primitive/p256"
	"colibri/tlscore/primitive/p384"
	"colibri/tlscore/primitive/profile"
	"colibri/tlscore/primitive/subtle"
	"colibri/tlscore/primitive/x25519"
	"colibri/tlscore/wire"
)

// GroupID is a NamedGroup (RFC 8446, section 4.2.7).
type GroupID uint16

const (
	P256   GroupID = 23 // secp256r1 (RFC 8446, section 4.2.7)
	P384   GroupID = 24 // secp384r1
	X25519 GroupID = 29 // RFC 7748
	// X25519MLKEM768 combines X25519 with ML-KEM-768 (draft-ietf-tls-ecdhe-mlkem), so that nobody can record a connection today
	// and read it with a quantum computer later. It needs Config.MLKEM.
	X25519MLKEM768 GroupID = 0x11ec
)

// String returns the group's name in RFC 8446.
func (g GroupID) String() string {
	switch g {
	case P256:
		return "secp256r1"
	case P384:
		return "secp384r1"
	case X25519:
		return "x25519"
	case X25519MLKEM768:
		return "X25519MLKEM768"
	}
	return "unknown group"
}

// MLKEM is ML-KEM-768 (FIPS 203), for instance mlkem.KEM of package primitive/mlkem, which is linked only if it is named. All
// slices have the lengths of the standard, unless it is said otherwise.
type MLKEM interface {
	// PublicKey sets pub to the encapsulation key of seed, which is d || z.
	PublicKey(pub, seed []byte)
	// Encapsulate sets shared and ciphertext, with the random message, for the encapsulation key pub. It returns false if pub is
	// not a valid key.
	Encapsulate(shared, ciphertext, pub, message []byte) bool
	// Decapsulate sets shared to the secret in ciphertext. It returns false if ciphertext has the wrong length.
	Decapsulate(shared, seed, ciphertext []byte) bool
}

// Sizes of ML-KEM-768 in bytes (FIPS 203, table 3), and of X25519, whose numbers all have the same.
const (
	kemPublic     = 1184
	kemCiphertext = 1088
	kemSeed       = 64
	kemShared     = 32
	kemMessage    = 32
	x25519Size    = 32
)

// known reports whether the group is implemented under cfg.
func (g GroupID) known(cfg *Config) bool {
	return g == P256 || !profile.Small && (g == X25519 || g == P384 || g == X25519MLKEM768 && cfg.MLKEM != nil)
}

// offerSize returns the length of the key_exchange of the side that speaks first, a client in TLS 1.3 (RFC 8446, section 4.2.8.2).
func (g GroupID) offerSize() int {
	switch g {
	case P256:
		return p256.PointSize
	case P384:
		return p384.PointSize
	case X25519MLKEM768:
		return kemPublic + x25519Size
	}
	return x25519Size
}

// answerSize returns the length of the key_exchange of the side that speaks second.
func (g GroupID) answerSize() int {
	if g == X25519MLKEM768 {
		return kemCiphertext + x25519Size
	}
	return g.offerSize()
}

// secretSize returns the length of the group's shared secrets.
func (g GroupID) secretSize() int {
	switch g {
	case P384:
		return p384.ScalarSize
	case X25519MLKEM768:
		return kemShared + x25519Size
	}
	return 32
}

// keyExchange is one key exchange in any group. Its shares are not kept: they stand in messages.
type keyExchange struct {
	group GroupID // that private is for; 0 if there is none
	// private is our key: a scalar, or a seed (who offers) or a message (who answers) of ML-KEM with an X25519 key behind it.
	private [kemSeed + x25519Size]byte
	shared  [kemShared + x25519Size]byte

	published bool // our share has been made
	agreed    bool // of X25519MLKEM768: the half of X25519 is in shared
}

// maxDraws bounds the draws of a private key. One draw fails with probability 2^-32 for P-256 and hardly ever for the others: that
// two fail in a row means that the source is broken.
const maxDraws = 2

func (k *keyExchange) draw(cfg *Config, g GroupID, n int) error {
	if err := random(cfg.Rand, k.private[:n]); err != nil {
		return err
	}
	k.group = g
	return nil
}

// offer writes our share of an exchange in which we speak first to share, of offerSize bytes. For the group of the last offer, it
// repeats that.
func (k *keyExchange) offer(cfg *Config, g GroupID, share []byte) error {
	for range maxDraws {
		if k.group != g {
			n := g.secretSize()
			if g == X25519MLKEM768 {
				n = len(k.private)
			}
			if err := k.draw(cfg, g, n); err != nil {
				return err
			}
		}
		if k.publish(cfg, share) {
			return nil
		}
		k.group = 0
	}
	return ErrNoEntropy
}

// publish writes the share that belongs to the private key; false if that is none.
func (k *keyExchange) publish(cfg *Config, share []byte) bool {
	switch {
	case profile.Small || k.group == P256:
		return p256.PublicKey((*[p256.PointSize]byte)(share), (*[p256.ScalarSize]byte)(k.private[:]))
	case k.group == P384:
		return p384.PublicKey((*[p384.PointSize]byte)(share), (*[p384.ScalarSize]byte)(k.private[:]))
	case k.group == X25519MLKEM768:
		cfg.MLKEM.PublicKey(share[:kemPublic], k.private[:kemSeed])
		x25519.PublicKey((*[x25519Size]byte)(share[kemPublic:]), (*[x25519Size]byte)(k.private[kemSeed:]))
		return true
	}
	x25519.PublicKey((*[x25519Size]byte)(share), (*[x25519Size]byte)(k.private[:]))
	return true
}

// finish computes the shared secret from the share of the peer, and returns it, a part of k. It is for all groups but
// X25519MLKEM768.
func (k *keyExchange) finish(answer []byte) ([]byte, error) {
	if len(answer) != k.group.answerSize() || !k.agree(answer) {
		return nil, ErrBadKeyShare
	}
	return k.shared[:k.group.secretSize()], nil
}

func (k *keyExchange) agree(peer []byte) bool {
	switch {
	case profile.Small || k.group == P256:
		return p256.ECDH((*[p256.ScalarSize]byte)(k.shared[:]), (*[p256.ScalarSize]byte)(k.private[:]), peer)
	case k.group == P384:
		return p384.ECDH((*[p384.ScalarSize]byte)(k.shared[:]), (*[p384.ScalarSize]byte)(k.private[:]), peer)
	}
	return x25519.Shared((*[x25519Size]byte)(k.shared[:]), (*[x25519Size]byte)(k.private[:]), (*[x25519Size]byte)(peer))
}

// agreeHybrid computes the half of the shared secret of X25519MLKEM768 that comes from X25519. private and peer are those halves.
func (k *keyExchange) agreeHybrid(private, peer []byte) bool {
	return x25519.Shared((*[x25519Size]byte)(k.shared[kemShared:]), (*[x25519Size]byte)(private), (*[x25519Size]byte)(peer))
}

// finishExchange is finish, one operation in each call.
func (c *Conn) finishExchange(answer []byte) ([]byte, error) {
	k := &c.hs.exchange
	if profile.Small || k.group != X25519MLKEM768 {
		if !c.mayWork() {
			return nil, errLater
		}
		return k.finish(answer)
	}
	if len(answer) != k.group.answerSize() {
		return nil, ErrBadKeyShare
	}
	if !k.agreed {
		if !c.mayWork() {
			return nil, errLater
		}
		if !k.agreeHybrid(k.private[kemSeed:], answer[kemCiphertext:]) {
			return nil, ErrBadKeyShare
		}
		k.agreed = true
	}
	if !c.mayWork() {
		return nil, errLater
	}
	if !c.cfg.MLKEM.Decapsulate(k.shared[:kemShared], k.private[:kemSeed], answer[:kemCiphertext]) {
		return nil, ErrBadKeyShare
	}
	return k.shared[:], nil
}

// answerShare writes our share of an exchange in which the peer spoke first to share, of answerSize bytes, and returns the shared
// secret, a part of k; one operation in each call. Meanwhile our share, or its half of X25519, stands in h.public.
func (c *Conn) answerShare(share, offer []byte) ([]byte, error) {
	h, g := c.hs, c.group
	k := &h.exchange
	if len(offer) != g.offerSize() {
		return nil, ErrBadKeyShare
	}
	if !profile.Small && g == X25519MLKEM768 {
		return c.answerHybrid(share, offer)
	}
	ours := h.public[:g.answerSize()]
	if !k.published {
		if !c.mayWork() {
			return nil, errLater
		}
		if err := k.offer(c.cfg, g, ours); err != nil {
			return nil, err
		}
		k.published = true
	}
	if !c.mayWork() {
		return nil, errLater
	}
	copy(share, ours)
	return k.finish(offer)
}

func (c *Conn) answerHybrid(share, offer []byte) ([]byte, error) {
	h := c.hs
	k := &h.exchange
	message, private, ours := k.private[:kemMessage], k.private[kemMessage:][:x25519Size], h.public[:x25519Size]
	if !k.published {
		if !c.mayWork() {
			return nil, errLater
		}
		if err := k.draw(c.cfg, X25519MLKEM768, kemMessage+x25519Size); err != nil {
			return nil, err
		}
		x25519.PublicKey((*[x25519Size]byte)(ours), (*[x25519Size]byte)(private))
		k.published = true
	}
	if !k.agreed {
		if !c.mayWork() {
			return nil, errLater
		}
		if !k.agreeHybrid(private, offer[kemPublic:]) {
			return nil, ErrBadKeyShare
		}
		k.agreed = true
	}
	if !c.mayWork() {
		return nil, errLater
	}
	if !c.cfg.MLKEM.Encapsulate(k.shared[:kemShared], share[:kemCiphertext], offer[:kemPublic], message) {
		return nil, ErrBadKeyShare
	}
	copy(share[kemCiphertext:], ours)
	return k.shared[:], nil
}

// sharesPossible reports whether there is memory for KeyShares.
func (cfg *Config) sharesPossible() bool {
	for _, g := range cfg.KeyShares {
		if !cfg.has(g) {
			return false
		}
	}
	s := cfg.KeyShares
	return len(s) == 0 || !cfg.WithoutKeyShares && (len(s) == 1 || len(s) == 2 && s[0] != s[1])
}

// has reports whether g is among the groups.
func (cfg *Config) has(g GroupID) bool {
	for _, ours := range cfg.groups() {
		if ours == g {
			return true
		}
	}
	return false
}

// shareGroup returns the group of a client's first key exchange; of two, the one whose key is longer.
func (cfg *Config) shareGroup() GroupID {
	s := cfg.KeyShares
	switch {
	case len(s) == 0:
		return cfg.groups()[0]
	case len(s) == 2 && s[1] == X25519MLKEM768:
		return s[1]
	}
	return s[0]
}

// offersNone reports whether our ClientHello has no share, because the server has not asked for one.
func (c *Conn) offersNone() bool { return c.cfg.WithoutKeyShares && !c.hs.shareAsked }

// secondShare returns the group of KeyShares whose share has a key of its own besides that of c.group; 0 if there is none.
func (c *Conn) secondShare() GroupID {
	s := c.cfg.KeyShares
	if len(s) < 2 || c.group == 0 || c.hs.shareAsked || c.offersHalf() {
		return 0
	}
	if s[0] == c.group {
		return s[1]
	}
	return s[0]
}

// offersHalf reports whether our ClientHello has two shares: that of X25519MLKEM768 and, for servers that do not know it, the half of
// it that is X25519 once more. The key is the same and costs nothing (draft-ietf-tls-hybrid-design, section 3.2).
func (c *Conn) offersHalf() bool {
	s := c.cfg.KeyShares
	return c.group == X25519MLKEM768 && !c.hs.shareAsked && !c.cfg.WithoutKeyShares && c.cfg.has(X25519) &&
		(len(s) == 0 || len(s) == 2 && (s[0] == X25519 || s[1] == X25519))
}

// prefers reports whether the group a stands before b: shares stand in the order of the groups (RFC 8446, section 4.2.8).
func (cfg *Config) prefers(a, b GroupID) bool {
	for _, g := range cfg.groups() {
		if g == a || g == b {
			return g == a
		}
	}
	return false
}

// writeShare writes a KeyShareEntry and returns the room for its key.
func writeShare(b *wire.Builder, g GroupID) []byte {
	b.U16(uint16(g))
	key := b.Begin(2)
	room := b.Extend(g.offerSize())
	b.End(key)
	return room
}

// offerSecond is offer for a second exchange, in a group other than X25519MLKEM768. Its key waits where the secret will be. again says that it
// was offered before.
func (k *keyExchange) offerSecond(cfg *Config, g GroupID, share []byte, again bool) error {
	first := k.group
	k.swap()
	if k.group = 0; again {
		k.group = g
	}
	err := k.offer(cfg, g, share)
	k.swap()
	k.group = first
	return err
}

// keepSecond makes the exchange the second one.
func (k *keyExchange) keepSecond(g GroupID) {
	k.swap()
	k.group = g
}

// swap exchanges the key of the second exchange with as much of the first one's.
func (k *keyExchange) swap() {
	for i := range p384.ScalarSize {
		k.private[i], k.shared[i] = k.shared[i], k.private[i]
	}
}

// keepHalf makes the exchange one of X25519 with that half.
func (k *keyExchange) keepHalf() {
	copy(k.private[:], k.private[kemSeed:])
	subtle.Wipe(k.private[x25519Size:])
	k.group = X25519
}

// wipe forgets the private key and the secret.
func (k *keyExchange) wipe() {
	subtle.Wipe(k.private[:])
	subtle.Wipe(k.shared[:])
	k.group, k.published, k.agreed = 0, false, false
}
