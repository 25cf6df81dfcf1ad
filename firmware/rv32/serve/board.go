//go:build unix

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// board is the emulator with the device in it.
type board struct {
	options
	port    int // on the loopback address
	command *exec.Cmd
	ended   chan struct{}

	mu    sync.Mutex
	lines []string // what the board said
	grew  chan struct{}
}

// start starts the emulator and waits until the device serves.
func start(ctx context.Context, o options) (*board, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b := &board{options: o, port: l.Addr().(*net.TCPAddr).Port, ended: make(chan struct{}), grew: make(chan struct{}, 1)}
	l.Close() // QEMU wants a number; nobody gets this one again so soon
	restrict := "on"
	if o.counted {
		restrict = "off" // it also asks for the time
	}
	b.command = exec.CommandContext(ctx, "qemu-system-riscv32", "-machine", "virt,aclint=on", "-display", "none",
		"-monitor", "none", "-serial", "stdio", "-global", "virtio-mmio.force-legacy=false", "-device", "virtio-rng-device",
		"-device", "virtio-net-device,netdev=n0", "-netdev", fmt.Sprintf("user,id=n0,restrict=%s,hostfwd=tcp:127.0.0.1:%d-:443", restrict, b.port),
		"-drive", "if=pflash,unit=1,format=raw,file="+o.flash,
		"-bios", o.kernel) // with a second flash QEMU would start from it rather than from a -kernel
	if o.counted {
		b.command.Args = append(b.command.Args, "-icount", "shift=0")
	}
	b.command.Stderr = os.Stderr
	serial, err := b.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := b.command.Start(); err != nil {
		return nil, err
	}
	go b.listen(serial)
	if err := b.await(ctx, 0, "HTTP server started on [10.0.2.15:443]"); err != nil {
		b.stop()
		return nil, err
	}
	return b, nil
}

// listen keeps what the board says.
func (b *board) listen(serial io.Reader) {
	defer close(b.ended)
	for s := bufio.NewScanner(serial); s.Scan(); {
		if b.verbose {
			fmt.Fprintln(os.Stderr, "board:", s.Text())
		}
		b.mu.Lock()
		b.lines = append(b.lines, s.Text())
		b.mu.Unlock()
		select {
		case b.grew <- struct{}{}:
		default:
		}
	}
}

// said returns how many lines the board has said.
func (b *board) said() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.lines)
}

// await waits until a line from number from on has text in it.
func (b *board) await(ctx context.Context, from int, text string) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	for {
		b.mu.Lock()
		for _, line := range b.lines[from:] {
			if strings.Contains(line, text) {
				b.mu.Unlock()
				return nil
			}
		}
		b.mu.Unlock()
		select {
		case <-b.grew:
		case <-b.ended:
			return fmt.Errorf("the emulator has ended; the board said %s", b.tail())
		case <-ctx.Done():
			return fmt.Errorf("the board does not say %q", text)
		}
	}
}

// tail returns the last lines.
func (b *board) tail() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.lines[max(0, len(b.lines)-10):], "\n")
}

// stop ends the emulator.
func (b *board) stop() {
	b.command.Process.Kill()
	<-b.ended
	b.command.Wait()
}
