//go:build !((amd64 || arm64) && !portable)

package signature

// hostRSA says that the primitives of the host are used.
const hostRSA = false
