// Package edwards25519 is the group of edwards25519 (RFC 8032, section 5.1), the twisted Edwards curve
//
//	-x² + y² = 1 + d*x²*y²,  d = -121665/121666  modulo p = 2^255 - 19,
//
// with the base point B of prime order L = 2^252 + 27742317777372353535851937790883648493, and the
// numbers modulo L. Ed25519 is made of it, and X25519 public keys too, which are multiples of the same
// point on a birationally equivalent curve (RFC 7748, section 4.1).
//
// The addition formulas are complete: they hold for all points, equal, opposite and neutral ones
// (Bernstein, Birkner, Joye, Lange and Peters, "Twisted Edwards curves", 2008, section 6). Multiplying
// the base point takes the same time for all scalars; MultBoth, for verification, does not.
package edwards25519
