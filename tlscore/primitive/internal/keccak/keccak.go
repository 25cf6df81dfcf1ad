// Package keccak is the sponge of FIPS 202: SHA3-256, SHA3-512, SHAKE128 and SHAKE256, for lattices. It is written for 32-bit cores,
// does not allocate, and takes a time that depends on lengths only.
package keccak

import "colibri/tlscore/primitive/subtle"

// Function is a member of the family: how many bytes a block of it has, and, in the second byte, what separates it from others.
type Function uint16

// The functions (FIPS 202, sections 6.1 and 6.2).
const (
	SHA3_256 Function = 136 | 0x06<<8
	SHA3_512 Function = 72 | 0x06<<8
	SHAKE128 Function = 168 | 0x1f<<8
	SHAKE256 Function = 136 | 0x1f<<8
)

// State is a running hash. It must be Reset before use. A copy is an independent continuation.
type State struct {
	a         [lanes]uint64
	at        uint8 // where in the block the next byte goes to or comes from
	rate      uint8
	domain    byte
	squeezing bool
}

// Reset starts a new hash.
func (s *State) Reset(f Function) {
	clear(s.a[:])
	s.at, s.rate, s.domain, s.squeezing = 0, uint8(f), byte(f>>8), false
}

// Write appends p to the input. Nothing may be written after the first Read.
func (s *State) Write(p []byte) {
	for _, b := range p {
		s.add(b)
		if s.at++; s.at == s.rate {
			permute(&s.a)
			s.at = 0
		}
	}
}

// add adds b to the block.
func (s *State) add(b byte) {
	w := uint32(b) << (s.at & 3 * 8)
	if s.at&4 == 0 {
		s.a[s.at>>3] ^= uint64(w)
	} else {
		s.a[s.at>>3] ^= uint64(w) << 32
	}
}

// Read sets out to what comes next of the output.
func (s *State) Read(out []byte) {
	for i := range out {
		out[i] = s.Byte()
	}
}

// Byte returns the next byte of the output.
func (s *State) Byte() byte {
	if !s.squeezing {
		s.add(s.domain)
		s.at = s.rate - 1
		s.add(0x80)
		s.at, s.squeezing = s.rate, true
	}
	if s.at == s.rate {
		permute(&s.a)
		s.at = 0
	}
	lane := s.a[s.at>>3]
	w := uint32(lane)
	if s.at&4 != 0 {
		w = uint32(lane >> 32)
	}
	b := byte(w >> (s.at & 3 * 8))
	s.at++
	return b
}

// Wipe forgets input and output. It is not inlined, for in another package Go's escape analysis does not see that the generic
// function keeps nothing, and moves the state to the heap.
//
//go:noinline
func (s *State) Wipe() { subtle.Wipe(s.a[:]) }
