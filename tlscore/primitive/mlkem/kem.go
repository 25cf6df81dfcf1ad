package mlkem

// KEM has the operations of this package as methods. A value of it tells, for instance, tlscore.Config that there is an ML-KEM.
// Slices have the lengths above.
type KEM struct{}

// PublicKey is the function PublicKey.
func (KEM) PublicKey(pub, seed []byte) {
	PublicKey((*[PublicKeySize]byte)(pub), (*[SeedSize]byte)(seed))
}

// Encapsulate is the function Encapsulate.
func (KEM) Encapsulate(shared, ciphertext, pub, message []byte) bool {
	return Encapsulate((*[SharedSize]byte)(shared), (*[CiphertextSize]byte)(ciphertext), pub, (*[MessageSize]byte)(message))
}

// Decapsulate is the function Decapsulate.
func (KEM) Decapsulate(shared, seed, ciphertext []byte) bool {
	return Decapsulate((*[SharedSize]byte)(shared), (*[SeedSize]byte)(seed), ciphertext)
}
