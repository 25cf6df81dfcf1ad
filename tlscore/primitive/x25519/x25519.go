// Package x25519 is Diffie-Hellman on Curve25519 (RFC 7748).
//
// It stands on cloudflare/circl, which has assembly for amd64 and portable Go for the rest, runs in constant time and
// allocates nothing.
package x25519

import "github.com/cloudflare/circl/dh/x25519"

// Size is the length in bytes of a private key, of a public key and of a shared secret.
const Size = 32

// PublicKey sets pub to the public key of priv (RFC 7748, section 6.1).
func PublicKey(pub, priv *[Size]byte) { x25519.KeyGen((*x25519.Key)(pub), (*x25519.Key)(priv)) }

// Shared sets shared to the secret that priv and peer agree on. It returns false if peer is a point of low order, so that
// the secret would be zero whatever priv is (RFC 8446, section 7.4.2).
func Shared(shared, priv, peer *[Size]byte) bool {
	return x25519.Shared((*x25519.Key)(shared), (*x25519.Key)(priv), (*x25519.Key)(peer))
}
