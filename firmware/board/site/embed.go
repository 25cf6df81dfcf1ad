//go:build tinygo

package site

import _ "embed"

// Image is the site of this image; run pack before the compiler.
//
//go:embed site.bin
var Image string
