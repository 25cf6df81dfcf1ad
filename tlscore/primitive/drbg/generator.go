package drbg

import (
	"colibri/tlscore/primitive/hmac"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

// generator is HMAC_DRBG with SHA-256 (SP 800-90A, section 10.1.2).
type generator struct{ k, v [32]byte }

// instantiate starts from a seed, the entropy input and the nonce, and a personalization string (section
// 10.1.2.3).
func (g *generator) instantiate(seed, personalization []byte) {
	for i := range g.v {
		g.k[i], g.v[i] = 0, 1
	}
	g.update(seed, personalization)
}

// update mixes a and b into the state, or only moves it on if both are empty (section 10.1.2.2).
func (g *generator) update(a, b []byte) {
	var mac hmac.HMAC
	g.step(&mac, 0, a, b)
	if len(a)+len(b) > 0 {
		g.step(&mac, 1, a, b)
	}
	mac.Wipe()
}

// step sets K to HMAC(K, V || separator || a || b) and V to HMAC(K, V). The caller wipes mac, its room.
func (g *generator) step(mac *hmac.HMAC, separator byte, a, b []byte) {
	var one [1]byte
	one[0] = separator
	mac.Init(sha2.SHA256, g.k[:])
	mac.Write(g.v[:])
	mac.Write(one[:])
	mac.Write(a)
	mac.Write(b)
	mac.Sum(g.k[:])
	mac.Init(sha2.SHA256, g.k[:])
	mac.Write(g.v[:])
	mac.Sum(g.v[:])
}

// generate fills out (section 10.1.2.5, without additional input).
func (g *generator) generate(out []byte) {
	var key, mac hmac.HMAC
	key.Init(sha2.SHA256, g.k[:])
	for len(out) > 0 {
		mac.Set(&key)
		mac.Write(g.v[:])
		mac.Sum(g.v[:])
		out = out[copy(out, g.v[:]):]
	}
	key.Wipe()
	g.step(&mac, 0, nil, nil)
	mac.Wipe()
}

func (g *generator) wipe() {
	subtle.Wipe(g.k[:])
	subtle.Wipe(g.v[:])
}
