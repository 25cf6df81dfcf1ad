package mldsa

import (
	"colibri/tlscore/primitive/subtle"

	"github.com/cloudflare/circl/sign"
)

// Where the parts of an expanded private key stand (FIPS 204, algorithm 24): rho, K, tr, s1 and s2, t0.
const (
	rhoSize = 32
	keySize = 32
	trSize  = 64

	trAt      = rhoSize + keySize
	secretsAt = trAt + trSize
)

// Expand sets expanded, whose length tells the parameter set, to the private key of the seed (FIPS 204, algorithm 6). It returns false
// if the length is that of none.
func Expand(expanded []byte, seed *[SeedSize]byte) bool {
	set := byExpanded(len(expanded))
	if set == nil {
		return false
	}
	_, key := set.DeriveKey(seed[:])
	return pack(expanded, key)
}

// PublicKey sets pub, whose length tells the parameter set, to the public key that belongs to private, a seed or an expanded key. It
// returns false if a length is wrong.
func PublicKey(pub, private []byte) bool {
	set := byPublic(len(pub))
	if set == nil {
		return false
	}
	var key sign.PublicKey
	if len(private) == SeedSize {
		key, _ = set.DeriveKey(private)
	} else {
		secret, err := set.UnmarshalBinaryPrivateKey(private)
		if err != nil {
			return false
		}
		key = secret.Public().(sign.PublicKey)
	}
	return pack(pub, key)
}

// Matches reports whether pub is the public key of private, a seed or an expanded key.
func Matches(pub, private []byte) bool {
	var want [PublicKeySize87]byte
	return len(pub) <= len(want) && PublicKey(want[:len(pub)], private) && subtle.Equal(want[:len(pub)], pub)
}

// pack writes a key of circl's to b, which is as long.
func pack(b []byte, key interface{ MarshalBinary() ([]byte, error) }) bool {
	packed, err := key.MarshalBinary()
	if err != nil {
		return false
	}
	copy(b, packed)
	subtle.Wipe(packed)
	return true
}

// Consistent reports whether the parts of an expanded private key belong together, and with seed if that is not nil: with a seed, whether
// it expands to that key; without, whether everything else follows from rho and the secret vectors.
func Consistent(seed, expanded []byte) bool {
	if byExpanded(len(expanded)) == nil {
		return false
	}
	if seed == nil {
		return derives(expanded)
	}
	var want [ExpandedKeySize87]byte
	defer subtle.Wipe(want[:])
	return len(seed) == SeedSize && Expand(want[:len(expanded)], (*[SeedSize]byte)(seed)) && subtle.Equal(want[:len(expanded)], expanded)
}
