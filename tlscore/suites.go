package tlscore

import (
	"colibri/tlscore/primitive/sha2"
	"colibri/tlscore/record"
)

// SuiteID is the number of a cipher suite.
type SuiteID uint16

// Cipher suites of TLS 1.3 (RFC 8446, appendix B.4).
const (
	AES128GCMSHA256        SuiteID = 0x1301
	AES256GCMSHA384        SuiteID = 0x1302
	ChaCha20Poly1305SHA256 SuiteID = 0x1303
	AES128CCMSHA256        SuiteID = 0x1304 // only if Config.Suites names it
	AES128CCM8SHA256       SuiteID = 0x1305 // only if Config.Suites names it: its tags are half as long
)

// Cipher suites of TLS 1.2 (RFC 5289, RFC 7905, RFC 7251), for Config.TLS12.
const (
	ECDHEECDSAAES128GCMSHA256  SuiteID = 0xc02b
	ECDHEECDSAAES256GCMSHA384  SuiteID = 0xc02c
	ECDHERSAAES128GCMSHA256    SuiteID = 0xc02f
	ECDHERSAAES256GCMSHA384    SuiteID = 0xc030
	ECDHERSAChaCha20Poly1305   SuiteID = 0xcca8
	ECDHEECDSAChaCha20Poly1305 SuiteID = 0xcca9
	ECDHEECDSAAES128CCM        SuiteID = 0xc0ac // only if Config.Suites names it
	ECDHEECDSAAES128CCM8       SuiteID = 0xc0ae // only if Config.Suites names it: its tags are half as long
)

// String returns the suite's name in its RFC.
func (id SuiteID) String() string {
	switch id { // Not in the table of TLS 1.2, so that a name does not link it.
	case ECDHEECDSAAES128GCMSHA256:
		return "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
	case ECDHEECDSAAES256GCMSHA384:
		return "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
	case ECDHERSAAES128GCMSHA256:
		return "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
	case ECDHERSAAES256GCMSHA384:
		return "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
	case ECDHERSAChaCha20Poly1305:
		return "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
	case ECDHEECDSAChaCha20Poly1305:
		return "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
	case ECDHEECDSAAES128CCM:
		return "TLS_ECDHE_ECDSA_WITH_AES_128_CCM"
	case ECDHEECDSAAES128CCM8:
		return "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8"
	}
	if s := suiteByID(id); s != nil {
		return s.name
	}
	return "unknown cipher suite"
}

type suite struct {
	id     SuiteID
	name   string
	hash   sha2.Algorithm
	cipher record.Cipher
}

func suiteByID(id SuiteID) *suite {
	for i := range suites {
		if suites[i].id == id {
			return &suites[i]
		}
	}
	return nil
}
