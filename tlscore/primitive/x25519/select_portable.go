//go:build !((amd64 || arm64) && !portable && !tinygo)

package x25519

// The portable implementation is the only one here, or the one asked for by the tag.

// None of these is inlined: a caller of several would get a frame with room for all of them.

//go:noinline
func publicKey(pub, priv *[Size]byte) { publicKeyPortable(pub, priv) }

//go:noinline
func shared(shared, priv, peer *[Size]byte) bool { return sharedPortable(shared, priv, peer) }
