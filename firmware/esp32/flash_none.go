//go:build esp32 || esp32s3

package main

import "colibri/firmware/board"

// keptFlash returns nil: what is saved is gone after a restart, and the log says so.
//
// TinyGo has no driver for the flash of these chips, and its linker scripts leave the ROM's functions for it out. While flash is
// erased or written no code may be fetched from it, by either core, an interrupt or the prefetcher, so the cache has to be
// switched off around the ROM's call, from code in RAM. An error there destroys the image: it is not for a chip that nobody
// here could try it on.
func keptFlash() board.Writer { return nil }
