package drbg

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

// Source gives raw samples of noise, not conditioned, one in each byte.
type Source interface {
	// Sample fills p with samples, and returns false if there are none.
	Sample(p []byte) bool
}

// Quality is how much is asserted of a source: the min-entropy of a sample in bits, from 1 to 8 (SP
// 800-90B, section 3.1.3). To assert less than is there costs samples; to assert more costs security. A
// source with less than 1 bit in a sample has to put several readings in one.
type Quality uint8

const (
	entropySize = 32 // bytes of the entropy input (SP 800-90A, section 8.6.3), and of the nonce (section 8.6.7)
	nonceSize   = 16
	seedSize    = entropySize + nonceSize
	surplus     = 64      // bits that samples are worth beyond those of what they are for, for full entropy (SP 800-90C)
	startup     = 1024    // samples tested at first (section 4.3, item 4)
	chunk       = 32      // samples drawn at once
	maxRequest  = 1 << 16 // bytes from one state (SP 800-90A, section 10.1, table 2)
	maxAge      = 1 << 12 // requests between seeds; the standard allows 2^48
)

// DRBG is the generator. The zero value refuses to work until Init. It is for one goroutine at a time,
// and must not be copied: two copies would give the same.
type DRBG struct {
	source    Source
	generator generator
	health    health
	samples   [chunk]byte // here, because arguments of an interface's methods cannot stay on the stack
	requests  uint32      // since the seed
	seeded    bool
	fault     Error // of the source, until Init
}

// Init seeds d from the source, of which it draws at least 1,024 samples and 512 bits. The
// personalization, of any length, sets devices apart that share a broken source: a serial number, or a
// seed stored at the last run. d is unseeded after an error.
func (d *DRBG) Init(source Source, quality Quality, personalization []byte) error {
	d.Wipe()
	if quality < 1 || int(quality) >= len(cutoffs) {
		return ErrQuality
	}
	if source == nil {
		return ErrSource
	}
	d.source, d.health.quality = source, uint8(quality)
	for range startup / chunk {
		if err := d.sample(chunk); err != 0 {
			return err
		}
	}
	var seed [seedSize]byte
	if err := d.draw(&seed); err != 0 {
		return err
	}
	d.generator.instantiate(seed[:], personalization)
	subtle.Wipe(seed[:])
	d.seeded = true
	return nil
}

// Reseed takes a fresh seed from the source (SP 800-90A, section 10.1.2.4). Read does so by itself after
// 4,096 requests. data is mixed in without being counted as entropy.
func (d *DRBG) Reseed(data []byte) error {
	err := d.ready()
	if err == 0 {
		err = d.reseed(data)
	}
	if err != 0 {
		return err
	}
	return nil
}

func (d *DRBG) reseed(data []byte) Error {
	var seed [seedSize]byte
	if err := d.draw(&seed); err != 0 {
		return err
	}
	d.generator.update(seed[:], data)
	subtle.Wipe(seed[:])
	d.requests = 0
	return 0
}

// Read fills p and returns its length, or 0 and an error, and then p is zero. It is io.Reader's.
func (d *DRBG) Read(p []byte) (int, error) {
	for rest := p; ; {
		if err := d.prepare(); err != 0 {
			clear(p)
			return 0, err
		}
		n := min(len(rest), maxRequest)
		d.generator.generate(rest[:n])
		if rest = rest[n:]; len(rest) == 0 {
			return len(p), nil
		}
	}
}

// prepare makes d ready for a request, with a new seed if it is time for one.
func (d *DRBG) prepare() Error {
	err := d.ready()
	if err == 0 && d.requests == maxAge {
		err = d.reseed(nil)
	}
	if err == 0 {
		d.requests++
	}
	return err
}

// ready returns 0 or why d cannot work.
func (d *DRBG) ready() Error {
	if d.fault != 0 {
		return d.fault
	}
	if !d.seeded {
		return ErrUnseeded
	}
	return 0
}

// draw condenses samples to a seed: an entropy input and a nonce, each of samples of its own.
func (d *DRBG) draw(seed *[seedSize]byte) Error {
	err := d.condense((*[32]byte)(seed[:]), entropySize)
	if err == 0 {
		var nonce [32]byte
		err = d.condense(&nonce, nonceSize)
		copy(seed[entropySize:], nonce[:])
		subtle.Wipe(nonce[:])
	}
	return err
}

// condense sets out to the hash of as many samples as n bytes of full entropy take.
func (d *DRBG) condense(out *[32]byte, n int) Error {
	var hash sha2.Digest
	hash.Reset(sha2.SHA256)
	quality := int(d.health.quality)
	for left := (8*n + surplus + quality - 1) / quality; left > 0; left -= chunk {
		n := min(left, chunk)
		if err := d.sample(n); err != 0 {
			hash.Wipe()
			return err
		}
		hash.Write(d.samples[:n])
	}
	hash.Sum(out[:])
	hash.Wipe()
	subtle.Wipe(d.samples[:])
	return 0
}

// sample draws n samples and tests them. A fault leaves nothing of the state behind.
func (d *DRBG) sample(n int) Error {
	err := ErrSource
	if d.source.Sample(d.samples[:n]) {
		err = d.health.test(d.samples[:n])
	}
	if err != 0 {
		d.Wipe()
		d.fault = err
	}
	return err
}

// Wipe forgets everything. d is unseeded then.
func (d *DRBG) Wipe() {
	d.generator.wipe()
	subtle.Wipe(d.samples[:])
	*d = DRBG{}
}
