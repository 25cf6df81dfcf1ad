//go:build esp32c3

package main

import (
	"machine"

	"colibri/firmware/board"
	"colibri/firmware/board/kept"
)

// keptFlash returns where the configuration is kept: the first two blocks of the flash behind the image, by TinyGo's driver, which
// calls the functions of the chip's ROM.
func keptFlash() board.Writer {
	if t := kept.New(machine.Flash, board.OverlaySize); t != nil {
		return t
	}
	return nil
}
