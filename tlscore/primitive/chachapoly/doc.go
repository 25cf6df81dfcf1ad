// Package chachapoly encrypts and authenticates with ChaCha20-Poly1305 (RFC 8439, section 2.8), in place.
//
// The portable implementation works on 32-bit words and makes one pass over the data: each 64 bytes are
// encrypted or decrypted and then authenticated while they stand in words. It makes no allocation and uses
// 0.4 KB of stack; a Key takes 32 bytes. There is no branch and no index on a secret; the one assumption is a
// 32x32->64 multiplication of constant time.
//
// On amd64 and arm64 Key stands on golang.org/x/crypto, which is assembly there. Init then makes 1 allocation
// of 32 bytes, for which the collector cares; Seal and Open make none. Wipe drops the key there, it cannot
// overwrite it.
package chachapoly
