package x509lite

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"testing"
)

// TestRSAPSSKeys: a key for RSA-PSS only makes no other signatures; one that names its hash, in the form of a signature, makes none
// under another; other parameters are not understood; and under the rules of the web it is not welcome.
func TestRSAPSSKeys(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	inner := x509.MarshalPKCS1PublicKey(&private.PublicKey)
	spki := func(algorithm string) []byte {
		type info struct {
			Algorithm asn1.RawValue
			Key       asn1.BitString
		}
		der, err := asn1.Marshal(info{
			asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, Bytes: []byte(algorithm)},
			asn1.BitString{Bytes: inner, BitLength: 8 * len(inner)},
		})
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	bound := ""
	for _, a := range signatureAlgorithms {
		if a.alg == SHA384WithRSAPSS {
			bound = a.der
		}
	}
	for _, test := range []struct {
		name, algorithm string
		err             Error
		only            SignatureAlgorithm
	}{
		{"any hash", rsaPSS, 0, 0},
		{"SHA-384", bound, 0, SHA384WithRSAPSS},
		{"SHA-1 by default", rsaPSS + "\x30\x00", ErrUnsupportedKey, 0},
		{"NULL", rsaPSS + "\x05\x00", ErrUnsupportedKey, 0},
		{"another salt", bound[:len(bound)-1] + "\x20", ErrUnsupportedKey, 0},
	} {
		var k PublicKey
		if e := k.parse(spki(test.algorithm)); e != test.err {
			t.Errorf("%s: %v, want %v", test.name, e, test.err)
		}
		if test.err != 0 {
			continue
		}
		if k.Algorithm != KeyRSAPSS || k.Only != test.only || k.Bits() != 2048 || k.Algorithm.String() != "RSA-PSS" {
			t.Errorf("%s: %+v", test.name, k)
		}
		for _, a := range signatureAlgorithms {
			want := a.alg.key() == KeyRSA && a.alg >= SHA256WithRSAPSS && a.alg <= SHA512WithRSAPSS && (test.only == 0 || a.alg == test.only)
			if got := a.alg.fits(&k); got != want {
				t.Errorf("%s: %v fits: %v", test.name, a.alg, got)
			}
		}
		if e := (WebPKI{}).keyFault(&k); e != ErrBaselineRequirements {
			t.Errorf("%s on the web: %v", test.name, e)
		}
		if e := ProfileDefault.keyFault(&k); e != 0 {
			t.Errorf("%s elsewhere: %v", test.name, e)
		}
	}
}
