// Package rsa signs and verifies with RSA keys of 2048 to 4096 bits: RSASSA-PSS and RSASSA-PKCS1-v1_5 (RFC 8017).
package rsa

// Limits of a modulus, in bits.
const (
	MinBits = 2048
	MaxBits = 4096
)

// PublicKey is a view of a public key.
type PublicKey struct {
	N []byte // the modulus, big-endian, without leading zeros
	E uint32 // the public exponent
}

// PrivateKey is a view of a private key with two primes and what the Chinese remainder theorem needs of them (RFC 8017,
// section 3.2), big-endian, without leading zeros.
type PrivateKey struct {
	PublicKey
	P, Q, Dp, Dq, Qinv []byte
	D                  []byte
}

// Error says why a signature was not made.
type Error uint8

const (
	// ErrKey: the key is malformed or of a size that is not supported.
	ErrKey Error = iota + 1
	// ErrFault: the signature that was computed is wrong.
	ErrFault
)

func (e Error) Error() string {
	if e == ErrFault {
		return "the RSA signature that was computed is wrong"
	}
	return "the RSA key is malformed or not of 2048 to 4096 bits"
}
