// Package keyschedule derives the secrets of a TLS 1.3 connection (RFC 8446, section 7).
//
// Schedule walks down the Early, Handshake and Master Secret; the functions beside it turn a traffic secret into a record
// key, a Finished MAC or its successor. The transcript hash is a sha2.Digest, which forks by assignment. The functions whose
// names end in 12 are all of TLS 1.2 (RFC 5246).
//
// Nothing is allocated; secrets stand in memory of the caller, who wipes what the caller keeps. Intermediate values are wiped
// here.
package keyschedule
