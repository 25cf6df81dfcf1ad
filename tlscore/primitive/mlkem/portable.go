package mlkem

import (
	"colibri/tlscore/primitive/internal/keccak"
	"colibri/tlscore/primitive/subtle"
)

// seeds are what everything of a private key is drawn from: the matrix, which is public, and the noise.
type seeds struct{ rho, sigma [32]byte }

// expand derives the seeds (FIPS 203, algorithm 13, line 1). This and what else hashes is not inlined, so that no hash stays on
// the stack when the next one begins.
//
//go:noinline
func (s *seeds) expand(d []byte) {
	var h keccak.State
	h.Reset(keccak.SHA3_512)
	h.Write(d)
	h.Write([]byte{k})
	h.Read(s.rho[:])
	h.Read(s.sigma[:])
	h.Wipe()
}

// secret sets p to element j of the secret vector, transformed.
func (s *seeds) secret(h *keccak.State, p *poly, j int) {
	p.noise(h, &s.sigma, j)
	p.transform()
}

// public sets p to element i of the public vector, transformed: row i of the matrix times the secret, and noise (algorithm 13, line
// 18). t is memory.
func (s *seeds) public(h *keccak.State, p, t *poly, i int) {
	clear(p[:])
	for j := range k {
		s.secret(h, t, j)
		p.addMatrixProduct(h, &s.rho, i, j, t)
	}
	t.noise(h, &s.sigma, k+i)
	t.transform()
	p.add(t)
}

func publicKeyPortable(pub *[PublicKeySize]byte, seed *[SeedSize]byte) {
	var s seeds
	var h keccak.State
	var p, t poly
	s.expand(seed[:32])
	for i := range k {
		s.public(&h, &p, &t, i)
		p.encode(pub[size12*i:])
	}
	copy(pub[size12*k:], s.rho[:])
	subtle.Wipe(s.sigma[:])
	subtle.Wipe(t[:])
	h.Wipe()
}

// encryption is one of a message to a public key (FIPS 203, algorithm 14), with which of its noise.
type encryption struct {
	rho     [32]byte
	noise   [32]byte
	message [MessageSize]byte
}

// prepare derives the secret that is shared and the noise from the message and the hash of the public key (algorithm 17, line 1).
//
//go:noinline
func (e *encryption) prepare(shared *[SharedSize]byte, hash *[32]byte) {
	var h keccak.State
	h.Reset(keccak.SHA3_512)
	h.Write(e.message[:])
	h.Write(hash[:])
	h.Read(shared[:])
	h.Read(e.noise[:])
	h.Wipe()
}

// first writes element i of the first part of the ciphertext: column i of the matrix times the noise, and more noise.
//
//go:noinline
func (e *encryption) first(out []byte, i int) {
	var h keccak.State
	var p, t poly
	for j := range k {
		t.noise(&h, &e.noise, j)
		t.transform()
		p.addMatrixProduct(&h, &e.rho, j, i, &t)
	}
	p.restore()
	t.noise(&h, &e.noise, k+i)
	p.add(&t)
	p.compress10(out)
	subtle.Wipe(t[:])
	subtle.Wipe(p[:])
	h.Wipe()
}

// second writes the second part: the public vector, which is in pub, or drawn from s if pub is nil, times the noise, and more noise,
// and the message.
//
//go:noinline
func (e *encryption) second(out, pub []byte, s *seeds) {
	var h keccak.State
	var p, t, row poly
	for j := range k {
		if pub != nil {
			row.decode(pub[size12*j:])
		} else {
			s.public(&h, &row, &t, j)
		}
		t.noise(&h, &e.noise, j)
		t.transform()
		p.addProducts(&row, &t)
	}
	p.restore()
	t.noise(&h, &e.noise, 2*k)
	p.add(&t)
	p.addMessage(&e.message)
	p.compress4(out)
	subtle.Wipe(t[:])
	subtle.Wipe(p[:])
	h.Wipe()
}

// addProducts adds the product of a and b, all transformed.
func (p *poly) addProducts(a, b *poly) {
	for i := range n / 2 {
		p.addProduct(i, uint32(a[2*i]), uint32(a[2*i+1]), b)
	}
}

// reduced reports whether the coefficients of a public key of the right length are (FIPS 203, section 7.2).
//
//go:noinline
func reduced(pub []byte) bool {
	var p poly
	for i := range k {
		if !p.decode(pub[size12*i:]) {
			return false
		}
	}
	return true
}

