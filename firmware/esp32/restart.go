//go:build esp32 || esp32c3 || esp32s3

package main

import (
	"runtime/volatile"
	"unsafe"
)

// restart starts the chip anew: SW_SYS_RST of RTC_CNTL_OPTIONS0_REG (Technical Reference Manuals, chapter on low-power management).
func restart() {
	(*volatile.Register32)(unsafe.Pointer(uintptr(options0))).SetBits(1 << 31)
	for {
	}
}
