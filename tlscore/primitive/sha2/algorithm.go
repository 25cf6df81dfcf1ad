package sha2

// Algorithm is a member of the SHA-2 family. Its zero value is none of them: Size is 0 and a Digest cannot
// use it.
type Algorithm uint8

const (
	SHA256 Algorithm = iota + 1
	SHA384
	SHA512
)

// MaxSize and MaxBlockSize are the largest of their kind in the family, in bytes.
const (
	MaxSize      = 64
	MaxBlockSize = 128
)

// Size returns the length of the hash value in bytes.
func (a Algorithm) Size() int {
	switch a {
	case SHA256:
		return 32
	case SHA384:
		return 48
	case SHA512:
		return 64
	}
	return 0
}

// BlockSize returns the length in bytes of the blocks that the input is cut into, which HMAC pads its key to.
func (a Algorithm) BlockSize() int {
	switch a {
	case SHA256:
		return 64
	case SHA384, SHA512:
		return 128
	}
	return 0
}

// Sum writes the hash of p to out, which has room for a.Size() bytes, and returns a.Size().
func Sum(a Algorithm, out []byte, p []byte) int { return sum(a, out, p) }

func sumPortable(a Algorithm, out []byte, p []byte) int {
	var d Digest
	d.Reset(a)
	d.Write(p)
	return d.Sum(out)
}
