package tlscore_test

import (
	"bytes"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore"
	"colibri/tlscore/record"
)

// recording is one conversation: what the client sent, and what the server answered and read.
type recording struct {
	cfg    *tlscore.Config
	sent   []byte
	answer []byte
	read   []byte
	err    error
}

// play repeats the recording with a server that has the same randomness. It hands over what the client sent in pieces
// whose sizes next gives, and lets the transport take at most limit bytes at a time.
func (r *recording) play(t *testing.T, next func() int, limit int) {
	t.Helper()
	cfg := *r.cfg
	cfg.Rand = new(fixedRand)
	var server tlscore.Conn
	if err := server.Server(&cfg, newPool(t)); err != nil {
		t.Fatal(err)
	}
	var answer, read []byte
	for rest := r.sent; ; {
		progress := false
		if w := server.SendWindow(); len(w) > 0 {
			n := min(len(w), limit)
			answer = append(answer, w[:n]...)
			server.Sent(n)
			progress = true
		}
		if w := server.ReadWindow(); len(w) > 0 {
			n := min(len(w), limit)
			read = append(read, w[:n]...)
			server.Consumed(n)
			progress = true
		}
		if w := server.RecvWindow(); len(w) > 0 && len(rest) > 0 {
			n := copy(w, rest[:min(len(rest), next())])
			rest = rest[n:]
			server.Received(n)
			progress = true
		}
		if !progress {
			break
		}
	}
	if server.Err() != r.err {
		t.Errorf("error %v, want %v", server.Err(), r.err)
	}
	if !bytes.Equal(read, r.read) {
		t.Errorf("read %q, want %q", read, r.read)
	}
	if !bytes.Equal(answer, r.answer) {
		t.Errorf("answered %d bytes that are not the %d of the recording", len(answer), len(r.answer))
	}
}

// conversations are recorded with a retry, client authentication, a long chain, application data, a KeyUpdate; one ends
// well and one with an error.
func conversations(t *testing.T) map[string]*recording {
	p := newPKI(t, ca.ECDSA)
	mid, err := p.root.Intermediate("intermediate")
	if err != nil {
		t.Fatal(err)
	}
	client, err := mid.Issue(ca.Request{Names: []string{"sandboxclient"}, Usage: ca.Client})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*recording{}
	for _, end := range []string{"close_notify", "bad record"} {
		cfg := p.config(t)
		cfg.ClientAuth = tlscore.RequireClientCert
		cfg.Groups = []tlscore.GroupID{tlscore.P256}
		s := newSession(t, cfg)
		s.establish(client)
		if !s.client.Retry {
			t.Fatal("the recording has no HelloRetryRequest")
		}
		r := &recording{cfg: cfg}
		for _, text := range []string{"first", "second"} {
			s.feed(s.client.Record(record.ApplicationData, []byte(text)))
			r.read = append(r.read, s.server.ReadWindow()...)
			s.server.Consumed(len(s.server.ReadWindow()))
			s.feed(s.client.Record(record.Handshake, []byte{24, 0, 0, 1, 1}))
			s.client.UpdateKeys()
		}
		if end == "close_notify" {
			s.feed(s.client.Record(record.Alert, []byte{1, 0}))
		} else {
			rec := s.client.Record(record.ApplicationData, []byte("tampered"))
			rec[len(rec)-1] ^= 1
			s.feed(rec)
		}
		r.sent, r.answer, r.err = s.sent, s.answer, s.server.Err()
		all[end] = r
	}
	return all
}

func TestChoppingMakesNoDifference(t *testing.T) {
	for name, r := range conversations(t) {
		t.Run(name, func(t *testing.T) {
			whole := func() int { return len(r.sent) }
			r.play(t, whole, 1<<20)
			r.play(t, func() int { return 1 }, 1)
			r.play(t, func() int { return 1 }, 1<<20)
			r.play(t, whole, 1)
			for size := 2; size < 40; size++ {
				r.play(t, func() int { return size }, size)
			}
			seed := uint32(1)
			r.play(t, func() int {
				seed = seed*1664525 + 1013904223
				return 1 + int(seed>>24)
			}, 7)
		})
	}
}

// TestFragmentedHandshake: a handshake message may be spread over records in any way, down to single bytes.
func TestFragmentedHandshake(t *testing.T) {
	p := newPKI(t, ca.ECDSA)
	for _, size := range []int{1, 2, 3, 5, 100, 301} {
		cfg := p.config(t)
		cfg.ClientAuth = tlscore.RequireClientCert
		s := newSession(t, cfg)
		fragment := func(msgs []byte) {
			for len(msgs) > 0 {
				n := min(size, len(msgs))
				s.feed(s.client.Record(record.Handshake, msgs[:n]))
				msgs = msgs[n:]
			}
		}
		fragment(s.client.Hello())
		if !s.client.Established {
			t.Fatalf("fragments of %d: %v", size, s.server.Err())
		}
		flight := s.client.Certificate(p.client.Chain...)
		flight = append(flight, s.client.CertificateVerify(p.client.Key, 0x0403)...)
		fragment(append(flight, s.client.Finished()...))
		s.client.Confirm()
		if !s.server.HandshakeDone() {
			t.Fatalf("fragments of %d: %v", size, s.server.Err())
		}
		s.echo("q", "a")
	}
}

// TestChoppingOfTranscripts: what we say does not depend on how what comes in is chopped: into single bytes, or anywhere around the
// borders of records and messages.
func TestChoppingOfTranscripts(t *testing.T) {
	for _, tr := range transcripts() {
		t.Run(tr.String(), func(t *testing.T) {
			p := transcriptPKI(t, tr.family)
			tr.read(t)
			single := func(int) int { return 1 }
			tr.replay(t, p, single, 1)
			tr.replay(t, p, single, whole(0))
			tr.replay(t, p, whole, 1)
			for _, c := range tr.connections {
				for _, border := range borders(c.received) {
					for cut := border - 2; cut <= border+2; cut++ {
						tr.replay(t, p, func(at int) int {
							if at < cut {
								return cut - at
							}
							return whole(at)
						}, whole(0))
					}
				}
			}
		})
	}
}

// borders returns where the records of a stream begin, and the handshake messages in those that are in the clear.
func borders(stream []byte) (all []int) {
	clear := true
	for at := 0; at+record.HeaderSize <= len(stream); {
		all = append(all, at)
		kind := record.ContentType(stream[at])
		end := at + record.HeaderSize + int(stream[at+3])<<8 + int(stream[at+4])
		clear = clear && kind == record.Handshake
		for msg := at + record.HeaderSize; clear && msg+4 <= end; {
			all = append(all, msg)
			msg += 4 + int(stream[msg+1])<<16 + int(stream[msg+2])<<8 + int(stream[msg+3])
		}
		at = end
	}
	return all
}
