//go:build (amd64 || arm64) && !portable && !tinygo

package ed25519

var implementations = []implementation{
	{"portable", publicKeyPortable, signPortable, verifyPortable},
	{"host", publicKeyHost, signHost, verifyHost},
}
