package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"

	"colibri/tlscore/primitive/p521"
	"colibri/x509lite"
)

// TestP521: signatures of the standard library under all hashes, in certificates and in handshakes of both versions, verify with P521 and
// nothing else.
func TestP521(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	pub := &x509lite.PublicKey{Algorithm: x509lite.KeyP521, Bytes: raw}
	message := []byte("sample")
	for alg, hash := range map[x509lite.SignatureAlgorithm]crypto.Hash{x509lite.ECDSAWithSHA256: crypto.SHA256,
		x509lite.ECDSAWithSHA384: crypto.SHA384, x509lite.ECDSAWithSHA512: crypto.SHA512} {
		sig, err := key.Sign(rand.Reader, digestOf(hash, message), hash)
		if err != nil {
			t.Fatal(err)
		}
		v := Verifier{P521: p521.ECDSA{}}
		if !v.VerifySignature(alg, pub, message, sig) || v.Lacked {
			t.Errorf("%v: a signature does not verify", alg)
		}
		if v.VerifySignature(alg, pub, message[1:], sig) || v.VerifySignature(alg, pub, message, sig[1:]) {
			t.Errorf("%v: another message or a malformed signature verifies", alg)
		}
		if got := v.VerifyScheme(ECDSAWithP521AndSHA512, pub, message, sig); got != (alg == x509lite.ECDSAWithSHA512) {
			t.Errorf("%v: verifies in TLS 1.3: %v", alg, got)
		}
		if v.VerifyScheme(ECDSAWithP256AndSHA256, pub, message, sig) {
			t.Errorf("%v: verifies in TLS 1.3 under the scheme of another curve", alg)
		}
		if got := v.VerifyScheme12(ECDSAWithP256AndSHA256, pub, message, sig); got != (alg == x509lite.ECDSAWithSHA256) {
			t.Errorf("%v: verifies in TLS 1.2: %v", alg, got)
		}
		var without Verifier
		if without.VerifySignature(alg, pub, message, sig) || !without.Lacked {
			t.Errorf("%v: verifies without P-521, or says nothing about it", alg)
		}
	}
	if s := ECDSAWithP521AndSHA512; s.String() != "ecdsa_secp521r1_sha512" || s.MLDSA() || s.CertificatesOnly() {
		t.Error("what the scheme is")
	}
}
