// Package fuzz holds the fuzz targets that need more than one package, with their oracles: what must hold whatever a peer
// sends. The targets of a single parser stand beside it.
//
// Each corpus stands in testdata/fuzz, in the format of go test. Every bug that was found is there, and has a test with a
// name besides.
package fuzz
