package aesccm

import "colibri/tlscore/primitive/subtle"

// Sizes in bytes. MaxSize is the most that a nonce of 12 bytes leaves room to count.
const (
	NonceSize = 12
	MaxSize   = 1<<24 - 1
)

// Key is an AES key made ready for CCM. It must be initialised with Init, which may be called again to change
// the key. One Key is not for concurrent use.
type Key struct {
	cipher  blockCipher
	tagSize int
}

// Init sets the key, 16 bytes for AES-128 or 32 bytes for AES-256, and the length of tags in bytes, 8 or 16.
// It panics if one has another value.
func (k *Key) Init(key []byte, tagSize int) {
	if len(key) != 16 && len(key) != 32 {
		panic("aesccm: the key is neither 16 nor 32 bytes long")
	}
	if tagSize != 8 && tagSize != 16 {
		panic("aesccm: tags are neither 8 nor 16 bytes long")
	}
	k.cipher.Init(key)
	k.tagSize = tagSize
}

// Overhead returns the length of tags in bytes.
func (k *Key) Overhead() int { return k.tagSize }

// Seal encrypts in place. buf holds the plaintext, at most MaxSize bytes, followed by Overhead() bytes of
// room, which become the tag; the associated data ad is authenticated and does not overlap buf. A nonce must
// never be used twice with one key. Seal panics if buf is shorter than a tag or too long.
func (k *Key) Seal(buf []byte, nonce *[NonceSize]byte, ad []byte) {
	n := len(buf) - k.tagSize
	if n < 0 || n > MaxSize {
		panic("aesccm: no room for the tag, or too much to encrypt")
	}
	var tag [16]byte
	k.crypt(buf[:n], &tag, nonce, ad, ^uint32(0))
	copy(buf[n:], tag[:k.tagSize])
}

// Open decrypts in place. buf holds the ciphertext followed by the tag; afterwards
// buf[:len(buf)-Overhead()] is the plaintext. If the tag is wrong, or buf is shorter than a tag or too long,
// Open returns false and buf is zeros.
func (k *Key) Open(buf []byte, nonce *[NonceSize]byte, ad []byte) bool {
	n := len(buf) - k.tagSize
	if n >= 0 && n <= MaxSize {
		var tag [16]byte
		k.crypt(buf[:n], &tag, nonce, ad, 0)
		if subtle.Equal(tag[:k.tagSize], buf[n:]) {
			return true
		}
	}
	clear(buf)
	return false
}

// Wipe forgets the key. The Key must be initialised again before it is used. Inlined into another package, it would make the
// compiler believe that the key escapes, and move one on the stack to the heap.
//
//go:noinline
func (k *Key) Wipe() { k.cipher.Wipe() }
