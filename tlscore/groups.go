package tlscore

import (
	"io"

	"colibri/tlscore/primitive/p256"
	"colibri/tlscore/primitive/x25519"
)

// GroupID is a NamedGroup (RFC 8446, section 4.2.7).
type GroupID uint16

const (
	P256   GroupID = 23
	X25519 GroupID = 29
)

// String returns the group's name in RFC 8446.
func (g GroupID) String() string {
	switch g {
	case P256:
		return "secp256r1"
	case X25519:
		return "x25519"
	}
	return "unknown group"
}

// defaultGroups is the order of preference if Config.Groups is empty.
var defaultGroups = [...]GroupID{X25519, P256}

// keyExchange is room for one (EC)DHE exchange in any group.
type keyExchange struct {
	private [32]byte
	share   [p256.PointSize]byte // our key_exchange, the first shareSize bytes
	peer    [32]byte             // the peer's X25519 key, moved here for its fixed size
	shared  [32]byte
}

// shareSize returns the length of a key_exchange of the group (RFC 8446, section 4.2.8.2).
func (g GroupID) shareSize() int {
	if g == P256 {
		return p256.PointSize
	}
	return 32
}

// maxDraws bounds the draws of a P-256 private key. One draw fails with probability 2^-32: two failures in a row already
// mean that the source is broken.
const maxDraws = 4

// generate makes a fresh key pair of group g.
func (k *keyExchange) generate(g GroupID, rand io.Reader) error {
	for range maxDraws {
		if _, err := io.ReadFull(rand, k.private[:]); err != nil {
			return ErrNoEntropy
		}
		if g == X25519 {
			x25519.PublicKey((*[32]byte)(k.share[:32]), &k.private)
			return nil
		}
		if p256.PublicKey(&k.share, &k.private) {
			return nil
		}
	}
	return ErrNoEntropy
}

// agree computes the shared secret with the peer's key_exchange.
func (k *keyExchange) agree(g GroupID, peer []byte) error {
	if len(peer) != g.shareSize() {
		return ErrBadKeyShare
	}
	ok := false
	if g == X25519 {
		copy(k.peer[:], peer)
		ok = x25519.Shared(&k.shared, &k.private, &k.peer)
	} else {
		ok = p256.ECDH(&k.shared, &k.private, peer)
	}
	if !ok {
		return ErrBadKeyShare
	}
	return nil
}
