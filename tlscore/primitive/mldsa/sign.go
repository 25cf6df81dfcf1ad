package mldsa

import (
	"colibri/tlscore/primitive/internal/keccak"
	"colibri/tlscore/primitive/subtle"
)

// Sign sets sig, whose length tells the parameter set, to a signature of message in the given context by private, a seed or an
// expanded key (ML-DSA.Sign, FIPS 204, algorithm 2). It returns false if a length is wrong.
//
// Without entropy, the signature is the deterministic one of the standard. With entropy it is hedged: circl takes no randomness but its
// own, so that what is mixed with entropy is not rnd, which stays zero, but the K that the same hash reads before it (algorithm 7, line
// 7): the signer's randomness is known to nobody who does not know K, nor the same twice if entropy is not.
func Sign(sig, private, message, context, entropy []byte) bool {
	set := bySignature(len(sig))
	if set == nil || len(context) > MaxContext {
		return false
	}
	var expanded [ExpandedKeySize87]byte
	b := expanded[:set.PrivateKeySize()]
	defer subtle.Wipe(b)
	switch len(private) {
	case len(b):
		copy(b, private)
	case SeedSize:
		Expand(b, (*[SeedSize]byte)(private))
	default:
		return false
	}
	if len(entropy) > 0 {
		hedge(b[rhoSize:trAt], entropy)
	}
	key, err := set.UnmarshalBinaryPrivateKey(b)
	if err != nil {
		return false
	}
	copy(sig, set.Sign(key, message, inContext(context)))
	return true
}

// hedge mixes entropy into the K of a private key. What the key signs, and who can verify it, does not depend on K.
func hedge(k, entropy []byte) {
	var h keccak.State
	h.Reset(keccak.SHAKE256)
	h.Write(k)
	h.Write(entropy)
	h.Read(k)
	h.Wipe()
}
