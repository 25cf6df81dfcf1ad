// Campaign runs every fuzz target of the module for a while, one after the other, and prints a table: inputs tried, inputs a
// second, inputs that reached new code, and the verdict. It exits non-zero if a target failed; go test has then left the
// input under testdata/fuzz of the target's package.
//
//	go run ./fuzz/cmd/campaign -time 30s [-run REGEXP]
package main

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"strings"
	"text/tabwriter"
	"time"
)

// target is a fuzz target, and what came of it.
type target struct {
	pkg, name   string
	execs, news string
	elapsed     time.Duration
	err         error
}

func main() {
	each := flag.Duration("time", 30*time.Second, "time for each target")
	match := flag.String("run", ".", "run the targets whose package and name match this expression")
	parallel := flag.Int("parallel", 2, "workers of each target")
	flag.Parse()
	pattern, err := regexp.Compile(*match)
	if err != nil || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "campaign: usage: campaign [-time 30s] [-run REGEXP] [-parallel 2]")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	targets, err := list(ctx, pattern)
	if err != nil {
		fmt.Fprintf(os.Stderr, "campaign: %v\n", err)
		os.Exit(1)
	}
	if len(targets) == 0 {
		fmt.Fprintf(os.Stderr, "campaign: no fuzz target matches %q\n", *match)
		os.Exit(1)
	}
	failed := false
	for i := range targets {
		fmt.Fprintf(os.Stderr, "%d of %d: %s %s\n", i+1, len(targets), targets[i].pkg, targets[i].name)
		targets[i].run(ctx, *each, *parallel)
		failed = failed || targets[i].err != nil
		if ctx.Err() != nil {
			targets = targets[:i+1]
			break
		}
	}
	printTable(targets)
	if failed {
		os.Exit(1)
	}
}

// list returns the targets of all packages.
func list(ctx context.Context, pattern *regexp.Regexp) ([]target, error) {
	cmd := exec.CommandContext(ctx, "go", "test", "-list", "^Fuzz", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go test -list: %w", err)
	}
	var all []target
	first := 0 // of the package whose names are being read: go test prints the package behind them
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) == 1 && strings.HasPrefix(fields[0], "Fuzz"):
			all = append(all, target{name: fields[0]})
		case len(fields) > 1 && fields[0] == "ok":
			for i := first; i < len(all); i++ {
				all[i].pkg = fields[1]
			}
			first = len(all)
		}
	}
	var wanted []target
	for _, t := range all {
		if pattern.MatchString(t.pkg + " " + t.name) {
			wanted = append(wanted, t)
		}
	}
	return wanted, nil
}

// progress is the line in which the fuzzer says how far it is.
var progress = regexp.MustCompile(`execs: (\d+) .*new interesting: (\d+)`)

// run fuzzes one target. The time to minimise an input is bounded: it would be taken from the search.
func (t *target) run(ctx context.Context, each time.Duration, parallel int) {
	start := time.Now()
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-fuzz", "^"+t.name+"$", "-fuzztime", each.String(),
		"-fuzzminimizetime", "10x", "-parallel", fmt.Sprint(parallel), t.pkg)
	var out bytes.Buffer
	cmd.Stdout = io.MultiWriter(&out, os.Stderr)
	cmd.Stderr = os.Stderr
	t.err = cmd.Run()
	t.elapsed = time.Since(start)
	if all := progress.FindAllStringSubmatch(out.String(), -1); len(all) > 0 {
		t.execs, t.news = all[len(all)-1][1], all[len(all)-1][2]
	} else if t.err == nil {
		t.err = fmt.Errorf("nothing was tried")
	}
}

func printTable(targets []target) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "package\ttarget\tinputs\tinputs/s\tnew\tverdict")
	for _, t := range targets {
		verdict, rate := "pass", "-"
		if t.err != nil {
			verdict = "FAIL: " + t.err.Error()
		}
		var n float64
		if _, err := fmt.Sscan(t.execs, &n); err == nil && t.elapsed > 0 {
			rate = fmt.Sprintf("%.0f", n/t.elapsed.Seconds())
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", t.pkg, t.name, t.execs, rate, t.news, verdict)
	}
	w.Flush()
}
