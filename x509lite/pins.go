package x509lite

// Pins are public keys that are trusted by themselves: as raw public keys (RFC 7250), or in addition to a chain. They are an
// alternative to certificates for peers that know each other.
type Pins struct {
	// Keys are SubjectPublicKeyInfos, whole elements.
	Keys [][]byte
	// SHA256 are SHA-256 digests of SubjectPublicKeyInfos, as in RFC 7469 2.4. They need Hash.
	SHA256 [][32]byte
	// Hash sets digest to the SHA-256 digest of spki. It may be nil if SHA256 is empty.
	Hash func(digest *[32]byte, spki []byte)
}

// Verify reports whether the SubjectPublicKeyInfo spki is pinned, well-formed and acceptable for the profile. The error is
// ErrPin if it is not pinned, ErrOptions if there are digests and no Hash, ErrWeakKey if the profile does not accept it, or one
// of PublicKey.Parse. key becomes a view of the key; digest is scratch memory. Only the key is looked at: a pin has no name, no
// dates and no usage.
func (p *Pins) Verify(key *PublicKey, digest *[32]byte, profile Profile, spki []byte) error {
	return p.verify(key, digest, profile, spki).result()
}

func (p *Pins) verify(key *PublicKey, digest *[32]byte, profile Profile, spki []byte) Error {
	if profile >= profiles || len(p.SHA256) > 0 && p.Hash == nil {
		return ErrOptions
	}
	if !p.has(digest, spki) {
		return ErrPin
	}
	if e := key.parse(spki); e != 0 {
		return e
	}
	return profile.keyFault(key)
}

func (p *Pins) has(digest *[32]byte, spki []byte) bool {
	for _, k := range p.Keys {
		if same(k, spki) {
			return true
		}
	}
	if len(p.SHA256) == 0 {
		return false
	}
	p.Hash(digest, spki)
	for i := range p.SHA256 {
		if p.SHA256[i] == *digest {
			return true
		}
	}
	return false
}
