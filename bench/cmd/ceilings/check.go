package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"

	"golang.org/x/perf/benchfmt"
)

// row is the outcome of one budget for one benchmark.
type row struct {
	budget   *budget
	name     string // the benchmark's; the budget's may be a pattern
	measured float64
	missing  bool
}

// verdict says how the row came out and whether it fails the check.
func (r *row) verdict() (string, bool) {
	b := r.budget
	switch {
	case r.missing:
		return "MISSING", true
	case r.measured > b.ceiling:
		return "OVER by " + percent(r.measured, b.ceiling), true
	case !b.hasTarget:
		return "ok", false
	case r.measured > b.target:
		return "ok, short of the target by " + percent(r.measured, b.target), false
	case b.ceiling > b.target:
		return "LOOSE: the target is met, the ceiling must not be above it", true
	}
	return "ok", false
}

// percent is how far n is above limit.
func percent(n, limit float64) string {
	if limit == 0 {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return fmt.Sprintf("%.1f %%", 100*(n-limit)/limit)
}

// check applies every budget to the results. Of several results of one benchmark the highest counts.
func check(budgets []budget, results []*benchfmt.Result) []row {
	var rows []row
	own := func(b *budget, name string) bool {
		for i := range budgets {
			if o := &budgets[i]; o.name == name && o.unit == b.unit && same(o.conditions, b.conditions) {
				return true
			}
		}
		return false
	}
	longer := func(b *budget, prefix, name string) bool {
		for i := range budgets {
			o := &budgets[i]
			if p, ok := o.pattern(); ok && len(p) > len(prefix) && strings.HasPrefix(name, p) &&
				o.unit == b.unit && same(o.conditions, b.conditions) {
				return true
			}
		}
		return false
	}
	for i := range budgets {
		b := &budgets[i]
		prefix, isPattern := b.pattern()
		found := map[string]int{} // name of a benchmark: its place in rows
		for _, r := range results {
			name := benchmark(r)
			value, ok := measured(r, b.unit)
			if !ok || !applies(b, r) {
				continue
			}
			if isPattern {
				if !strings.HasPrefix(name, prefix) || own(b, name) || longer(b, prefix, name) {
					continue
				}
			} else if name != b.name {
				continue
			}
			if at, again := found[name]; again {
				rows[at].measured = math.Max(rows[at].measured, value)
				continue
			}
			found[name] = len(rows)
			rows = append(rows, row{budget: b, name: name, measured: value})
		}
		if len(found) == 0 && !isPattern {
			rows = append(rows, row{budget: b, name: b.name, missing: true})
		}
	}
	return rows
}

// benchmark returns the name of r without the suffix that says how many threads ran it.
func benchmark(r *benchfmt.Result) string {
	_, parts := r.Name.Parts()
	full := string(r.Name.Full())
	if n := len(parts); n > 0 && parts[n-1][0] == '-' {
		full = strings.TrimSuffix(full, string(parts[n-1]))
	}
	return full
}

// measured returns the value in a unit as the benchmark wrote it: the reader turns ns/op into sec/op and the like.
func measured(r *benchfmt.Result, unit string) (float64, bool) {
	for _, v := range r.Values {
		if v.OrigUnit == unit {
			return v.OrigValue, true
		}
		if v.OrigUnit == "" && v.Unit == unit {
			return v.Value, true
		}
	}
	return 0, false
}

// applies reports whether r was measured under the conditions of b.
func applies(b *budget, r *benchfmt.Result) bool {
	for key, value := range b.conditions {
		if r.GetConfig(key) != value {
			return false
		}
	}
	return true
}

func same(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if w, ok := b[k]; !ok || v != w {
			return false
		}
	}
	return true
}

// print writes the table and returns how many rows fail.
func print(w io.Writer, rows []row, partial bool) int {
	failures := 0
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "name\tunit\tmeasured\tceiling\ttarget\tverdict")
	for i := range rows {
		r := &rows[i]
		if r.missing && partial {
			continue
		}
		verdict, fails := r.verdict()
		if fails {
			failures++
		}
		value, target := "-", "-"
		if !r.missing {
			value = format(r.measured)
		}
		if r.budget.hasTarget {
			target = format(r.budget.target)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", r.name, r.budget.unit, value, format(r.budget.ceiling), target, verdict)
	}
	t.Flush()
	return failures
}

// format writes whole numbers with their digits in groups of three.
func format(n float64) string {
	s := strconv.FormatFloat(n, 'f', -1, 64)
	whole, fraction, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "_" + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return whole
}
