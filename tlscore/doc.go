// Package tlscore is a TLS core for small devices: servers and clients of TLS 1.3 (RFC 8446) and, if Config allows it, of TLS 1.2
// (RFC 5246). It does no input or output, allocates no memory, starts no goroutine, and gets clock and randomness from Config.
//
// A server has one Config, one Pool of memory, and a Conn for each connection. It moves bytes through the Conn's four windows:
//
//	var c tlscore.Conn
//	if err := c.Server(cfg, pool); err != nil { ... }         // ErrPoolEmpty: refuse the connection
//	for !c.Closed() {
//		if w := c.SendWindow(); len(w) > 0 { c.Sent(write(w)) }   // first of all: it may be an alert
//		if w := c.ReadWindow(); len(w) > 0 { c.Consumed(use(w)) }
//		if w := c.RecvWindow(); len(w) > 0 { c.Received(read(w)) } // when the transport has ended: c.RecvEOF()
//		if c.PeerClosed() { c.Close() }                           // or continue to write
//	}
//	c.Release()
//
// The example of this package is a whole server. On hosts, package netconn does all this and gives a net.Conn.
//
// # Reading order
//
//	config.go      what connections have in common, and the events they report
//	pool.go        the memory that connections borrow; handshake.go, what a handshake keeps in it; budget.go, how much there has to be
//	conn.go        a connection and its windows
//	flow.go        the table of states and messages; FLOW.md is drawn from it
//	run.go         records become messages, and messages become calls of the table's handlers
//	suites.go, groups.go      cipher suites and key exchange; lists.go, lists_small.go, which of them there are and what we negotiate
//	server13.go    the server's handshake, message by message; client13.go, the client's; auth13.go, how both prove who they are
//	identity.go    which certificate to show
//	rawkey.go      public keys in the place of certificates
//	compression.go compressed certificates, linked only if Config.CertificateCompression names it
//	work.go        slow operations, one at a time or done elsewhere
//	protocol12.go, server12.go, client12.go, auth12.go        the same for TLS 1.2, linked only if Config.TLS12 names it
//	psk.go         pre-shared keys; importer.go, keys derived from others
//	tickets.go     sessions that a server gives to its clients; servercache12.go, sessions that it keeps itself
//	sessions.go, sessions12.go                                where a client keeps its sessions
//	early.go, earlyserver13.go, earlyclient13.go              data before the handshake is done, linked only if Config.EarlyData names it
//	cookies.go     servers that keep no state for clients that have proven nothing
//	post13.go      messages after the handshake
//	exporter.go    keys for other protocols
//	inbound.go, outbound.go   the two buffers of a connection
//	limits.go      how long records may be
//	grease.go      values that mean nothing
//	keylog.go      secrets for Wireshark, on hosts only; keylog_firmware.go, nothing instead
//	compact.go     replacements for functions of the standard library that take more flash
//	alert.go, errors.go       everything that can go wrong, and the alert for it
//
// # Memory
//
// A connection borrows a Handshake until its handshake is done, and a buffer for each direction while a record is under way in
// that direction. Between records it holds neither. Verifying a peer and RSA need memory only during one call, so a pool has it once for
// all connections. Records are decrypted and encrypted in place. A handshake message that is spread over several
// records is put together in the receive buffer; a message of ours that is longer than the send buffer is sent in pieces.
// PoolConfig.Footprint says how much memory connections take, and Config.Plan makes the pool for a given number of bytes.
//
// A program contains all algorithms, except those that Config has to name; with the build tag colibri_small it contains only those of
// package primitive/profile.
//
// # Slow operations
//
// A small chip takes a good part of a second for an operation with a public or private key, and a handshake has three to seven of
// them. With Config.Stepwise each call of a Conn's method does at most one, so that the caller can feed its watchdog and serve other
// connections in between: see Conn.Work. An operation is not divided. These are the longest calls, in million instructions of a 32-bit core
// (results/rv32.txt has what was measured last):
//
//	P-256           2.5 to verify, 2.3 for a shared secret, 0.8 to sign
//	Ed25519         2.0 to verify, 0.6 to sign
//	X25519          1.5 for a shared secret
//	P-384           7.5 to verify, 6.6 for a shared secret, 2.9 to sign
//	X25519MLKEM768  5.4 at most, a client's half of ML-KEM
//	RSA-2048        1.4 to verify, 51.1 to sign
//	records         2.8 for 16 KB with AES-128-GCM, 0.7 with ChaCha20-Poly1305
//
// If 3.5 million are the most that you can spare, leave P-384 out of Config.Groups and have no identity with an RSA key. Peers may still
// show certificates with P-384, if an anchor of yours has issued them.
//
// A private key may also be kept elsewhere: in a secure element, on another core, behind a slow bus. Its Signer then returns ErrPending,
// and the connection waits for Conn.Signed.
//
// # Limits
//
// TLS 1.2 is spoken only with ECDHE, an AEAD and the extended master secret (RFC 7627). There is no CBC, no RSA key exchange, no
// SHA-1 and no renegotiation. Older versions are refused.
//
// A server resumes sessions by tickets, of which it keeps no record (Config.Tickets), or, in TLS 1.2, by session ID
// (Config.SessionCache). It resumes those of clients that showed a certificate only with Config.ResumeClients. A client resumes if
// Config.Sessions gives it memory for that. In TLS 1.3 resumption and pre-shared keys include a key exchange,
// unless Config.WithoutKeyExchange allows to leave it out.
//
// Early data (0-RTT; RFC 8446, section 2.3) exists only if Config.EarlyData names it: it can be replayed, is not forward
// secret, and reaches the application before the handshake is done. Otherwise a server skips the early data that a client sends, and a
// client sends none. It can be sent when a session is resumed, never under one of Config.PSKs alone.
//
// A peer that knows neither record_size_limit nor, as a server, max_fragment_length may send records of 16 KB. To receive them
// the pool needs a large buffer.
//
// Certificates may be compressed (RFC 8879) if Config.CertificateCompression names the algorithms: this package has none. Ours are compressed
// when the configuration is made, a peer's are decompressed into the receive buffer, which must have room for both forms.
//
// A stapled OCSP response of a server is handed to the application and not verified here; clients cannot send one. An application that
// knows which certificates were revoked, or whom to let in, says so in Config.Veto.
//
// Deviation: a record whose version field does not begin with 3 is refused, although RFC 8446, section 5.1, says that the field must be
// ignored. This is how plain HTTP on a TLS port is recognised.
//
// # Bounds
//
// A peer cannot make a connection take more memory than its buffers, or work without end. When the pool is empty, new connections
// are refused (ErrPoolEmpty) or their records wait. These are the bounds, the alert that a peer beyond one gets, and the test that
// shows it:
//
//	bytes of a record                       16384, or as agreed     record_overflow      TestOversizedRecords
//	bytes of a record                       largest buffer          record_overflow      TestBounds
//	bytes of a handshake message            largest buffer - 5      illegal_parameter    TestBounds
//	bytes of a ClientHello                  Config.MaxClientHello   illegal_parameter    TestBounds
//	empty handshake or alert records        0                       unexpected_message   TestBounds
//	empty application data records in a row 32                      unexpected_message   TestBounds
//	change_cipher_spec records              32                      unexpected_message   TestBounds
//	user_canceled alerts in a row           4                       unexpected_message   TestBounds
//	KeyUpdates in a row                     32                      unexpected_message   TestBounds
//	NewSessionTickets in a row              32                      unexpected_message   TestBoundsOfServers
//	bytes of early data skipped             16384                   bad_record_mac       TestEarlyDataIsSkipped
//	bytes of early data accepted            Replays.MaxEarlyData    unexpected_message   TestHostileEarlyData
//	ClientHellos with early data            Replays.Slots in 20 s   none: it is skipped  TestEarlyDataIsRejected
//	HelloRetryRequests                      1                       unexpected_message   TestRetryTwice
//	bytes of a cookie to echo               512                     illegal_parameter    TestBoundsOfServers
//	extensions of a message                 64                      decode_error         TestBounds
//	key shares                              16                      illegal_parameter    TestBounds
//	certificates of a chain                 8                       bad_certificate      TestBounds
//	bytes of a chain that was compressed    MaxCertificate          bad_certificate      TestMaxCertificate
//	signatures of a chain                   24                      bad_certificate      TestSuite
//	pre-shared keys tried                   4                       none                 TestTicketsTried
//
// All but the first are bounds of this package or of x509lite, not of the protocol. "In a row" means without application data in
// between. Time is not bounded here: a peer that sends a byte a minute keeps a handshake and a buffer for as long as the caller lets it.
// Give each handshake a deadline that starts with Conn.Server and is not extended by what is received, and each open connection one that only
// a whole request extends. Package device does both, and net/http on netconn does with its timeouts.
//
// # Security
//
// Keys and secrets are wiped when they are no longer needed. Errors and events contain no key material. The time that
// this package's code takes does not depend on secrets; the packages of the primitives say the same, or its limits, of theirs. Package
// x509lite judges certificates. Without randomness no handshake starts, and without a clock no certificate is valid. ATTACKS.md goes
// through the published attacks on TLS.
package tlscore
