package x509lite

import (
	"math/bits"

	"colibri/x509lite/der"
)

// KeyAlgorithm is the kind of a public key, for elliptic curves together with the curve.
type KeyAlgorithm uint8

const (
	_          KeyAlgorithm = iota
	KeyRSA                  // rsaEncryption (RFC 3279 2.3.1)
	KeyP256                 // id-ecPublicKey on secp256r1 (RFC 5480 2.1.1)
	KeyP384                 // id-ecPublicKey on secp384r1
	KeyP521                 // id-ecPublicKey on secp521r1
	KeyEd25519              // id-Ed25519 (RFC 8410)
	KeyRSAPSS               // id-RSASSA-PSS: RSA for that kind of signatures only (RFC 4055 1.2, 3.1)
	KeyMLDSA44              // id-ml-dsa-44 (RFC 9881 2, 4)
	KeyMLDSA65              // id-ml-dsa-65
	KeyMLDSA87              // id-ml-dsa-87
)

var keyNames = [...]string{0: "unknown", KeyRSA: "RSA", KeyP256: "ECDSA P-256", KeyP384: "ECDSA P-384",
	KeyP521: "ECDSA P-521", KeyEd25519: "Ed25519", KeyRSAPSS: "RSA-PSS",
	KeyMLDSA44: "ML-DSA-44", KeyMLDSA65: "ML-DSA-65", KeyMLDSA87: "ML-DSA-87"}

// RSA reports whether keys of this kind are a modulus and an exponent.
func (k KeyAlgorithm) RSA() bool { return k == KeyRSA || k == KeyRSAPSS }

// elliptic reports whether keys of this kind are points on a curve for ECDSA.
func (k KeyAlgorithm) elliptic() bool { return k >= KeyP256 && k <= KeyP521 }

// MLDSA reports whether keys of this kind make signatures by ML-DSA (FIPS 204).
func (k KeyAlgorithm) MLDSA() bool { return k >= KeyMLDSA44 && k <= KeyMLDSA87 }

// String is the name for a log.
func (k KeyAlgorithm) String() string {
	if int(k) < len(keyNames) {
		return keyNames[k]
	}
	return "unknown"
}

// PublicKey is a view of a SubjectPublicKeyInfo (RFC 5280 4.1.2.7).
type PublicKey struct {
	Algorithm KeyAlgorithm
	Only      SignatureAlgorithm // the one algorithm that a KeyRSAPSS may be used with, 0 if it names none
	Bytes     []byte             // the uncompressed point 04||X||Y, or the key itself of Ed25519 and ML-DSA; nil for RSA
	N         []byte             // the RSA modulus, big-endian, without leading zeros
	E         uint32             // the RSA public exponent
}

// Bits is the size of the key: of the RSA modulus, of the curve's field, 256 for Ed25519, or of all of an
// ML-DSA key.
func (k *PublicKey) Bits() int {
	switch k.Algorithm {
	case KeyRSA, KeyRSAPSS:
		return 8*len(k.N) - bits.LeadingZeros8(k.N[0])
	case KeyP384:
		return 384
	case KeyP521:
		return 521
	case KeyMLDSA44, KeyMLDSA65, KeyMLDSA87:
		return 8 * len(k.Bytes)
	}
	return 256
}

// keyIdentifier maps the contents of an AlgorithmIdentifier to a kind of key that stands in the BIT STRING as it is, and to
// its size in bytes: uncompressed points on a named curve (RFC 5480 2.1.1.1), and keys without parameters (RFC 8410 3, 4; RFC 9881
// 2, 4). The table keys lists them.
type keyIdentifier struct {
	der  string
	alg  KeyAlgorithm
	size uint16
}

const (
	idP256   = "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
	keyOIDEC = "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"                 // id-ecPublicKey
	keyRSA   = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00" // with NULL (RFC 3279 2.3.1)

	maxRSABits     = 8192 // crypto/tls's limit since CVE-2023-29409
	ecUncompressed = 4
)

// Parse makes k a view of the SubjectPublicKeyInfo spki, a whole DER element. It fails with ErrDER,
// ErrPublicKey or ErrUnsupportedKey. Whether a point lies on its curve is for the cryptography to find out;
// how large an RSA key must be is for the Profile.
func (k *PublicKey) Parse(spki []byte) error { return k.parse(spki).result() }

func (k *PublicKey) parse(spki []byte) Error {
	*k = PublicKey{}
	var f [2][]byte
	if !der.Matches(spki, "(\x30a\x30b\x03)", f[:]) || f[1][0] != 0 {
		return ErrDER
	}
	algorithm, key := f[0], f[1][1:]
	for i := range keys {
		kind := &keys[i]
		if equal(algorithm, kind.der) {
			// RFC 5480 2.2 lets compressed points be refused, and TLS has no use for them (RFC 8422 5.4.1).
			if len(key) != int(kind.size) || kind.alg.elliptic() && key[0] != ecUncompressed {
				return ErrPublicKey
			}
			k.Algorithm, k.Bytes = kind.alg, key
			return 0
		}
	}
	if small {
		return ErrUnsupportedKey
	}
	if only, ok := RSAPSSKey(algorithm); ok {
		e := k.parseRSA(key)
		k.Algorithm, k.Only = KeyRSAPSS, only
		return e
	}
	switch {
	case equal(algorithm, keyRSA):
		return k.parseRSA(key)
	case hasPrefix(algorithm, keyOIDEC) && len(algorithm) > len(keyOIDEC) &&
		algorithm[len(keyOIDEC)] != byte(der.ObjectID):
		return ErrPublicKey // specifiedCurve or implicitCurve (RFC 5480 2.1.1: MUST NOT be used)
	}
	return ErrUnsupportedKey
}

// RSAPSSKey reports whether the contents of an AlgorithmIdentifier say that a key, public or private, is for RSASSA-PSS only, and
// with which algorithm, 0 for all. Parameters are known in the one form that signatures have (RFC 4055 3.1).
func RSAPSSKey(algorithm []byte) (only SignatureAlgorithm, ok bool) {
	if equal(algorithm, rsaPSS) {
		return 0, true
	}
	if !hasPrefix(algorithm, rsaPSS) {
		return 0, false
	}
	only = signatureAlgorithm(algorithm)
	return only, only != 0 && only != WeakHash
}

// parseRSA reads RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } (RFC 8017 A.1.1).
func (k *PublicKey) parseRSA(b []byte) Error {
	c, ok := der.Only(b, der.Sequence)
	if !ok {
		return ErrPublicKey
	}
	n, ok := c.Unsigned()
	if !ok || len(n) == 0 || len(n) > maxRSABits/8 || n[len(n)-1]&1 == 0 {
		return ErrPublicKey
	}
	// The exponent is odd and at least 3 (RFC 8017 3.1). Nobody uses one of more than 32 bits; verification
	// with a long one is slow.
	e, ok := c.Uint32()
	if !ok || e < 3 || e&1 == 0 || !c.Empty() {
		return ErrPublicKey
	}
	k.Algorithm, k.N, k.E = KeyRSA, n, e
	return 0
}
