// Package virt is what of QEMU's virt machine (hw/riscv/virt.c) lies on the board itself: the serial line, two clocks, and the way to
// end the emulator. What comes from outside, network and entropy, is package virtio's.
//
// The package has code for TinyGo only; on a host it is empty.
package virt
