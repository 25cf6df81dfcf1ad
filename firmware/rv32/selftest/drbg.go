//go:build !subset || drbg

package selftest

import "colibri/tlscore/primitive/drbg"

// samples is a source of samples that are the same in every run: the high bytes of a xorshift generator
// (Marsaglia, "Xorshift RNGs", 2003).
type samples struct{ state uint32 }

func (s *samples) Sample(p []byte) bool {
	for i := range p {
		s.state ^= s.state << 13
		s.state ^= s.state >> 17
		s.state ^= s.state << 5
		p[i] = byte(s.state >> 24)
	}
	return true
}

var (
	drbgState    drbg.DRBG
	drbgSource   samples
	drbgPersonal = []byte("rv32")
	drbgOut      [32]byte
)

// The expected output was computed with Python's hmac and hashlib, by the text of SP 800-90A, section 10.1.2.
func init() {
	start := func() {
		drbgSource.state = 0x2545f491
		accepted = drbgState.Init(&drbgSource, 8, drbgPersonal) == nil
	}
	read := func() {
		n, err := drbgState.Read(drbgOut[:])
		accepted = accepted && n == len(drbgOut) && err == nil
	}
	right := func() bool {
		return accepted && equal(drbgOut[:], "68ab94aa0f85b163aa0a586e2d9da478fa57dd727b00e4b3fcc46f3ba2e97bf2")
	}
	add("drbg",
		Case{
			Name: "DRBGInit/impl=colibri", // 1,088 samples
			Op:   start,
			OK:   func() bool { read(); return right() },
		},
		Case{
			Name:  "DRBGRead/impl=colibri/size=32",
			Setup: start,
			Op:    read,
			OK:    right,
		},
	)
}
