//go:build !subset || aesgcm

package selftest

import "colibri/tlscore/primitive/aesgcm"

var gcm aesgcm.Key

// Key, nonce and plaintext are counting bytes; the tags were computed with Go's crypto/aes and crypto/cipher.
func init() {
	add("aesgcm",
		Case{
			Name:  "AESGCMInit/impl=colibri/key=128",
			Setup: fillAll,
			Op:    func() { gcm.Init(key[:16]) },
			OK:    func() bool { return gcmSeal(64, "07ec9217bc1d1eb9af5c34a3b3a0a281") },

			Secret: func(secret *[SecretSize]byte) { copy(key[:], secret[:]) },
		},
		Case{
			Name:  "AESGCMInit/impl=colibri/key=256",
			Setup: fillAll,
			Op:    func() { gcm.Init(key[:32]) },
			OK:    func() bool { return gcmSeal(64, "f8d425e3a266f665181203f6d8eabdb9") },

			Secret: func(secret *[SecretSize]byte) { copy(key[:], secret[:]) },
		},
		gcmSealCase("AESGCMSeal/impl=colibri/key=128/size=64", 16, 64, "07ec9217bc1d1eb9af5c34a3b3a0a281"),
		gcmSealCase("AESGCMSeal/impl=colibri/key=128/size=4096", 16, 4096, "5f9190e08ce462e51229f6579c37532c"),
		gcmSealCase("AESGCMSeal/impl=colibri/key=256/size=4096", 32, 4096, "a7438c90a28965c1e6609ce1cf34c0d0"),
		Case{
			Name: "AESGCMOpen/impl=colibri/key=128/size=4096",
			Setup: func() {
				fillAll()
				gcm.Init(key[:16])
				gcmSeal(len(message), "")
			},
			Op: func() { accepted = gcm.Open(sealed[:], &nonce, header) },
			OK: func() bool { return accepted && counting(sealed[:len(message)]) },

			Secret: func(secret *[SecretSize]byte) {
				gcm.Init(secret[:16])
				copy(sealed[:], secret[:])
				gcm.Seal(sealed[:], &nonce, header)
			},
		},
	)
}

func gcmSealCase(name string, keySize, size int, tag string) Case {
	return Case{
		Name: name,
		Setup: func() {
			fillAll()
			gcm.Init(key[:keySize])
			copy(sealed[:], message[:size])
		},
		Op: func() { gcm.Seal(sealed[:size+aesgcm.TagSize], &nonce, header) },
		OK: func() bool { return equal(sealed[size:size+aesgcm.TagSize], tag) },

		Secret: func(secret *[SecretSize]byte) {
			gcm.Init(secret[:keySize])
			copy(sealed[:], secret[:])
		},
	}
}

// gcmSeal seals the first size bytes of message and compares the tag.
func gcmSeal(size int, tag string) bool {
	copy(sealed[:], message[:size])
	gcm.Seal(sealed[:size+aesgcm.TagSize], &nonce, header)
	return equal(sealed[size:size+aesgcm.TagSize], tag)
}
