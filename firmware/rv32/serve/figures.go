//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
)

// stats is what Board.Stats tells.
type stats struct {
	Stack uint64 // bytes, the deepest since the start
	Heap  uint64 // bytes, at the start
	TLS   uint64 // of them, for TLS
	TCP   uint64 // and for TCP
	Most  int    // connections at one time

	Free, Handshakes, Small, Large int // places and memory that are free now

	Stretch uint64 // instructions, the longest that the watchdog had to wait; see options.counted

	Allocs uint64 // since the start
	Bytes  uint64 `json:"alloc_bytes"`
}

// stats asks the board.
func (b *board) stats(ctx context.Context) (s stats, err error) {
	text, err := b.get(ctx, "https://changeme/rpc/Board.Stats")
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, fmt.Errorf("Board.Stats: %w in %q", err, text)
	}
	return s, nil
}

// figures prints the board's figures as a benchmark line.
func (b *board) figures(ctx context.Context) error {
	s, err := b.stats(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("goos: none\ngoarch: riscv32\npkg: colibri/firmware/rv32/server\n")
	fmt.Printf("BenchmarkDevice\t1\t%d stack-B\t%d heap-B\t%d tls-B\t%d tcp-B\t%d allocs\t%d alloc-B\n",
		s.Stack, s.Heap, s.TLS, s.TCP, s.Allocs, s.Bytes)
	return nil
}

// stretch prints how long the watchdog has to wait at most.
func (b *board) stretch(ctx context.Context) error {
	s, err := b.stats(ctx)
	if err == nil {
		fmt.Printf("BenchmarkDeviceWatchdog\t1\t%d longest-insns\n", s.Stretch)
	}
	return err
}
