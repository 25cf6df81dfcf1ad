package sha2

import "colibri/tlscore/primitive/subtle"

// rolled256 is portable256 with one round written down, for programs that are to be small.
func rolled256(state *[8]uint32, p []byte) {
	var w [16]uint32
	for len(p) >= 64 {
		for i := range w {
			w[i] = getUint32(p[4*i:])
		}
		s := *state // a to h
		for i := range round256 {
			at := &w[i&15]
			if i >= 16 {
				*at += w[(i+9)&15] + sigma0(w[(i+1)&15]) + sigma1(w[(i+14)&15])
			}
			a, e := s[0], s[4]
			t := s[7] + (rotate(e, 26) ^ rotate(e, 21) ^ rotate(e, 7)) + (s[6] ^ e&(s[5]^s[6])) + round256[i] + *at
			u := (rotate(a, 30) ^ rotate(a, 19) ^ rotate(a, 10)) + (a&s[1] ^ a&s[2] ^ s[1]&s[2])
			s = [8]uint32{t + u, a, s[1], s[2], s[3] + t, e, s[5], s[6]}
		}
		for i := range state {
			state[i] += s[i]
		}
		p = p[64:]
	}
	subtle.Wipe(w[:])
}

// rolled512 is portable512 likewise.
func rolled512(state *[8]uint64, p []byte) {
	var w [16]uint64
	for len(p) >= 128 {
		for i := range w {
			w[i] = uint64(getUint32(p[8*i:]))<<32 | uint64(getUint32(p[8*i+4:]))
		}
		s := *state
		for i := range round512 {
			at := &w[i&15]
			if i >= 16 {
				*at += w[(i+9)&15] + sigma0x64(w[(i+1)&15]) + sigma1x64(w[(i+14)&15])
			}
			a, e := s[0], s[4]
			t := s[7] + (rotate64(e, 50) ^ rotate64(e, 46) ^ rotate64(e, 23)) + (s[6] ^ e&(s[5]^s[6])) + round512[i] + *at
			u := (rotate64(a, 36) ^ rotate64(a, 30) ^ rotate64(a, 25)) + (a&s[1] ^ a&s[2] ^ s[1]&s[2])
			s = [8]uint64{t + u, a, s[1], s[2], s[3] + t, e, s[5], s[6]}
		}
		for i := range state {
			state[i] += s[i]
		}
		p = p[128:]
	}
	subtle.Wipe(w[:])
}
