// Package hmac computes HMAC (RFC 2104, FIPS 198-1) with the hash functions of package sha2.
//
// An HMAC is a plain value in memory of the caller: a copy made after Init saves the two compressions of the
// key when many messages are authenticated under it. Nothing is allocated. Time depends on the lengths of key
// and message only.
package hmac
