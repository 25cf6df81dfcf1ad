package keyschedule

import (
	"colibri/tlscore/primitive/hmac"
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/primitive/subtle"
)

// TLS 1.2 has one secret, the master secret of 48 bytes, and derives everything from it by one function, the PRF
// (RFC 5246, sections 5 and 8.1). It is Secret here too: both have the length of the longest hash by chance.

// Finished12Size is the length of verify_data in bytes (RFC 5246, section 7.4.9).
const Finished12Size = 12

// Labels of RFC 5246, sections 6.3 and 7.4.9, and of RFC 7627, section 4.
const (
	labelExtendedMaster = "extended master secret"
	labelKeyExpansion   = "key expansion"
	labelClientFinished = "client finished"
	labelServerFinished = "server finished"
)

// Export12 fills out with keying material of a connection with the given master secret (RFC 5705, section 4): the seed is randoms,
// and, if there is a context, its length and itself.
func Export12(alg sha2.Algorithm, out []byte, master *Secret, label string, randoms, length, context []byte) {
	prf(alg, out, master[:], label, randoms, length, context)
}

// prf fills out with PRF(secret, label, a || b) of RFC 5246, section 5, where b may come in parts. out may be secret.
func prf(alg sha2.Algorithm, out, secret []byte, label string, a []byte, b ...[]byte) {
	const room = 96 // what the handshake has for label, a and b
	var text [MaxHash + room]byte
	n := copy(text[MaxHash:], label)
	n += copy(text[MaxHash+n:], a)
	size := len(label) + len(a)
	for _, part := range b {
		n += copy(text[MaxHash+n:], part)
		size += len(part)
	}
	if n < size {
		prfLong(alg, out, secret, label, a, b)
		return
	}
	var key hmac.Key
	key.Init(alg, secret)
	from := MaxHash - alg.Size() // A(i) stands here, and the seed behind it
	key.Sum(text[from:], text[MaxHash:MaxHash+n])
	var block Secret
	for {
		key.Sum(block[:], text[from:MaxHash+n])
		if out = out[copy(out, block[:alg.Size()]):]; len(out) == 0 {
			break
		}
		key.Sum(text[from:], text[from:MaxHash])
	}
	key.Wipe()
	subtle.Wipe(text[:])
	subtle.Wipe(block[:])
}

// prfLong is prf for the labels and contexts of applications.
//
//go:noinline
func prfLong(alg sha2.Algorithm, out, secret []byte, label string, a []byte, b [][]byte) {
	var keyed hmac.HMAC
	keyed.Init(alg, secret)
	var seed, block Secret // A(i), and the i-th block of output
	n := alg.Size()
	mac := keyed
	writeSeed(&mac, label, a, b)
	mac.Sum(seed[:])
	for len(out) > 0 {
		mac = keyed
		mac.Write(seed[:n])
		writeSeed(&mac, label, a, b)
		mac.Sum(block[:])
		out = out[copy(out, block[:n]):]
		mac = keyed
		mac.Write(seed[:n])
		mac.Sum(seed[:])
	}
	keyed.Wipe()
	mac.Wipe()
	subtle.Wipe(seed[:])
	subtle.Wipe(block[:])
}

func writeSeed(mac *hmac.HMAC, label string, a []byte, b [][]byte) {
	var text [32]byte
	for len(label) > 0 {
		n := copy(text[:], label)
		mac.Write(text[:n])
		label = label[n:]
	}
	mac.Write(a)
	for _, part := range b {
		mac.Write(part)
	}
}

// Master12 sets master to the extended master secret (RFC 7627, section 4), where transcript is the digest of the messages
// up to and including ClientKeyExchange.
func Master12(alg sha2.Algorithm, master *Secret, preMaster []byte, transcript *sha2.Digest) {
	var hash Secret
	n := transcript.Sum(hash[:])
	prf(alg, master[:], preMaster, labelExtendedMaster, hash[:n], nil)
}

// KeyBlock12 fills block with the start of the key block (RFC 5246, section 6.3).
func KeyBlock12(alg sha2.Algorithm, block []byte, master *Secret, clientRandom, serverRandom *[32]byte) {
	prf(alg, block, master[:], labelKeyExpansion, serverRandom[:], clientRandom[:])
}

// Finished12 sets data to the verify_data of the client's Finished message or of the server's (RFC 5246, section 7.4.9), where
// transcript is the digest of the messages before it.
func Finished12(alg sha2.Algorithm, data *[Finished12Size]byte, master *Secret, client bool, transcript *sha2.Digest) {
	label := labelServerFinished
	if client {
		label = labelClientFinished
	}
	var hash Secret
	n := transcript.Sum(hash[:])
	prf(alg, data[:], master[:], label, hash[:n], nil)
}
