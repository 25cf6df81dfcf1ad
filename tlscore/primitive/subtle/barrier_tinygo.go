//go:build tinygo

package subtle

import "device"

// barrier is an instruction that does nothing and that LLVM must believe to do something.
func barrier() { device.Asm("") }
