package signature

import "colibri/x509lite/der"

// splitECDSA reads an ECDSA-Sig-Value (RFC 3279, section 2.2.3) into rs, r and s each right-aligned in its half. It
// returns false if it is not DER or a number does not fit.
func splitECDSA(rs, sig []byte) bool {
	c, ok := der.Only(sig, der.Sequence)
	if !ok {
		return false
	}
	clear(rs)
	half := len(rs) / 2
	for _, out := range [...][]byte{rs[:half], rs[half:]} {
		n, ok := c.Unsigned()
		if !ok || len(n) > half {
			return false
		}
		copy(out[half-len(n):], n)
	}
	return c.Empty()
}

// joinECDSA writes the ECDSA-Sig-Value of rs, which is r || s, to sig and returns its length; 0 if sig is too short.
func joinECDSA(sig, rs []byte) int {
	r, s := rs[:len(rs)/2], rs[len(rs)/2:]
	inside := der.UnsignedSize(r) + der.UnsignedSize(s)
	n := der.HeaderSize(inside)
	if n+inside > len(sig) {
		return 0
	}
	der.PutHeader(sig, der.Sequence, inside)
	n += der.PutUnsigned(sig[n:], r)
	n += der.PutUnsigned(sig[n:], s)
	return n
}
