package netconn

import (
	"sync"

	"colibri/tlscore"
	"colibri/tlscore/signature"
)

// memory lends to the connections of a host. It never runs out; what is idle is left to the garbage collector.
type memory struct {
	buffers    sync.Pool // of *[tlscore.MaxBuffer]byte
	handshakes sync.Pool // of *tlscore.Handshake
	verifiers  sync.Pool // of *tlscore.Verifier
}

var shared = memory{
	buffers:    sync.Pool{New: func() any { return new([tlscore.MaxBuffer]byte) }},
	handshakes: sync.Pool{New: func() any { return new(tlscore.Handshake) }},
	verifiers:  sync.Pool{New: func() any { return tlscore.NewVerifier(new(signature.Scratch)) }},
}

func (m *memory) Borrow(int, bool) []byte { return m.buffers.Get().(*[tlscore.MaxBuffer]byte)[:] }

// GiveBack clears b: what one connection received or sent is not for the next.
func (m *memory) GiveBack(b []byte) {
	clear(b)
	m.buffers.Put((*[tlscore.MaxBuffer]byte)(b))
}

func (m *memory) Largest() int { return tlscore.MaxBuffer }

func (m *memory) BorrowHandshake() *tlscore.Handshake { return m.handshakes.Get().(*tlscore.Handshake) }

func (m *memory) GiveBackHandshake(h *tlscore.Handshake) { m.handshakes.Put(h) }

func (m *memory) BorrowVerifier() *tlscore.Verifier { return m.verifiers.Get().(*tlscore.Verifier) }

func (m *memory) GiveBackVerifier(v *tlscore.Verifier) { m.verifiers.Put(v) }
