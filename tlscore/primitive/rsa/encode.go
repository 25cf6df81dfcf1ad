package rsa

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

// digestInfo returns the DER of a DigestInfo up to the digest (RFC 8017, section 9.2, note 1).
func digestInfo(a sha2.Algorithm) string {
	switch a {
	case sha2.SHA256:
		return "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
	case sha2.SHA384:
		return "\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"
	case sha2.SHA512:
		return "\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"
	}
	return ""
}

// encodePKCS1v15 fills em with EMSA-PKCS1-v1_5 of digest (RFC 8017, section 9.2): 00 01 FF ... FF 00 DigestInfo. Any em for a
// modulus of 2048 bits is long enough.
func encodePKCS1v15(em []byte, a sha2.Algorithm, digest []byte) {
	prefix := digestInfo(a)
	at := len(em) - len(digest) - len(prefix)
	for i := range at {
		em[i] = 0xff
	}
	em[0], em[1], em[at-1] = 0, 1, 0
	copy(em[at:], prefix)
	copy(em[at+len(prefix):], digest)
}

// encodePSS fills em, as long as a modulus of emBits+1 bits, with EMSA-PSS of digest (RFC 8017, section 9.1.1): zeros where the
// encoding is shorter than em, then the masked data block (zeros, 01, salt), the hash and BC.
func encodePSS(em []byte, emBits int, a sha2.Algorithm, digest, salt []byte) {
	short := len(em) - (emBits+7)/8
	clear(em)
	em = em[short:]
	block, hash := em[:len(em)-a.Size()-1], em[len(em)-a.Size()-1:len(em)-1]
	hashPSS(hash, a, digest, salt)
	copy(block[len(block)-len(salt):], salt)
	block[len(block)-len(salt)-1] = 1
	mask(block, a, hash)
	block[0] &= 0xff >> (8*len(em) - emBits)
	em[len(em)-1] = 0xbc
}

// checkPSS reports whether em, as long as a modulus of emBits+1 bits, is an EMSA-PSS encoding of digest with a salt as
// long as the hash (RFC 8017, section 9.1.2). It overwrites em.
func checkPSS(em []byte, emBits int, a sha2.Algorithm, digest []byte) bool {
	if short := len(em) - (emBits+7)/8; short > 0 {
		if em[0] != 0 {
			return false
		}
		em = em[short:]
	}
	unused := 8*len(em) - emBits
	if em[len(em)-1] != 0xbc || em[0]>>(8-unused) != 0 {
		return false
	}
	block, hash := em[:len(em)-a.Size()-1], em[len(em)-a.Size()-1:len(em)-1]
	mask(block, a, hash)
	block[0] &= 0xff >> unused
	zeros, salt := block[:len(block)-a.Size()-1], block[len(block)-a.Size():]
	for _, b := range zeros {
		if b != 0 {
			return false
		}
	}
	if block[len(zeros)] != 1 {
		return false
	}
	var want [sha2.MaxSize]byte
	hashPSS(want[:], a, digest, salt)
	return subtle.Equal(hash, want[:a.Size()])
}

// hashPSS writes the hash of eight zeros, digest and salt to hash (RFC 8017, section 9.1.1, step 5).
func hashPSS(hash []byte, a sha2.Algorithm, digest, salt []byte) {
	var d sha2.Digest
	var zeros [8]byte
	d.Reset(a)
	d.Write(zeros[:])
	d.Write(digest)
	d.Write(salt)
	d.Sum(hash)
}

// mask adds MGF1 of seed to block bit by bit (RFC 8017, section B.2.1). It takes back what it did before.
func mask(block []byte, a sha2.Algorithm, seed []byte) {
	var hash [sha2.MaxSize]byte
	var counter [4]byte
	for len(block) > 0 {
		var d sha2.Digest
		d.Reset(a)
		d.Write(seed)
		d.Write(counter[:])
		n := min(d.Sum(hash[:]), len(block))
		for i, h := range hash[:n] {
			block[i] ^= h
		}
		block = block[n:]
		counter[3]++ // below 17, for 4096 bits and SHA-256
	}
}
