// Package hmac computes HMAC (RFC 2104, FIPS 198-1) with the hash functions of package sha2.
//
// An HMAC is a plain value in memory of the caller that takes a message piece by piece; where it is at hand as a
// whole, as in all of a key schedule, Sum and Key take less. Nothing is allocated. Time depends on the lengths of
// key and message only.
package hmac
