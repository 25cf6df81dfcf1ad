package mlkem

// KEM has the operations of this package as methods, for those who are told by an interface whether there is an ML-KEM, such as
// tlscore.Config. Slices have the lengths above.
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
