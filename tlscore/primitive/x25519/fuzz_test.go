package x25519

import "testing"

// FuzzExchange compares with crypto/ecdh: keys and points of any value.
func FuzzExchange(f *testing.F) {
	all := append(keys(), nearOrder()...)
	for i, k := range all {
		f.Add(k[:], all[len(all)-1-i][:])
	}
	f.Fuzz(func(t *testing.T, privBytes, peerBytes []byte) {
		var priv, peer [Size]byte
		copy(priv[:], privBytes)
		copy(peer[:], peerBytes)
		compare(t, priv, peer)
	})
}
