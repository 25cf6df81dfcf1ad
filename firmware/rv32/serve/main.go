//go:build unix

package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"time"
)

func main() {
	var o options
	flag.StringVar(&o.kernel, "kernel", "", "the server image")
	flag.StringVar(&o.pki, "pki", "build/pki/ecdsa", "the certificates, as firmware/pki makes them")
	flag.StringVar(&o.site, "site", "", "the folder of the pages that the image has")
	flag.BoolVar(&o.verbose, "v", false, "print what the board says")
	limit := flag.Duration("t", 2*time.Minute, "time for everything")
	flag.Parse()
	if o.kernel == "" || o.site == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(context.Background(), *limit)
	defer cancel()
	if err := run(ctx, o); err != nil {
		fmt.Printf("--- FAIL: %v\nFAIL\n", err)
		os.Exit(1)
	}
	fmt.Println("PASS")
}

// options are the command line.
type options struct {
	kernel, pki, site string
	verbose           bool
	flash             string // a file: what the board has in its flash
	timeServer        int    // its port on the loopback interface
	counted           bool   // the board's time is its instructions, one a nanosecond
}

// run makes all checks: first of a new board, then of the same one after its power was cut.
func run(ctx context.Context, o options) error {
	flash, err := newFlash()
	if err != nil {
		return err
	}
	defer os.Remove(flash)
	o.flash = flash
	server, err := serveTime()
	if err != nil {
		return err
	}
	defer server.Close()
	o.timeServer = server.LocalAddr().(*net.UDPAddr).Port
	if err := life(ctx, o, checks, (*board).figures); err != nil {
		return err
	}
	o.counted = true
	return life(ctx, o, checksAfterwards, (*board).stretch)
}

// flashSize is what QEMU wants of the file behind the second flash memory of its virt machine.
const flashSize = 32 << 20

// newFlash makes a file that is flash from the factory, and returns its name.
func newFlash() (string, error) {
	f, err := os.CreateTemp("", "colibri-flash")
	if err != nil {
		return "", err
	}
	defer f.Close()
	_, err = f.Write(bytes.Repeat([]byte{0xff}, flashSize))
	return f.Name(), err
}

// life starts the board, makes checks, prints figures and takes the board's power away.
func life(ctx context.Context, o options, checks []check, figures func(b *board, ctx context.Context) error) error {
	b, err := start(ctx, o)
	if err != nil {
		return err
	}
	defer b.stop()
	for _, c := range checks {
		begin := time.Now()
		if err := c.run(ctx, b); err != nil {
			return fmt.Errorf("%s: %w; the board's last words:\n%s", c.name, err, b.tail())
		}
		fmt.Fprintf(os.Stderr, "serve: %s (%.1f s)\n", c.name, time.Since(begin).Seconds())
	}
	return figures(b, ctx)
}
