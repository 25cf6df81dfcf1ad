// Package p521 verifies ECDSA signatures by keys on NIST P-521 (secp521r1; SP 800-186, section 3.2.1.5), for certificates of CAs that
// have such keys, and those who show them. It makes no signatures and no key exchange.
//
// It stands on filippo.io/nistec everywhere, and allocates there. Everything that it works on is public. Nothing of it is linked but
// where a program names it.
package p521

import "filippo.io/nistec"

const (
	PointSize     = 133 // 04 || X || Y
	SignatureSize = 132 // r || s

	size = 66 // of a number
)

// order is the number n of points on the curve, and prime is that of the field, big-endian.
const (
	order = "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff" +
		"\xfa\x51\x86\x87\x83\xbf\x2f\x96\x6b\x7f\xcc\x01\x48\xf7\x09\xa5\xd0\x3b\xb5\xc9\xb8\x89\x9c\x47\xae\xbb\x6f\xb7\x1e\x91\x38\x64\x09"
	prime = "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff" +
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
)

// Verify reports whether sig is a signature of digest by pub (FIPS 186-5, section 6.4.2). A digest of more than 64 bytes is none of
// SHA-2, and verifies nothing.
//
// The standard asks whether x(W) = r modulo n, for W = (e*G + r*Q)/s. Here both sides are multiplied by s instead, which takes no
// inverse: W has the x coordinate r exactly when s*W = e*G + r*Q has that of s*R, R being a point with that x coordinate, as s is
// not 0 and the number of points is prime.
func Verify(pub, digest, sig []byte) bool {
	if len(pub) != PointSize || len(sig) != SignatureSize || len(digest) >= size {
		return false
	}
	r, s := sig[:size], sig[size:]
	if !valid(r) || !valid(s) {
		return false
	}
	q, err := nistec.NewP521Point().SetBytes(pub)
	if err != nil {
		return false
	}
	var e [size]byte
	copy(e[size-len(digest):], digest)
	w, err := nistec.NewP521Point().ScalarBaseMult(e[:])
	if err != nil {
		return false
	}
	if q, err = q.ScalarMult(q, r); err != nil {
		return false
	}
	x, err := w.Add(w, q).BytesX()
	if err != nil { // the point at infinity
		return false
	}
	var candidate [1 + size]byte
	candidate[0] = 2 // a compressed point, of which the sign does not matter
	copy(candidate[1:], r)
	for {
		if multipleHasX(candidate[:], s, x) {
			return true
		}
		// r may be x(W) less n, where that is not too much for the field.
		if !add(candidate[1:], order) || !less(candidate[1:], prime) {
			return false
		}
	}
}

// multipleHasX reports whether point, if there is one, times s has the x coordinate x.
func multipleHasX(point, s, x []byte) bool {
	p, err := nistec.NewP521Point().SetBytes(point)
	if err != nil {
		return false
	}
	if p, err = p.ScalarMult(p, s); err != nil {
		return false
	}
	got, err := p.BytesX()
	return err == nil && string(got) == string(x)
}

// valid reports whether b is in [1, n-1].
func valid(b []byte) bool {
	or := byte(0)
	for _, v := range b {
		or |= v
	}
	return or != 0 && less(b, order)
}

// less reports whether b, a number as long as limit, is below it.
func less(b []byte, limit string) bool {
	for i := range b {
		if b[i] != limit[i] {
			return b[i] < limit[i]
		}
	}
	return false
}

// add adds n to b; it returns false if the sum has more bytes.
func add(b []byte, n string) bool {
	carry := uint(0)
	for i := len(b) - 1; i >= 0; i-- {
		carry += uint(b[i]) + uint(n[i])
		b[i] = byte(carry)
		carry >>= 8
	}
	return carry == 0
}

// ECDSA has Verify as a method, for those who are told by an interface whether there is a P-521, such as tlscore.Config.
type ECDSA struct{}

// Verify is the function Verify.
func (ECDSA) Verify(pub, digest, sig []byte) bool { return Verify(pub, digest, sig) }
