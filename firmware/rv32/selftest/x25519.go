//go:build !subset || x25519

package selftest

import "colibri/tlscore/primitive/x25519"

var x25519Private, x25519Public, x25519Shared [32]byte

// Bob's side of RFC 7748, 6.1.
func init() {
	const (
		bob      = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
		bobPub   = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
		alicePub = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
		shared   = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
	)
	add("x25519",
		Case{
			Name:  "X25519PublicKey/impl=colibri",
			Setup: func() { unhex(x25519Private[:], bob) },
			Op:    func() { x25519.PublicKey(&x25519Public, &x25519Private) },
			OK:    func() bool { return equal(x25519Public[:], bobPub) },

			Secret: func(secret *[SecretSize]byte) { copy(x25519Private[:], secret[:]) },
		},
		Case{
			Name: "X25519Shared/impl=colibri",
			Setup: func() {
				unhex(x25519Private[:], bob)
				unhex(x25519Public[:], alicePub)
			},
			Op: func() { accepted = x25519.Shared(&x25519Shared, &x25519Private, &x25519Public) },
			OK: func() bool { return accepted && equal(x25519Shared[:], shared) },

			Secret: func(secret *[SecretSize]byte) { copy(x25519Private[:], secret[:]) },
		},
	)
}
