//go:build tinygo

// A server of TLS on the serial line: the smallest image that is of use. It shows what TLS takes of the flash where nothing else is, and
// that what was left out is not missed: real curl talks to it through a socket that QEMU makes of the line. run.sh -serial builds it,
// starts it and talks to it. A client must show a certificate. The image serves one connection and ends.
package main

import (
	"colibri/firmware/rv32/handshakes"
	"colibri/firmware/rv32/virt"
	"colibri/firmware/rv32/virtio"
	"colibri/tlscore"
	"colibri/tlscore/primitive/drbg"
)

// The page, and what comes before it.
const answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 30\r\nConnection: close\r\n\r\n" +
	"colibri, on the serial line.\r\n"

var (
	conn   tlscore.Conn
	random drbg.DRBG
)

func main() {
	rng := virtio.OpenRNG()
	if rng == nil || random.Init(rng, 8, nil) != nil {
		virt.Exit(1)
	}
	f, err := handshakes.LoadServer()
	if err != nil {
		virt.Exit(2)
	}
	cfg := &tlscore.Config{
		Identities: []tlscore.Identity{f.Server},
		ClientAuth: tlscore.RequireClientCert,
		Anchors:    &f.Anchors,
		Clock:      func() int64 { return handshakes.Now },
		Rand:       &random,
		TLS12:      older,
	}
	pool, err := tlscore.NewPool(sizes)
	if err != nil || conn.Server(cfg, pool) != nil {
		virt.Exit(3)
	}
	serve()
	virt.Exit(0)
}

// serve moves bytes until the connection is over. The answer goes out when the empty line has come that ends the request's head.
func serve() {
	left, newlines := "", 0
	for !conn.Closed() {
		if w := conn.SendWindow(); len(w) > 0 {
			virt.Write(w)
			conn.Sent(len(w))
			continue
		}
		if w := conn.ReadWindow(); len(w) > 0 {
			for _, b := range w {
				switch b {
				case '\n':
					newlines++
				case '\r':
				default:
					newlines = 0
				}
				if newlines == 2 {
					left = answer
				}
			}
			conn.Consumed(len(w))
		}
		if left != "" {
			if w := conn.WriteWindow(); len(w) > 0 {
				n := copy(w, left)
				conn.Written(n)
				if left = left[n:]; left == "" {
					conn.Close()
				}
				continue
			}
		}
		if w := conn.RecvWindow(); len(w) > 0 {
			conn.Received(virt.Read(w))
		}
	}
}
