package x509lite

// Profile is the policy for hashes and keys. Names and meanings are those of mbedTLS (mbedtls_x509_crt_profile_default, _next
// and _suiteb, as of version 3), without the algorithms that are not implemented here.
type Profile uint8

const (
	// ProfileDefault: SHA-256, SHA-384 or SHA-512; ECDSA on P-256, P-384 or P-521, Ed25519, ML-DSA, or RSA
	// with at least 2048 bits.
	ProfileDefault Profile = iota
	// ProfileNext: what the default is going to be. At present it is the same, as in mbedTLS, and may become stricter at any
	// time.
	ProfileNext
	// ProfileSuiteB: SHA-256 or SHA-384 with ECDSA on P-256 or P-384, and nothing else (RFC 6460, for 128
	// bits of security).
	ProfileSuiteB
	// ProfileP256: SHA-256 with ECDSA on P-256, and nothing else: what a program built with the tag colibri_small
	// can verify.
	ProfileP256

	profiles
)

// minRSABits is the smallest RSA modulus of ProfileDefault and ProfileNext.
const minRSABits = 2048

// elliptic reports whether the profile knows ECDSA only.
func (p Profile) elliptic() bool { return p == ProfileSuiteB || p == ProfileP256 }

// hashFault judges how a certificate or a CRL is signed.
func (p Profile) hashFault(a SignatureAlgorithm) Error {
	switch a {
	case 0:
		return ErrUnsupportedAlgorithm
	case WeakHash:
		return ErrUnacceptableHash
	}
	if p.elliptic() {
		switch a {
		case ECDSAWithSHA256:
		case ECDSAWithSHA384:
			if p == ProfileP256 {
				return ErrUnacceptableHash
			}
		case SHA512WithRSA, SHA512WithRSAPSS, ECDSAWithSHA512:
			return ErrUnacceptableHash
		default:
			return ErrUnsupportedKey
		}
	}
	return 0
}

// keyFault judges a key.
func (p Profile) keyFault(k *PublicKey) Error {
	switch {
	case p.elliptic() && k.Algorithm != KeyP256 && (p == ProfileP256 || k.Algorithm != KeyP384):
		return ErrWeakKey
	case !small && k.Algorithm.RSA() && k.Bits() < minRSABits:
		return ErrWeakKey
	}
	return 0
}
