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

// targets are the fuzz targets of the walk: what stands nearest to the network. They lie in one package each,
// because go test fuzzes one target at a time.
var targets = []struct{ pkg, name string }{
	{"./fuzz", "FuzzCertificate"},
	{"./fuzz", "FuzzServerFlight"},
}

// fuzz runs each target for a short time. It returns an error if one of them failed, after having run the
// rest.
func fuzz(ctx context.Context, to io.Writer, each time.Duration) ([]fuzzed, error) {
	var all []fuzzed
	var failed error
	for _, target := range targets {
		// By default the fuzzer takes a minute to make what it finds smaller, and this run has seconds.
		out, err := runLogged(ctx, to, "go", "test", "-run", "^$", "-fuzz", "^"+target.name+"$", "-fuzztime", each.String(),
			"-fuzzminimizetime", "10x", "-parallel", "2", "-timeout", "3m", target.pkg)
		f := fuzzed{Target: target.pkg + " " + target.name, Execs: execs(out)}
		if err == nil && f.Execs == 0 {
			err = errors.New("nothing was executed: is there such a target?")
		}
		if err != nil {
			f.Error = err.Error()
			failed = errors.Join(failed, fmt.Errorf("%s: %w", f.Target, err))
		}
		all = append(all, f)
		if ctx.Err() != nil {
			return all, ctx.Err()
		}
	}
	return all, failed
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
