package signature

// Error says why a private key cannot be read or used.
type Error uint8

const (
	// ErrKeyFormat: the bytes are not a private key in PKCS #8, PKCS #1 or SEC 1 form.
	ErrKeyFormat Error = iota + 1
	// ErrKeyEncrypted: the key is encrypted.
	ErrKeyEncrypted
	// ErrKeyAlgorithm: the key is of an algorithm, a curve or a size that is not supported.
	ErrKeyAlgorithm
	// ErrKeyInconsistent: the parts of the key do not belong together.
	ErrKeyInconsistent
	// ErrScheme: the key cannot sign under the scheme.
	ErrScheme
	// ErrSigning: the signature could not be made.
	ErrSigning
)

var texts = [...]string{
	ErrKeyFormat:       "not a private key: PKCS #8, PKCS #1 or SEC 1 is wanted",
	ErrKeyEncrypted:    "the private key is encrypted: decrypt it first, for example with openssl pkey -in KEY -out PLAIN",
	ErrKeyAlgorithm:    "the private key is not ECDSA P-256 or P-384, Ed25519, or RSA of 2048 to 4096 bits",
	ErrKeyInconsistent: "the parts of the private key do not belong together",
	ErrScheme:          "the private key cannot sign under this scheme",
	ErrSigning:         "signing failed",
}

func (e Error) Error() string {
	if int(e) < len(texts) && texts[e] != "" {
		return texts[e]
	}
	return "unknown signature error"
}