func encapsulatePortable(
	shared *[SharedSize]byte, ciphertext *[CiphertextSize]byte, pub []byte, message *[MessageSize]byte,
) bool {
	if len(pub) != PublicKeySize || !reduced(pub) {
		return false
	}
	var e encryption
	var hash [32]byte
	hashPublicKey(&hash, pub)
	e.rho, e.message = [32]byte(pub[size12*k:]), *message
	e.prepare(shared, &hash)
	for i := range k {
		e.first(ciphertext[size10*i:], i)
	}
	e.second(ciphertext[size10*k:], pub, nil)
	e.wipe()
	return true
}

// hashPublicKey sets out to the hash of a public key.
//
//go:noinline
func hashPublicKey(out *[32]byte, pub []byte) {
	var h keccak.State
	h.Reset(keccak.SHA3_256)
	h.Write(pub)
	h.Read(out[:])
}

func (e *encryption) wipe() {
	subtle.Wipe(e.noise[:])
	subtle.Wipe(e.message[:])
}

// Decapsulation draws the public key anew each time it needs it, instead of keeping it: memory matters more here than time.
func decapsulatePortable(shared *[SharedSize]byte, seed *[SeedSize]byte, ciphertext []byte) bool {
	if len(ciphertext) != CiphertextSize {
		return false
	}
	var s seeds
	var e encryption
	var accepted [32]byte
	s.expand(seed[:32])
	e.rho = s.rho
	s.decrypt(&e.message, ciphertext)
	s.hash(shared)
	e.prepare(&accepted, shared)
	reject(shared, seed[32:], ciphertext)
	difference := uint32(0)
	for i := range k {
		difference |= e.compareFirst(ciphertext[size10*i:], i)
	}
	difference |= e.compareSecond(ciphertext[size10*k:], &s)
	mask := maskIfZero(difference)
	for i := range shared {
		shared[i] ^= mask & (shared[i] ^ accepted[i])
	}
	e.wipe()
	subtle.Wipe(s.sigma[:])
	subtle.Wipe(accepted[:])
	return true
}

// reject sets shared to what a ciphertext that was not made for the key gives (algorithm 18, line 7).
//
//go:noinline
func reject(shared *[SharedSize]byte, z, ciphertext []byte) {
	var h keccak.State
	h.Reset(keccak.SHAKE256)
	h.Write(z)
	h.Write(ciphertext)
	h.Read(shared[:])
	h.Wipe()
}

// maskIfZero returns all ones if d is zero, otherwise zero. If it were inlined LLVM would make a branch of what the mask is for.
//
//go:noinline
func maskIfZero(d uint32) byte { return byte(subtle.MaskEqual(d, 0)) }

// decrypt sets message to what ciphertext says (FIPS 203, algorithm 15).
//
//go:noinline
func (s *seeds) decrypt(message *[MessageSize]byte, ciphertext []byte) {
	var h keccak.State
	var p, t, u poly
	for j := range k {
		u.decompress10(ciphertext[size10*j:])
		u.transform()
		s.secret(&h, &t, j)
		p.addProducts(&u, &t)
	}
	p.restore()
	p.subtractFrom4(ciphertext[size10*k:])
	p.message(message)
	subtle.Wipe(t[:])
	subtle.Wipe(p[:])
	h.Wipe()
}

// hash sets out to the hash of the public key.
//
//go:noinline
func (s *seeds) hash(out *[32]byte) {
	var h, sum keccak.State
	var p, t poly
	var encoded [size12]byte
	sum.Reset(keccak.SHA3_256)
	for i := range k {
		s.public(&h, &p, &t, i)
		p.encode(encoded[:])
		sum.Write(encoded[:])
	}
	sum.Write(s.rho[:])
	sum.Read(out[:])
	subtle.Wipe(t[:])
	h.Wipe()
}

// compareFirst returns zero if element i of the ciphertext is what first writes.
//
//go:noinline
func (e *encryption) compareFirst(ciphertext []byte, i int) uint32 {
	var again [size10]byte
	e.first(again[:], i)
	return difference(again[:], ciphertext)
}

// compareSecond returns zero if the second part of the ciphertext is what second writes.
//
//go:noinline
func (e *encryption) compareSecond(ciphertext []byte, s *seeds) uint32 {
	var again [size4]byte
	e.second(again[:], nil, s)
	return difference(again[:], ciphertext)
}

// difference returns zero if y begins with x.
func difference(x, y []byte) uint32 {
	d := byte(0)
	for i, v := range x {
		d |= v ^ y[i]
	}
	return uint32(d)
}
