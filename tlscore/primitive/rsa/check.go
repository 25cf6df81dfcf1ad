package rsa

import "colibri/tlscore/primitive/subtle"

// Check returns ErrKey if the numbers of k do not belong together: if N is not P*Q, Dp and Dq are not the inverses of E modulo
// P-1 and Q-1, or Qinv is not the inverse of Q modulo P (RFC 8017, section 3.2). A key in which the signature finds a fault
// is better refused when it is read. That P and Q are prime is not looked at. On hosts
// it also computes what makes signing with the key faster.
func (k *PrivateKey) Check(scratch *Scratch) error {
	if !k.acceptable() {
		return ErrKey
	}
	belong := k.belong(arena(scratch.words[:]))
	subtle.Wipe(scratch.words[:])
	if !belong {
		return ErrKey
	}
	k.prepare()
	return nil
}

func (k *PrivateKey) belong(free arena) bool {
	n := k.words()
	p, q, n1, n2 := free.take(n/2), free.take(n/2), free.take(n), free.take(n)
	setBytes(p, k.P)
	setBytes(q, k.Q)
	product(n1, p, q)
	setBytes(n2, k.N)
	ok := same(n1, n2)

	// From here n1 is a product and x a factor of it.
	x := n2[:n/2]
	setBytes(x, k.Qinv)
	product(n1, q, x)
	ok = isOneModulo(n1, p, free) && ok
	for _, pair := range [...]struct{ prime, exponent []byte }{{k.P, k.Dp}, {k.Q, k.Dq}} {
		setBytes(p, pair.prime)
		p[0] &^= 1
		setBytes(x, pair.exponent)
		clear(q)
		q[0] = k.E
		product(n1, q, x)
		ok = isOneModulo(n1, p, free) && ok
	}
	return ok
}

// isOneModulo reports whether x is 1 modulo m.
func isOneModulo(x, m []uint32, free arena) bool {
	var d divisor
	d.set(m)
	rest, one := free.take(len(m)), free.take(len(m))
	d.remainder(rest, x, 0)
	clear(one)
	one[0] = 1
	return same(rest, one)
}

// same reports whether x and y, of the same length, are the same number.
func same(x, y []uint32) bool {
	diff := uint32(0)
	for i, v := range y[:len(x)] {
		diff |= x[i] ^ v
	}
	return diff == 0
}
