//go:build (amd64 || arm64) && !portable && !tinygo

package x25519

// The host implementation is the faster one here.

func publicKey(pub, priv *[Size]byte) { publicKeyHost(pub, priv) }

func shared(shared, priv, peer *[Size]byte) bool { return sharedHost(shared, priv, peer) }
