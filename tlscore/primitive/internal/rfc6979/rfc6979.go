// Package rfc6979 derives the secret number of an ECDSA signature from the private key, the digest and,
// optionally, entropy: HMAC_DRBG as in RFC 6979, section 3.2, with the additional data of section 3.6.
//
// It serves curves whose order is as long as the hash's output (P-256 with SHA-256, P-384 with SHA-384):
// one output of the generator is one candidate. With entropy the signatures resist fault and power
// analysis that needs the same secret number twice; with bad entropy they are still as safe as without.
package rfc6979

import (
	"colibri/tlscore/primitive/hmac"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

const maxSize = 48

// Generator yields candidates for the secret number. It holds secrets until Wipe.
type Generator struct {
	algorithm sha2.Algorithm
	used      bool // a candidate was drawn; before the next one the state moves on
	k, v      [maxSize]byte
}

// Init seeds the generator with SHA256 or SHA384: key is the private key (int2octets of the RFC) and
// digest the reduced digest (bits2octets), both as long as the hash; entropy is the additional data k' and
// may be empty.
func (g *Generator) Init(a sha2.Algorithm, key, digest, entropy []byte) {
	g.algorithm, g.used = a, false
	for i := range maxSize {
		g.k[i], g.v[i] = 0, 1
	}
	g.update(0, key, digest, entropy)
	g.update(1, key, digest, entropy)
}

// Next writes the next candidate to out, which is as long as the hash. The caller takes the first one that
// it can use.
func (g *Generator) Next(out []byte) {
	if g.used {
		g.update(0, nil, nil, nil)
	}
	g.used = true
	g.advance()
	copy(out, g.v[:g.algorithm.Size()])
}

// maxInput is the longest input of update: V, separator, key, digest, and as much entropy as is hashed in one go.
const maxInput = 3*maxSize + 1 + 64

// update sets K to HMAC_K(V || separator || key || digest || entropy), then V to HMAC_K(V).
func (g *Generator) update(separator byte, key, digest, entropy []byte) {
	n := g.algorithm.Size()
	if n+1+len(key)+len(digest)+len(entropy) > maxInput {
		g.updateLong(separator, key, digest, entropy)
		return
	}
	var text [maxInput]byte
	m := copy(text[:], g.v[:n])
	text[m] = separator
	m++
	m += copy(text[m:], key)
	m += copy(text[m:], digest)
	m += copy(text[m:], entropy)
	hmac.Sum(g.algorithm, g.k[:n], g.k[:n], text[:m])
	subtle.Wipe(text[:])
	g.advance()
}

// updateLong is update for more entropy.
//
//go:noinline
func (g *Generator) updateLong(separator byte, key, digest, entropy []byte) {
	n := g.algorithm.Size()
	var mac hmac.HMAC
	mac.Init(g.algorithm, g.k[:n])
	mac.Write(g.v[:n])
	mac.Write([]byte{separator})
	mac.Write(key)
	mac.Write(digest)
	mac.Write(entropy)
	mac.Sum(g.k[:n])
	mac.Wipe()
	g.advance()
}

// advance sets V to HMAC_K(V).
func (g *Generator) advance() {
	n := g.algorithm.Size()
	hmac.Sum(g.algorithm, g.v[:n], g.k[:n], g.v[:n])
}

// Wipe zeroes the state.
func (g *Generator) Wipe() {
	subtle.Wipe(g.k[:])
	subtle.Wipe(g.v[:])
}
