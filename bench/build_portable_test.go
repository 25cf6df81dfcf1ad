//go:build portable || !(amd64 || arm64)

package bench

// portableBuild: the primitives are the portable ones, which allocate nothing.
const portableBuild = true
