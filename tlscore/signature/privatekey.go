package signature

import (
	"colibri/tlscore/primitive/ed25519"
	"colibri/tlscore/primitive/p256"
	"colibri/tlscore/primitive/p384"
	"colibri/tlscore/primitive/profile"
	"colibri/tlscore/primitive/rsa"
	"colibri/tlscore/primitive/subtle"
	"colibri/x509lite"
)

// PrivateKey is a private key that signs. The RSA numbers and the key for ML-DSA in it are views of the DER it was parsed from, which must
// stay unchanged. On hosts it may be used by several goroutines at once; the portable RSA makes one signature at a time.
type PrivateKey struct {
	algorithm x509lite.KeyAlgorithm
	only      x509lite.SignatureAlgorithm // that a KeyRSAPSS may be used with, 0 for any
	p256      [p256.ScalarSize]byte
	p384      [p384.ScalarSize]byte
	ed25519   ed25519.Key
	rsa       rsa.PrivateKey
	mldsa     []byte               // a seed or an expanded key
	public    [p384.PointSize]byte // what belongs to the private part, for P-256 and P-384

	// RSA is memory for signatures by RSA, 3 KB, shared with whatever does not work at the same time. Set it before the
	// key is parsed; a key for RSA that finds none allocates it.
	RSA *Scratch

	// MLDSA makes signatures by ML-DSA, mldsa.Scheme{} for instance. Set it before the key is parsed; a key for ML-DSA that finds
	// none is refused.
	MLDSA MLDSA
}

// Algorithm returns the kind of the key; 0 before Parse.
func (k *PrivateKey) Algorithm() x509lite.KeyAlgorithm { return k.algorithm }

// point returns the public key of a key on a curve, nil for RSA and ML-DSA.
func (k *PrivateKey) point() []byte {
	switch k.algorithm {
	case x509lite.KeyP256:
		return k.public[:p256.PointSize]
	case x509lite.KeyP384:
		return k.public[:]
	case x509lite.KeyEd25519:
		return k.ed25519.Public()[:]
	}
	return nil
}

// Matches reports whether pub is the public key of k: whether a certificate belongs to the key.
func (k *PrivateKey) Matches(pub *x509lite.PublicKey) bool {
	if k.algorithm == 0 || pub.Algorithm != k.algorithm {
		return false
	}
	if !profile.Small && k.algorithm.RSA() {
		return subtle.Equal(pub.N, k.rsa.N) && pub.E == k.rsa.E
	}
	if !profile.Small && k.algorithm.MLDSA() {
		return k.MLDSA.Matches(pub.Bytes, k.mldsa)
	}
	return subtle.Equal(pub.Bytes, k.point())
}

// Wipe forgets the key. The DER it was parsed from is the caller's to wipe.
func (k *PrivateKey) Wipe() {
	subtle.Wipe(k.p256[:])
	subtle.Wipe(k.p384[:])
	k.ed25519.Wipe()
	*k = PrivateKey{RSA: k.RSA, MLDSA: k.MLDSA}
}
