// Package sockets lends the device the host's TCP: non-blocking sockets, and a Wait that sleeps in poll(2)
// until there is something to do. It runs on Linux, macOS and the BSDs.
//
// One goroutine calls the device's Poll and Wait by turns. What Wait wakes up for is what the device asked
// for in the Poll before it: a connection it tried to receive from, one that did not take all it had to send,
// the listener if it tried to accept. A connection the device leaves alone for a while, because its buffers
// are full, therefore wakes no one however much arrives on it; without that, a poll would return at once and
// the loop would spin.
package sockets
