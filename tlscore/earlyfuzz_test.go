package tlscore_test

import (
	"bytes"
	"testing"

	"colibri/tlscore"
	"colibri/tlscore/record"
)

// FuzzEarlyData plays a script to a client and a server that may have early data: who writes, reads, waits and misbehaves when. What the server
// reads early is what the client wrote early, as far as it goes; and if nobody misbehaves, all of it or nothing, as both are told.
func FuzzEarlyData(f *testing.F) {
	f.Add([]byte{0, 0, 10, 2, 200, 4, 10, 5, 20, 3, 255})
	f.Add([]byte{1, 0, 10, 1, 5, 2, 255, 3, 255, 0, 10})
	f.Add([]byte{2, 0, 10, 2, 255, 3, 255})
	f.Add([]byte{0, 0, 100, 6, 20, 2, 255})
	f.Add([]byte{0, 0, 100, 7, 90, 2, 255, 9, 0})
	f.Add([]byte{0, 0, 100, 2, 255, 2, 255, 4, 255, 11, 2, 3, 255})
	f.Add([]byte{4, 1, 200, 10, 9, 2, 255, 2, 255, 4, 99, 8, 0, 3, 255})
	f.Fuzz(func(t *testing.T, script []byte) {
		if len(script) == 0 || len(script) > 200 {
			return
		}
		kind := script[0]
		d := newDawn(t, func(d *dawn) {
			d.client.Suites = []tlscore.SuiteID{tlscore.AES128GCMSHA256}
			if kind&4 != 0 {
				d.client.Padding, d.client.Stepwise, d.server.Stepwise = 100, true, true
			}
		})
		if kind&1 != 0 {
			d.replays.Slots = nil
		}
		if kind&2 != 0 {
			d.server.Groups = []tlscore.GroupID{tlscore.P384}
		}
		p, _ := d.begin("")
		var meant, got []byte
		said, heard := 0, 0 // bytes of the server's answers
		hostile := false
		read := func(n int) {
			w := p.server.ReadWindow()
			w = w[:min(n, len(w))]
			if p.server.Early() {
				got = append(got, w...)
			}
			p.server.Consumed(len(w))
		}
		for ops := script[1:]; len(ops) >= 2; ops = ops[2:] {
			n := int(ops[1])
			switch ops[0] % 12 {
			case 0, 1:
				text := bytes.Repeat([]byte{byte(len(meant))}, n)
				k := copy(p.client.EarlyWindow(), text)
				p.client.Written(k)
				if meant = append(meant, text[:k]...); ops[0]%12 == 0 {
					p.client.Flush()
				}
			case 2:
				p.move(0, n)
			case 3:
				p.move(1, n)
			case 4:
				read(n)
			case 5:
				k := copy(p.server.WriteWindow(), make([]byte, n))
				p.server.Written(k)
				p.server.Flush()
				said += k
			case 6:
				if p.client.Err() == nil && !p.client.HandshakeDone() {
					hostile = true
					tlscore.Utter(&p.client, record.Handshake, []byte{byte(n), 0, 0, 0})
				}
			case 7:
				if w := p.wires[0]; len(w) > 0 {
					hostile = true
					w[n%len(w)] ^= 1 << (n % 8)
				}
			case 8:
				if p.server.WriteWindow() != nil {
					p.server.Close()
				}
			case 9:
				hostile = true
				p.server.RecvEOF()
			case 10:
				p.client.EarlyWindow()
			case 11: // It is written, or not, by what comes next.
				w := p.server.WriteWindow()
				for p.move(0, 1<<20) {
					read(1 << 20)
				}
				if ops[1]&1 == 0 {
					p.server.Written(len(w))
					said += len(w)
				}
			}
		}
		p.client.Written(0)
		p.server.Written(0)
		for moved := true; moved; {
			p.client.Work()
			p.server.Work()
			moved = p.move(0, 1<<20)
			moved = p.move(1, 1<<20) || moved || len(p.server.ReadWindow()) > 0 || len(p.client.ReadWindow()) > 0 ||
				p.client.Working() || p.server.Working()
			read(1 << 20)
			heard += len(p.client.ReadWindow())
			p.client.Consumed(len(p.client.ReadWindow()))
		}
		if !bytes.HasPrefix(meant, got) {
			t.Fatalf("the server read %x early, and the client meant %x", got, meant)
		}
		if hostile {
			return
		}
		info := p.client.Info()
		if !p.client.HandshakeDone() || !p.server.HandshakeDone() || p.client.Err() != nil || p.server.Err() != nil {
			t.Fatalf("client: %v, server: %v", p.client.Err(), p.server.Err())
		}
		accepted := info.Early == tlscore.EarlyAccepted
		if accepted != (kind&3 == 0) || accepted != (p.server.Info().Early == tlscore.EarlyAccepted) {
			t.Fatalf("%v, %v", info.Early, p.server.Info().Early)
		}
		if said != heard {
			t.Fatalf("the server has answered %d bytes, and the client read %d", said, heard)
		}
		if accepted && !bytes.Equal(got, meant) || !accepted && len(got) > 0 {
			t.Fatalf("early data is %v; %x arrived, of %x", info.Early, got, meant)
		}
	})
}
