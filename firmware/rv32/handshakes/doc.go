// Package handshakes is whole TLS connections for the emulated board to count: servers and clients, TLS 1.3 and 1.2, with
// and without a client's certificate, resumed, and records of two sizes. One end is ours; the other one is a recording. As
// everything is fixed, the clock and the randomness of our end too, our end says the same each time, and what crypto/tls answered
// to it once, on a host, is right every time.
//
// Command record makes the recording; it has to be built with the tag portable, as our end on the board is. It is made anew
// for each image and not kept: whatever changes the bytes that we send changes the answers.
//
//	fixtures.go   the certificates and keys, which are in testdata
//	scenarios.go  the connections
//	replay.go     one connection, call by call
package handshakes
