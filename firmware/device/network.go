package device

import "colibri/firmware/device/fs"

// FS is the file system the device serves and keeps its configuration in; see package fs for the contract.
type FS = fs.FS

// Socket is the number of an accepted connection. The zero value is never one. A number may be used again
// after Close.
type Socket int32

// Network is what the device asks of a TCP/IP stack that listens on its address already. No call blocks: what
// cannot be done now answers 0 bytes (or no socket) and a nil error, and the device asks again on the next
// Poll. Calls come from one goroutine at a time and keep no slice they were handed.
type Network interface {
	// Accept returns a new connection, or 0 when none waits. It copies the remote address in text form, as
	// much of it as fits, to addr and returns its length in n.
	Accept(addr []byte) (s Socket, n int)

	// Recv copies received bytes to p, which is never empty. io.EOF: the peer has sent all it will. Any other
	// error: the connection is dead.
	Recv(s Socket, p []byte) (n int, err error)

	// Send takes bytes of p, which is never empty, for sending and returns how many. An error: the connection
	// is dead.
	Send(s Socket, p []byte) (n int, err error)

	// CloseSend tells the peer that nothing more will be sent (FIN); receiving goes on.
	CloseSend(s Socket)

	// Close gives up the connection: without an earlier CloseSend and with nothing left to send it may end in
	// a reset.
	Close(s Socket)
}
