//go:build unix

package main

import (
	"encoding/binary"
	"net"
	"time"
)

// timeAhead is by how much our server's clock is wrong: more than the board's clock may be by itself, and little enough for
// package sntp to follow.
const timeAhead = 600 * time.Second

// serveTime is a server of the time on a free port of the loopback interface, which QEMU's network has as 10.0.2.2. It answers
// whatever is sent (RFC 4330, section 6) until it is closed.
func serveTime() (*net.UDPConn, error) {
	server, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	go func() {
		var p [48]byte
		for {
			n, from, err := server.ReadFromUDP(p[:])
			if err != nil {
				return
			}
			if n < len(p) || p[0] != 4<<3|3 {
				continue // not version 4 from a client
			}
			nonce := [8]byte(p[40:])
			p = [48]byte{0: 4<<3 | 4, 1: 1}
			copy(p[12:], "LOCL")
			copy(p[24:], nonce[:])
			now := time.Now().Add(timeAhead)
			const from1900 = 2_208_988_800
			stamp := uint64(now.Unix()+from1900)<<32 | uint64(now.Nanosecond())<<32/1e9
			for _, at := range []int{16, 32, 40} {
				binary.BigEndian.PutUint64(p[at:], stamp)
			}
			server.WriteToUDP(p[:], from)
		}
	}()
	return server, nil
}
