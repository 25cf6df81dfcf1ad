// Ceilings reads benchmark results in Go's benchmark format and compares them with the ceilings of a budget file. It prints a
// table and fails when a ceiling is exceeded, when a benchmark that has a ceiling was not measured, or when a ceiling
// is looser than a target that is already met.
//
// Usage:
//
//	ceilings [-where key=value,...] [-partial] [-tighten] budgets.txt [results...]
//
// Without result files it reads standard input. budget.go describes the budget file.
//
//	-where goarch=riscv32   only the lines of the budget file under this condition
//	-partial                a benchmark without a result is not a failure (for runs of a few benchmarks)
//	-tighten                lower the ceilings of the budget file to what was measured; none is ever raised
//
// The exit status is 0 when all is within the ceilings, 1 when not, 2 for wrong usage or unreadable files.
package main
