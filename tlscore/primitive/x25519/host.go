//go:build (amd64 || arm64) && !portable && !tinygo

package x25519

import "github.com/cloudflare/circl/dh/x25519"

func publicKeyHost(pub, priv *[Size]byte) { x25519.KeyGen((*x25519.Key)(pub), (*x25519.Key)(priv)) }

func sharedHost(shared, priv, peer *[Size]byte) bool {
	return x25519.Shared((*x25519.Key)(shared), (*x25519.Key)(priv), (*x25519.Key)(peer))
}
