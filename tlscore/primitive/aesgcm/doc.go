// Package aesgcm encrypts and authenticates with AES-128-GCM and AES-256-GCM (NIST SP 800-38D, RFC 5116),
// with nonces of 12 bytes and tags of 16, in place.
//
// The portable implementation is for 32-bit cores without AES and carry-less multiplication instructions. It
// runs bitsliced AES and GHASH by integer multiplications in one pass over the data, makes no allocation and
// uses 1.1 KB of stack. A Key takes 276 bytes. There is no branch and no index on a secret; the one
// assumption is a 32x32->64 multiplication of constant time.
//
// On amd64 and arm64 Key stands on the standard library's assembly. Init then makes 2 allocations, for which
// the collector cares; Seal and Open make none. Wipe drops the key there, it cannot overwrite it.
package aesgcm
