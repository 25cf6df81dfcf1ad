package der

// HeaderSize is the number of identifier and length octets of an element with n octets of contents.
func HeaderSize(n int) int {
	size := 2
	if n >= 0x80 {
		for ; n > 0; n >>= 8 {
			size++
		}
	}
	return size
}

// PutHeader writes the identifier and length octets of an element with n octets of contents to the front of
// out and returns their number, HeaderSize(n). It panics if out is shorter.
func PutHeader(out []byte, tag Tag, n int) int {
	size := HeaderSize(n)
	out = out[:size]
	out[0] = byte(tag)
	if size == 2 {
		out[1] = byte(n)
		return size
	}
	out[1] = byte(0x80 | (size - 2))
	for i := size - 1; i >= 2; i-- {
		out[i] = byte(n)
		n >>= 8
	}
	return size
}

// UnsignedSize is the size of a whole INTEGER element that holds the given big-endian magnitude, which may
// have leading zeros.
func UnsignedSize(magnitude []byte) int {
	n := unsignedContents(magnitude)
	return HeaderSize(n) + n
}

// PutUnsigned writes a whole INTEGER element that holds the given big-endian magnitude to the front of out
// and returns its size, UnsignedSize(magnitude). It panics if out is shorter.
func PutUnsigned(out, magnitude []byte) int {
	n := unsignedContents(magnitude)
	head := PutHeader(out, Integer, n)
	contents := out[head : head+n]
	// The magnitude is right-aligned: one octet of zero before it keeps a leading 1 bit from being a sign,
	// and its own leading zeros are left out.
	if n > len(magnitude) {
		contents[0] = 0
		copy(contents[n-len(magnitude):], magnitude)
	} else {
		copy(contents, magnitude[len(magnitude)-n:])
	}
	return head + n
}

// unsignedContents is the number of octets that an INTEGER needs for a magnitude.
func unsignedContents(magnitude []byte) int {
	for len(magnitude) > 0 && magnitude[0] == 0 {
		magnitude = magnitude[1:]
	}
	if len(magnitude) == 0 || magnitude[0] >= 0x80 {
		return len(magnitude) + 1
	}
	return len(magnitude)
}
