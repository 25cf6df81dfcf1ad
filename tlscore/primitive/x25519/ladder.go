package x25519

import (
	field "colibri/tlscore/primitive/internal/field25519"
	"colibri/tlscore/primitive/subtle"
)

// ladder sets u to the u coordinate of k*P, where P is a point whose u coordinate it is before:
// Montgomery's ladder as in RFC 7748, section 5. Point 2 is m*P and point 3 is (m+1)*P, in projective
// coordinates, where m is the bits of k so far.
//
// k is a clamped scalar: its highest bit is bit 254.
func ladder(u *field.Element, k *[Size]byte) {
	const a24 = 121665 // (A - 2)/4 for the curve's A = 486662
	x1 := *u
	x3 := x1
	var x2, z2, z3, a, b field.Element
	x2.SetOne()
	z3.SetOne()
	swapped := uint32(0)
	for t := 254; t >= 0; t-- {
		bit := uint32(k[t>>3]) >> (t & 7) & 1
		mask := -(bit ^ swapped)
		swapped = bit
		field.Swap(&x2, &x3, mask)
		field.Swap(&z2, &z3, mask)

		a.Add(&x2, &z2)
		b.Sub(&x2, &z2)
		x2.Add(&x3, &z3)
		z2.Sub(&x3, &z3)
		x2.Mul(&x2, &b) // CB
		z2.Mul(&z2, &a) // DA
		x3.Add(&z2, &x2)
		z3.Sub(&z2, &x2)
		x3.Square(&x3)
		z3.Square(&z3)
		z3.Mul(&z3, &x1)

		a.Square(&a) // AA
		b.Square(&b) // BB
		x2.Mul(&a, &b)
		b.Sub(&a, &b) // E
		a.AddMul(&a, &b, a24)
		z2.Mul(&a, &b)
	}
	// The lowest bit of k is 0: nothing is swapped after the last step.
	z2.Invert(&z2)
	u.Mul(&x2, &z2)

	subtle.Wipe(x2[:])
	subtle.Wipe(z2[:])
	subtle.Wipe(x3[:])
	subtle.Wipe(z3[:])
	subtle.Wipe(a[:])
	subtle.Wipe(b[:])
}
