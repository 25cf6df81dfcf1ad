//go:build !(amd64 || arm64) || portable || tinygo

package chachapoly

// implementation is what Key stands on.
type implementation = portable
