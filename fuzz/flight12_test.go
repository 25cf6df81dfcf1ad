package fuzz

import (
	"regexp"
	"testing"

	"colibri/fuzz/puppet"
	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// flight12 is a script of TLS 1.2 at work: what a puppet says to one of ours, each message named by a letter, in lower case if something was
// changed in it.
type flight12 struct {
	t    *testing.T
	w    *world
	auth tlscore.ClientAuth
	peer *puppet.Peer12
	ours tlscore.Conn
	said []byte
	data []byte // application data that was sent, and read
	read []byte
	deaf bool // the puppet does not understand what it hears any more
	half bool // a message or record that was changed claims to be longer than it is, so that ours waits for the rest
}

// legal12 are the orders of messages with which a handshake may be done: by a client, for each ClientAuth, and by a server. Warnings may
// come wherever it is known that the version is one that has them.
var legal12 = [...]*regexp.Regexp{
	regexp.MustCompile(`^HW*KW*CW*F[DW]*$`),
	regexp.MustCompile(`^HW*(NW*K|LW*KW*V)W*CW*F[DW]*$`),
	regexp.MustCompile(`^HW*LW*KW*VW*CW*F[DW]*$`),
	regexp.MustCompile(`^W*HW*LW*XW*(RW*)?OW*CW*F[DW]*$`),
}

func newFlight12(t *testing.T, client bool, auth tlscore.ClientAuth) *flight12 {
	w := theWorld()
	f := &flight12{t: t, w: w, auth: auth, peer: puppet.New12(client)}
	cfg := w.cfg
	cfg.ClientAuth, cfg.Rand = auth, new(stream)
	pool := must(tlscore.NewPool(tlscore.PoolConfig{Handshakes: 1, SmallBuffers: 2, SmallSize: 1024, LargeBuffers: 1}))
	var err error
	if client {
		cfg.TLS12 = tlscore.TLS12Server()
		err = f.ours.Server(&cfg, pool)
	} else {
		cfg.TLS12, cfg.ClientAuth = tlscore.TLS12Client(), tlscore.NoClientCert
		err = f.ours.Client(&cfg, pool, "changeme")
		f.drain()
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// drain lets the puppet hear what ours says.
func (f *flight12) drain() {
	for w := f.ours.SendWindow(); len(w) > 0; w = f.ours.SendWindow() {
		if !f.deaf && f.peer.Take(w) != nil {
			f.deaf = true
		}
		f.ours.Sent(len(w))
	}
}

// message returns the record that the letter stands for, after by was XORed with its byte at, and whether it is one.
func (f *flight12) message(letter byte, at int, by byte) (rec []byte, ok bool) {
	p := f.peer
	var msg []byte
	switch letter {
	case 'H':
		msg = p.Hello()
	case 'L':
		id := f.w.server
		if p.IsClient {
			id = f.w.client
		}
		msg = p.Certificate(id.Chain...)
	case 'N':
		msg = p.Certificate()
	case 'K':
		msg = p.ClientKeyExchange()
	case 'V':
		msg = p.CertificateVerify(f.w.client.Key, 0x0403)
	case 'X':
		msg = p.ServerKeyExchange(f.w.server.Key, 0x0403, nil)
	case 'R':
		msg = p.Message(wire.TypeCertificateRequest, func(b *wire.Builder) { b.Bytes([]byte{1, 64, 0, 2, 4, 3, 0, 0}) })
	case 'O':
		msg = p.Message(wire.TypeServerHelloDone, nil)
	case 'F':
		msg = p.Finished()
	case 'C':
		return p.ChangeCipherSpec(), by == 0
	case 'D':
		text := []byte("data")
		f.data = append(f.data, text...)
		return p.Record(record.ApplicationData, text), by == 0
	case 'W':
		return p.Record(record.Alert, []byte{1, 112}), by == 0
	}
	if by != 0 {
		msg = append([]byte(nil), msg...)
		msg[at%len(msg)] ^= by
		if _, whole := wire.Split(msg); !whole {
			f.half = true
		}
	}
	return p.Record(record.Handshake, msg), by == 0
}

// say sends a message in pieces of chop bytes, and checks what must hold then.
func (f *flight12) say(letter byte, at int, by byte, chop int) {
	before := len(f.data)
	rec, intact := f.message(letter, at, by)
	if !intact && (letter == 'C' || letter == 'D' || letter == 'W') {
		rec[at%len(rec)] ^= by
		f.data = f.data[:before]
		if _, n, err := record.ParseHeader(rec); err == nil && n > len(rec)-record.HeaderSize {
			f.half = true
		}
		const description, clear = record.HeaderSize + 1, record.HeaderSize + 2
		if letter == 'W' && len(rec) == clear && at%clear == description && rec[description] != byte(tlscore.AlertCloseNotify) {
			intact = true // a warning of something else
		}
	}
	if !intact {
		letter |= 0x20
	}
	f.said = append(f.said, letter)
	for len(rec) > 0 {
		w := f.ours.RecvWindow()
		if len(w) == 0 {
			break
		}
		n := copy(w[:min(chop, len(w))], rec)
		f.ours.Received(n)
		rec = rec[n:]
		f.drain()
		f.read = append(f.read, f.ours.ReadWindow()...)
		f.ours.Consumed(len(f.ours.ReadWindow()))
	}
	legal := legal12[3]
	if f.peer.IsClient {
		legal = legal12[f.auth]
	}
	if f.ours.Err() == nil && !f.half && f.ours.HandshakeDone() != legal.Match(f.said) {
		f.t.Fatalf("client %v, auth %d: after %s the handshake is done: %v", f.peer.IsClient, f.auth, f.said, f.ours.HandshakeDone())
	}
	if legal.Match(f.said) && f.ours.Err() != nil {
		f.t.Fatalf("client %v, auth %d: after %s: %v", f.peer.IsClient, f.auth, f.said, f.ours.Err())
	}
	if len(f.read) > len(f.data) || string(f.read) != string(f.data[:len(f.read)]) {
		f.t.Fatalf("after %s read %q, sent %q", f.said, f.read, f.data)
	}
}

// FuzzFlight12 plays scripts of a peer of TLS 1.2, honest and not, against both roles. The handshake is done if and only if all
// messages came that should, in a legal order, and none was changed; no data is read before, nor any that was not sent.
func FuzzFlight12(f *testing.F) {
	const letters = "HLNKVXROCFDW"
	script := func(head byte, order string, change ...byte) {
		data := []byte{head}
		for _, letter := range order {
			for i := range letters {
				if rune(letters[i]) == letter {
					data = append(data, byte(i), 0, 0)
				}
			}
		}
		copy(data[len(data)-len(change):], change)
		f.Add(data)
	}
	script(1, "HKCFDW")
	script(3, "HLKVCFD")
	script(5, "HLKVCFD")
	script(3, "HNKCFD")
	script(0, "HLXOCFDD")
	script(0, "HLXROCFD")
	script(1, "HC")
	script(0, "HLXOCF", 9, 5, 1)
	script(1, "HKF", 9, 5, 1)
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 || len(data) > 3*12+1 {
			return
		}
		chop := 1 << 14
		if data[0]&8 != 0 {
			chop = 1 + int(data[0]>>4)
		}
		flight := newFlight12(t, data[0]&1 != 0, tlscore.ClientAuth(data[0]>>1&3)%3)
		for data = data[1:]; len(data) >= 3 && flight.ours.Err() == nil; data = data[3:] {
			flight.say(letters[int(data[0])%len(letters)], int(data[1]), data[2], chop)
		}
		flight.ours.Release()
	})
}
