//go:build !(amd64 || arm64) || portable || tinygo

package sha2

import "colibri/tlscore/primitive/profile"

func compress256(h *[8]uint32, p []byte) {
	if profile.Compact {
		rolled256(h, p)
	} else {
		portable256(h, p)
	}
}

func compress512(h *[8]uint64, p []byte) {
	if profile.Compact {
		rolled512(h, p)
	} else {
		portable512(h, p)
	}
}

func sum(a Algorithm, out []byte, p []byte) int { return sumPortable(a, out, p) }
