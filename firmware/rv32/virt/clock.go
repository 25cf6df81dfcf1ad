//go:build tinygo

package virt

import (
	"runtime/volatile"
	"unsafe"
)

// The timer that counts from the start, 10 million a second, and Goldfish's real-time clock, nanoseconds since 1970, whose upper half
// stands still once the lower one was read.
var (
	timer    = (*[2]volatile.Register32)(unsafe.Pointer(uintptr(0x0200_bff8)))
	calendar = (*[2]volatile.Register32)(unsafe.Pointer(uintptr(0x0010_1000)))
)

// Milliseconds returns the time since the start.
func Milliseconds() int64 {
	for {
		high := timer[1].Get()
		low := timer[0].Get()
		if timer[1].Get() == high {
			return (int64(high)<<32 | int64(low)) / 10_000
		}
	}
}

// Unix returns the milliseconds since 1970, as the host's clock has them.
func Unix() int64 {
	low := calendar[0].Get()
	return (int64(calendar[1].Get())<<32 | int64(low)) / 1_000_000
}
