//go:build !portable && (amd64 || arm64)

package record

// portableBuild: the primitives stand on the standard library, which allocates.
const portableBuild = false
