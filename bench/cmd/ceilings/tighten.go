package main

import (
	"math"
	"strings"
)

// slack is the part of a figure that changes elsewhere in the program may add: a compiler of whole programs inlines
// differently when another function appears.
const slack = 0.01

// lower returns the text of the budget file with the ceilings of rows lowered to what was measured and the slack, rounded
// up to three digits, and not above the target where that is met.
// Ceilings of patterns stand for more than was measured now and are left alone, as is everything else in the file.
func lower(text string, rows []row) string {
	lines := strings.Split(text, "\n")
	for i := range rows {
		r := &rows[i]
		b := r.budget
		if _, isPattern := b.pattern(); isPattern || r.missing {
			continue
		}
		ceiling := roundUp(r.measured * (1 + slack))
		if b.hasTarget && r.measured <= b.target {
			ceiling = math.Min(ceiling, b.target)
		}
		if ceiling < b.ceiling {
			lines[b.line-1] = replaceField(lines[b.line-1], 2, format(ceiling))
		}
	}
	return strings.Join(lines, "\n")
}

// roundUp keeps the three highest digits of n.
func roundUp(n float64) float64 {
	unit := 1.0
	for n/unit >= 1000 {
		unit *= 10
	}
	return math.Ceil(n/unit) * unit
}

// replaceField puts a value in place of the blank-separated field of the given index and keeps the columns after it where
// they are, when there is room.
func replaceField(line string, index int, value string) string {
	start, end := 0, 0
	for field := 0; field <= index; field++ {
		start = end + strings.IndexFunc(line[end:], func(r rune) bool { return r != ' ' && r != '\t' })
		end = len(line)
		if n := strings.IndexAny(line[start:], " \t"); n >= 0 {
			end = start + n
		}
	}
	pad := end - start - len(value)
	if pad < 0 {
		pad = 0
	}
	return line[:start] + value + strings.Repeat(" ", pad) + line[end:]
}
