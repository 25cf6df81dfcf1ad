package subtle

// Equal reports whether a and b have the same length and contents. Lengths are not secret: unequal ones
// return at once.
func Equal(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	var diff byte
	for i := range a {
		diff |= a[i] ^ b[i]
	}
	return diff == 0
}

// MaskEqual returns all ones if a == b, otherwise zero.
func MaskEqual(a, b uint32) uint32 {
	d := a ^ b
	return ((d | -d) >> 31) - 1
}

// MaskBit returns all ones if bit is 1, zero if it is 0. Other values of bit are misuse.
func MaskBit(bit uint32) uint32 { return -bit }

// Select returns a where mask is all ones, b where it is zero.
func Select(mask, a, b uint32) uint32 { return b ^ mask&(a^b) }

// Wipe sets p to zero, also if nobody reads p afterwards. It is not inlined, and the barrier keeps LLVM from
// removing calls of it as calls of a function that only writes to memory which then dies.
//
//go:noinline
func Wipe[T ~uint8 | ~uint16 | ~uint32 | ~uint64](p []T) {
	clear(p)
	barrier()
}
