// Package rfc6979 derives the secret number of an ECDSA signature from the private key, the digest and, optionally,
// entropy: the HMAC_DRBG of RFC 6979, section 3.2, with the additional data of section 3.6.
//
// It serves curves whose order is as long as the hash's output (P-256 with SHA-256, P-384 with SHA-384), for which
// one output of the generator is one candidate.
package rfc6979

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
)

// Generator yields candidates for the secret number. It holds secrets: Wipe it after use.
type Generator struct {
	hash    func() hash.Hash
	size    int
	k, v    [48]byte
	rejects bool
}

// Init seeds the generator for hash outputs of size 32 (SHA-256) or 48 bytes (SHA-384): key is the private key (int2octets of
// the RFC), digest the reduced digest (bits2octets), both of size bytes; entropy is the additional data k' and may be empty.
func (g *Generator) Init(size int, key, digest, entropy []byte) {
	g.size, g.rejects = size, false
	g.hash = sha256.New
	if size == 48 {
		g.hash = sha512.New384
	}
	for i := range size {
		g.v[i], g.k[i] = 1, 0
	}
	g.update(0, key, digest, entropy)
	g.update(1, key, digest, entropy)
}

// Next writes the next candidate to out, which has the size given to Init. The caller takes the first in [1, n-1].
func (g *Generator) Next(out []byte) {
	if g.rejects {
		g.update(0, nil, nil, nil)
	}
	g.rejects = true
	g.next()
	copy(out, g.v[:g.size])
}

func (g *Generator) update(sep byte, key, digest, entropy []byte) {
	h := hmac.New(g.hash, g.k[:g.size])
	h.Write(g.v[:g.size])
	h.Write([]byte{sep})
	h.Write(key)
	h.Write(digest)
	h.Write(entropy)
	h.Sum(g.k[:0])
	g.next()
}

func (g *Generator) next() {
	h := hmac.New(g.hash, g.k[:g.size])
	h.Write(g.v[:g.size])
	h.Sum(g.v[:0])
}

// Wipe zeroes the generator.
//
//go:noinline
func (g *Generator) Wipe() { *g = Generator{} }
