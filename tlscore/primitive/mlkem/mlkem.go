package mlkem

// Sizes in bytes (FIPS 203, section 8, table 3).
const (
	SeedSize       = 64   // of a private key: d || z
	PublicKeySize  = 1184 // of an encapsulation key, which a client of TLS sends
	CiphertextSize = 1088 // of what the server answers
	SharedSize     = 32   // of the secret
	MessageSize    = 32   // of the randomness of an encapsulation: m
)

// PublicKey sets pub to the encapsulation key that belongs to a seed of 64 random bytes
// (ML-KEM.KeyGen_internal, FIPS 203, algorithm 16).
func PublicKey(pub *[PublicKeySize]byte, seed *[SeedSize]byte) { publicKey(pub, seed) }

// Encapsulate sets shared to a secret and ciphertext to what tells it to the owner of the encapsulation
// key pub (ML-KEM.Encaps_internal, algorithm 17). message is 32 random bytes. It returns false, and
// writes nothing, if pub has another length or coefficients that are not reduced (section 7.2).
func Encapsulate(
	shared *[SharedSize]byte, ciphertext *[CiphertextSize]byte, pub []byte, message *[MessageSize]byte,
) bool {
	return encapsulate(shared, ciphertext, pub, message)
}

// Decapsulate sets shared to the secret that ciphertext tells the owner of the seed
// (ML-KEM.Decaps_internal, algorithm 18). It returns false for a ciphertext of another length only. One
// that was not made for this key gives a secret that nobody else knows.
func Decapsulate(shared *[SharedSize]byte, seed *[SeedSize]byte, ciphertext []byte) bool {
	return decapsulate(shared, seed, ciphertext)
}
