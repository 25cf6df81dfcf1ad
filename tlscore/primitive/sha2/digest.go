package sha2

import (
	"colibri/tlscore/primitive/profile"
	"colibri/tlscore/primitive/subtle"
)

// Digest is a running hash by the algorithm that Reset names. A copy is an independent continuation; Set makes one in less code than an
// assignment. The zero value must be Reset before use.
type Digest struct {
	h      [8]uint64 // the chaining value; SHA-256 uses the low half of each word
	length uint64    // bytes written so far
	// block holds the length % BlockSize() bytes that are not yet compressed.
	block [MaxBlockSize]byte
	alg   Algorithm
}

// Reset starts a new hash. It panics if a is none of the algorithms.
func (d *Digest) Reset(a Algorithm) {
	d.length, d.alg = 0, a
	switch {
	case a == SHA256:
		d.h = initial256
	case a == SHA384 && !profile.Small:
		d.h = initial384
	case a == SHA512 && !profile.Small:
		d.h = initial512
	default:
		panic("sha2: unknown algorithm")
	}
}

// Set makes d a copy of e. (For an assignment TinyGo moves one word after the other, which takes 300 bytes of code each time.)
func (d *Digest) Set(e *Digest) {
	copy(d.h[:], e.h[:])
	copy(d.block[:], e.block[:])
	d.length, d.alg = e.length, e.alg
}

// Algorithm returns what the digest was last Reset to.
func (d *Digest) Algorithm() Algorithm { return d.alg }

// Write appends p to the input. The input may be 2^61-1 bytes long.
func (d *Digest) Write(p []byte) {
	size := d.alg.BlockSize()
	used := int(d.length) & (size - 1)
	d.length += uint64(len(p))
	if used > 0 {
		n := copy(d.block[used:size], p)
		if used+n < size {
			return
		}
		p = p[n:]
		d.compress(d.block[:size])
	}
	whole := len(p) &^ (size - 1)
	if whole > 0 {
		d.compress(p[:whole])
	}
	copy(d.block[:], p[whole:])
}

// Sum writes the hash of the input so far to out, which has room for Algorithm().Size() bytes, and returns
// that size. The digest is unchanged: more may be written.
func (d *Digest) Sum(out []byte) int {
	var end Digest // the input, padded (FIPS 180-4, section 5.1)
	end.Set(d)
	size := end.alg.BlockSize()
	used := int(end.length) & (size - 1)
	end.block[used] = 0x80
	clear(end.block[used+1 : size])
	if used+1 > size-size/8 { // no room for the length, which takes an eighth of a block
		end.compress(end.block[:size])
		clear(end.block[:size])
	}
	// Only the low half of the length field can be other than zero.
	putUint64(end.block[size-8:size], end.length<<3)
	end.compress(end.block[:size])

	n := end.alg.Size()
	if profile.Small || end.alg == SHA256 {
		for i, h := range &end.h {
			putUint32(out[4*i:4*i+4], uint32(h))
		}
	} else {
		for i := range n / 8 {
			putUint64(out[8*i:8*i+8], end.h[i])
		}
	}
	end.Wipe()
	return n
}

// Wipe forgets the input. The digest must be Reset before it is used again.
func (d *Digest) Wipe() {
	subtle.Wipe(d.h[:])
	subtle.Wipe(d.block[:])
	d.length, d.alg = 0, 0
}

// compress takes whole blocks of input into the chaining value.
func (d *Digest) compress(p []byte) {
	if !profile.Small && d.alg != SHA256 {
		compress512(&d.h, p)
		return
	}
	var h [8]uint32
	for i := range h {
		h[i] = uint32(d.h[i])
	}
	compress256(&h, p)
	for i := range h {
		d.h[i] = uint64(h[i])
	}
}

func getUint32(b []byte) uint32 {
	_ = b[3]
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

func putUint32(b []byte, v uint32) {
	_ = b[3]
	b[0], b[1], b[2], b[3] = byte(v>>24), byte(v>>16), byte(v>>8), byte(v)
}

func putUint64(b []byte, v uint64) {
	putUint32(b[:4], uint32(v>>32))
	putUint32(b[4:], uint32(v))
}
