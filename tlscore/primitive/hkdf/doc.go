// Package hkdf derives keys by HKDF (RFC 5869), and by HKDF-Expand-Label of TLS 1.3 (RFC 8446, section 7.1).
//
// Nothing is allocated, intermediate values are wiped, and time depends on lengths only.
package hkdf
