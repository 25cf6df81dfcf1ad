//go:build portable || !(amd64 || arm64)

package record

// portableBuild: the primitives are the portable ones, which allocate nothing.
const portableBuild = true
