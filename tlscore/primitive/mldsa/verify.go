package mldsa

import "github.com/cloudflare/circl/sign"

// Verify reports whether sig is a signature of message by pub in the given context, which is empty in certificates and in TLS
// (ML-DSA.Verify, FIPS 204, algorithm 3).
func Verify(pub, message, context, sig []byte) bool {
	set := byPublic(len(pub))
	if set == nil || len(sig) != set.SignatureSize() || len(context) > MaxContext {
		return false
	}
	key, err := set.UnmarshalBinaryPublicKey(pub)
	return err == nil && set.Verify(key, message, sig, inContext(context))
}

func inContext(context []byte) *sign.SignatureOpts {
	if len(context) == 0 {
		return nil
	}
	return &sign.SignatureOpts{Context: string(context)}
}
