// Package net is as much of Go's package net as lneto's TCP refers to, for a TinyGo that was built from its module: the
// releases bring a package net of their own as a git submodule. Nothing here talks to a network.
package net

import "errors"

// ErrClosed is what TCP answers once a connection is over.
var ErrClosed = errors.New("use of closed network connection")

// Interface describes a network interface of an operating system, of which there is none.
type Interface struct {
	Index, MTU   int
	Name         string
	HardwareAddr HardwareAddr
}

// HardwareAddr is a MAC address.
type HardwareAddr []byte

// String returns pairs of hexadecimal digits, separated by colons.
func (a HardwareAddr) String() string {
	const digits = "0123456789abcdef"
	var text []byte
	for i, b := range a {
		if i > 0 {
			text = append(text, ':')
		}
		text = append(text, digits[b>>4], digits[b&15])
	}
	return string(text)
}
