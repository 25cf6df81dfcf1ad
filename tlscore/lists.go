//go:build !colibri_small

package tlscore

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/record"
	"colibri/tlscore/signature"
)

// What we negotiate: suites, groups and signature schemes, of both versions. lists_small.go has the same for small programs.

var suites = [...]suite{
	{AES128GCMSHA256, "TLS_AES_128_GCM_SHA256", sha2.SHA256, record.AES128GCM},
	{AES256GCMSHA384, "TLS_AES_256_GCM_SHA384", sha2.SHA384, record.AES256GCM},
	{ChaCha20Poly1305SHA256, "TLS_CHACHA20_POLY1305_SHA256", sha2.SHA256, record.ChaCha20Poly1305},
	{AES128CCMSHA256, "TLS_AES_128_CCM_SHA256", sha2.SHA256, record.AES128CCM},
	{AES128CCM8SHA256, "TLS_AES_128_CCM_8_SHA256", sha2.SHA256, record.AES128CCM8},
}

// defaultSuites is the order of preference if Config.Suites is empty. The suites with CCM are for peers that have nothing else, and
// slower.
var defaultSuites = [...]SuiteID{AES128GCMSHA256, ChaCha20Poly1305SHA256, AES256GCMSHA384}

// Orders of preference if Config.Groups is empty, without and with Config.MLKEM.
var (
	defaultGroups = [...]GroupID{X25519, P256, P384}
	hybridGroups  = [...]GroupID{X25519MLKEM768, X25519, P256, P384}
)

// signable are the schemes that we sign with, in order of preference: cheapest for a small chip first.
var signable = [...]signature.Scheme{
	signature.ECDSAWithP256AndSHA256,
	signature.Ed25519,
	signature.ECDSAWithP384AndSHA384,
	signature.RSAPSSWithSHA256,
	signature.RSAPSSWithSHA384,
	signature.RSAPSSWithSHA512,
	signature.PSSKeyWithSHA256,
	signature.PSSKeyWithSHA384,
	signature.PSSKeyWithSHA512,

	signature.MLDSA44,
	signature.MLDSA65,
	signature.MLDSA87,
}

const mldsaSchemes = 3 // of signable, at its end

// verifiable are the schemes that we may verify, in the peer's certificates and in its CertificateVerify, in order of preference if
// Config.SignatureSchemes is empty. Those of RSASSA-PKCS1-v1_5 are for certificates only (RFC 8446, section 4.2.3).
var verifiable = [...]signature.Scheme{
	signature.MLDSA44,
	signature.MLDSA65,
	signature.MLDSA87,
	signature.ECDSAWithP256AndSHA256,
	signature.Ed25519,
	signature.ECDSAWithP384AndSHA384,
	signature.ECDSAWithP521AndSHA512,
	signature.RSAPSSWithSHA256,
	signature.RSAPSSWithSHA384,
	signature.RSAPSSWithSHA512,
	signature.PSSKeyWithSHA256,
	signature.PSSKeyWithSHA384,
	signature.PSSKeyWithSHA512,
	signature.PKCS1WithSHA256,
	signature.PKCS1WithSHA384,
	signature.PKCS1WithSHA512,
}

// suites12 is in order of preference if Config.Suites is empty; the last two, with CCM, count only if it names them.
var suites12 = [...]suite12{
	{suite{id: ECDHEECDSAAES128GCMSHA256, hash: sha2.SHA256, cipher: record.AES128GCM}, false},
	{suite{id: ECDHERSAAES128GCMSHA256, hash: sha2.SHA256, cipher: record.AES128GCM}, true},
	{suite{id: ECDHEECDSAChaCha20Poly1305, hash: sha2.SHA256, cipher: record.ChaCha20Poly1305}, false},
	{suite{id: ECDHERSAChaCha20Poly1305, hash: sha2.SHA256, cipher: record.ChaCha20Poly1305}, true},
	{suite{id: ECDHEECDSAAES256GCMSHA384, hash: sha2.SHA384, cipher: record.AES256GCM}, false},
	{suite{id: ECDHERSAAES256GCMSHA384, hash: sha2.SHA384, cipher: record.AES256GCM}, true},
	{suite{id: ECDHEECDSAAES128CCM, hash: sha2.SHA256, cipher: record.AES128CCM}, false},
	{suite{id: ECDHEECDSAAES128CCM8, hash: sha2.SHA256, cipher: record.AES128CCM8}, false},
}

// longHash is the hash of suites that is not SHA-256.
const longHash = sha2.SHA384

const onlyNamed = 2 // of suites12, at its end

// signable12 are the schemes that we sign with, in order of preference, those of curves first; those of
// RSASSA-PKCS1-v1_5 for peers that know no other.
var signable12 = [...]signature.Scheme{
	signature.ECDSAWithP256AndSHA256,
	signature.Ed25519,
	signature.ECDSAWithP384AndSHA384,
	signature.RSAPSSWithSHA256,
	signature.RSAPSSWithSHA384,
	signature.RSAPSSWithSHA512,
	signature.PKCS1WithSHA256,
	signature.PKCS1WithSHA384,
	signature.PKCS1WithSHA512,
}

const curves12 = 3 // of signable12, at its start

// provable12 are the schemes that we sign a CertificateVerify with: those that are overTranscript, first those of curves.
var provable12 = [...]signature.Scheme{
	signature.ECDSAWithP256AndSHA256,
	signature.ECDSAWithP384AndSHA384,

	signature.RSAPSSWithSHA256,
	signature.RSAPSSWithSHA384,
	signature.PKCS1WithSHA256,
	signature.PKCS1WithSHA384,
}

const curvesProvable12 = 2 // of provable12, at its start
