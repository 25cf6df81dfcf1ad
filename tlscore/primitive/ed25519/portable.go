package ed25519

import (
	"colibri/tlscore/primitive/internal/edwards25519"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

// secret is what a seed is expanded to: the scalar, and the prefix of what nonces are hashed from.
type secret struct {
	scalar edwards25519.Scalar
	hash   [64]byte // the prefix is its second half
}

func (s *secret) expand(seed *[SeedSize]byte) {
	sha2.Sum(sha2.SHA512, s.hash[:], seed[:])
	s.hash[0] &= 0xf8
	s.hash[31] = s.hash[31]&0x7f | 0x40
	s.scalar.SetReduced((*[32]byte)(s.hash[:32]))
}

func (s *secret) wipe() {
	s.scalar.Wipe()
	subtle.Wipe(s.hash[:])
}

// encodeMultiple sets out to the encoding of k times the base point.
func encodeMultiple(out *[32]byte, k *edwards25519.Scalar) {
	var p edwards25519.Point
	p.BaseMult(k)
	p.Bytes(out)
	p.Wipe()
}

// hashModulo sets k to the SHA-512 of a, b and c as a number modulo the group's order.
func hashModulo(k *edwards25519.Scalar, a, b, c []byte) {
	var d sha2.Digest
	var hash [64]byte
	d.Reset(sha2.SHA512)
	d.Write(a)
	d.Write(b)
	d.Write(c)
	d.Sum(hash[:])
	k.SetWide(&hash)
	d.Wipe()
	subtle.Wipe(hash[:])
}

func publicKeyPortable(pub, seed *[SeedSize]byte) {
	var s secret
	s.expand(seed)
	encodeMultiple(pub, &s.scalar)
	s.wipe()
}

func signPortable(sig *[SignatureSize]byte, key *Key, msg []byte) {
	var s secret
	var r, k edwards25519.Scalar
	var point [32]byte
	s.expand((*[SeedSize]byte)(key[:SeedSize]))
	hashModulo(&r, s.hash[32:], msg, nil)
	encodeMultiple(&point, &r)
	hashModulo(&k, point[:], key[SeedSize:], msg)
	k.MulAdd(&k, &s.scalar, &r)
	copy(sig[:], point[:])
	k.Bytes((*[32]byte)(sig[32:]))
	r.Wipe()
	s.wipe()
}

func verifyPortable(pub *[SeedSize]byte, msg []byte, sig *[SignatureSize]byte) bool {
	var s, k edwards25519.Scalar
	var p edwards25519.Point
	var point [32]byte
	if !p.SetBytes(pub) || !s.SetBytes((*[32]byte)(sig[32:])) {
		return false
	}
	hashModulo(&k, sig[:32], pub[:], msg)
	p.MultBoth(&s, &k)
	p.Bytes(&point)
	return subtle.Equal(point[:], sig[:32])
}
