//go:build !((amd64 || arm64) && !portable && !tinygo)

package rsa

var implementations = []implementation{
	{"portable", verifyPKCS1v15Portable, verifyPSSPortable, signPKCS1v15Portable, signPSSPortable},
}
