//go:build esp32 || esp32c3 || esp32s3

package main

import (
	"runtime/volatile"
	"unsafe"
)

// hardware is the chip's registers.
type hardware struct{}

// Get implements registers.
func (hardware) Get(address uint32) uint32 { return register(address).Get() }

// Set implements registers.
func (hardware) Set(address, value uint32) { register(address).Set(value) }

func register(address uint32) *volatile.Register32 {
	return (*volatile.Register32)(unsafe.Pointer(uintptr(address)))
}

// restart starts the chip anew: SW_SYS_RST of RTC_CNTL_OPTIONS0_REG (Technical Reference Manuals, chapter on low-power management).
func restart() {
	register(options0).SetBits(1 << 31)
	for {
	}
}
