//go:build (amd64 || arm64) && !portable && !tinygo

package x25519

var implementations = []implementation{
	{"portable", publicKeyPortable, sharedPortable},
	{"host", publicKeyHost, sharedHost},
}
