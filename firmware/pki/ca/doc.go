// Package ca makes certificate authorities and the certificates they issue, in memory. The pki command writes
// them to disk for the note's walk; tests and benchmarks of other packages make their chains here:
//
//	root, err := ca.New(ca.ECDSA, now, "test CA")
//	mid, err := root.Intermediate("test intermediate")
//	server, err := mid.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
//	conf := tls.Config{Certificates: []tls.Certificate{server.TLS()}}
//
// What it issues conforms to RFC 5280: version 3, random serial numbers of 159 bits, critical
// basicConstraints and keyUsage, subject and authority key identifiers, subject alternative names, extended
// key usage. What a [Request] asks for beyond that is wrong on purpose: a certificate whose validity has
// ended or not begun, or one signed with SHA-1.
//
// It runs on hosts, upon the standard library; nothing of the device imports it.
package ca
