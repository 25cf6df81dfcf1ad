package x509lite

// SignatureAlgorithm is how a certificate or a CRL is signed: the hash and the scheme with all its
// parameters.
type SignatureAlgorithm uint8

const (
	_                SignatureAlgorithm = iota
	SHA256WithRSA                       // RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 8.2, RFC 4055 5)
	SHA384WithRSA                       // RSASSA-PKCS1-v1_5 with SHA-384
	SHA512WithRSA                       // RSASSA-PKCS1-v1_5 with SHA-512
	SHA256WithRSAPSS                    // RSASSA-PSS, SHA-256, MGF1 with it, 32 bytes of salt (RFC 4055 3.1)
	SHA384WithRSAPSS                    // RSASSA-PSS, SHA-384, MGF1 with it, 48 bytes of salt
	SHA512WithRSAPSS                    // RSASSA-PSS, SHA-512, MGF1 with it, 64 bytes of salt
	ECDSAWithSHA256                     // ECDSA with SHA-256 (RFC 5758 3.2); the curve comes with the key
	ECDSAWithSHA384                     // ECDSA with SHA-384
	ECDSAWithSHA512                     // ECDSA with SHA-512
	PureEd25519                         // Ed25519 over the message itself (RFC 8410)
	PureMLDSA44                         // ML-DSA-44 over the message itself, with an empty context (RFC 9881 3)
	PureMLDSA65                         // ML-DSA-65 over the message itself
	PureMLDSA87                         // ML-DSA-87 over the message itself

	// WeakHash stands for every algorithm whose hash is MD2, MD5, SHA-1 or SHA-224. No profile accepts it, so
	// that it is not worth telling them apart.
	WeakHash
)

// String is the name for a log.
func (a SignatureAlgorithm) String() string {
	if int(a) < len(signatureNames) {
		return signatureNames[a]
	}
	return "unknown"
}

var signatureNames = [...]string{
	0:                "unknown",
	SHA256WithRSA:    "RSA with SHA-256",
	SHA384WithRSA:    "RSA with SHA-384",
	SHA512WithRSA:    "RSA with SHA-512",
	SHA256WithRSAPSS: "RSA-PSS with SHA-256",
	SHA384WithRSAPSS: "RSA-PSS with SHA-384",
	SHA512WithRSAPSS: "RSA-PSS with SHA-512",
	ECDSAWithSHA256:  "ECDSA with SHA-256",
	ECDSAWithSHA384:  "ECDSA with SHA-384",
	ECDSAWithSHA512:  "ECDSA with SHA-512",
	PureEd25519:      "Ed25519",
	PureMLDSA44:      "ML-DSA-44",
	PureMLDSA65:      "ML-DSA-65",
	PureMLDSA87:      "ML-DSA-87",
	WeakHash:         "a weak hash",
}

// key is the kind of key that makes signatures of this algorithm; for ECDSA, which has one per curve, it is
// KeyP256, and for RSA-PSS, which has another of its own, KeyRSA.
func (a SignatureAlgorithm) key() KeyAlgorithm {
	switch a {
	case SHA256WithRSA, SHA384WithRSA, SHA512WithRSA, SHA256WithRSAPSS, SHA384WithRSAPSS, SHA512WithRSAPSS:
		return KeyRSA
	case ECDSAWithSHA256, ECDSAWithSHA384, ECDSAWithSHA512:
		return KeyP256
	case PureEd25519:
		return KeyEd25519
	case PureMLDSA44:
		return KeyMLDSA44
	case PureMLDSA65:
		return KeyMLDSA65
	case PureMLDSA87:
		return KeyMLDSA87
	}
	return 0
}

// fits reports whether k makes signatures of this algorithm.
func (a SignatureAlgorithm) fits(k *PublicKey) bool {
	switch want := a.key(); k.Algorithm {
	case KeyRSAPSS:
		return (a == SHA256WithRSAPSS || a == SHA384WithRSAPSS || a == SHA512WithRSAPSS) && (k.Only == 0 || k.Only == a)
	case KeyP384, KeyP521:
		return want == KeyP256
	default:
		return want != 0 && k.Algorithm == want
	}
}

// signatureIdentifier maps the contents of an AlgorithmIdentifier, byte for byte, to what it means. The
// comparison covers the parameters, so that there is exactly one way to write each algorithm: NULL for RSA
// (RFC 4055 2.1, 5), nothing for ECDSA (RFC 5758 3.2), Ed25519 (RFC 8410 3) and ML-DSA (RFC 9881 2), and for
// PSS the default trailer left out (RFC 4055 3.1). The table signatureAlgorithms lists them; weakAlgorithms
// lists object identifiers, whole elements, of signature algorithms with a weak hash, whose parameters do not
// matter.
type signatureIdentifier struct {
	der string
	alg SignatureAlgorithm
}

const idECDSAWithSHA256 = "\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"

// rsaPSS is the object identifier of RSASSA-PSS, and what parameters begin with that name SHA-1 or leave the
// hash out, which means SHA-1 as well (RFC 4055 3.1).
const (
	rsaPSS       = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"
	pssSHA1      = "\xa0\x09\x30\x07\x06\x05\x2b\x0e\x03\x02\x1a"
	pssSHA1Null  = "\xa0\x0b\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00"
	pssHashField = "\xa0"
)

// signatureAlgorithm maps the contents of an AlgorithmIdentifier to its meaning, 0 if it is unknown.
func signatureAlgorithm(b []byte) SignatureAlgorithm {
	for i := range signatureAlgorithms {
		if equal(b, signatureAlgorithms[i].der) {
			return signatureAlgorithms[i].alg
		}
	}
	for _, oid := range weakAlgorithms {
		if hasPrefix(b, oid) {
			return WeakHash
		}
	}
	if !small && hasPrefix(b, rsaPSS) && len(b) >= len(rsaPSS)+2 {
		parameters := b[len(rsaPSS)+2:]
		if !hasPrefix(parameters, pssHashField) ||
			hasPrefix(parameters, pssSHA1) || hasPrefix(parameters, pssSHA1Null) {
			return WeakHash
		}
	}
	return 0
}

// equal compares from the end, where object identifiers differ. It spares the conversion to string, which
// small compilers allocate for.
func equal(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i := len(s) - 1; i >= 0; i-- {
		if b[i] != s[i] {
			return false
		}
	}
	return true
}

func hasPrefix(b []byte, s string) bool { return len(b) >= len(s) && equal(b[:len(s)], s) }

// same compares two byte strings.
func same(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
