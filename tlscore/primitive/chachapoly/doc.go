// Package chachapoly encrypts and authenticates with ChaCha20-Poly1305 (RFC 8439, section 2.8), in place.
package chachapoly
