// Package subtle holds the small operations that code touching secrets shares: comparing, choosing and
// wiping.
//
// Time and memory accesses of every function depend on lengths only, never on contents. That holds for the Go
// the functions are written in (no branch, no index on a secret); the cttest package counts instructions to
// see that the compiler kept it so. Masks are words of all ones or all zeros.
package subtle
