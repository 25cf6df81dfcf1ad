package signature

import (
	"colibri/x509lite"
	"colibri/x509lite/der"
)

// MLDSA is ML-DSA (FIPS 204) with an empty context. mldsa.Scheme{} of package primitive/mldsa is one; it is not linked unless it is
// named. The lengths of public keys and signatures tell the parameter set. A private key is a seed of 32 bytes or an
// expanded key.
type MLDSA interface {
	// Verify reports whether sig is a signature of message by the public key pub.
	Verify(pub, message, sig []byte) bool
	// Sign sets sig to a signature of message, hedged by entropy unless that is empty; false if a length is wrong.
	Sign(sig, private, message, entropy []byte) bool
	// Matches reports whether pub is the public key of private.
	Matches(pub, private []byte) bool
	// Consistent reports whether the parts of an expanded key belong together, and with seed if that is not nil.
	Consistent(seed, expanded []byte) bool
}

// MLDSASize is the most bytes that a public key or a signature by ML-DSA has: a signature by ML-DSA-87.
const MLDSASize = 4627

const mldsaSeedSize = 32

// mldsaSet is a parameter set: its OID, contents, of keys and signatures alike (RFC 9881, section 2), and sizes in bytes (FIPS 204,
// section 4, table 2).
type mldsaSet struct {
	oid                 string
	algorithm           x509lite.SignatureAlgorithm
	key                 x509lite.KeyAlgorithm
	expanded, signature uint16
}

var mldsaSets = [...]mldsaSet{
	{"\x60\x86\x48\x01\x65\x03\x04\x03\x11", x509lite.PureMLDSA44, x509lite.KeyMLDSA44, 2560, 2420},
	{"\x60\x86\x48\x01\x65\x03\x04\x03\x12", x509lite.PureMLDSA65, x509lite.KeyMLDSA65, 4032, 3309},
	{"\x60\x86\x48\x01\x65\x03\x04\x03\x13", x509lite.PureMLDSA87, x509lite.KeyMLDSA87, 4896, MLDSASize},
}

// mldsaKey returns the kind of key for a signature algorithm, 0 if that is not ML-DSA.
func mldsaKey(a x509lite.SignatureAlgorithm) x509lite.KeyAlgorithm {
	for i := range mldsaSets {
		if mldsaSets[i].algorithm == a {
			return mldsaSets[i].key
		}
	}
	return 0
}

// mldsaSignatureSize returns the length of signatures by a kind of key.
func mldsaSignatureSize(k x509lite.KeyAlgorithm) int {
	for i := range mldsaSets {
		if mldsaSets[i].key == k {
			return int(mldsaSets[i].signature)
		}
	}
	return 0
}

// parseMLDSA reads the key that a PKCS #8 file wraps, in one of three forms: the seed, the expanded key, or both (RFC 9881, section 6).
// Of both, the expanded key is used, from which signing takes less time.
func (k *PrivateKey) parseMLDSA(set *mldsaSet, key []byte) Error {
	seed, expanded, ok := splitMLDSA(key)
	if !ok || seed != nil && len(seed) != mldsaSeedSize || expanded != nil && len(expanded) != int(set.expanded) {
		return ErrKeyFormat
	}
	if k.MLDSA == nil {
		return ErrKeyMLDSA
	}
	k.algorithm, k.mldsa = set.key, seed
	if expanded != nil {
		if !k.MLDSA.Consistent(seed, expanded) {
			return ErrKeyInconsistent
		}
		k.mldsa = expanded
	}
	return 0
}

// splitMLDSA finds the parts of the key; at least one is not nil.
func splitMLDSA(key []byte) (seed, expanded []byte, ok bool) {
	if seed, ok = der.Only(key, der.Context(0)); ok {
		return seed, nil, true
	}
	if expanded, ok = der.Only(key, der.OctetString); ok {
		return nil, expanded, true
	}
	both, ok := der.Only(key, der.Sequence)
	if !ok {
		return nil, nil, false
	}
	if seed, ok = both.Read(der.OctetString); !ok {
		return nil, nil, false
	}
	expanded, ok = both.Read(der.OctetString)
	return seed, expanded, ok && both.Empty()
}
