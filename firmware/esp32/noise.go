//go:build esp32 || esp32c3 || esp32s3

package main

import "colibri/tlscore/primitive/drbg"

// noiseQuality is what is asserted of the generator's samples, bits of min-entropy in each of 8 bits. With the radio on, Espressif's
// manuals call its output truly random; a quarter of that is counted.
const noiseQuality drbg.Quality = 2

// noise is the hardware's random number generator as a drbg.Source.
type noise struct{}

// Sample implements drbg.Source.
func (noise) Sample(p []byte) bool {
	for len(p) > 0 {
		word, ok := randomWord()
		if !ok {
			return false
		}
		for i := 0; i < 4 && len(p) > 0; i++ {
			p[0], p = byte(word), p[1:]
			word >>= 8
		}
	}
	return true
}
