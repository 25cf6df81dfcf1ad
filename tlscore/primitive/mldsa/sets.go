package mldsa

import (
	"github.com/cloudflare/circl/sign"
	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"github.com/cloudflare/circl/sign/mldsa/mldsa65"
	"github.com/cloudflare/circl/sign/mldsa/mldsa87"
)

// Sizes in bytes (FIPS 204, section 4, table 2).
const (
	SeedSize = 32

	PublicKeySize44   = 1312
	ExpandedKeySize44 = 2560
	SignatureSize44   = 2420

	PublicKeySize65   = 1952
	ExpandedKeySize65 = 4032
	SignatureSize65   = 3309

	PublicKeySize87   = 2592
	ExpandedKeySize87 = 4896
	SignatureSize87   = 4627
)

// MaxContext is the largest length of a context string, in bytes.
const MaxContext = 255

// byPublic returns the parameter set whose public keys have n bytes, nil if there is none.
func byPublic(n int) sign.Scheme {
	switch n {
	case PublicKeySize44:
		return mldsa44.Scheme()
	case PublicKeySize65:
		return mldsa65.Scheme()
	case PublicKeySize87:
		return mldsa87.Scheme()
	}
	return nil
}

// bySignature returns the parameter set whose signatures have n bytes, nil if there is none.
func bySignature(n int) sign.Scheme {
	switch n {
	case SignatureSize44:
		return mldsa44.Scheme()
	case SignatureSize65:
		return mldsa65.Scheme()
	case SignatureSize87:
		return mldsa87.Scheme()
	}
	return nil
}

// byExpanded returns the parameter set whose expanded private keys have n bytes, nil if there is none.
func byExpanded(n int) sign.Scheme {
	switch n {
	case ExpandedKeySize44:
		return mldsa44.Scheme()
	case ExpandedKeySize65:
		return mldsa65.Scheme()
	case ExpandedKeySize87:
		return mldsa87.Scheme()
	}
	return nil
}
