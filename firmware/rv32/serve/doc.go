//go:build unix

// Command serve runs the emulated board's server image and lets real curl talk to it: mutual TLS, files, RPC, clients that
// must be refused, eight connections at once; then it cuts the board's power and looks whether the next start finds the saved
// configuration. It prints the device's memory in Go's benchmark format, and ends with PASS, or with what went wrong and an
// exit status that is not 0.
//
//	firmware/rv32/run.sh -serve
//
// builds the image and calls it. The board's port is forwarded from a free port of the loopback address; the emulator
// is ended by its process, and everything within -t seconds.
package main
