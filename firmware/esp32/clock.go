package main

import (
	"time"

	"colibri/firmware/device/rpc"
)

// wallClock is the time of a chip that has no battery: unknown after a start, until somebody sets it. That may be package board by SNTP,
// a real-time clock on a bus, or a client by Sys.SetTime: each calls Set. Before that certificates are judged by the time of the
// build.
type wallClock struct {
	floor  int64 // Unix seconds
	offset int64 // Unix milliseconds at the start, 0 while unknown
}

var clock wallClock

var start = time.Now()

// Milliseconds implements board.Clock.
func (*wallClock) Milliseconds() int64 { return time.Since(start).Milliseconds() }

// Unix implements board.Clock.
func (c *wallClock) Unix() int64 {
	if c.offset == 0 {
		return 0
	}
	return c.offset + c.Milliseconds()
}

// Set implements board.Clock: a time before the build cannot be right.
func (c *wallClock) Set(unix int64) bool {
	if unix < c.floor*1000 {
		return false
	}
	c.offset = unix - c.Milliseconds()
	return true
}

// setTime is the method Sys.SetTime, for clients that may change things.
func setTime(c *rpc.Call) {
	seconds, ok := c.Args.Get("unix").Int()
	if !ok || !clock.Set(seconds*1000) {
		c.Fail(400, "unix: seconds since 1970 are expected, after the time of the build")
		return
	}
	c.Out.Null()
}

// seconds reads a number in decimal; what is none is 0.
func seconds(text string) (n int64) {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0
		}
		n = n*10 + int64(text[i]-'0')
	}
	return n
}
