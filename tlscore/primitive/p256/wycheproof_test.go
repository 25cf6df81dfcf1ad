package p256

import (
	"encoding/asn1"
	"testing"

	"colibri/tlscore/primitive/internal/ecvectors"
)

func TestWycheproof(t *testing.T) {
	for _, impl := range implementations {
		curve := ecvectors.Curve{
			Name: impl.name,
			Size: ScalarSize,
			OID:  asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}, // RFC 5480, 2.1.1.1
			Shared: func(priv, peer []byte) ([]byte, bool) {
				var shared [ScalarSize]byte
				ok := impl.ecdh(&shared, (*[ScalarSize]byte)(priv), peer)
				return shared[:], ok
			},
			Verify: func(pub, digest, sig []byte) bool {
				return impl.verify(pub, digest, (*[SignatureSize]byte)(sig))
			},
		}
		curve.ECDH(t, "ecdh_secp256r1_ecpoint_test.json.gz")
		curve.ECDH(t, "ecdh_secp256r1_test.json.gz")
		curve.ECDSA(t, "ecdsa_secp256r1_sha256_test.json.gz")
		curve.ECDSA(t, "ecdsa_secp256r1_sha512_test.json.gz")
	}
}
