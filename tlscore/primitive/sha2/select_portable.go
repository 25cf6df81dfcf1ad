//go:build !(amd64 || arm64) || portable || tinygo

package sha2

func compress256(h *[8]uint32, p []byte) { portable256(h, p) }

func compress512(h *[8]uint64, p []byte) { portable512(h, p) }

func sum(a Algorithm, out []byte, p []byte) int { return sumPortable(a, out, p) }
