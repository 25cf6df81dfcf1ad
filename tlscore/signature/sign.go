package signature

import (
	"colibri/tlscore/primitive/ed25519"
	"colibri/tlscore/primitive/p256"
	"colibri/tlscore/primitive/p384"
	"colibri/tlscore/primitive/rsa"
	"colibri/tlscore/primitive/sha2"
	"colibri/x509lite"
)

// Supports reports whether Sign can sign a handshake under s. Schemes that are for certificates only it cannot.
func (k *PrivateKey) Supports(s Scheme) bool {
	return s.Fits(k.algorithm) && !s.CertificatesOnly()
}

// Sign signs message, which it hashes itself, under s, writes the signature to sig and returns its length. An ECDSA
// signature is DER, at most 72 bytes for P-256 and 104 for P-384; one by Ed25519 has 64 bytes; an RSA signature is as long as the
// modulus. entropy is fresh randomness, at least as long as the hash: it hedges the ECDSA nonce (RFC 6979, section 3.6) or is
// the salt of RSA-PSS; what is left of it blinds the RSA key. Ed25519 needs none. The errors are ErrScheme, ErrSigning if sig
// or entropy is too short, and those of package rsa.
func (k *PrivateKey) Sign(s Scheme, sig []byte, message, entropy []byte) (int, error) {
	if !k.Supports(s) {
		return 0, ErrScheme
	}
	hash := hashOf(s.algorithm())
	var sum [sha2.MaxSize]byte
	var digest []byte
	if hash != 0 {
		digest = sum[:sha2.Sum(hash, sum[:], message)]
	}
	n := 0
	switch k.algorithm {
	case x509lite.KeyP256:
		var rs [p256.SignatureSize]byte
		if p256.Sign(&rs, &k.p256, digest, entropy) {
			n = joinECDSA(sig, rs[:])
		}
	case x509lite.KeyP384:
		var rs [p384.SignatureSize]byte
		if p384.Sign(&rs, &k.p384, digest, entropy) {
			n = joinECDSA(sig, rs[:])
		}
	case x509lite.KeyEd25519:
		if len(sig) >= ed25519.SignatureSize {
			ed25519.Sign((*[ed25519.SignatureSize]byte)(sig), &k.seed, message)
			n = ed25519.SignatureSize
		}
	case x509lite.KeyRSA:
		size := len(k.rsa.N)
		if len(sig) < size || len(entropy) < hash.Size() {
			return 0, ErrSigning
		}
		if err := rsa.SignPSS(sig[:size], &k.rsa, hash, digest, entropy[:hash.Size()], entropy[hash.Size():], k.RSA); err != nil {
			return 0, err
		}
		n = size
	}
	if n == 0 {
		return 0, ErrSigning
	}
	return n, nil
}
