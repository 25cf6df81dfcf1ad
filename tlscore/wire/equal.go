package wire

// Equal reports whether p has the bytes of s. Go's compiler knows that string(p) == s needs no copy, TinyGo's makes one on the
// heap. It is not for secrets: it stops at the first difference.
func Equal[S string | []byte](p []byte, s S) bool {
	if len(p) != len(s) {
		return false
	}
	for i := range p {
		if p[i] != s[i] {
			return false
		}
	}
	return true
}
