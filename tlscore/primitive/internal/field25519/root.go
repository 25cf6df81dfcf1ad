package field25519

// SquareRoot sets z to a square root of u/v and returns true, or returns false when there is none (RFC
// 8032, section 5.1.3). z is another element than u and v. What it returns, and its time, say whether
// there is a root and of which kind.
func (z *Element) SquareRoot(u, v *Element) bool {
	// The candidate is u*v³*(u*v⁷)^((p-5)/8). Its square times v is u, or -u, or something else.
	var t, check Element
	t.Square(v)
	t.Mul(&t, v)
	z.Mul(u, &t) // u*v³
	t.Square(&t)
	t.Mul(&t, v)
	t.Mul(&t, u) // u*v⁷
	t.power(&t)
	z.Mul(z, &t)

	check.Square(z)
	check.Mul(&check, v)
	if check.Equal(u) == 1 {
		return true
	}
	z.Mul(z, &Element{ // a square root of -1: 2^((p-1)/4)
		0x4a0ea0b0, 0xc4ee1b27, 0xad2fe478, 0x2f431806, 0x3dfbd7a7, 0x2b4d0099, 0x4fc1df0b, 0x2b832480,
	})
	check.Negate(&check)
	return check.Equal(u) == 1
}

// power sets z to x^((p-5)/8) = x^(2^252 - 3), with 11 multiplications: xn is x^(2^n - 1). The pointers
// may be equal.
func (z *Element) power(x *Element) {
	x1 := *x
	var x10, x50, t Element
	t.Square(&x1)
	t.Mul(&t, &x1) // x2
	x10.squareN(&t, 2)
	x10.Mul(&x10, &t) // x4
	t.Square(&x10)
	t.Mul(&t, &x1) // x5
	x10.squareN(&t, 5)
	x10.Mul(&x10, &t)
	t.squareN(&x10, 10)
	t.Mul(&t, &x10) // x20
	x50.squareN(&t, 20)
	t.Mul(&t, &x50) // x40
	x50.squareN(&t, 10)
	x50.Mul(&x50, &x10)
	x10.squareN(&x50, 50)
	x10.Mul(&x10, &x50) // x100
	t.squareN(&x10, 100)
	t.Mul(&t, &x10) // x200
	t.squareN(&t, 50)
	t.Mul(&t, &x50) // x250
	t.squareN(&t, 2)
	z.Mul(&t, &x1)
}

// squareN sets z to x^(2^n), n > 0. The pointers may be equal.
func (z *Element) squareN(x *Element, n int) {
	z.Square(x)
	for range n - 1 {
		z.Square(z)
	}
}
