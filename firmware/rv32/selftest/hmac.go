//go:build !subset || hmac

package selftest

import (
	"colibri/tlscore/primitive/hmac"
	"colibri/tlscore/primitive/sha2"
)

var mac hmac.HMAC

// Key and message are counting bytes; the answers were computed with Go's crypto/hmac.
func init() {
	add("hmac",
		Case{
			Name:  "HMAC/impl=colibri/hash=SHA256/size=64",
			Setup: fillAll,
			Op:    func() { authenticate(sha2.SHA256, 32) },
			OK: func() bool {
				return equal(digest[:32], "173206781c3b828a0dc2a716fe0ddb5e6e56ec171170952ff6b3f4de44fa18d7")
			},
		},
		Case{
			Name:  "HMAC/impl=colibri/hash=SHA384/size=64",
			Setup: fillAll,
			Op:    func() { authenticate(sha2.SHA384, 48) },
			OK: func() bool {
				return equal(digest[:48], "88f2d77b769ee878f278c4833d9b3c258fdd28ed92c53aef"+
					"6594d73fc9e1f4ee6eeac8d401f225de606063fb174429ba")
			},
		},
	)
}

func authenticate(a sha2.Algorithm, keySize int) {
	mac.Init(a, key[:keySize])
	mac.Write(message[:64])
	mac.Sum(digest[:])
}
