// Package device is the firmware without a board: an HTTPS server for static files and remote procedure
// calls, with its configuration and its log, over whatever network, file system and clock it is handed. It
// is the same on a host and on a board.
//
//	Network (sockets)   package host/sockets, lneto, or a test's memory
//	   |  Poll: accept, receive, send, close
//	slot                one of a fixed number of connections: a link, an HTTP state, the client's identity
//	   |  four windows
//	link                tlscore.Conn, or plain
//	   |  plaintext
//	httpd.Conn          reads requests, streams files
//	   |  Request, Response
//	rpc.Service         the methods; below it config, fs, guard, json, log
//
// Poll does all work: it never blocks, and everything happens in the goroutine that calls it. New takes all
// memory; nothing here allocates later, with Go or with TinyGo (what TLS does is tlscore's business). When
// all slots are taken, the connection that has idled longest makes room, and if none idles the new one is
// closed at once. A connection that is between requests holds no buffers: TLS borrows records and handshakes
// from a pool, HTTP borrows workspaces, both for as long as they are under way.
//
// What protects the device:
//   - without http.ssl_ca_cert a client may look but change nothing; with it, only clients with a certificate
//     of that CA get in at all, and they may change files and configuration (see package rpc)
//   - private keys, the configuration's files and secret values never leave (see package guard)
//   - every state of a connection has a deadline, every length a bound, every list a limit
//   - what cannot be understood as configured is a reason not to start (StartError), never one to start with
//     less
package device
