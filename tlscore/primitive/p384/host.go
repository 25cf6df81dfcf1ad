//go:build (amd64 || arm64) && !portable && !tinygo

package p384

import (
	"colibri/tlscore/primitive/internal/ecdsa"
	"colibri/tlscore/primitive/internal/modular"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"

	"filippo.io/nistec"
)

// The host implementation: points by filippo.io/nistec, which has assembly for amd64 and arm64; scalars as
// in the portable one.

func publicKeyHost(pub *[PointSize]byte, priv *[ScalarSize]byte) bool {
	return validScalar(priv) && baseMultHost(pub, priv[:])
}

// baseMultHost sets out to k*G.
func baseMultHost(out *[PointSize]byte, k []byte) bool {
	p := nistec.NewP384Point()
	if _, err := p.ScalarBaseMult(k); err != nil {
		return false
	}
	copy(out[:], p.Bytes())
	return true
}

func ecdhHost(shared, priv *[ScalarSize]byte, peer []byte) bool {
	if !validScalar(priv) || len(peer) != PointSize {
		return false
	}
	p := nistec.NewP384Point()
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
	var s ecdsa.Signing
	defer s.Wipe()
	if !s.Start(&order, sha2.SHA384, priv[:], digest, entropy) {
		return false
	}
	for {
		s.Next()
		var point [PointSize]byte
		if !baseMultHost(&point, s.KBytes[:ScalarSize]) {
			return false
		}
		if s.Finish(sig[:], point[1:1+ScalarSize]) {
			return true
		}
	}
}

func verifyHost(pub, digest []byte, sig *[SignatureSize]byte) bool {
	var v ecdsa.Verification
	if len(pub) != PointSize || !v.Start(&order, digest, sig[:]) {
		return false
	}
	q := nistec.NewP384Point()
	if _, err := q.SetBytes(pub); err != nil {
		return false
	}
	var u [ScalarSize]byte
	p := nistec.NewP384Point()
	modular.Bytes(u[:], v.U1[:words])
	if _, err := p.ScalarBaseMult(u[:]); err != nil {
		return false
	}
	modular.Bytes(u[:], v.U2[:words])
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
	return x == [words]uint32(v.R[:words])
}

// validScalar reports whether b is in [1, n-1].
func validScalar(b *[ScalarSize]byte) bool {
	var k [words]uint32
	ok := ecdsa.SetScalar(k[:], b[:], &order)
	subtle.Wipe(k[:])
	return ok
}
