//go:build tinygo

package virt

import (
	"runtime/volatile"
	"unsafe"
)

// A 16550 UART that needs no set-up, and SiFive's test finisher, through which a program ends the emulator with an exit status.
var (
	uart     = (*volatile.Register8)(unsafe.Pointer(uintptr(0x10000000)))
	finisher = (*volatile.Register32)(unsafe.Pointer(uintptr(0x00100000)))
)

// Print writes a text to the serial line.
//
//go:noinline
func Print(s string) {
	for i := 0; i < len(s); i++ {
		send(s[i])
	}
}

// Write writes bytes to the serial line.
//
//go:noinline
func Write(p []byte) {
	for _, c := range p {
		send(c)
	}
}

// send writes a byte when there is room for it: what is behind the line may be slow, and a byte would replace the one before.
func send(c byte) {
	for status.Get()&0x20 == 0 {
	}
	uart.Set(c)
}

// PrintUint writes a number in decimal.
func PrintUint(n uint32) {
	var digits [10]byte
	i := len(digits)
	for {
		i--
		digits[i] = byte('0' + n%10)
		n /= 10
		if n == 0 {
			break
		}
	}
	Write(digits[i:])
}

// Exit ends the emulator with the given status.
func Exit(status uint32) {
	if status == 0 {
		finisher.Set(0x5555) // pass
	}
	finisher.Set(status<<16 | 0x3333) // fail
	for {
	}
}

// status is the line status register of the UART: bit 0 says that a byte has come, bit 5 that one can be sent.
var status = (*volatile.Register8)(unsafe.Pointer(uintptr(0x10000005)))

// Read waits for a byte from the serial line, and returns how many it has read into p, which is not empty.
func Read(p []byte) int {
	for status.Get()&1 == 0 {
	}
	n := 0
	for n < len(p) && status.Get()&1 != 0 {
		p[n] = uart.Get()
		n++
	}
	return n
}
