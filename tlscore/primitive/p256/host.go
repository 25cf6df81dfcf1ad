//go:build (amd64 || arm64) && !portable && !tinygo

package p256

import (
	"colibri/tlscore/primitive/internal/modular"

	"filippo.io/nistec"
)

// The host implementation: points by filippo.io/nistec, which has assembly for amd64 and arm64; scalars as in the
// portable one.

func publicKeyHost(pub *[PointSize]byte, priv *[ScalarSize]byte) bool {
	var k [words]uint32
	ok := setScalar(&k, priv[:])
	modular.Wipe(k[:])
	return ok && baseMultHost(pub, priv)
}

func baseMultHost(out *[PointSize]byte, k *[ScalarSize]byte) bool {
	p := nistec.NewP256Point()
	if _, err := p.ScalarBaseMult(k[:]); err != nil {
		return false
	}
	copy(out[:], p.Bytes())
	return true
}

func ecdhHost(shared, priv *[ScalarSize]byte, peer []byte) bool {
	var k [words]uint32
	ok := setScalar(&k, priv[:])
	modular.Wipe(k[:])
	if !ok || len(peer) != PointSize {
		return false
	}
	p := nistec.NewP256Point()
	if _, err := p.SetBytes(peer); err != nil {
		return false
	}
	if _, err := p.ScalarMult(p, priv[:]); err != nil {
		return false
	}
	x, err := p.BytesX()
	if err != nil {
		return false
	}
	copy(shared[:], x)
	return true
}

func signHost(sig *[SignatureSize]byte, priv *[ScalarSize]byte, digest, entropy []byte) bool {
	var s signing
	defer s.wipe()
	if !s.start(priv, digest, entropy) {
		return false
	}
	for {
		s.candidate()
		if !baseMultHost(&s.point, &s.kBytes) {
			return false
		}
		if s.finish(sig) {
			return true
		}
	}
}

func verifyHost(pub, digest []byte, sig *[SignatureSize]byte) bool {
	var v verification
	if len(pub) != PointSize || !v.start(digest, sig) {
		return false
	}
	q := nistec.NewP256Point()
	if _, err := q.SetBytes(pub); err != nil {
		return false
	}
	var u [ScalarSize]byte
	p := nistec.NewP256Point()
	modular.Bytes(u[:], v.u1[:])
	if _, err := p.ScalarBaseMult(u[:]); err != nil {
		return false
	}
	modular.Bytes(u[:], v.u2[:])
	if _, err := q.ScalarMult(q, u[:]); err != nil {
		return false
	}
	xBytes, err := p.Add(p, q).BytesX()
	if err != nil { // the point at infinity
		return false
	}
	var x [words]uint32
	modular.SetBytes(x[:], xBytes)
	order.Reduce(x[:], x[:])
	return x == v.r
}
