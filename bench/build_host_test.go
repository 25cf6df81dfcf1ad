//go:build !portable && (amd64 || arm64)

package bench

// portableBuild: the primitives stand on the standard library, which allocates.
const portableBuild = false
