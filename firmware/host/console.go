//go:build unix

package main

import (
	"io"

	"colibri/firmware/device/log"
)

// console is a log.Sink that writes to a terminal or a file.
type console struct {
	w   io.Writer
	buf []byte
}

// Line implements log.Sink. A log that cannot be written is no reason to stop serving, so errors are dropped.
func (c *console) Line(_ log.Level, line []byte) {
	c.buf = append(append(c.buf[:0], line...), '\n')
	c.w.Write(c.buf)
}
