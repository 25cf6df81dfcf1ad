//go:build (amd64 || arm64) && !portable && !tinygo

package ed25519

import "crypto/ed25519"

func publicKeyHost(pub, seed *[SeedSize]byte) {
	copy(pub[:], ed25519.NewKeyFromSeed(seed[:])[SeedSize:])
}

// signHost hands over a Key as it is. The standard library keeps what it computes from one for the next signature with the same
// memory, as long as that lives.
func signHost(sig *[SignatureSize]byte, k *Key, msg []byte) { copy(sig[:], ed25519.Sign(k[:], msg)) }

func verifyHost(pub *[SeedSize]byte, msg []byte, sig *[SignatureSize]byte) bool {
	return canonical(pub) && ed25519.Verify(pub[:], msg, sig[:])
}

// canonical reports whether pub may be the encoding of a point (RFC 8032, section 5.1.3), which
// crypto/ed25519 does not ask: y is below 2^255 - 19, and where x is zero, for y = 1 and y = -1, its sign
// is not negative.
func canonical(pub *[SeedSize]byte) bool {
	middle := pub[1]
	for _, b := range pub[2:31] {
		if b != middle {
			return true
		}
	}
	high := pub[31] & 0x7f
	switch {
	case middle == 0xff && high == 0x7f: // y is 2^255 - 256 + pub[0]
		return pub[0] < 0xec || pub[0] == 0xec && pub[31]&0x80 == 0
	case middle == 0 && high == 0: // y is pub[0]
		return pub[0] != 1 || pub[31]&0x80 == 0
	}
	return true
}
