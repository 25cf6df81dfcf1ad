//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/perf/benchfmt"
)

// figures are what one benchmark measured.
type figures struct {
	Seconds float64 `json:"s_per_op"`
	Bytes   float64 `json:"b_per_op"`
	Allocs  float64 `json:"allocs_per_op"`
}

// comparison is a benchmark of ours beside the standard library's.
type comparison struct {
	Name string             `json:"name"` // without the implementation
	By   map[string]figures `json:"by"`   // by implementation: "colibri", "std"
}

// bench runs the handshake benchmarks and pairs them.
func bench(ctx context.Context, to io.Writer, pattern string, each time.Duration) ([]comparison, error) {
	out, err := runLogged(ctx, to, "go", "test", "-run", "^$", "-bench", pattern, "-benchtime", each.String(),
		"-benchmem", "-timeout", "3m", "./bench")
	if err != nil {
		return nil, err
	}
	all, err := pair(out)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if len(c.By) > 1 {
			return all, nil
		}
	}
	return all, fmt.Errorf("no benchmark matches %q for both colibri and the standard library", pattern)
}

// pair reads results in Go's benchmark format and puts together those whose names differ in /impl= only.
func pair(text string) ([]comparison, error) {
	var all []comparison
	reader := benchfmt.NewReader(strings.NewReader(text), "go test")
	for reader.Scan() {
		result, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			continue // a line in another form, which go test prints around the results
		}
		base, parts := result.Name.Parts()
		name, impl := string(base), ""
		for _, part := range parts {
			switch text := string(part); {
			case strings.HasPrefix(text, "/impl="):
				impl = strings.TrimPrefix(text, "/impl=")
			case strings.HasPrefix(text, "/"):
				name += text
			} // else: the number of processors
		}
		if impl == "" {
			continue
		}
		var f figures
		f.Seconds, _ = result.Value("sec/op")
		f.Bytes, _ = result.Value("B/op")
		f.Allocs, _ = result.Value("allocs/op")
		i := slices.IndexFunc(all, func(c comparison) bool { return c.Name == name })
		if i < 0 {
			i = len(all)
			all = append(all, comparison{Name: name, By: map[string]figures{}})
		}
		all[i].By[impl] = f
	}
	if err := reader.Err(); err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, errors.New("no results among the output")
	}
	return all, nil
}

// benchTable prints the benchmarks that both implementations have, ours beside the standard library's.
func benchTable(w io.Writer, all []comparison) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "benchmark\tcolibri\tcrypto/tls\tcolibri B\tcrypto/tls B\tcolibri allocs\tcrypto/tls allocs\t")
	for _, c := range all {
		ours, ok := c.By["colibri"]
		std, both := c.By["std"]
		if !ok || !both {
			continue
		}
		fmt.Fprintf(t, "%s\t%v\t%v\t%.0f\t%.0f\t%.0f\t%.0f\t\n", c.Name, duration(ours.Seconds), duration(std.Seconds),
			ours.Bytes, std.Bytes, ours.Allocs, std.Allocs)
	}
	return t.Flush()
}

// duration returns seconds for people, with three digits or so.
func duration(seconds float64) time.Duration {
	d := time.Duration(seconds * 1e9)
	unit := time.Duration(1)
	for unit*1000 <= d {
		unit *= 10
	}
	return d.Round(unit)
}
