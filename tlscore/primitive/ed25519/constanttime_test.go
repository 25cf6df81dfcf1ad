package ed25519

import (
	"testing"

	"colibri/tlscore/primitive/cttest"
)

// The portable operations with a private key execute the same instructions for all keys.
func TestConstantTime(t *testing.T) {
	msg := make([]byte, 100)
	cttest.Run(t,
		cttest.Op{Name: "PublicKey", Setup: func(secret *[cttest.SecretSize]byte) func() {
			seed := [SeedSize]byte(secret[:SeedSize])
			var pub [SeedSize]byte
			return func() { publicKeyPortable(&pub, &seed) }
		}},
		cttest.Op{Name: "Sign", Setup: func(secret *[cttest.SecretSize]byte) func() {
			key := keyOf((*[SeedSize]byte)(secret[:SeedSize]))
			var sig [SignatureSize]byte
			return func() { signPortable(&sig, key, msg) }
		}},
	)
}
