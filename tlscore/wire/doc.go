// Package wire reads and writes TLS handshake messages (RFC 8446, section 4).
//
// Reading gives views: a parsed message is a struct of slices into the bytes that were parsed, valid as long as those bytes
// are. Parsing checks syntax only (lengths, emptiness, duplicates, order); what a value means and whether it is welcome is
// decided in package tlscore. Every length that stands in a message is checked against what is left, and every list
// has a bound on its elements.
//
// Writing goes through Builder, which fills a buffer of the caller and remembers if it was too small.
//
// The package keeps no state and allocates nothing.
package wire
