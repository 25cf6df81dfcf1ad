// Package text compares texts that are strings or byte slices, without converting one to the other: Go's compiler
// knows that string(p) == s needs no copy, TinyGo's makes one on the heap.
package text

// Of is a text in either form.
type Of interface{ ~string | ~[]byte }

// Equal reports whether a and b are the same bytes.
func Equal[A, B Of](a A, b B) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// EqualFold reports whether a and b are the same bytes but for the case of ASCII letters.
func EqualFold[A, B Of](a A, b B) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if Lower(a[i]) != Lower(b[i]) {
			return false
		}
	}
	return true
}

// HasPrefix reports whether a begins with prefix.
func HasPrefix[A, B Of](a A, prefix B) bool {
	return len(a) >= len(prefix) && Equal(a[:len(prefix)], prefix)
}

// Lower returns the lower-case form of an ASCII letter, and any other byte as it is.
func Lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
