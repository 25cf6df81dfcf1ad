//go:build tinygo

package main

import (
	"runtime"

	"colibri/firmware/board"
	"colibri/firmware/device/rpc"
	"colibri/firmware/rv32/measure"
)

// stretches is a watchdog that lets everything pass and takes note of how long it had to wait, in instructions: they count as such
// when QEMU counts them (-icount shift=0).
type stretches struct{ last, longest uint32 }

// Feed implements device.Watchdog.
func (s *stretches) Feed() {
	now := measure.Cycle()
	if s.last != 0 {
		s.longest = max(s.longest, now-s.last)
	}
	s.last = now
}

var watch stretches

// running is the board, and started TinyGo's counters of the heap at the moment when it was ready.
var (
	running *board.Board
	started runtime.MemStats
	now     runtime.MemStats
)

// begin notes what there is before the first connection.
func begin(b *board.Board) {
	running = b
	runtime.ReadMemStats(&started)
}

// stats is Board.Stats: the memory of the whole device, by TinyGo's heap and the painted stack, and what is free of it at this
// moment, in which the call's own connection holds some.
func stats(c *rpc.Call) {
	runtime.ReadMemStats(&now)
	free, memory := running.Device.Free()
	out := c.Out
	out.Object()
	for _, f := range [...]struct {
		name string
		n    uint64
	}{
		{"stack", uint64(measure.DeepestStack())},
		{"heap", started.HeapAlloc},
		{"tls", uint64(running.Sizes.TLS)},
		{"tcp", uint64(running.Sizes.TCP)},
		{"most", uint64(running.Stack.Most())},
		{"free", uint64(free)},
		{"handshakes", uint64(memory.Handshakes)},
		{"small", uint64(memory.SmallBuffers)},
		{"large", uint64(memory.LargeBuffers)},
		{"stretch", uint64(watch.longest)},
		{"allocs", now.Mallocs - started.Mallocs},
		{"alloc_bytes", now.TotalAlloc - started.TotalAlloc},
	} {
		out.Key(f.name)
		out.Int(int64(f.n))
	}
	out.EndObject()
}
