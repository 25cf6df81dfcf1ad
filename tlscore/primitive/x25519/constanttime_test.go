package x25519

import (
	"testing"

	"colibri/tlscore/primitive/cttest"
)

// The portable operations execute the same instructions for all private keys, and for all secrets that
// come of them.
func TestConstantTime(t *testing.T) {
	peer := [Size]byte{9}
	cttest.Run(t,
		cttest.Op{Name: "PublicKey", Setup: func(secret *[cttest.SecretSize]byte) func() {
			priv := [Size]byte(secret[:Size])
			var pub [Size]byte
			return func() { publicKeyPortable(&pub, &priv) }
		}},
		cttest.Op{Name: "Shared", Setup: func(secret *[cttest.SecretSize]byte) func() {
			priv := [Size]byte(secret[:Size])
			var shared [Size]byte
			return func() { sharedPortable(&shared, &priv, &peer) }
		}},
	)
}
