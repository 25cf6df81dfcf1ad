//go:build (amd64 || arm64) && !portable && !tinygo

package sha2

import (
	"crypto/sha256"
	"crypto/sha512"

	"colibri/tlscore/primitive/subtle"
)

// sum hashes in one go, without a state that could be copied.
func sum(a Algorithm, out []byte, p []byte) int {
	switch a {
	case SHA256:
		h := sha256.Sum256(p)
		return copy(out[:len(h)], h[:])
	case SHA384:
		h := sha512.Sum384(p)
		return copy(out[:len(h)], h[:])
	case SHA512:
		h := sha512.Sum512(p)
		return copy(out[:len(h)], h[:])
	}
	panic("sha2: unknown algorithm")
}

// The compression functions of the standard library are reached through the serialised states of its hashes:
// identifier, chaining value, a block that is partly filled, length. Whole blocks after a length of zero
// leave only the chaining value to carry. The hashes stay on the stack, since the compiler sees which they
// are; a test pins that nothing is allocated.
type serialised interface {
	AppendBinary([]byte) ([]byte, error)
	UnmarshalBinary([]byte) error
}

func compress256(h *[8]uint32, p []byte) {
	const idSize = len("sha\x03")
	b := [idSize + 32 + 64 + 8]byte{'s', 'h', 'a', 3}
	for i, v := range h {
		putUint32(b[idSize+4*i:], v)
	}
	d := sha256.New()
	if err := d.(serialised).UnmarshalBinary(b[:]); err != nil {
		panic("sha2: crypto/sha256 has another serialised state: " + err.Error())
	}
	d.Write(p)
	d.(serialised).AppendBinary(b[:0])
	for i := range h {
		h[i] = getUint32(b[idSize+4*i:])
	}
	subtle.Wipe(b[:])
}

func compress512(h *[8]uint64, p []byte) {
	const idSize = len("sha\x07")
	b := [idSize + 64 + 128 + 8]byte{'s', 'h', 'a', 7}
	for i, v := range h {
		putUint64(b[idSize+8*i:], v)
	}
	d := sha512.New()
	if err := d.(serialised).UnmarshalBinary(b[:]); err != nil {
		panic("sha2: crypto/sha512 has another serialised state: " + err.Error())
	}
	d.Write(p)
	d.(serialised).AppendBinary(b[:0])
	for i := range h {
		h[i] = uint64(getUint32(b[idSize+8*i:]))<<32 | uint64(getUint32(b[idSize+8*i+4:]))
	}
	subtle.Wipe(b[:])
}
