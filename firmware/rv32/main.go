//go:build tinygo

// The image of the emulated board: it runs the self-test of every primitive and prints what each operation costs. See
// README.md for how it is built and run.
package main

import (
	"strings"

	"colibri/firmware/rv32/measure"
	"colibri/firmware/rv32/selftest"
	"colibri/firmware/rv32/virt"
)

// Set by the linker: the compiler, its version and its options, in the form of a benchmark's configuration value.
var toolchain string

// Set by the linker: only cases whose name contains this are run.
var match string

// Set by the linker: if not empty, nothing is run for other secrets than the known ones.
var once string

// connections measures whole connections, in images that have them, and returns how many there were.
var connections func() (cases int, ok bool)

func main() {
	ok := checkCounters()
	header("goos", "none")
	header("goarch", "riscv32")
	header("cpu", "rv32imac, QEMU virt, one count per instruction")
	header("toolchain", toolchain)
	cases := 0
	for _, g := range selftest.Groups() {
		header("pkg", g.Package)
		for _, c := range g.Cases {
			if strings.Contains(c.Name, match) {
				ok = run(&c) && ok
				cases++
			}
		}
	}
	if connections != nil {
		n, good := connections()
		cases, ok = cases+n, ok && good
	}
	if cases == 0 {
		line("--- FAIL: no case contains \"" + match + "\" in its name")
		ok = false
	}
	if !ok {
		line("FAIL")
		virt.Exit(1)
	}
	line("PASS")
	virt.Exit(0)
}

// run measures one case and prints its line.
func run(c *selftest.Case) bool {
	if c.Setup != nil {
		c.Setup()
	}
	cost, fits := measure.Run(c.Op)
	if !fits {
		line("--- FAIL: " + c.Name + ": stack overflow")
		virt.Exit(1)
	}
	if !c.OK() {
		line("--- FAIL: " + c.Name + ": wrong result")
		return false
	}
	write("Benchmark" + c.Name + "\t1")
	value(cost.Insns, "insns/op")
	value(cost.Stack, "stack-B/op")
	value(cost.Bytes, "B/op")
	value(cost.Allocs, "allocs/op")
	line("")
	return c.Secret == nil || once != "" || sameForAllSecrets(c)
}

// sameForAllSecrets measures a case for secret after secret and says whether the instructions were always as many.
func sameForAllSecrets(c *selftest.Case) bool {
	least, most := spread(c)
	if least != most {
		write("--- FAIL: " + c.Name + ": instructions depend on the secret:")
		value(least, "at least,")
		value(most, "at most")
		line("")
		return false
	}
	write("--- " + c.Name + ":")
	value(least, "instructions for each of")
	value(selftest.Secrets, "secrets")
	line("")
	return true
}

// spread returns the least and the most instructions that the case takes for the secrets.
func spread(c *selftest.Case) (least, most uint32) {
	var secret [selftest.SecretSize]byte
	least = ^uint32(0)
	for i := range selftest.Secrets {
		if c.Setup != nil {
			c.Setup()
		}
		selftest.FillSecret(&secret, i)
		c.Secret(&secret)
		cost, _ := measure.Run(c.Op)
		least, most = min(least, cost.Insns), max(most, cost.Insns)
	}
	return least, most
}

// checkCounters measures functions of known cost, so that a counter that stands still cannot pass for a cheap operation.
func checkCounters() bool {
	const frame, loops, block = 1000, 5000, 64
	cost, _ := measure.Run(func() { useStack(frame) })
	ok := expect("stack", cost.Stack, frame, frame+128)
	ok = expect("allocations of a function that makes none", cost.Allocs, 0, 0) && ok
	cost, _ = measure.Run(func() { spin(loops) })
	ok = expect("instructions", cost.Insns, 2*loops, 2*loops+16) && ok
	cost, _ = measure.Run(func() { useHeap(block) })
	ok = expect("allocations", cost.Allocs, 1, 1) && ok
	ok = expect("allocated bytes", cost.Bytes, block, block+32) && ok
	least, most := spread(&leaky)
	return expect("the spread of a function that leaks a byte", most-least, 2*255, 2*255) && ok
}

func expect(what string, got, low, high uint32) bool {
	if low <= got && got <= high {
		return true
	}
	write("--- FAIL: counter of " + what + ":")
	value(got, "counted, expected from")
	value(low, "to")
	value(high, "")
	line("")
	return false
}
