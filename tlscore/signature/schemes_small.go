//go:build colibri_small

package signature

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/x509lite"
)

// schemes and hashOf are what a program with the build tag colibri_small knows: see package profile.

var schemes = [...]struct {
	scheme    Scheme
	name      string
	algorithm x509lite.SignatureAlgorithm
	key       x509lite.KeyAlgorithm
}{
	{ECDSAWithP256AndSHA256, "ecdsa_secp256r1_sha256", x509lite.ECDSAWithSHA256, x509lite.KeyP256},
}

func hashOf(a x509lite.SignatureAlgorithm) sha2.Algorithm {
	if a == x509lite.ECDSAWithSHA256 {
		return sha2.SHA256
	}
	return 0
}
