//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
)

// figures prints what Board.Stats tells as benchmark lines.
func (b *board) figures(ctx context.Context) error {
	text, err := b.get(ctx, "https://changeme/rpc/Board.Stats")
	if err != nil {
		return err
	}
	var s struct{ Stack, Heap, TLS, TCP, Allocs, Alloc_bytes uint64 }
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return fmt.Errorf("Board.Stats: %w in %q", err, text)
	}
	fmt.Printf("goos: none\ngoarch: riscv32\npkg: colibri/firmware/rv32/server\n")
	fmt.Printf("BenchmarkDevice\t1\t%d stack-B\t%d heap-B\t%d tls-B\t%d tcp-B\t%d allocs\t%d alloc-B\n",
		s.Stack, s.Heap, s.TLS, s.TCP, s.Allocs, s.Alloc_bytes)
	return nil
}
