//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// fuzzed reports on one fuzz target.
type fuzzed struct {
	Target string `json:"target"`
	Execs  int    `json:"execs"`
	Error  string `json:"error,omitempty"`
}

// fuzzPackage has the targets of the walk; the packages they are about have more of their own.
const fuzzPackage = "./fuzz"

// fuzzBudget bounds the time for all targets together, so that the walk stays short as their number grows.
const fuzzBudget = 20 * time.Second

// fuzz runs each target of fuzzPackage for a short time. It returns an error if one of them failed, after
// having run the rest.
func fuzz(ctx context.Context, to io.Writer, each time.Duration) ([]fuzzed, error) {
	out, err := runLogged(ctx, to, "go", "test", "-list", "^Fuzz", fuzzPackage)
	if err != nil {
		return nil, err
	}
	names := targetsIn(out)
	if len(names) == 0 {
		return nil, errors.New("there are no fuzz targets")
	}
	each = max(min(each, fuzzBudget/time.Duration(len(names))), 100*time.Millisecond)
	var all []fuzzed
	var failed error
	for _, name := range names {
		// By default the fuzzer takes a minute to make what it finds smaller, and this run has seconds.
		out, err := runLogged(ctx, to, "go", "test", "-run", "^$", "-fuzz", "^"+name+"$", "-fuzztime", each.String(),
			"-fuzzminimizetime", "10x", "-parallel", "2", "-timeout", "3m", fuzzPackage)
		f := fuzzed{Target: name, Execs: execs(out)}
		if err == nil && f.Execs == 0 {
			err = errors.New("the fuzzer tried nothing")
		}
		if err != nil {
			f.Error = err.Error()
			failed = errors.Join(failed, fmt.Errorf("%s: %w", name, err))
		}
		all = append(all, f)
		if ctx.Err() != nil {
			return all, ctx.Err()
		}
	}
	return all, failed
}

// targetsIn returns the names in the output of go test -list.
func targetsIn(out string) []string {
	var names []string
	for line := range strings.Lines(out) {
		if name := strings.TrimSpace(line); strings.HasPrefix(name, "Fuzz") {
			names = append(names, name)
		}
	}
	return names
}

var execsLine = regexp.MustCompile(`(?m)^fuzz: elapsed: .*, execs: ([0-9]+) `)

// execs returns how many inputs the fuzzer says it has tried; 0 if it does not say.
func execs(out string) int {
	all := execsLine.FindAllStringSubmatch(out, -1)
	if len(all) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(strings.TrimSpace(all[len(all)-1][1])) // digits; too many of them are no number, hence 0
	return n
}
