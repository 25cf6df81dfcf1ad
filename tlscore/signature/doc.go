// Package signature joins the primitives to what TLS and certificates call signatures: the signature schemes of RFC 8446, the
// verifier that x509lite asks, and private keys as they stand in files.
//
// In reading order: scheme.go, ecdsa.go (the encoding of ECDSA signatures), mldsa.go (what is linked only if named), verifier.go, privatekey.go (reading a key),
// sign.go.
package signature
