//go:build esp32c3 || esp32s3

package main

import "machine"

// randomWord reads the generator.
func randomWord() (uint32, bool) {
	word, err := machine.GetRNG()
	return word, err == nil
}
