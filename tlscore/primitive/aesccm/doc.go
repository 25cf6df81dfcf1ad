// Package aesccm encrypts and authenticates with AES-CCM (NIST SP 800-38C, RFC 3610) as TLS has it (RFC 6655,
// RFC 8446): with keys of 16 or 32 bytes, nonces of 12 and tags of 16 or 8 (CCM_8), in place.
//
// The portable implementation, for 32-bit cores without AES instructions, encrypts two blocks at a time, one
// for the confidentiality and one for the authentication, with bitsliced AES. It makes no allocation and has
// no branch and no index on a secret. A Key takes 248 bytes.
//
// On amd64 and arm64 the blocks are encrypted by the standard library's assembly. Init then makes 1
// allocation, for which the collector cares; Seal and Open make none. Wipe drops the key there, it cannot
// overwrite it.
package aesccm
