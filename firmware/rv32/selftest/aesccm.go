//go:build !subset || aesccm

package selftest

import "colibri/tlscore/primitive/aesccm"

var ccm aesccm.Key

// Key, nonce and plaintext are counting bytes. The tags were computed after RFC 3610 on top of Go's crypto/aes.
func init() {
	add("aesccm",
		ccmSealCase("AESCCMSeal/impl=colibri/key=128/tag=16/size=4096", 16, 16, "3f96b72262cb23e7ab3626ab25e2bc61"),
		ccmSealCase("AESCCMSeal/impl=colibri/key=128/tag=8/size=4096", 16, 8, "154d9317abd77c5c"),
		ccmSealCase("AESCCMSeal/impl=colibri/key=256/tag=16/size=4096", 32, 16, "38bfcab5daa2960208276433e9b6c41d"),
		Case{
			Name: "AESCCMOpen/impl=colibri/key=128/tag=8/size=4096",
			Setup: func() {
				fillAll()
				ccm.Init(key[:16], 8)
				copy(sealed[:], message[:])
				ccm.Seal(sealed[:len(message)+8], &nonce, header)
			},
			Op: func() { accepted = ccm.Open(sealed[:len(message)+8], &nonce, header) },
			OK: func() bool { return accepted && counting(sealed[:len(message)]) },
		},
	)
}

func ccmSealCase(name string, keySize, tagSize int, tag string) Case {
	return Case{
		Name: name,
		Setup: func() {
			fillAll()
			ccm.Init(key[:keySize], tagSize)
			copy(sealed[:], message[:])
		},
		Op: func() { ccm.Seal(sealed[:len(message)+tagSize], &nonce, header) },
		OK: func() bool { return equal(sealed[len(message):len(message)+tagSize], tag) },

		Secret: func(secret *[SecretSize]byte) {
			ccm.Init(secret[:keySize], tagSize)
			copy(sealed[:], secret[:])
		},
	}
}
