package signature

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/x509lite"
)

// Scheme is a SignatureScheme (RFC 8446, section 4.2.3).
type Scheme uint16

const (
	PKCS1WithSHA256        Scheme = 0x0401 // certificates only
	PKCS1WithSHA384        Scheme = 0x0501 // certificates only
	PKCS1WithSHA512        Scheme = 0x0601 // certificates only
	ECDSAWithP256AndSHA256 Scheme = 0x0403
	ECDSAWithP384AndSHA384 Scheme = 0x0503
	RSAPSSWithSHA256       Scheme = 0x0804 // rsa_pss_rsae_sha256: the key is for RSA in general
	RSAPSSWithSHA384       Scheme = 0x0805
	RSAPSSWithSHA512       Scheme = 0x0806
	Ed25519                Scheme = 0x0807
)

// String returns the scheme's name in RFC 8446.
func (s Scheme) String() string {
	switch s {
	case PKCS1WithSHA256:
		return "rsa_pkcs1_sha256"
	case PKCS1WithSHA384:
		return "rsa_pkcs1_sha384"
	case PKCS1WithSHA512:
		return "rsa_pkcs1_sha512"
	case ECDSAWithP256AndSHA256:
		return "ecdsa_secp256r1_sha256"
	case ECDSAWithP384AndSHA384:
		return "ecdsa_secp384r1_sha384"
	case RSAPSSWithSHA256:
		return "rsa_pss_rsae_sha256"
	case RSAPSSWithSHA384:
		return "rsa_pss_rsae_sha384"
	case RSAPSSWithSHA512:
		return "rsa_pss_rsae_sha512"
	case Ed25519:
		return "ed25519"
	}
	return "unknown signature scheme"
}

// algorithm returns the same scheme in the words of certificates; false if it is unknown.
func (s Scheme) algorithm() (x509lite.SignatureAlgorithm, bool) {
	switch s {
	case PKCS1WithSHA256:
		return x509lite.SHA256WithRSA, true
	case PKCS1WithSHA384:
		return x509lite.SHA384WithRSA, true
	case PKCS1WithSHA512:
		return x509lite.SHA512WithRSA, true
	case ECDSAWithP256AndSHA256:
		return x509lite.ECDSAWithSHA256, true
	case ECDSAWithP384AndSHA384:
		return x509lite.ECDSAWithSHA384, true
	case RSAPSSWithSHA256:
		return x509lite.SHA256WithRSAPSS, true
	case RSAPSSWithSHA384:
		return x509lite.SHA384WithRSAPSS, true
	case RSAPSSWithSHA512:
		return x509lite.SHA512WithRSAPSS, true
	case Ed25519:
		return x509lite.PureEd25519, true
	}
	return 0, false
}

// Fits reports whether a key of the given algorithm can sign under s. In TLS 1.3 an ECDSA scheme names its curve.
func (s Scheme) Fits(k x509lite.KeyAlgorithm) bool {
	switch s {
	case ECDSAWithP256AndSHA256:
		return k == x509lite.KeyP256
	case ECDSAWithP384AndSHA384:
		return k == x509lite.KeyP384
	case Ed25519:
		return k == x509lite.KeyEd25519
	case PKCS1WithSHA256, PKCS1WithSHA384, PKCS1WithSHA512, RSAPSSWithSHA256, RSAPSSWithSHA384, RSAPSSWithSHA512:
		return k == x509lite.KeyRSA
	}
	return false
}

// hashOf returns the hash of a signature algorithm; the zero value for Ed25519, which takes the message itself.
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
