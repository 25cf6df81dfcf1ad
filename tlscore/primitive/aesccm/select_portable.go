//go:build !(amd64 || arm64) || portable || tinygo

package aesccm

import "colibri/tlscore/primitive/internal/aes"

// A blockCipher is a key as it is kept, a schedule is one in use.
type (
	blockCipher = aes.Key
	schedule    = aes.Schedule
)
