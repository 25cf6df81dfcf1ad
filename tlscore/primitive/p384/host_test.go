//go:build (amd64 || arm64) && !portable && !tinygo

package p384

var implementations = []implementation{
	{"portable", publicKeyPortable, ecdhPortable, signPortable, verifyPortable},
	{"host", publicKeyHost, ecdhHost, signHost, verifyHost},
}
