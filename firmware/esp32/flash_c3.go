//go:build esp32c3

package main

import (
	"machine"

	"colibri/firmware/board"
)

// keptFlash returns where the configuration is kept.
func keptFlash() board.Writer { return kept{machine.Flash} }
