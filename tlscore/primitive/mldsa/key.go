package mldsa

import (
	"colibri/tlscore/primitive/internal/keccak"
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
// it expands to that key; without, whether the numbers of the secret vectors are in their range (FIPS 204, algorithm 25) and tr
// is the hash of the public key that follows from them. Only of t0, which circl does not compute from the other parts, is it left to
// those who verify to find out.
func Consistent(seed, expanded []byte) bool {
	set := byExpanded(len(expanded))
	if set == nil {
		return false
	}
	if seed != nil {
		var want [ExpandedKeySize87]byte
		ok := len(seed) == SeedSize && Expand(want[:len(expanded)], (*[SeedSize]byte)(seed)) && subtle.Equal(want[:len(expanded)], expanded)
		subtle.Wipe(want[:])
		return ok
	}
	var pub [PublicKeySize87]byte
	var tr [trSize]byte
	if !inRange(expanded) || !PublicKey(pub[:set.PublicKeySize()], expanded) {
		return false
	}
	var h keccak.State
	h.Reset(keccak.SHAKE256)
	h.Write(pub[:set.PublicKeySize()])
	h.Read(tr[:])
	return subtle.Equal(tr[:], expanded[trAt:secretsAt])
}

// inRange reports whether the numbers of s1 and s2, which stand as eta less themselves, are between -eta and eta: for ML-DSA-65 nine
// values in 4 bits, otherwise five in 3. All of them are looked at.
func inRange(expanded []byte) bool {
	width, most, size := 3, uint32(4), (4+4)*96
	switch len(expanded) {
	case ExpandedKeySize65:
		width, most, size = 4, 8, (5+6)*128
	case ExpandedKeySize87:
		size = (7 + 8) * 96
	}
	beyond, bits, held := uint32(0), uint32(0), 0
	for _, b := range expanded[secretsAt : secretsAt+size] {
		bits |= uint32(b) << held
		for held += 8; held >= width; held -= width {
			beyond |= most - bits&(1<<width-1) // negative if too large
			bits >>= width
		}
	}
	return beyond>>31 == 0
}
