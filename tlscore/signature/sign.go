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

// Supports reports whether Sign can sign under s. A key on a curve signs only under the scheme that names its curve, as TLS 1.3 has
// it, in TLS 1.2 too; an RSA key also under the schemes of RSASSA-PKCS1-v1_5, which are for handshakes of TLS 1.2.
func (k *PrivateKey) Supports(s Scheme) bool {
	return s.Fits(k.algorithm) && (k.only == 0 || k.only == s.algorithm())
}

// Sign signs message, which it hashes itself, under s, writes the signature to sig and returns its length. An ECDSA
// signature is DER, at most 72 bytes for P-256 and 104 for P-384; one by Ed25519 has 64 bytes; an RSA signature is as long as the
// modulus, one by ML-DSA has 2,420, 3,309 or 4,627 bytes. entropy is fresh randomness, at least as long as the hash: it hedges the ECDSA nonce (RFC 6979, section 3.6) or is
// the salt of RSA-PSS; what is left of it blinds the RSA key. Ed25519 needs none; ML-DSA is hedged by all of it, and
// deterministic without. The errors are ErrScheme, ErrSigning if sig
// or entropy is too short, and those of package rsa.
func (k *PrivateKey) Sign(s Scheme, sig []byte, message, entropy []byte) (int, error) {
	if !k.Supports(s) {
		return 0, ErrScheme
	}
	hash := s.Hash()
	var sum [sha2.MaxSize]byte
	n := 0
	if hash != 0 {
		n = sha2.Sum(hash, sum[:], message)
	}
	return k.sign(s, sig, hash, sum[:n], message, entropy)
}

// SignDigest is like Sign for a message that is hashed already: digest is its hash, as long as the hash of s. Ed25519 and ML-DSA
// cannot sign that way; for them it returns ErrScheme.
func (k *PrivateKey) SignDigest(s Scheme, sig []byte, digest, entropy []byte) (int, error) {
	hash := s.Hash()
	if !k.Supports(s) || hash == 0 || len(digest) != hash.Size() {
		return 0, ErrScheme
	}
	return k.sign(s, sig, hash, digest, nil, entropy)
}

// sign works on the digest of message; Ed25519 and ML-DSA take the message itself.
func (k *PrivateKey) sign(s Scheme, sig []byte, hash sha2.Algorithm, digest, message, entropy []byte) (int, error) {
	n := 0
	switch {
	case profile.Small || k.algorithm == x509lite.KeyP256:
		var rs [p256.SignatureSize]byte
		if p256.Sign(&rs, &k.p256, digest, entropy) {
			n = joinECDSA(sig, rs[:])
		}
	case k.algorithm == x509lite.KeyP384:
		var rs [p384.SignatureSize]byte
		if p384.Sign(&rs, &k.p384, digest, entropy) {
			n = joinECDSA(sig, rs[:])
		}
	case k.algorithm == x509lite.KeyEd25519:
		if len(sig) >= ed25519.SignatureSize {
			ed25519.Sign((*[ed25519.SignatureSize]byte)(sig), &k.ed25519, message)
			n = ed25519.SignatureSize
		}
	case k.algorithm.RSA():
		size := len(k.rsa.N)
		if len(sig) < size || len(entropy) < hash.Size() {
			return 0, ErrSigning
		}
		var err error
		if s.CertificatesOnly() {
			err = rsa.SignPKCS1v15(sig[:size], &k.rsa, hash, digest, entropy, k.RSA)
		} else {
			err = rsa.SignPSS(sig[:size], &k.rsa, hash, digest, entropy[:hash.Size()], entropy[hash.Size():], k.RSA)
		}
		if err != nil {
			return 0, err
		}
		n = size
	default:
		if size := mldsaSignatureSize(k.algorithm); len(sig) >= size && k.MLDSA.Sign(sig[:size], k.mldsa, message, entropy) {
			n = size
		}
	}
	if n == 0 {
		return 0, ErrSigning
	}
	return n, nil
}
