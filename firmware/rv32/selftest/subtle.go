//go:build !subset || subtle

package selftest

import "colibri/tlscore/primitive/subtle"

var tag, received [16]byte

// The comparison of a tag with the one that was received.
func init() {
	add("subtle", Case{
		Name:  "Equal/impl=colibri/size=16",
		Setup: func() { fill(tag[:]); fill(received[:]) },
		Op:    func() { accepted = subtle.Equal(tag[:], received[:]) },
		OK:    func() bool { return accepted },

		Secret: func(secret *[SecretSize]byte) { copy(tag[:], secret[:]) },
	})
}
