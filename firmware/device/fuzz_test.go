package device

import (
	"io"
	"testing"

	"colibri/firmware/pki/ca"
)

// FuzzConnections plays clients that connect, send, read, hang up and let time pass in any order, on plain
// HTTP and on TLS. Whatever they do, the device comes to rest after each step, a deadline lies ahead of every
// connection, and once all clients have gone and time has passed every slot is free and nothing that was
// borrowed is missing: a client can still be served.
func FuzzConnections(f *testing.F) {
	const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
	f.Add([]byte("\x00\x11"+get+"\x20\x30"), false)
	f.Add([]byte("\x00\x00\x00\x00\x00\x00\x00\x11GET /big HTTP/1.1\r\nHost: h\r\n\r\n\x41\x42"), false)
	f.Add([]byte("\x00\x11\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00\x31"), true)
	f.Add([]byte("\x00\x00\x00\x11"+get+"\x40\x40\x40"), true)
	files := credentialsFor(f, ca.ECDSA)
	f.Fuzz(func(t *testing.T, script []byte, secure bool) {
		lines := "[]"
		if secure {
			lines = "[" + tlsLines + "]"
		}
		k := newKit(t, lines, files, nil)
		k.network.window = 3000
		var clients []*wire
		pick := func(op byte) *wire {
			if len(clients) == 0 {
				return &wire{n: k.network}
			}
			return clients[int(op&15)%len(clients)]
		}
		for i := 0; i < len(script) && i < 200; i++ {
			switch op := script[i]; op >> 4 {
			case 0:
				clients = append(clients, k.network.dial())
			case 1:
				end := i + 1
				for end < len(script) && script[end] >= 9 && script[end] < 0x80 && (script[end] >= 0x20 || script[end] == '\r' || script[end] == '\n') {
					end++
				}
				io.WriteString(pick(op), string(script[i+1:end]))
				i = max(i, end-1)
			case 2:
				pick(op).toClient = nil
			case 3:
				pick(op).Close()
			case 4:
				k.mono += int64(op&15) * 1000
			default:
				pick(op).Write([]byte{op})
			}
			k.rest(t)
			if at := k.Deadline(); at >= 0 && at < k.mono {
				t.Fatalf("a deadline at %d has passed at %d", at, k.mono)
			}
		}
		for _, w := range clients {
			w.Close()
			w.toClient = nil
		}
		for range 4 {
			k.rest(t)
			k.mono += 30_000
		}
		k.rest(t)
		for i := range k.slots {
			if k.slots[i].state != free {
				t.Fatalf("slot %d is in state %d", i, k.slots[i].state)
			}
		}
		for _, w := range k.network.wires {
			if !w.closed {
				t.Fatal("a socket is open")
			}
		}
		if secure {
			var borrowed [][]byte
			for range 2 {
				if h := k.memory.BorrowHandshake(); h == nil {
					t.Fatal("a handshake is missing")
				}
			}
			for range 9 {
				b := k.memory.Borrow(1, true)
				if b == nil {
					t.Fatalf("buffers are missing, %d are there", len(borrowed))
				}
				borrowed = append(borrowed, b)
			}
			return
		}
		w := k.network.dial()
		io.WriteString(w, get)
		k.rest(t)
		if len(w.toClient) < 100 {
			t.Fatalf("no service: %q", w.toClient)
		}
	})
}

// rest polls until there is nothing to do, which must come soon.
func (k *kit) rest(t *testing.T) {
	for n := 0; k.Poll(k.mono, now.UnixMilli()+k.mono); n++ {
		if n > 2000 {
			t.Fatal("the device does not come to rest")
		}
	}
}
