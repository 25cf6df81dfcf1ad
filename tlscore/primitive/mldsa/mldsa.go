// Package mldsa verifies signatures by ML-DSA-44 and ML-DSA-65 (FIPS 204).
//
// It stands on cloudflare/circl everywhere. Everything that it works on is public. circl expands a public
// key to a matrix on the heap, of 16 KB for ML-DSA-44 and 30 KB for ML-DSA-65, and needs about as much
// stack; the tests pin the allocations. So a smallest profile goes without this package; of the two
// parameter sets only those are linked that are called.
package mldsa

import (
	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"github.com/cloudflare/circl/sign/mldsa/mldsa65"
)

// Sizes in bytes (FIPS 204, section 4, table 2).
const (
	PublicKeySize44 = 1312
	SignatureSize44 = 2420
	PublicKeySize65 = 1952
	SignatureSize65 = 3309
)

// MaxContext is the largest length of a context string, in bytes.
const MaxContext = 255

// Verify44 reports whether sig is a signature by ML-DSA-44 of message in the given context, which is
// empty in certificates and in TLS (ML-DSA.Verify, FIPS 204, algorithm 3).
func Verify44(pub, message, context, sig []byte) bool {
	if len(pub) != PublicKeySize44 || len(sig) != SignatureSize44 || len(context) > MaxContext {
		return false
	}
	var key mldsa44.PublicKey
	key.Unpack((*[PublicKeySize44]byte)(pub))
	return mldsa44.Verify(&key, message, context, sig)
}

// Verify65 is Verify44 for ML-DSA-65.
func Verify65(pub, message, context, sig []byte) bool {
	if len(pub) != PublicKeySize65 || len(sig) != SignatureSize65 || len(context) > MaxContext {
		return false
	}
	var key mldsa65.PublicKey
	key.Unpack((*[PublicKeySize65]byte)(pub))
	return mldsa65.Verify(&key, message, context, sig)
}
