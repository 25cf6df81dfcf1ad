// Package signature joins the primitives to what TLS and certificates call signatures: the signature schemes of RFC 8446, the
// verifier that x509lite asks, and private keys as they stand in files.
//
// In reading order:
//
//	scheme.go      signature schemes; schemes.go, which there are; schemes_small.go, those of small programs
//	ecdsa.go       the encoding of ECDSA signatures
//	mldsa.go       ML-DSA, which is linked only if it is named
//	verifier.go    verifying what peers and authorities signed
//	privatekey.go  a private key; parse.go, pem.go, reading one
//	sign.go        signing
//	errors.go      why a key cannot be read or used
package signature
