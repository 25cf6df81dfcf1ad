package aes

// transpose exchanges, within each byte column of the eight words, the number of a word with the number of a
// bit: bit i of a byte of word k changes places with bit k of the same byte of word i. It is its own inverse.
func transpose(q *[8]uint32) {
	for i := 0; i < 8; i += 2 {
		q[i], q[i+1] = exchange(q[i], q[i+1], 1, 0x55555555)
	}
	for i := 0; i < 8; i += 4 {
		q[i], q[i+2] = exchange(q[i], q[i+2], 2, 0x33333333)
		q[i+1], q[i+3] = exchange(q[i+1], q[i+3], 2, 0x33333333)
	}
	for i := range 4 {
		q[i], q[i+4] = exchange(q[i], q[i+4], 4, 0x0f0f0f0f)
	}
}

// exchange swaps the bits of x that lie n above the mask with the bits of y in the mask.
func exchange(x, y uint32, n uint, mask uint32) (uint32, uint32) {
	t := (x>>n ^ y) & mask
	return x ^ t<<n, y ^ t
}
