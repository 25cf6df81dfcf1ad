//go:build !subset || ed25519

package selftest

import "colibri/tlscore/primitive/ed25519"

var (
	ed25519Seed, ed25519Public [32]byte
	ed25519Key                 ed25519.Key
	ed25519Signature           [64]byte
	ed25519Message             = []byte{0xaf, 0x82}
)

// RFC 8032, 7.1, test 3.
func init() {
	const (
		seed      = "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"
		public    = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
		signature = "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac" +
			"18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
	)
	add("ed25519",
		Case{
			Name:  "Ed25519PublicKey/impl=colibri",
			Setup: func() { unhex(ed25519Seed[:], seed) },
			Op:    func() { ed25519.PublicKey(&ed25519Public, &ed25519Seed) },
			OK:    func() bool { return equal(ed25519Public[:], public) },

			Secret: func(secret *[SecretSize]byte) { copy(ed25519Seed[:], secret[:]) },
		},
		Case{
			Name:  "Ed25519Sign/impl=colibri",
			Setup: func() { unhex(ed25519Seed[:], seed); ed25519Key.Init(&ed25519Seed) },
			Op:    func() { ed25519.Sign(&ed25519Signature, &ed25519Key, ed25519Message) },
			OK:    func() bool { return equal(ed25519Signature[:], signature) },

			Secret: func(secret *[SecretSize]byte) { ed25519Key.Init((*[32]byte)(secret[:32])) },
		},
		Case{
			Name: "Ed25519Verify/impl=colibri",
			Setup: func() {
				unhex(ed25519Public[:], public)
				unhex(ed25519Signature[:], signature)
			},
			Op: func() { accepted = ed25519.Verify(&ed25519Public, ed25519Message, &ed25519Signature) },
			OK: yes,
		},
	)
}
