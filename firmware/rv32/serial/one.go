//go:build tinygo && !everything

package main

import "colibri/tlscore"

// TLS 1.3 only.
var older *tlscore.Protocol12

var sizes = tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 2048, WithoutRSA: true}
