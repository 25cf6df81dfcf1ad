// Package netconn runs colibri's TLS over connections of package net, on hosts. Conn is a net.Conn and Listener a net.Listener,
// so net/http and everything else that uses those runs on tlscore. The example is an HTTPS server.
//
// A connection that waits for its peer holds no buffers, except one while it owes the peer a KeyUpdate, which goes out with the
// next write. All connections of a process share one memory for buffers and handshakes, which grows when it has to.
package netconn
