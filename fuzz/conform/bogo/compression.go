package main

import (
	"bytes"
	"crypto/rand"
	"fmt"

	"colibri/tlscore"
)

// The algorithms that the runner has for certificate compression, none of which compresses, in the order in which BoringSSL's shim
// prefers them.
var compressions = []compression{
	{0xff02, "\x01\x02\x03\x04", func(plain []byte) []byte { return append([]byte{1, 2, 3, 4}, plain...) }},
	{0xff01, "", func(plain []byte) []byte { return bytes.TrimPrefix(plain, []byte{0, 0}) }},
	{0xff03, "", func(plain []byte) []byte {
		var noise [1]byte
		rand.Read(noise[:])
		return append(noise[:], plain...)
	}},
}

// compression is one of them.
type compression struct {
	number   tlscore.CompressionAlgorithm
	prefix   string // that its messages begin with
	compress func(plain []byte) []byte
}

// decompress is the opposite of compress. dst has the length that the peer has announced.
func (a compression) decompress(dst, src []byte) (n int, ok bool) {
	rest, ok := bytes.CutPrefix(src, []byte(a.prefix))
	switch a.number {
	case 0xff01:
		rest = append([]byte{0, 0}, rest...)
	case 0xff03:
		rest = rest[1:]
	}
	return copy(dst, rest), ok && len(rest) == len(dst)
}

// compressing allows the algorithms that the flags ask for, and compresses the identities by each. There may be none: BoringSSL reads
// what peers accept all the same.
func (o *options) compressing(identities []tlscore.Identity) (*tlscore.Compressions, error) {
	var algorithms []tlscore.Compression
	var ours []compression
	for _, a := range compressions {
		if o.compresses || o.compressesBy == uint16(a.number) {
			algorithms = append(algorithms, tlscore.Compression{Algorithm: a.number, Decompress: a.decompress})
			ours = append(ours, a)
		}
	}
	k := tlscore.CompressionClient(algorithms...)
	if o.server {
		k = tlscore.CompressionServer(algorithms...)
	}
	for i := range identities {
		id := &identities[i]
		for _, a := range ours {
			compress := func(dst, src []byte) (int, bool) { return copy(dst, a.compress(src)), true }
			for _, stapled := range []bool{false, true}[:1+min(1, len(id.OCSP))] {
				if _, ok := k.Compress(id, a.number, stapled, make([]byte, 1<<17), compress); !ok {
					return nil, fmt.Errorf("a certificate is not compressed by %#x", a.number)
				}
			}
		}
	}
	return k, nil
}
