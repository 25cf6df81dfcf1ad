package field25519

// Sums and products are reduced in one pass. What lies above bit 255 counts 19 times as much at bit 0;
// how much that will be is known but for carries from the lower words, so that it is added first and the
// carries stay in the highest word: it ends a little above 2^31, which the bound of elements allows.

// Add sets z to x+y. The pointers may be equal.
func (z *Element) Add(x, y *Element) {
	x7, y7 := x[7], y[7]
	top := uint64(x7) + uint64(y7)
	over := uint32(top >> 31)
	c := uint64(x[0]) + uint64(y[0]) + uint64(19*over)
	z[0] = uint32(c)
	c = c>>32 + uint64(x[1]) + uint64(y[1])
	z[1] = uint32(c)
	c = c>>32 + uint64(x[2]) + uint64(y[2])
	z[2] = uint32(c)
	c = c>>32 + uint64(x[3]) + uint64(y[3])
	z[3] = uint32(c)
	c = c>>32 + uint64(x[4]) + uint64(y[4])
	z[4] = uint32(c)
	c = c>>32 + uint64(x[5]) + uint64(y[5])
	z[5] = uint32(c)
	c = c>>32 + uint64(x[6]) + uint64(y[6])
	z[6] = uint32(c)
	z[7] = uint32(c>>32) + uint32(top)&(1<<31-1)
}

// Sub sets z to x-y. The pointers may be equal.
func (z *Element) Sub(x, y *Element) {
	// x - y + 2p, and 2p = 2^256 - 38. The lower words borrow up to 2 from the highest, which keeps them
	// back.
	top := uint64(x[7]) + 1<<32 - 2 - uint64(y[7])
	over := uint32(top >> 31)
	c := int64(x[0]) - int64(y[0]) + int64(int32(19*over)-38)
	z[0] = uint32(c)
	c = c>>32 + int64(x[1]) - int64(y[1])
	z[1] = uint32(c)
	c = c>>32 + int64(x[2]) - int64(y[2])
	z[2] = uint32(c)
	c = c>>32 + int64(x[3]) - int64(y[3])
	z[3] = uint32(c)
	c = c>>32 + int64(x[4]) - int64(y[4])
	z[4] = uint32(c)
	c = c>>32 + int64(x[5]) - int64(y[5])
	z[5] = uint32(c)
	c = c>>32 + int64(x[6]) - int64(y[6])
	z[6] = uint32(c)
	z[7] = uint32(c>>32) + uint32(top)&(1<<31-1) + 2
}

// Negate sets z to -x. The pointers may be equal.
func (z *Element) Negate(x *Element) { z.Sub(&Element{}, x) }

// AddMul sets z to x + y*small. The pointers may be equal; small is below 2^17.
func (z *Element) AddMul(x, y *Element, small uint32) {
	f := uint64(small)
	top := uint64(x[7]) + uint64(y[7])*f
	over := uint64(uint32(top >> 31))
	c := uint64(x[0]) + uint64(y[0])*f + 19*over
	z[0] = uint32(c)
	c = c>>32 + uint64(x[1]) + uint64(y[1])*f
	z[1] = uint32(c)
	c = c>>32 + uint64(x[2]) + uint64(y[2])*f
	z[2] = uint32(c)
	c = c>>32 + uint64(x[3]) + uint64(y[3])*f
	z[3] = uint32(c)
	c = c>>32 + uint64(x[4]) + uint64(y[4])*f
	z[4] = uint32(c)
	c = c>>32 + uint64(x[5]) + uint64(y[5])*f
	z[5] = uint32(c)
	c = c>>32 + uint64(x[6]) + uint64(y[6])*f
	z[6] = uint32(c)
	z[7] = uint32(c>>32) + uint32(top)&(1<<31-1)
}

// reduce sets z to t modulo p.
//
// It is not inlined: with the products in the same function LLVM's code for rv32 spills more than the
// call costs.
//
//go:noinline
func reduce(z *Element, t *[2 * words]uint32) {
	// 2^256 = 38 modulo p.
	top := uint64(t[7]) + 38*uint64(t[15])
	over := uint32(top >> 31)
	c := uint64(t[0]) + 38*uint64(t[8]) + uint64(19*over)
	z[0] = uint32(c)
	c = c>>32 + uint64(t[1]) + 38*uint64(t[9])
	z[1] = uint32(c)
	c = c>>32 + uint64(t[2]) + 38*uint64(t[10])
	z[2] = uint32(c)
	c = c>>32 + uint64(t[3]) + 38*uint64(t[11])
	z[3] = uint32(c)
	c = c>>32 + uint64(t[4]) + 38*uint64(t[12])
	z[4] = uint32(c)
	c = c>>32 + uint64(t[5]) + 38*uint64(t[13])
	z[5] = uint32(c)
	c = c>>32 + uint64(t[6]) + 38*uint64(t[14])
	z[6] = uint32(c)
	z[7] = uint32(c>>32) + uint32(top)&(1<<31-1)
}
