package main

import (
	"colibri/tlscore"
	"colibri/tlscore/signature"
)

// policy is what one of BoringSSL's compliance policies allows; here it takes a few lists.
type policy struct {
	suites  []tlscore.SuiteID
	groups  []tlscore.GroupID
	schemes []signature.Scheme // that both sides may sign with
}

var policies = map[string]*policy{
	"-fips-202205": {
		suites: []tlscore.SuiteID{
			tlscore.AES128GCMSHA256, tlscore.AES256GCMSHA384,
			tlscore.ECDHEECDSAAES128GCMSHA256, tlscore.ECDHERSAAES128GCMSHA256,
			tlscore.ECDHEECDSAAES256GCMSHA384, tlscore.ECDHERSAAES256GCMSHA384,
		},
		groups: []tlscore.GroupID{tlscore.P256, tlscore.P384},
		schemes: []signature.Scheme{
			signature.ECDSAWithP256AndSHA256, signature.ECDSAWithP384AndSHA384,
			signature.RSAPSSWithSHA256, signature.RSAPSSWithSHA384, signature.RSAPSSWithSHA512,
			signature.PKCS1WithSHA256, signature.PKCS1WithSHA384, signature.PKCS1WithSHA512,
		},
	},
	"-wpa-202304": {
		suites: strong,
		groups: []tlscore.GroupID{tlscore.P384},
		schemes: []signature.Scheme{
			signature.ECDSAWithP384AndSHA384,
			signature.RSAPSSWithSHA384, signature.RSAPSSWithSHA512,
			signature.PKCS1WithSHA384, signature.PKCS1WithSHA512,
		},
	},
	"-cnsa1-202603": {
		suites:  strong,
		groups:  []tlscore.GroupID{tlscore.P384},
		schemes: []signature.Scheme{signature.ECDSAWithP384AndSHA384, signature.RSAPSSWithSHA384, signature.PKCS1WithSHA384},
	},
	"-cnsa-202407": {
		suites: append(strong[:len(strong):len(strong)], tlscore.AES128GCMSHA256, tlscore.ChaCha20Poly1305SHA256),
	},
}

// strong are the suites with AES-256.
var strong = []tlscore.SuiteID{tlscore.AES256GCMSHA384, tlscore.ECDHEECDSAAES256GCMSHA384, tlscore.ECDHERSAAES256GCMSHA384}

// defaultSchemes are those under which BoringSSL lets peers sign unless it is told otherwise, but for SHA-1: Ed25519 has to be asked for.
var defaultSchemes = []signature.Scheme{
	signature.ECDSAWithP256AndSHA256, signature.RSAPSSWithSHA256, signature.PKCS1WithSHA256,
	signature.ECDSAWithP384AndSHA384, signature.RSAPSSWithSHA384, signature.PKCS1WithSHA384,
	signature.RSAPSSWithSHA512, signature.PKCS1WithSHA512,
}

// schemes returns the schemes of these numbers.
func schemes(numbers []uint16) (list []signature.Scheme) {
	for _, n := range numbers {
		list = append(list, signature.Scheme(n))
	}
	return list
}

// underPolicy is the flag that puts a connection under a policy.
func underPolicy(name string) flag {
	return flag{set: func(o *options, _ string) error { o.policy = policies[name]; return nil }}
}
