// Package record frames and protects TLS records (RFC 8446, section 5).
//
// A record is worked on where it stands: the caller's buffer holds header and fragment, Seal encrypts the fragment in place and
// Open decrypts it in place. The keys of one direction are a Protection, a value in memory of the caller.
package record
