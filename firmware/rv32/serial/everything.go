//go:build tinygo && everything

package main

import "colibri/tlscore"

// TLS 1.2 too.
var older = tlscore.TLS12Server()

var sizes = tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 2048}
