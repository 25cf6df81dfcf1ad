package x509lite

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"math/big"
)

// stdCrypto is a SignatureVerifier on the standard library. It counts what it is asked.
type stdCrypto struct{ calls int }

func (s *stdCrypto) VerifySignature(alg SignatureAlgorithm, key *PublicKey, message, sig []byte) bool {
	s.calls++
	var h crypto.Hash
	pss := false
	switch alg {
	case SHA256WithRSA, ECDSAWithSHA256:
		h = crypto.SHA256
	case SHA384WithRSA, ECDSAWithSHA384:
		h = crypto.SHA384
	case SHA512WithRSA, ECDSAWithSHA512:
		h = crypto.SHA512
	case SHA256WithRSAPSS:
		h, pss = crypto.SHA256, true
	case SHA384WithRSAPSS:
		h, pss = crypto.SHA384, true
	case SHA512WithRSAPSS:
		h, pss = crypto.SHA512, true
	case PureEd25519:
		return ed25519.Verify(key.Bytes, message, sig)
	default:
		return false
	}
	d := h.New()
	d.Write(message)
	digest := d.Sum(nil)
	if key.Algorithm == KeyRSA {
		pub := &rsa.PublicKey{N: new(big.Int).SetBytes(key.N), E: int(key.E)}
		if pss {
			return rsa.VerifyPSS(pub, h, digest, sig, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
		}
		return rsa.VerifyPKCS1v15(pub, h, digest, sig) == nil
	}
	var curve elliptic.Curve
	switch key.Algorithm {
	case KeyP256:
		curve = elliptic.P256()
	case KeyP384:
		curve = elliptic.P384()
	case KeyP521:
		curve = elliptic.P521()
	}
	pub, err := ecdsa.ParseUncompressedPublicKey(curve, key.Bytes)
	return err == nil && ecdsa.VerifyASN1(pub, digest, sig)
}
