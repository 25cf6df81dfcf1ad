//go:build !(amd64 || arm64) || portable || tinygo

package aesgcm

// implementation is what Key stands on.
type implementation = portable
