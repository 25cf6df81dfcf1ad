package field25519

//go:generate go run ./gen

// words is the length of an element.
const words = 8

// Element is a number modulo p in words, least significant first. A number has up to three
// representatives: all operations take elements below 2^255 + 2^242 and return such.
type Element [words]uint32

// SetOne sets z to 1.
func (z *Element) SetOne() { *z = Element{1} }

// SetBytes sets z to the number that b encodes, little-endian, modulo p. The highest bit of b is ignored,
// and b may encode p or more (RFC 7748, section 5).
func (z *Element) SetBytes(b *[32]byte) {
	for i := range z {
		w := b[4*i : 4*i+4]
		z[i] = uint32(w[0]) | uint32(w[1])<<8 | uint32(w[2])<<16 | uint32(w[3])<<24
	}
	z[words-1] &= 1<<31 - 1
}

// Bytes writes the smallest representative of x to b, little-endian.
func (x *Element) Bytes(b *[32]byte) {
	var t Element
	t.canonical(x)
	for i, v := range &t {
		w := b[4*i : 4*i+4]
		w[0], w[1], w[2], w[3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
	}
}

// canonical sets z to the smallest representative of x.
func (z *Element) canonical(x *Element) {
	// Bit 255 counts 19. Without it, x is below 2^255; with it, what remains is below 2^242 + 19.
	t := *x
	t.addSmall(19 * (t[words-1] >> 31))
	t[words-1] &= 1<<31 - 1
	// x >= p exactly when x + 19 >= 2^255, and then x - p = x + 19 - 2^255.
	*z = t
	t.addSmall(19)
	z.addSmall(19 * (t[words-1] >> 31))
	z[words-1] &= 1<<31 - 1
}

// addSmall adds y to the words of z.
func (z *Element) addSmall(y uint32) {
	c := uint64(y)
	for i := range z {
		c += uint64(z[i])
		z[i] = uint32(c)
		c >>= 32
	}
}

// IsZero returns 1 when x is 0 modulo p, and 0 otherwise.
func (x *Element) IsZero() uint32 {
	var t Element
	t.canonical(x)
	or := uint32(0)
	for _, w := range &t {
		or |= w
	}
	return 1 ^ (or|-or)>>31
}

// Equal returns 1 when x = y modulo p, and 0 otherwise.
func (x *Element) Equal(y *Element) uint32 {
	var t Element
	t.Sub(x, y)
	return t.IsZero()
}

// IsNegative returns the lowest bit of the smallest representative of x: the sign of RFC 8032, section 5.1.2.
func (x *Element) IsNegative() uint32 {
	var t Element
	t.canonical(x)
	return t[0] & 1
}

// Swap exchanges x and y when mask is all ones and leaves them when it is 0.
func Swap(x, y *Element, mask uint32) {
	for i := range x {
		d := (x[i] ^ y[i]) & mask
		x[i] ^= d
		y[i] ^= d
	}
}
