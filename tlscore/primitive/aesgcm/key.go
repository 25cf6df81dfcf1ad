package aesgcm

// Sizes in bytes.
const (
	NonceSize = 12
	TagSize   = 16
)

// Key is an AES key made ready for GCM. It must be initialised with Init, which may be called again to change
// the key. One Key is not for concurrent use.
type Key struct {
	impl implementation
}

// Init sets the key: 16 bytes for AES-128, 32 bytes for AES-256. It panics if key has another length.
func (k *Key) Init(key []byte) {
	if len(key) != 16 && len(key) != 32 {
		panic("aesgcm: the key is neither 16 nor 32 bytes long")
	}
	k.impl.init(key)
}

// Seal encrypts in place. buf holds the plaintext, at most 2^36-32 bytes, followed by TagSize bytes of
// room, which become the tag; the associated data ad is authenticated and does not overlap buf. A nonce must
// never be used twice with one key. Seal panics if buf is shorter than a tag.
func (k *Key) Seal(buf []byte, nonce *[NonceSize]byte, ad []byte) {
	if len(buf) < TagSize {
		panic("aesgcm: no room for the tag")
	}
	k.impl.seal(buf, nonce, ad)
}

// Open decrypts in place. buf holds the ciphertext followed by the tag; afterwards buf[:len(buf)-TagSize]
// is the plaintext. If the tag is wrong, or buf is shorter than a tag, Open returns false and buf is zeros.
func (k *Key) Open(buf []byte, nonce *[NonceSize]byte, ad []byte) bool {
	if len(buf) >= TagSize && k.impl.open(buf, nonce, ad) {
		return true
	}
	clear(buf)
	return false
}

// Wipe forgets the key. The Key must be initialised again before it is used.
func (k *Key) Wipe() { k.impl.wipe() }
