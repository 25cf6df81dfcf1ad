// Package selftest holds the known-answer tests of the primitives in a form that a bare-metal board can run: one table
// of operations without the testing package, without files and without output. The emulated board (the package above)
// runs each once and counts what it costs; on a host `go test` runs the same table.
//
// One file per primitive, named like the primitive's package. To add a primitive:
//
//  1. write its file: an init function that calls add with the operations, built for `!subset` or for the tag that is
//     the package's name (so that run.sh can build one primitive without the others);
//  2. add its ceilings to bench/budgets.txt.
//
// Inputs, outputs and scratch of the operations are package variables: the stack that is measured is then the
// primitive's own, and an allocation that is counted is the primitive's too.
package selftest
