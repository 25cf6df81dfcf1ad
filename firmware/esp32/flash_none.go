//go:build esp32 || esp32s3

package main

import "colibri/firmware/board"

// keptFlash returns nil: TinyGo cannot write to this chip's flash yet, so that a changed configuration is gone after a restart.
func keptFlash() board.Writer { return nil }
