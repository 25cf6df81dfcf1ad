package tlscore

import (
	"unsafe"

	"colibri/tlscore/signature"
)

// Memory lends connections what they need for a while. Pool is the Memory for boards: a fixed amount, allocated once. Package
// netconn has one for hosts, which grows.
type Memory interface {
	// Borrow returns a buffer of at least n bytes, or nil if there is none now. n is at most MaxBuffer. A memory that does not
	// grow must keep its last buffer for sending: what is received can wait in the transport, but a connection that cannot send
	// never gets rid of what it has received.
	Borrow(n int, sending bool) []byte
	// GiveBack takes back a buffer that Borrow returned, and clears it: no connection may see the data of another.
	GiveBack(b []byte)
	// Largest returns the size of the largest buffer that Borrow could ever return.
	Largest() int
	// BorrowHandshake returns a Handshake that is cleared, or nil if there is none now.
	BorrowHandshake() *Handshake
	// GiveBackHandshake takes back a Handshake that BorrowHandshake returned. The connection has cleared it.
	GiveBackHandshake(h *Handshake)
	// BorrowVerifier returns the memory for verifying a peer, or nil if this Memory never has any. It is given back before the
	// call that borrowed it returns.
	BorrowVerifier() *Verifier
	// GiveBackVerifier takes back what BorrowVerifier returned. The connection has cleared it.
	GiveBackVerifier(v *Verifier)
}

// PoolConfig says how much memory a Pool has. A connection holds a handshake from Conn.Server or Conn.Client until its handshake
// is done, and a buffer for each direction only while a record is under way in that direction.
//
// A connection whose peer stops in the middle of a record, or does not read, keeps its buffers until the caller gives it up. So
// set deadlines, and have more buffers than there may be such peers at one time. Without a large buffer, a peer that sends a
// record of more than SmallSize bytes is refused.
type PoolConfig struct {
	Handshakes   int // handshakes at one time
	SmallBuffers int // buffers of SmallSize bytes
	SmallSize    int // for most records; at least MinBuffer
	LargeBuffers int // buffers of MaxBuffer bytes, which hold a record of any size

	// WithoutVerifier saves the memory for verifying a peer, 1.4 KB on 32 bits. It is for servers that ask for no certificates.
	WithoutVerifier bool
	// WithoutRSA saves the memory for RSA, 3 KB. Then we verify no RSA signatures, and tell peers so.
	WithoutRSA bool
	// MLDSA gives each handshake the 4.6 KB that a public key or a signature of ML-DSA needs.
	MLDSA bool
	// Messages is how many bytes each handshake of TLS 1.2 has to keep its messages until the client has proven its key. Only
	// signatures with Ed25519 or SHA-512 need them: without this memory, or if it is too small, clients are asked for other
	// schemes. Most of it is for the certificates of both sides: about 2 KB with ECDSA, 8 KB with RSA.
	Messages int
}

const (
	// MinBuffer is the least size of a buffer in bytes: the longest message that is sent whole, a ServerKeyExchange of TLS 1.2
	// with a point of P-384 and an RSA-4096 signature, with the room for its record.
	MinBuffer = 656
	// MaxBuffer is the size of a large buffer: the longest record (RFC 8446, section 5.2) and its header.
	MaxBuffer = 5 + 1<<14 + 256
)

// Size returns how many bytes NewPool allocates.
func (pc PoolConfig) Size() int {
	return int(unsafe.Sizeof(Pool{})) + pc.shared() +
		pc.Handshakes*(pc.handshake()+int(unsafe.Sizeof((*Handshake)(nil)))) +
		pc.SmallBuffers*(pc.SmallSize+int(unsafe.Sizeof([]byte(nil)))) +
		pc.LargeBuffers*(MaxBuffer+int(unsafe.Sizeof([]byte(nil))))
}

// handshake returns the size of a handshake.
func (pc PoolConfig) handshake() int {
	n := int(unsafe.Sizeof(Handshake{})) + pc.Messages
	if pc.MLDSA {
		n += int(unsafe.Sizeof(MLDSARoom{}))
	}
	return n
}

// shared returns the size of what the pool has once.
func (pc PoolConfig) shared() (n int) {
	if !pc.WithoutVerifier {
		n += int(unsafe.Sizeof(Verifier{}))
	}
	if !pc.WithoutRSA {
		n += int(unsafe.Sizeof(signature.Scratch{}))
	}
	return n
}

