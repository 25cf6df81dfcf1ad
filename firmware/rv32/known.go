//go:build tinygo

package main

import (
	"device/riscv"
	"unsafe"

	"colibri/firmware/rv32/selftest"
)

// Functions of known cost for checkCounters.

// useHeap allocates n bytes. The address passes through assembly, or the optimizer would remove the allocation.
//
//go:noinline
func useHeap(n int) {
	block := make([]byte, n)
	riscv.AsmFull("sb zero, 0({p})", map[string]interface{}{"p": uintptr(unsafe.Pointer(&block[0]))})
}

// useStack touches the lowest of n bytes of stack.
//
//go:noinline
func useStack(n uintptr) {
	riscv.AsmFull("sub t0, sp, {n}\nsw zero, 0(t0)", map[string]interface{}{"n": n})
}

// spin executes two instructions n times.
//
//go:noinline
func spin(n uintptr) {
	riscv.AsmFull("mv t0, {n}\n1: addi t0, t0, -1\nbnez t0, 1b", map[string]interface{}{"n": n})
}

// leaky works as long as the first byte of its secret says.
var leaky = selftest.Case{
	Secret: func(secret *[selftest.SecretSize]byte) { leakySecret = secret[0] },
	Op:     func() { spin(uintptr(leakySecret) + 1) },
}

var leakySecret byte
