//go:build unix

// Command host is the device on this machine: the firmware of package device over the kernel's sockets, a
// directory as its file system and the system's clock and entropy. What it does is what a board does; only
// the edges differ.
//
//	go build -o build/device ./firmware/host
//	build/device -fs build/walk/ecdsa-mutual -config build/walk/ecdsa-mutual.json
//
// The configuration comes, each over the one before, from the schema (mos.yml), from the file given with
// -config, from the device's own overlay file, which Config.Save writes, and from -listen. The log goes to
// standard error. SIGINT and SIGTERM end it in good order.
package main
