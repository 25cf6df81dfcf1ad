package main

import (
	"fmt"
	"strconv"
	"strings"
)

// The budget file is plain text. A line of the form
//
//	key: value
//
// is a condition: it holds for the lines below it until the same key is set again (an empty value lifts it), and only results
// with this configuration (goarch, pkg, toolchain ...) count for them. Every other line is a budget, five fields between
// blanks:
//
//	name unit ceiling target reason
//
// The name is the benchmark's without the prefix Benchmark and without the suffix -GOMAXPROCS. A name that ends in * stands
// for every benchmark that begins with what is before it and has no line of its own for the unit; of several such lines
// the longest counts. The target is a number, or - when there is none; the reason is the rest of the line and
// must not be empty: it says where the numbers come from. Underscores may divide digits. # begins a comment line.

// budget is one line of the file.
type budget struct {
	line       int
	conditions map[string]string
	name       string
	unit       string
	ceiling    float64
	target     float64
	hasTarget  bool
	reason     string
}

// pattern reports whether b stands for every benchmark with a prefix, and the prefix.
func (b *budget) pattern() (string, bool) {
	return strings.CutSuffix(b.name, "*")
}

func parse(file, text string) ([]budget, error) {
	var budgets []budget
	conditions := map[string]string{}
	seen := map[string]int{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		bad := func(format string, args ...any) error {
			return fmt.Errorf("%s:%d: %s", file, i+1, fmt.Sprintf(format, args...))
		}
		fields := strings.Fields(line)
		if key, ok := strings.CutSuffix(fields[0], ":"); ok {
			conditions = with(conditions, key, strings.Join(fields[1:], " "))
			continue
		}
		if len(fields) < 5 {
			return nil, bad("want: name unit ceiling target reason")
		}
		b := budget{line: i + 1, conditions: conditions, name: fields[0], unit: fields[1], reason: strings.Join(fields[4:], " ")}
		var err error
		if b.ceiling, err = number(fields[2]); err != nil {
			return nil, bad("ceiling: %v", err)
		}
		if b.hasTarget = fields[3] != "-"; b.hasTarget {
			if b.target, err = number(fields[3]); err != nil {
				return nil, bad("target: %v", err)
			}
		}
		id := fmt.Sprint(conditions, b.name, " ", b.unit)
		if first, again := seen[id]; again {
			return nil, bad("%s %s has a ceiling in line %d already", b.name, b.unit, first)
		}
		seen[id] = b.line
		budgets = append(budgets, b)
	}
	return budgets, nil
}

// with returns a copy of conditions in which key has the value, or is absent when the value is empty.
func with(conditions map[string]string, key, value string) map[string]string {
	next := map[string]string{key: value}
	for k, v := range conditions {
		if k != key {
			next[k] = v
		}
	}
	if value == "" {
		delete(next, key)
	}
	return next
}

func number(s string) (float64, error) {
	n, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	if err != nil || n < 0 || n != n {
		return 0, fmt.Errorf("%q is not a number from 0", s)
	}
	return n, nil
}

// narrow keeps the budgets that stand under all the given conditions. None left is an error: the check would be empty.
func narrow(budgets []budget, where string) ([]budget, error) {
	if where != "" {
		for _, w := range strings.Split(where, ",") {
			key, value, ok := strings.Cut(w, "=")
			if !ok {
				return nil, fmt.Errorf("-where %s: want key=value", w)
			}
			var kept []budget
			for _, b := range budgets {
				if b.conditions[key] == value {
					kept = append(kept, b)
				}
			}
			budgets = kept
		}
	}
	if len(budgets) == 0 {
		return nil, fmt.Errorf("the budget file has no ceilings that apply")
	}
	return budgets, nil
}
