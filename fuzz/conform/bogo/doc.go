// Bogo is the shim between BoGo, the test runner of BoringSSL (ssl/test/runner there), and tlscore: a program that the runner
// starts for every test, with flags that say what to be and what to expect, and that connects back to it.
//
// It is run by the command beside it, which needs the runner's path:
//
//	go run ./fuzz/conform/bogo/cmd -runner PATH
//
// The runner belongs to its own project, which says how it is built (ssl/test/README.md there); nothing of it is here.
//
// # Reading order
//
//	flags.go        what the runner can ask for
//	config.go       from flags to a tlscore.Config
//	compression.go  how certificates are compressed
//	veto.go         what the application objects to
//	keylog.go       traffic secrets, to be compared
//	policy.go       the lists of BoringSSL's compliance policies
//	identity.go     certificates, keys and trust anchors from the runner's files
//	link.go         a tlscore.Conn over TCP, one step at a time
//	exchange.go     one connection: handshake, checks, echo, end
//	early.go        whether early data is allowed, and what follows if it is rejected
//	main.go         one test: the connections of it
//	config.json     which tests do not apply and why, and which of our errors are which of BoringSSL's
//
// Exit codes are the runner's: 0 for a connection that went well, 1 for one that did not, with the error on standard error, and
// 89 for a flag whose feature is not there.
package main