// Pool is a fixed amount of memory that connections borrow from. It is for one goroutine.
type Pool struct {
	handshakes   []*Handshake
	small, large freeList
	verifier     *Verifier          // nil without one
	scratch      *signature.Scratch // nil without RSA
}

// freeList is a stack of buffers of one size.
type freeList struct {
	size int
	free [][]byte
}

// NewPool allocates all the memory of the pool. It returns ErrPoolTooSmall if no handshake could ever run with it, or if
// SmallSize is not between MinBuffer and MaxBuffer.
func NewPool(pc PoolConfig) (*Pool, error) {
	if pc.Handshakes < 1 || pc.Messages < 0 || pc.SmallBuffers+pc.LargeBuffers < 2 ||
		pc.SmallBuffers > 0 && (pc.SmallSize < MinBuffer || pc.SmallSize >= MaxBuffer) {
		return nil, ErrPoolTooSmall
	}
	p := &Pool{handshakes: make([]*Handshake, 0, pc.Handshakes)}
	if !pc.WithoutRSA {
		p.scratch = new(signature.Scratch)
	}
	if !pc.WithoutVerifier {
		p.verifier = NewVerifier(p.scratch)
	}
	slab := make([]Handshake, pc.Handshakes)
	var rooms []MLDSARoom
	if pc.MLDSA {
		rooms = make([]MLDSARoom, pc.Handshakes)
	}
	messages := make([]byte, pc.Handshakes*pc.Messages)
	for i := range slab {
		if pc.MLDSA {
			slab[i].room = &rooms[i]
		}
		slab[i].messages = messages[i*pc.Messages : i*pc.Messages : (i+1)*pc.Messages]
		p.handshakes = append(p.handshakes, &slab[i])
	}
	p.small = newFreeList(pc.SmallBuffers, pc.SmallSize)
	p.large = newFreeList(pc.LargeBuffers, MaxBuffer)
	return p, nil
}

func newFreeList(n, size int) freeList {
	f := freeList{size: size, free: make([][]byte, 0, n)}
	slab := make([]byte, n*size)
	for i := range n {
		f.free = append(f.free, slab[i*size:(i+1)*size:(i+1)*size])
	}
	return f
}

func (f *freeList) take() []byte {
	last := len(f.free) - 1
	if last < 0 {
		return nil
	}
	b := f.free[last]
	f.free = f.free[:last]
	return b
}

// Borrow returns the smallest free buffer that holds n bytes, or nil if there is none now. The last free buffer is for
// sending.
func (p *Pool) Borrow(n int, sending bool) []byte {
	if !sending && len(p.small.free)+len(p.large.free) < 2 {
		return nil
	}
	if n <= p.small.size {
		if b := p.small.take(); b != nil {
			return b
		}
	}
	if n <= MaxBuffer {
		return p.large.take()
	}
	return nil
}

// GiveBack takes back a buffer that Borrow returned, and clears it.
func (p *Pool) GiveBack(b []byte) {
	clear(b)
	if len(b) == MaxBuffer {
		p.large.free = append(p.large.free, b)
	} else {
		p.small.free = append(p.small.free, b)
	}
}

// Largest returns the size of the largest buffer that Borrow could ever return.
func (p *Pool) Largest() int {
	if cap(p.large.free) > 0 {
		return MaxBuffer
	}
	return p.small.size
}

// Free is what a pool has left to lend.
type Free struct {
	Handshakes, SmallBuffers, LargeBuffers int // how many of each
}

// Free returns what p has left to lend.
func (p *Pool) Free() Free {
	return Free{Handshakes: len(p.handshakes), SmallBuffers: len(p.small.free), LargeBuffers: len(p.large.free)}
}

// BorrowHandshake returns a handshake that is cleared, or nil if all are in use.
func (p *Pool) BorrowHandshake() *Handshake {
	last := len(p.handshakes) - 1
	if last < 0 {
		return nil
	}
	h := p.handshakes[last]
	p.handshakes = p.handshakes[:last]
	return h
}

// GiveBackHandshake takes back a handshake that BorrowHandshake returned.
func (p *Pool) GiveBackHandshake(h *Handshake) {
	p.handshakes = append(p.handshakes, h)
}

// BorrowVerifier returns the one Verifier of the pool, or nil if it has none.
func (p *Pool) BorrowVerifier() *Verifier { return p.verifier }

// GiveBackVerifier takes back what BorrowVerifier returned.
func (p *Pool) GiveBackVerifier(*Verifier) {}

// RSA returns the pool's memory for RSA, or nil if it has none. A signature.PrivateKey can share it.
func (p *Pool) RSA() *signature.Scratch { return p.scratch }
