// Package cttest shows that an operation executes the same instructions, each equally often, whatever its
// secrets are. Only tests import it.
//
// A package lists its operations in one test; the name of the test is free:
//
//	func TestConstantTime(t *testing.T) {
//		cttest.Run(t, cttest.Op{
//			Name: "ECDH",
//			Setup: func(secret *[cttest.SecretSize]byte) func() {
//				private := [32]byte(secret[:32])
//				private[0] &= 0x7f // a scalar below the group order
//				private[31] |= 1   // and not zero
//				return func() { ECDH(&shared, &private, peer[:]) }
//			},
//		})
//	}
//
// Setup makes valid inputs from the secret and returns the operation; only what the operation executes is
// counted. What is not secret must be the same for every secret, also the outcome: let a signature be valid
// or invalid for all of them.
//
// Run compiles the package's tests for GOARCH=386 with the tag portable and runs the calling test once more
// in that binary under valgrind's callgrind, which counts how often every instruction is executed for each of
// the Secrets() in turn. It fails the test if a count is not the same for all, and names the function. The
// operation runs where Go's scheduler does not reach it, on a stack of 16 KB; counts are exact and the same
// in every run.
//
// Limits: equal counts show the absence of secret-dependent branches and loops in this binary. They say
// nothing about memory accesses at secret addresses, about instructions whose time depends on operands, or
// about what another compiler makes of the source. Without valgrind, or off linux/amd64, the test is skipped
// and says so.
package cttest
