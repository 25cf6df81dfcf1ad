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

// roomy is memory for connections that may use ML-DSA.
type roomy struct {
	*memory
	handshakes sync.Pool // of *tlscore.Handshake with room
}

// memoryFor returns the memory for connections that live by cfg.
func memoryFor(cfg *tlscore.Config) tlscore.Memory {
	if cfg.MLDSA != nil {
		return &sharedRoomy
	}
	return &shared
}

// messages is how much is kept of each handshake of TLS 1.2, in bytes: see tlscore.PoolConfig.
const messages = 16 << 10

var shared = memory{
	buffers:    sync.Pool{New: func() any { return new([tlscore.MaxBuffer]byte) }},
	handshakes: sync.Pool{New: func() any { return tlscore.NewHandshake(nil, make([]byte, messages)) }},
	verifiers:  sync.Pool{New: func() any { return tlscore.NewVerifier(new(signature.Scratch)) }},
}

var sharedRoomy = roomy{
	memory:     &shared,
	handshakes: sync.Pool{New: func() any { return tlscore.NewHandshake(new(tlscore.MLDSARoom), make([]byte, messages)) }},
}

func (m *roomy) BorrowHandshake() *tlscore.Handshake { return m.handshakes.Get().(*tlscore.Handshake) }

func (m *roomy) GiveBackHandshake(h *tlscore.Handshake) { m.handshakes.Put(h) }

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
