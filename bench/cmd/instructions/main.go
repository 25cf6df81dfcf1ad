// Command instructions counts the instructions of benchmarks, which a busy machine does not change, and prints them in Go's
// benchmark format:
//
//	go run ./bench/cmd/instructions -bench 'Handshake|Bare' ./bench | go tool benchstat -col /impl -
//
// A benchmark takes part if it calls what it measures through a function named counted; the instructions of that function and all
// that it calls are counted by valgrind's callgrind. -tags portable counts the portable build, and GOARCH=386 in the
// environment the code for 32 bits.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

const (
	calls = 5 // of what is measured: a collector's work is spread over them
	limit = 10 * time.Minute
)

func main() {
	bench := flag.String("bench", ".", "regular expression of the benchmarks")
	tags := flag.String("tags", "", "build tags")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: instructions [-bench regexp] [-tags list] package")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *bench, *tags); err != nil {
		fmt.Fprintf(os.Stderr, "instructions: %v\n", err)
		os.Exit(1)
	}
}

func run(pkg, bench, tags string) error {
	valgrind, err := exec.LookPath("valgrind")
	if err != nil {
		return fmt.Errorf("%w; install it, for example with apt-get install valgrind", err)
	}
	dir, err := os.MkdirTemp("", "instructions")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	binary := filepath.Join(dir, "test")
	// Without DWARF (-w), which old versions of valgrind stumble over; the symbol table names the functions.
	if _, err := output(ctx, "go", "test", "-c", "-vet=off", "-tags", tags, "-ldflags", "-w", "-o", binary, pkg); err != nil {
		return err
	}
	list, err := output(ctx, binary, "-test.run", "^$", "-test.bench", bench, "-test.benchtime", "1x", "-test.cpu", "1")
	if err != nil {
		return err
	}
	found := false
	for line := range bytes.Lines(list) {
		switch fields := strings.Fields(string(line)); {
		case len(fields) > 1 && strings.HasPrefix(fields[0], "Benchmark"):
			n, err := count(ctx, valgrind, binary, dir, fields[0])
			if err != nil {
				return err
			}
			found = true
			fmt.Printf("%s %d %d instructions/op\n", fields[0], calls, n/calls)
		case len(fields) > 1 && strings.HasSuffix(fields[0], ":"):
			os.Stdout.Write(line) // goos, goarch, pkg
		}
	}
	if !found {
		return fmt.Errorf("no benchmark of %s matches -bench %s; between slashes stand expressions of their own", pkg, bench)
	}
	return nil
}

// total finds the sum in callgrind's output.
var total = regexp.MustCompile(`(?m)^(?:summary|totals): (\d+)`)

// count returns the instructions of all calls that the named benchmark makes through counted.
func count(ctx context.Context, valgrind, binary, dir, name string) (n int, err error) {
	segments := strings.Split(name, "/")
	for i, s := range segments {
		segments[i] = "^" + regexp.QuoteMeta(s) + "$"
	}
	out := filepath.Join(dir, "out")
	if _, err = output(ctx, valgrind, "--tool=callgrind", "--toggle-collect=*.counted", "--callgrind-out-file="+out,
		binary, "-test.run", "^$", "-test.bench", strings.Join(segments, "/"), "-test.benchtime", fmt.Sprint(calls, "x"), "-test.cpu", "1"); err != nil {
		return 0, err
	}
	data, err := os.ReadFile(out)
	if err != nil {
		return 0, err
	}
	if m := total.FindSubmatch(data); m != nil {
		fmt.Sscan(string(m[1]), &n)
	}
	if n == 0 {
		return 0, fmt.Errorf("%s calls no function named counted", name)
	}
	return n, nil
}

// output runs a command and returns what it printed.
func output(ctx context.Context, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "GODEBUG=asyncpreemptoff=1", "GOMAXPROCS=1")
	out, err := cmd.Output()
	if e, ok := err.(*exec.ExitError); ok {
		return nil, fmt.Errorf("%s: %w\n%s%s", filepath.Base(name), err, out, e.Stderr)
	}
	return out, err
}
