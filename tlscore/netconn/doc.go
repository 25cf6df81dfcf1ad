// Package netconn runs colibri's TLS on the connections of package net, for hosts: Conn is a net.Conn and Listener a
// net.Listener, so that net/http and everything else that speaks to those runs over tlscore.
//
// A connection that waits for its peer holds no buffers, but for one while it owes the peer a KeyUpdate, which goes out with
// the next write: they come from a memory that all connections share and that grows with the need.
package netconn
