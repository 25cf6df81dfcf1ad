package x25519

import (
	"colibri/tlscore/primitive/internal/edwards25519"
	field "colibri/tlscore/primitive/internal/field25519"
	"colibri/tlscore/primitive/subtle"
)

// The portable implementation, built everywhere so that tests can compare it with the other one.

// clamp sets k to the scalar that priv stands for: a multiple of 8 in [2^254, 2^255) (RFC 7748, section
// 5, decodeScalar25519).
func clamp(k, priv *[Size]byte) {
	*k = *priv
	k[0] &= 0xf8
	k[31] = k[31]&0x7f | 0x40
}

func sharedPortable(shared, priv, peer *[Size]byte) bool {
	var k [Size]byte
	var u field.Element
	clamp(&k, priv)
	u.SetBytes(peer)
	ladder(&u, &k)
	u.Bytes(shared)
	ok := u.IsZero() == 0
	subtle.Wipe(k[:])
	subtle.Wipe(u[:])
	return ok
}

// publicKeyPortable multiplies the base point on the Edwards curve, where it has a table of multiples.
func publicKeyPortable(pub, priv *[Size]byte) {
	var k [Size]byte
	var scalar edwards25519.Scalar
	var p edwards25519.Point
	clamp(&k, priv)
	scalar.SetReduced(&k)
	p.BaseMult(&scalar)
	p.MontgomeryU(pub)
	subtle.Wipe(k[:])
	scalar.Wipe()
	p.Wipe()
}
