// Package measure counts what one call of a function costs on the emulated rv32 board: executed instructions, stack, heap.
// The counts are exact and the same in every run.
//
// Instructions: QEMU with `-icount shift=0` advances the cycle CSR by one for each instruction executed. The cost of
// measuring (the indirect call, the return, reading the CSR) is subtracted.
//
// Stack: the memory below the caller's stack pointer is painted with a pattern before the call; the lowest word that lost
// it marks the deepest point reached. The lowest frame's unwritten padding is not seen, so the figure can be a few
// bytes low; it is never high.
//
// Heap: the allocator's own counters, before and after.
//
// The package has code for TinyGo only; on a host it is empty.
package measure
