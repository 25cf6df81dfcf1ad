//go:build tinygo

package handshakes

import _ "embed"

// Recording is that of this image; run record before the compiler.
//
//go:embed recorded.bin
var Recording string
