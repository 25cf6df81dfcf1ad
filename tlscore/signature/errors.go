package signature

// Error says why a private key cannot be read or used.
type Error uint8

const (
	// ErrKeyFormat: the bytes are not a private key in PKCS #8, PKCS #1 or SEC 1 form.
	ErrKeyFormat Error = iota + 1
	// ErrKeyMissing: the PEM text has no private key.
	ErrKeyMissing
	// ErrKeyEncrypted: the key is encrypted.
	ErrKeyEncrypted
	// ErrKeyAlgorithm: the key is of an algorithm, a curve or a size that is not supported.
	ErrKeyAlgorithm
	// ErrKeyInconsistent: the parts of the key do not belong together.
	ErrKeyInconsistent
	// ErrKeyMLDSA: the key is for ML-DSA, and PrivateKey.MLDSA is not set.
	ErrKeyMLDSA
	// ErrScheme: the key cannot sign under the scheme.
	ErrScheme
	// ErrSigning: the room for the signature or the entropy is too short.
	ErrSigning
)

var texts = [...]string{
	ErrKeyFormat:       "not a private key: PKCS #8, PKCS #1 or SEC 1 is wanted",
	ErrKeyMissing:      "no private key in the PEM text: a block PRIVATE KEY, EC PRIVATE KEY or RSA PRIVATE KEY is wanted",
	ErrKeyEncrypted:    "the private key is encrypted: decrypt it first, for example with openssl pkey -in KEY -out PLAIN",
	ErrKeyAlgorithm:    "the private key is not one of ECDSA P-256 or P-384, Ed25519, ML-DSA, or RSA of 2048 to 4096 bits (a multiple of 256) with two equally long primes",
	ErrKeyInconsistent: "the parts of the private key do not belong together",
	ErrKeyMLDSA:        "the private key is for ML-DSA: set PrivateKey.MLDSA, to mldsa.Scheme{} for instance",
	ErrScheme:          "the private key cannot sign under this scheme",
	ErrSigning:         "signing needs more memory for the signature or more entropy",
}

// Error returns a sentence.
func (e Error) Error() string {
	if int(e) < len(texts) && texts[e] != "" {
		return texts[e]
	}
	return "unknown signature error"
}
