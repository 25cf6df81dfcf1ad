// Command server13 is a server of TLS 1.3 only, for a test that looks at what is linked into it.
package main

import (
	"crypto/rand"
	"os"

	"colibri/tlscore"
)

func main() {
	pool, err := tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 2048})
	if err != nil {
		os.Exit(1)
	}
	var c tlscore.Conn
	if c.Server(&tlscore.Config{Rand: rand.Reader}, pool) != nil {
		os.Exit(1)
	}
	n, _ := os.Stdin.Read(c.RecvWindow())
	c.Received(n)
	n, _ = os.Stdout.Write(c.SendWindow())
	c.Sent(n)
}
