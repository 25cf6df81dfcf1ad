//go:build !subset || chachapoly

package selftest

import "colibri/tlscore/primitive/chachapoly"

var chacha chachapoly.Key

// Key, nonce and plaintext are counting bytes; the tags were computed with golang.org/x/crypto/chacha20poly1305.
func init() {
	add("chachapoly",
		chachaSealCase("ChaCha20Poly1305Seal/impl=colibri/size=64", 64, "51243e27f54811b79898b8ba0f31f94d"),
		chachaSealCase("ChaCha20Poly1305Seal/impl=colibri/size=4096", 4096, "b9ea646389f1183059bb2f3404778f1e"),
		Case{
			Name: "ChaCha20Poly1305Open/impl=colibri/size=4096",
			Setup: func() {
				fillAll()
				chacha.Init(key[:32])
				copy(sealed[:], message[:])
				chacha.Seal(sealed[:], &nonce, header)
			},
			Op: func() { accepted = chacha.Open(sealed[:], &nonce, header) },
			OK: func() bool { return accepted && counting(sealed[:len(message)]) },

			Secret: func(secret *[SecretSize]byte) {
				chacha.Init(secret[:32])
				copy(sealed[:], secret[:])
				chacha.Seal(sealed[:], &nonce, header)
			},
		},
	)
}

func chachaSealCase(name string, size int, tag string) Case {
	return Case{
		Name: name,
		Setup: func() {
			fillAll()
			chacha.Init(key[:32])
			copy(sealed[:], message[:size])
		},
		Op: func() { chacha.Seal(sealed[:size+chachapoly.TagSize], &nonce, header) },
		OK: func() bool { return equal(sealed[size:size+chachapoly.TagSize], tag) },

		Secret: func(secret *[SecretSize]byte) {
			chacha.Init(secret[:32])
			copy(sealed[:], secret[:])
		},
	}
}
