//go:build (amd64 || arm64) && !portable && !tinygo

package mlkem

var implementations = []implementation{
	{"portable", publicKeyPortable, encapsulatePortable, decapsulatePortable},
	{"host", publicKeyHost, encapsulateHost, decapsulateHost},
}
