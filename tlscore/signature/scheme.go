package signature

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/x509lite"
)

// Scheme is a SignatureScheme (RFC 8446, section 4.2.3).
type Scheme uint16

// The schemes that certificates or handshakes are signed under.
const (
	PKCS1WithSHA256        Scheme = 0x0401 // certificates, and handshakes of TLS 1.2
	PKCS1WithSHA384        Scheme = 0x0501
	PKCS1WithSHA512        Scheme = 0x0601
	ECDSAWithP256AndSHA256 Scheme = 0x0403
	ECDSAWithP384AndSHA384 Scheme = 0x0503
	ECDSAWithP521AndSHA512 Scheme = 0x0603 // verified only
	RSAPSSWithSHA256       Scheme = 0x0804 // rsa_pss_rsae_sha256: the key is for RSA in general
	RSAPSSWithSHA384       Scheme = 0x0805
	RSAPSSWithSHA512       Scheme = 0x0806
	Ed25519                Scheme = 0x0807
	PSSKeyWithSHA256       Scheme = 0x0809 // rsa_pss_pss_sha256: the key is for RSA-PSS only
	PSSKeyWithSHA384       Scheme = 0x080a
	PSSKeyWithSHA512       Scheme = 0x080b
	MLDSA44                Scheme = 0x0904 // draft-ietf-tls-mldsa, section 3: TLS 1.3 only
	MLDSA65                Scheme = 0x0905
	MLDSA87                Scheme = 0x0906
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

// String returns the scheme's name in RFC 8446.
func (s Scheme) String() string {
	for i := range schemes {
		if schemes[i].scheme == s {
			return schemes[i].name
		}
	}
	return "unknown signature scheme"
}

// algorithm returns the same scheme in the words of certificates, 0 if it is not supported.
func (s Scheme) algorithm() x509lite.SignatureAlgorithm {
	for i := range schemes {
		if schemes[i].scheme == s {
			return schemes[i].algorithm
		}
	}
	return 0
}

// MLDSA reports whether s is a scheme of ML-DSA.
func (s Scheme) MLDSA() bool { return s >= MLDSA44 && s <= MLDSA87 }

// Covers reports whether s is the scheme of a certificate's signature by algorithm a. Which curve an issuer's key is on, a does
// not say, so that any is covered.
func (s Scheme) Covers(a x509lite.SignatureAlgorithm) bool { return a != 0 && s.algorithm() == a }

// Fits reports whether a key of the given kind can sign under s. In TLS 1.3 an ECDSA scheme names its curve.
func (s Scheme) Fits(k x509lite.KeyAlgorithm) bool {
	for i := range schemes {
		if schemes[i].scheme == s {
			return k != 0 && schemes[i].key == k
		}
	}
	return false
}

// Fits12 is Fits for TLS 1.2, where a scheme of ECDSA says nothing about the curve (RFC 8422, section 5.10), and ML-DSA is not allowed.
func (s Scheme) Fits12(k x509lite.KeyAlgorithm) bool {
	if s == ECDSAWithP256AndSHA256 || s == ECDSAWithP384AndSHA384 || s == ECDSAWithP521AndSHA512 {
		return k == x509lite.KeyP256 || k == x509lite.KeyP384 || k == x509lite.KeyP521
	}
	return s.Fits(k) && !k.MLDSA()
}

// CertificatesOnly reports whether s is a scheme of RSASSA-PKCS1-v1_5, under which certificates may be signed, and handshakes of TLS 1.2,
// but none of TLS 1.3 (RFC 8446, section 4.2.3).
func (s Scheme) CertificatesOnly() bool {
	return s == PKCS1WithSHA256 || s == PKCS1WithSHA384 || s == PKCS1WithSHA512
}

// Hash returns the hash of the scheme; the zero value for Ed25519 and ML-DSA, which take the message itself, and schemes that are not
// supported.
func (s Scheme) Hash() sha2.Algorithm { return hashOf(s.algorithm()) }

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
