//go:build !(amd64 || arm64) || portable || tinygo

package hmac

import "colibri/tlscore/primitive/sha2"

// Key makes the MACs of several messages that are at hand as a whole. It must be initialised with Init.
type Key struct{ portable }

// Sum writes the MAC of message under key, of any length, to out, and returns its size. out may be the memory of key or message.
func Sum(a sha2.Algorithm, out, key, message []byte) int { return sumPortable(a, out, key, message) }
