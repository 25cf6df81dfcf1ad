package p256

import (
	"colibri/tlscore/primitive/internal/ecdsa"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

// The portable implementation, built everywhere so that tests can compare it with the other one.

func publicKeyPortable(pub *[PointSize]byte, priv *[ScalarSize]byte) bool {
	var k [words]uint32
	ok := ecdsa.SetScalar(k[:], priv[:], &order)
	if ok {
		var q affine
		q.baseMult(&k)
		pub[0] = 4
		q.x.bytes(pub[1 : 1+ScalarSize])
		q.y.bytes(pub[1+ScalarSize:])
	}
	subtle.Wipe(k[:])
	return ok
}

func ecdhPortable(shared, priv *[ScalarSize]byte, peer []byte) bool {
	var k [words]uint32
	var q affine
	ok := ecdsa.SetScalar(k[:], priv[:], &order) && q.setBytes(peer)
	if ok {
		q.mult(&k)
		q.x.bytes(shared[:])
		q.wipe()
	}
	subtle.Wipe(k[:])
	return ok
}

func signPortable(sig *[SignatureSize]byte, priv *[ScalarSize]byte, digest, entropy []byte) bool {
	var s ecdsa.Signing
	ok := s.Start(&order, sha2.SHA256, priv[:], digest, entropy)
	for again := ok; again; {
		var q affine
		var x [ScalarSize]byte
		s.Next()
		q.baseMult((*[words]uint32)(s.K[:words]))
		q.x.bytes(x[:])
		again = !s.Finish(sig[:], x[:])
	}
	s.Wipe()
	return ok
}

func verifyPortable(pub, digest []byte, sig *[SignatureSize]byte) bool {
	var v ecdsa.Verification
	var q affine
	if !v.Start(&order, digest, sig[:]) || !q.setBytes(pub) {
		return false
	}
	var p point
	p.multBoth(&q, v.U1[:words], v.U2[:words])
	return p.z.isZero() == 0 && p.hasX((*[words]uint32)(v.R[:words]))
}
