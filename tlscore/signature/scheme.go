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

// RSA reports whether s is a scheme of RSA.
func (s Scheme) RSA() bool { return s.Fits(x509lite.KeyRSA) || s.Fits(x509lite.KeyRSAPSS) }

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
