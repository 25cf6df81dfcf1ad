// Package tlscore is TLS in a few kilobytes: a TLS handshake core for servers and clients, of TLS 1.3 (RFC 8446) and, where
// Config allows it, of TLS 1.2 (RFC 5246), that does no input or output, allocates nothing, reads no clock and draws no
// randomness but what Config hands it, and starts no goroutine.
//
// A server holds one Config, one Pool and a Conn for each connection, and moves bytes through a Conn's four windows:
//
//	var c tlscore.Conn
//	if err := c.Server(cfg, pool); err != nil { ... }         // ErrPoolEmpty: refuse the connection
//	for !c.Closed() {
//		if w := c.SendWindow(); len(w) > 0 { c.Sent(write(w)) }   // first of all: it may be an alert
//		if w := c.ReadWindow(); len(w) > 0 { c.Consumed(use(w)) }
//		if w := c.RecvWindow(); len(w) > 0 { c.Received(read(w)) } // at the transport's end: c.RecvEOF()
//		if c.PeerClosed() { c.Close() }                           // or go on writing
//	}
//	c.Release()
//
// Package netconn does this on hosts and gives a net.Conn.
//
// # Reading order
//
//	config.go    what connections have in common, and the events they report
//	pool.go      the memory that is lent; handshake.go, what a handshake keeps in it; budget.go, how much of it there is
//	conn.go      a connection and its windows
//	flow.go      the table of states and messages; FLOW.md is drawn from it
//	run.go       how records become messages, and messages calls of the table's handlers
//	suites.go, groups.go  the cipher suites and the key exchange; lists.go, what we negotiate
//	server13.go  the server's handshake, message by message; client13.go, the client's; auth13.go, how both prove who they are
//	identity.go  which certificate to show
//	keylog.go    secrets for Wireshark, on hosts only
//	work.go      slow operations, one at a time or elsewhere
//	rawkey.go    public keys in the place of certificates
//	limits.go    how long records may be
//	grease.go    values that mean nothing
//	protocol12.go, server12.go, client12.go, auth12.go  the same for TLS 1.2, which is linked only if Config.TLS12 names it
//	psk.go       pre-shared keys; importer.go, keys that others are made of; tickets.go, those that a server gives its clients; sessions.go, sessions12.go, where a client keeps them;
//	servercache12.go, sessions that a server keeps
//	early.go, earlyserver13.go, earlyclient13.go  data before the handshake is done, which is linked only if Config.EarlyData names it
//	cookies.go   servers that remember nothing for clients that have proven nothing
//	post13.go    what may follow it; exporter.go, keys for other protocols
//	inbound.go, outbound.go  the two buffers of a connection
//	compact.go   what the standard library would do with more flash
//	errors.go    everything that can go wrong, and its alert
//
// # Memory
//
// A connection borrows a handshake until its handshake is done, and a buffer for each direction while a record is under
// way in it; between records it holds none. What verifying a peer and RSA take is needed only within a call, so that a pool
// has it once. A record is opened and sealed where it stands. A handshake message that is
// spread over records grows in the receive buffer itself, and a chain or a signature longer than the send buffer is sent in pieces.
// PoolConfig.Footprint says what connections take, and Config.Plan makes the pool that fits into a number of bytes.
//
// A program contains all algorithms, or with the build tag colibri_small those of package primitive/profile only.
//
// # Limits
//
// TLS 1.2 only with ECDHE and an AEAD, and never without the extended master secret (RFC 7627): no CBC, no RSA key exchange, no
// SHA-1, no renegotiation. Older versions are refused.
//
// A server resumes sessions by stateless tickets, of clients that showed a certificate only with Config.ResumeClients; a client
// does if Config.Sessions gives it the memory. Pre-shared keys of both kinds go with a key exchange, unless
// Config.WithoutKeyExchange allows otherwise.
//
// Early data (0-RTT; RFC 8446, section 2.3) there is only if Config.EarlyData names it, which says what it costs: it can be replayed, is
// not forward secret, and reaches the application before the handshake is done. Otherwise a server skips what a client sends of it and goes
// on, and a client sends none. Either way it is for sessions, and not for Config.PSKs. A peer that knows
// neither record_size_limit nor, as a server, max_fragment_length may send records of 16 KB, which need a large buffer.
//
// A stapled OCSP response is handed to the application, a client's may not have one, and none is verified. Who knows what has been
// revoked, or whom to let in, says so by Config.Veto.
//
// Deviation: a record whose version does not begin with 3 is refused, though RFC 8446, section 5.1, wants the field ignored;
// it is how plain HTTP on a TLS port is told apart.
//
// # Bounds
//
// A peer cannot make a connection take more memory than its buffers, nor work without end. A pool that has nothing left
// refuses new connections (ErrPoolEmpty) or lets their records wait. These are the bounds, what a peer that goes beyond one
// is told, and the test that shows it:
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
//	signatures of a chain                   24                      bad_certificate      TestSuite
//	pre-shared keys tried                   4                       none                 TestTicketsTried
//
// All but the first are of this package or of x509lite, the protocol has none. In a row means without application data in
// between. Time is the caller's: a peer that sends a byte a minute keeps a handshake and a buffer for as long as it is let. Give a
// handshake a deadline that begins with Server and is not moved by what comes, and an open connection one that each whole
// request moves; device does both, and net/http on netconn with its timeouts.
//
// # Security
//
// Keys and secrets are wiped when they are no longer needed. Errors and events carry no key material. The time that the
// core's own code takes depends on no secret; see the primitives' packages for theirs. A certificate is judged by x509lite,
// which knows neither TLS nor cryptography. Without entropy there is no handshake, and without a clock no certificate is in
// date. ATTACKS.md goes through the attacks that were published on TLS.
package tlscore
