package p256

import "colibri/tlscore/primitive/internal/modular"

// The portable implementation, built everywhere so that tests can compare the two.

func publicKeyPortable(pub *[PointSize]byte, priv *[ScalarSize]byte) bool {
	var k [words]uint32
	ok := setScalar(&k, priv[:])
	if ok {
		baseMultPortable(pub, &k)
	}
	modular.Wipe(k[:])
	return ok
}

// baseMultPortable sets out to k*G for k in [1, n-1].
func baseMultPortable(out *[PointSize]byte, k *[words]uint32) {
	var p point
	var q affine
	p.baseMult(k)
	p.affine(&q)
	out[0] = 4
	q.x.bytes(out[1 : 1+ScalarSize])
	q.y.bytes(out[1+ScalarSize:])
	wipePoint(&p) // z says something about k
}

func ecdhPortable(shared, priv *[ScalarSize]byte, peer []byte) bool {
	var k [words]uint32
	var q affine
	ok := setScalar(&k, priv[:]) && q.setBytes(peer)
	if ok {
		var p point
		p.mult(&q, &k)
		p.affine(&q)
		q.x.bytes(shared[:])
		wipePoint(&p)
		modular.Wipe(q.x[:])
		modular.Wipe(q.y[:])
	}
	modular.Wipe(k[:])
	return ok
}

func signPortable(sig *[SignatureSize]byte, priv *[ScalarSize]byte, digest, entropy []byte) bool {
	var s signing
	ok := s.start(priv, digest, entropy)
	for done := !ok; !done; {
		s.candidate()
		baseMultPortable(&s.point, &s.k)
		done = s.finish(sig)
	}
	s.wipe()
	return ok
}

func verifyPortable(pub, digest []byte, sig *[SignatureSize]byte) bool {
	var v verification
	var q affine
	if !v.start(digest, sig) || !q.setBytes(pub) {
		return false
	}
	var p point
	p.multBoth(&q, &v.u1, &v.u2)
	return p.z.isZero() == 0 && p.hasX(&v.r)
}
