//go:build esp32

package main

import (
	"runtime/volatile"
	"unsafe"
)

// RNG_DATA_REG (ESP32 Technical Reference Manual, chapter "Random Number Generator").
var generator = (*volatile.Register32)(unsafe.Pointer(uintptr(0x3ff7_5144)))

// randomWord reads the generator.
func randomWord() (uint32, bool) { return generator.Get(), true }
