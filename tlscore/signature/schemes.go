//go:build !colibri_small

package signature

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/x509lite"
)

// schemes is what there is to know of each: its name in RFC 8446, the same in the words of certificates (0 if they have none
// that is supported), and the kind of key.
var schemes = [...]struct {
	scheme    Scheme
	name      string
	algorithm x509lite.SignatureAlgorithm
	key       x509lite.KeyAlgorithm
}{
	{ECDSAWithP256AndSHA256, "ecdsa_secp256r1_sha256", x509lite.ECDSAWithSHA256, x509lite.KeyP256},
	{ECDSAWithP384AndSHA384, "ecdsa_secp384r1_sha384", x509lite.ECDSAWithSHA384, x509lite.KeyP384},
	{ECDSAWithP521AndSHA512, "ecdsa_secp521r1_sha512", x509lite.ECDSAWithSHA512, x509lite.KeyP521},
	{Ed25519, "ed25519", x509lite.PureEd25519, x509lite.KeyEd25519},
	{RSAPSSWithSHA256, "rsa_pss_rsae_sha256", x509lite.SHA256WithRSAPSS, x509lite.KeyRSA},
	{RSAPSSWithSHA384, "rsa_pss_rsae_sha384", x509lite.SHA384WithRSAPSS, x509lite.KeyRSA},
	{RSAPSSWithSHA512, "rsa_pss_rsae_sha512", x509lite.SHA512WithRSAPSS, x509lite.KeyRSA},
	{PKCS1WithSHA256, "rsa_pkcs1_sha256", x509lite.SHA256WithRSA, x509lite.KeyRSA},
	{PKCS1WithSHA384, "rsa_pkcs1_sha384", x509lite.SHA384WithRSA, x509lite.KeyRSA},
	{PKCS1WithSHA512, "rsa_pkcs1_sha512", x509lite.SHA512WithRSA, x509lite.KeyRSA},
	{PSSKeyWithSHA256, "rsa_pss_pss_sha256", x509lite.SHA256WithRSAPSS, x509lite.KeyRSAPSS},
	{PSSKeyWithSHA384, "rsa_pss_pss_sha384", x509lite.SHA384WithRSAPSS, x509lite.KeyRSAPSS},
	{PSSKeyWithSHA512, "rsa_pss_pss_sha512", x509lite.SHA512WithRSAPSS, x509lite.KeyRSAPSS},
	{MLDSA44, "mldsa44", x509lite.PureMLDSA44, x509lite.KeyMLDSA44},
	{MLDSA65, "mldsa65", x509lite.PureMLDSA65, x509lite.KeyMLDSA65},
	{MLDSA87, "mldsa87", x509lite.PureMLDSA87, x509lite.KeyMLDSA87},
}

// hashOf returns the hash of a signature algorithm; the zero value for Ed25519 and ML-DSA, which take the message itself.
func hashOf(a x509lite.SignatureAlgorithm) sha2.Algorithm {
	switch a {
	case x509lite.SHA256WithRSA, x509lite.SHA256WithRSAPSS, x509lite.ECDSAWithSHA256:
		return sha2.SHA256
	case x509lite.SHA384WithRSA, x509lite.SHA384WithRSAPSS, x509lite.ECDSAWithSHA384:
		return sha2.SHA384
	case x509lite.SHA512WithRSA, x509lite.SHA512WithRSAPSS, x509lite.ECDSAWithSHA512:
		return sha2.SHA512
	}
	return 0
}
