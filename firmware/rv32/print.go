//go:build tinygo

package main

import "colibri/firmware/rv32/virt"

// The output is Go's benchmark format.

func write(s string) { virt.Print(s) }

func line(s string) { virt.Print(s + "\n") }

func header(key, val string) { line(key + ": " + val) }

// value writes a tab, the number in decimal and its unit.
func value(n uint32, unit string) {
	virt.Print("\t")
	virt.PrintUint(n)
	virt.Print(" ")
	virt.Print(unit)
}
