//go:build tinygo

package measure

import (
	"device/riscv"
	"runtime"
	"unsafe"
)

// Cost of one call.
type Cost struct {
	Insns  uint32 // instructions executed
	Stack  uint32 // bytes of stack below the caller's frame; Floor stands for anything up to Floor
	Bytes  uint32 // bytes allocated on the heap
	Allocs uint32 // heap allocations
}

// Floor is the smallest stack figure, in bytes: the part right below the stack pointer is not painted, because painting
// itself needs a frame.
const Floor = 64

const pattern = 0xa5c35a3c

// The lowest word of the stack, from the linker script.
//
//go:extern _stack_bottom
var stackBottom uint32

// The end of the stack, from the linker script.
//
//go:extern _stack_top
var stackTop uint32

// Run calls op once and returns its cost. The boolean is false when op ran through the whole stack: the cost is then
// meaningless and what lies below the stack may have been overwritten.
//
//go:noinline
func Run(op func()) (Cost, bool) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	top := uintptr(riscv.AsmFull("mv {}, sp", nil))
	paint(top - Floor)
	start := Cycle()
	op()
	insns := Cycle() - start
	low := lowest(top - Floor)
	runtime.ReadMemStats(&after)
	return Cost{
		Insns:  insns - overhead(),
		Stack:  uint32(top - low),
		Bytes:  uint32(after.TotalAlloc - before.TotalAlloc),
		Allocs: uint32(after.Mallocs - before.Mallocs),
	}, low != uintptr(unsafe.Pointer(&stackBottom))
}

// PaintStack paints what lies below the caller, for [DeepestStack].
//
//go:noinline
func PaintStack() { paint(uintptr(riscv.AsmFull("mv {}, sp", nil)) - Floor) }

// DeepestStack returns how many bytes of the stack, from its top, have been in use since [PaintStack].
//
//go:noinline
func DeepestStack() uint32 {
	top := uintptr(unsafe.Pointer(&stackTop))
	return uint32(top - lowest(top))
}

// paint fills the stack from its bottom up to the address top.
//
//go:noinline
func paint(top uintptr) {
	for p := uintptr(unsafe.Pointer(&stackBottom)); p < top; p += 4 {
		*(*uint32)(unsafe.Pointer(p)) = pattern
	}
}

// lowest returns the address of the lowest word below top that is no longer painted, top when all are.
//
//go:noinline
func lowest(top uintptr) uintptr {
	p := uintptr(unsafe.Pointer(&stackBottom))
	for p < top && *(*uint32)(unsafe.Pointer(p)) == pattern {
		p += 4
	}
	return p
}

// Cycle returns the low half of the cycle counter. Its differences are right up to 2^32 instructions.
func Cycle() uint32 {
	return uint32(riscv.AsmFull("csrr {}, mcycle", nil))
}

// overhead returns what measuring a function that does nothing yields.
//
//go:noinline
func overhead() uint32 {
	op := nothing
	start := Cycle()
	op()
	return Cycle() - start
}

// nothing is a variable, so that the call through it is as indirect as the one that is measured.
var nothing = func() {}
