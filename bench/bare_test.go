package bench

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore/primitive/p256"
	"colibri/tlscore/primitive/x25519"
	"colibri/tlscore/signature"
	"colibri/x509lite"
)

// bare is the public-key cryptography of one side of a handshake and nothing else: a fresh key pair, the agreement, our signature
// if that side signs, and two verifications if it verifies: of the peer's certificate and of its CertificateVerify.
type bare struct {
	curve            tls.CurveID
	signs, verifies  bool
	key              *signature.PrivateKey
	scheme           signature.Scheme
	verifier         signature.Verifier
	public           x509lite.PublicKey
	algorithm        x509lite.SignatureAlgorithm
	certificate      x509lite.Certificate
	issuer           x509lite.PublicKey
	message, entropy [64]byte
	sig              [512]byte
	sigLen           int
	private, shared  [32]byte
	share            [p256.PointSize]byte
}

func newBare(b *testing.B, s scenario, server bool) *bare {
	b.Helper()
	root, err := ca.New(s.family, now, "colibri bench CA")
	check(b, err)
	leaf, err := root.Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	check(b, err)
	der, err := x509.MarshalPKCS8PrivateKey(leaf.Key)
	check(b, err)
	k := &bare{
		curve: s.curve, signs: server || s.auth == mutual, verifies: !server || s.auth == mutual,
		key: new(signature.PrivateKey), verifier: signature.Verifier{RSA: new(signature.Scratch)},
		scheme: signature.ECDSAWithP256AndSHA256,
	}
	if s.family == ca.RSA {
		k.scheme = signature.RSAPSSWithSHA256
	}
	check(b, k.key.Parse(der))
	check(b, k.certificate.Parse(leaf.Chain[0]))
	check(b, k.certificate.PublicKey(&k.public))
	var anchor x509lite.Certificate
	check(b, anchor.Parse(root.Cert.Raw))
	check(b, anchor.PublicKey(&k.issuer))
	k.algorithm = k.certificate.SignatureAlgorithm
	k.sigLen, err = k.key.Sign(k.scheme, k.sig[:], k.message[:], k.entropy[:])
	check(b, err)
	constantRand{}.Read(k.private[:])
	return k
}

// run does it once; it reports whether all of it succeeded.
func (k *bare) run() bool {
	ok := true
	if k.curve == tls.CurveP256 {
		ok = p256.PublicKey(&k.share, &k.private) && p256.ECDH(&k.shared, &k.private, k.share[:])
	} else {
		share := (*[32]byte)(k.share[:32])
		x25519.PublicKey(share, &k.private)
		ok = x25519.Shared(&k.shared, &k.private, share)
	}
	if k.signs {
		_, err := k.key.Sign(k.scheme, k.sig[:], k.message[:], k.entropy[:])
		ok = ok && err == nil
	}
	if k.verifies {
		ok = ok && k.verifier.VerifySignature(k.algorithm, &k.issuer, k.certificate.TBS, k.certificate.Signature) &&
			k.verifier.VerifyScheme(k.scheme, &k.public, k.message[:], k.sig[:k.sigLen])
	}
	return ok
}

// BenchmarkBare is what BenchmarkHandshake would take if a handshake were nothing but its public-key cryptography. It leaves out what
// has less of it, or more.
func BenchmarkBare(b *testing.B) {
	for _, s := range scenarios {
		if s.auth == resumed || s.retry {
			continue
		}
		for _, role := range []string{"server", "client"} {
			b.Run(fmt.Sprintf("role=%s/impl=bare/%v", role, s), func(b *testing.B) {
				k := newBare(b, s, role == "server")
				b.ReportAllocs()
				for b.Loop() {
					counted(func() {
						if !k.run() {
							b.Fatal("a primitive failed")
						}
					})
				}
			})
		}
	}
}
