//go:build !subset || hkdf

package selftest

import (
	"colibri/tlscore/primitive/hkdf"
	"colibri/tlscore/primitive/sha2"
)

var (
	zeros     [32]byte
	early     [32]byte
	emptyHash [32]byte // SHA-256 of nothing
)

// The first two steps of the TLS 1.3 key schedule without a pre-shared key (RFC 8446, 7.1; the values are in RFC 8448, 3).
func init() {
	add("hkdf",
		Case{
			Name: "HKDFExtract/impl=colibri/hash=SHA256",
			Op:   func() { hkdf.Extract(sha2.SHA256, early[:], nil, zeros[:]) },
			OK: func() bool {
				return equal(early[:], "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a")
			},
		},
		Case{
			Name: "HKDFExpandLabel/impl=colibri/hash=SHA256",
			Setup: func() {
				unhex(early[:], "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a")
				unhex(emptyHash[:], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
			},
			Op: func() { hkdf.ExpandLabel(sha2.SHA256, digest[:32], early[:], "derived", emptyHash[:]) },
			OK: func() bool {
				return equal(digest[:32], "6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba")
			},
		},
	)
}
