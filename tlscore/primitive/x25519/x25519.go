package x25519

// Size is the length in bytes of a private key, of a public key and of a shared secret.
const Size = 32

// PublicKey sets pub to the public key of priv (RFC 7748, section 6.1).
func PublicKey(pub, priv *[Size]byte) { publicKey(pub, priv) }

// Shared sets sharedSecret to what priv and peer agree on. It returns false if peer is a point of
// low order, so that the secret would be zero whatever priv is (RFC 8446, section 7.4.2).
func Shared(sharedSecret, priv, peer *[Size]byte) bool { return shared(sharedSecret, priv, peer) }
