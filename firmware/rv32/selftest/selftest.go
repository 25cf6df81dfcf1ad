package selftest

// Case is one operation with a known answer.
type Case struct {
	// Name as in Go's benchmark format, without the prefix Benchmark: the operation, then /key=value parts.
	Name string
	// Setup prepares what Op needs, such as keys; it is not measured. nil: nothing to prepare.
	Setup func()
	// Op is the operation. It runs once after Setup and is what is measured.
	Op func()
	// OK says after Op whether the result was right.
	OK func() bool
	// Secret, if there is one, puts another secret in the place of the known one, after Setup. Op must execute the same number of
	// instructions for all secrets, whatever comes out. nil: there is no secret, or the time may depend on it.
	Secret func(secret *[SecretSize]byte)
}

// Group is the operations of one package.
type Group struct {
	Package string // import path of the primitive
	Cases   []Case
}

// SecretSize is the length in bytes of what Case.Secret gets; it uses as much as it needs.
const SecretSize = 64

// Secrets is how many secrets there are to try.
const Secrets = 16

// FillSecret sets secret to the i-th one: zeros, ones, a pattern, bytes that count down, the first bit, the last one, and pseudo-random
// ones (Marsaglia, "Xorshift RNGs", 2003).
func FillSecret(secret *[SecretSize]byte, i int) {
	clear(secret[:])
	switch i {
	case 0:
	case 1, 2:
		for j := range secret {
			secret[j] = [...]byte{1: 0xff, 2: 0x55}[i]
		}
	case 3:
		for j := range secret {
			secret[j] = byte(^j)
		}
	case 4:
		secret[0] = 0x80
	case 5:
		secret[SecretSize-1] = 1
	default:
		x := uint32(i)
		for j := range secret {
			x ^= x << 13
			x ^= x >> 17
			x ^= x << 5
			secret[j] = byte(x >> 8)
		}
	}
}

var groups []Group

// Groups returns all groups of this build.
func Groups() []Group { return groups }

func add(pkg string, cases ...Case) {
	groups = append(groups, Group{"colibri/tlscore/primitive/" + pkg, cases})
}

// equal compares got with hexadecimal digits.
func equal(got []byte, want string) bool {
	if len(want) != 2*len(got) {
		return false
	}
	for i, b := range got {
		if nibble(want[2*i])<<4|nibble(want[2*i+1]) != b {
			return false
		}
	}
	return true
}

// unhex decodes hexadecimal digits into out and returns the part it filled. It panics when out is too small.
func unhex(out []byte, digits string) []byte {
	out = out[:len(digits)/2]
	for i := range out {
		out[i] = nibble(digits[2*i])<<4 | nibble(digits[2*i+1])
	}
	return out
}

func nibble(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	panic("selftest: not a lower-case hexadecimal digit")
}
