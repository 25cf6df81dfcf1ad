package p256

import (
	"math/big"
	"testing"

	"colibri/tlscore/primitive/cttest"
)

// The portable operations with a secret execute the same instructions for all secrets.
func TestConstantTime(t *testing.T) {
	peer := known(big.NewInt(12345))
	// The scalar is the secret's first bytes, brought into [1, n-1].
	scalar := func(secret *[cttest.SecretSize]byte) *[ScalarSize]byte {
		k := new(big.Int).SetBytes(secret[:ScalarSize])
		k.Mod(k, new(big.Int).Sub(params.N, big.NewInt(1))).Add(k, big.NewInt(1))
		return (*[ScalarSize]byte)(k.FillBytes(make([]byte, ScalarSize)))
	}
	cttest.Run(t,
		cttest.Op{Name: "PublicKey", Setup: func(secret *[cttest.SecretSize]byte) func() {
			priv := scalar(secret)
			var pub [PointSize]byte
			return func() { publicKeyPortable(&pub, priv) }
		}},
		cttest.Op{Name: "ECDH", Setup: func(secret *[cttest.SecretSize]byte) func() {
			priv := scalar(secret)
			var shared [ScalarSize]byte
			return func() { ecdhPortable(&shared, priv, peer) }
		}},
		cttest.Op{Name: "Sign", Setup: func(secret *[cttest.SecretSize]byte) func() {
			priv := scalar(secret)
			digest := make([]byte, ScalarSize)
			var sig [SignatureSize]byte
			return func() { signPortable(&sig, priv, digest, secret[:]) }
		}},
	)
}
