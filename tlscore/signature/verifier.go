package signature

import (
	"colibri/tlscore/primitive/ed25519"
	"colibri/tlscore/primitive/p256"
	"colibri/tlscore/primitive/p384"
	"colibri/tlscore/primitive/profile"
	"colibri/tlscore/primitive/rsa"
	"colibri/tlscore/primitive/sha2"
	"colibri/x509lite"
)

// Verifier verifies signatures: in certificates as the SignatureVerifier of x509lite, and in handshakes by VerifyScheme. It
// contains the memory for one operation at a time. Nothing in it is secret.
type Verifier struct {
	digest  [sha2.MaxSize]byte
	numbers [p384.SignatureSize]byte // of the signature; for Ed25519 with the key behind it
	rsaKey  rsa.PublicKey

	// RSA is memory for RSA signatures, 3 KB. Others may use it too, but not at the same time. Without it no RSA signature is
	// verified.
	RSA *Scratch

	// MLDSA verifies ML-DSA signatures, and P521 those of ECDSA with keys on P-521. Without them no such signature is verified.
	MLDSA MLDSA
	P521  P521

	// Lacked says that a signature was not verified because MLDSA or P521 is nil.
	Lacked bool
}

// P521 verifies ECDSA signatures by keys on NIST P-521: sig is r || s, of 66 bytes each. p521.ECDSA{} of package primitive/p521 is one;
// it is not linked unless it is named.
type P521 interface {
	Verify(pub, digest, sig []byte) bool
}

const p521SignatureSize = 132

// Scratch is the memory that one operation of RSA takes. It is clean afterwards.
type Scratch = rsa.Scratch

// VerifySignature reports whether sig is a signature of message by key under alg. Algorithms that are unknown or do not fit
// the key verify nothing.
func (v *Verifier) VerifySignature(alg x509lite.SignatureAlgorithm, key *x509lite.PublicKey, message, sig []byte) bool {
	var digest []byte
	hash := hashOf(alg)
	if hash != 0 {
		digest = v.digest[:sha2.Sum(hash, v.digest[:], message)]
	}
	return v.verify(alg, hash, key, digest, message, sig)
}

// verify works on the digest of message under hash; Ed25519 and ML-DSA take the message itself.
func (v *Verifier) verify(alg x509lite.SignatureAlgorithm, hash sha2.Algorithm, key *x509lite.PublicKey, digest, message, sig []byte) bool {
	if profile.Small {
		return alg == x509lite.ECDSAWithSHA256 && key.Algorithm == x509lite.KeyP256 && v.verifyP256(key, digest, sig)
	}
	switch alg {
	case x509lite.ECDSAWithSHA256, x509lite.ECDSAWithSHA384, x509lite.ECDSAWithSHA512:
		switch key.Algorithm {
		case x509lite.KeyP256:
			return v.verifyP256(key, digest, sig)
		case x509lite.KeyP384:
			return splitECDSA(v.numbers[:], sig) && p384.Verify(key.Bytes, digest, &v.numbers)
		case x509lite.KeyP521:
			if v.P521 == nil {
				v.Lacked = true
				return false
			}
			rs := make([]byte, p521SignatureSize) // Whoever has P521 has a heap; nobody else shall keep room for it.
			return splitECDSA(rs, sig) && v.P521.Verify(key.Bytes, digest, rs)
		}
	case x509lite.PureEd25519:
		if key.Algorithm == x509lite.KeyEd25519 && len(key.Bytes) == ed25519.SeedSize && len(sig) == ed25519.SignatureSize {
			n := copy(v.numbers[:], sig)
			copy(v.numbers[n:], key.Bytes)
			return ed25519.Verify((*[ed25519.SeedSize]byte)(v.numbers[n:]), message, (*[ed25519.SignatureSize]byte)(v.numbers[:]))
		}
	case x509lite.SHA256WithRSA, x509lite.SHA384WithRSA, x509lite.SHA512WithRSA:
		if key.Algorithm == x509lite.KeyRSA && v.RSA != nil {
			v.rsaKey = rsa.PublicKey{N: key.N, E: key.E}
			return rsa.VerifyPKCS1v15(&v.rsaKey, hash, digest, sig, v.RSA)
		}
	case x509lite.SHA256WithRSAPSS, x509lite.SHA384WithRSAPSS, x509lite.SHA512WithRSAPSS:
		if key.Algorithm.RSA() && (key.Only == 0 || key.Only == alg) && v.RSA != nil {
			v.rsaKey = rsa.PublicKey{N: key.N, E: key.E}
			return rsa.VerifyPSS(&v.rsaKey, hash, digest, sig, v.RSA)
		}
	case x509lite.PureMLDSA44, x509lite.PureMLDSA65, x509lite.PureMLDSA87:
		v.Lacked = v.Lacked || v.MLDSA == nil
		return key.Algorithm == mldsaKey(alg) && v.MLDSA != nil && v.MLDSA.Verify(key.Bytes, message, sig)
	}
	return false
}

func (v *Verifier) verifyP256(key *x509lite.PublicKey, digest, sig []byte) bool {
	rs := (*[p256.SignatureSize]byte)(v.numbers[:])
	return splitECDSA(rs[:], sig) && p256.Verify(key.Bytes, digest, rs)
}

// VerifyScheme reports whether sig is a signature of message, unhashed, by key under the scheme s, as in a
// CertificateVerify. It is false if s does not fit the key or is for certificates only.
func (v *Verifier) VerifyScheme(s Scheme, key *x509lite.PublicKey, message, sig []byte) bool {
	return s.Fits(key.Algorithm) && !s.CertificatesOnly() && v.VerifySignature(s.algorithm(), key, message, sig)
}

// VerifyScheme12 is VerifyScheme for TLS 1.2, in a ServerKeyExchange: RSASSA-PKCS1-v1_5 is allowed, and a key on any curve fits a
// scheme of ECDSA.
func (v *Verifier) VerifyScheme12(s Scheme, key *x509lite.PublicKey, message, sig []byte) bool {
	return s.Fits12(key.Algorithm) && v.VerifySignature(s.algorithm(), key, message, sig)
}

// VerifyDigest12 is like VerifyScheme12 for a message that is hashed already, as that of a CertificateVerify of TLS 1.2 is. It
// returns false for Ed25519, which cannot be verified that way.
func (v *Verifier) VerifyDigest12(s Scheme, key *x509lite.PublicKey, digest, sig []byte) bool {
	hash := s.Hash()
	return s.Fits12(key.Algorithm) && hash != 0 && len(digest) == hash.Size() && v.verify(s.algorithm(), hash, key, digest, nil, sig)
}
