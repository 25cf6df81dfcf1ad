//go:build colibri_small

package tlscore

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/record"
	"colibri/tlscore/signature"
)

// What a program with the build tag colibri_small negotiates: see package profile. lists.go says what the lists are.

var suites = [...]suite{
	{AES128GCMSHA256, "TLS_AES_128_GCM_SHA256", sha2.SHA256, record.AES128GCM},
}

var defaultSuites = [...]SuiteID{AES128GCMSHA256}

var (
	defaultGroups = [...]GroupID{P256}
	hybridGroups  = defaultGroups
)

var signable = [...]signature.Scheme{signature.ECDSAWithP256AndSHA256}

const mldsaSchemes = 0

var verifiable = signable

var suites12 = [...]suite12{
	{suite{id: ECDHEECDSAAES128GCMSHA256, hash: sha2.SHA256, cipher: record.AES128GCM}, false},
}

// Where both hashes run, they are the same.
const longHash = sha2.SHA256

const onlyNamed = 0

var signable12 = signable

const curves12 = 1

var provable12 = signable

const curvesProvable12 = 1
