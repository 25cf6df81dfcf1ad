//go:build colibri_small

package x509lite

// What a program with the tag colibri_small knows: the documentation of the package says what it makes of the rest.

const small = true

var signatureAlgorithms = [...]signatureIdentifier{{idECDSAWithSHA256, ECDSAWithSHA256}}

var weakAlgorithms [0]string

var keys = [...]keyIdentifier{{idP256, KeyP256, 65}}
