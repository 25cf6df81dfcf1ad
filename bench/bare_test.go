package bench

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"testing"

	"colibri/firmware/pki/ca"
	"colibri/tlscore/primitive/aesgcm"
	"colibri/tlscore/primitive/hkdf"
	"colibri/tlscore/primitive/hmac"
	"colibri/tlscore/primitive/p256"
	"colibri/tlscore/primitive/sha2"
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

// symmetric is the rest of the cryptography that RFC 8446 or RFC 5246 demands of one side, with AES-128-GCM and SHA-256 and without
// tickets: hashes of the messages so far wherever one is due, secrets, keys, and the records under them. What may be computed once for
// several steps, or before the handshake, is.
type symmetric struct {
	tls12, mutual bool
	messages      [1400]byte // as many as there are in a handshake with one certificate, roughly; the client's is hashed besides
	transcript    sha2.Digest
	hash, secret  [32]byte
	expander      hkdf.Expander
	key           [16]byte
	iv            [12]byte
	aead          aesgcm.Key
	record        [1200]byte
}

func (m *symmetric) run() {
	size, flight, hashes := 900, 700, 5 // behind ServerHello, Certificate, CertificateVerify, and each Finished
	if m.mutual {
		size, hashes = 1400, 7 // behind the client's Certificate and CertificateVerify
	}
	m.transcript.Reset(sha2.SHA256)
	m.transcript.Write(m.messages[:size])
	if m.tls12 {
		hashes -= 2 // Neither is there a secret behind ServerHello, nor does its signature cover the transcript.
	}
	for range hashes {
		m.transcript.Sum(m.hash[:])
	}
	if m.tls12 {
		m.prf(48) // the master secret
		m.prf(40) // the key block
		m.prf(12) // and both Finished
		m.prf(12)
		m.protect(2, 16, 16)
		return
	}
	for _, labels := range [...]int{3, 2} { // Handshake and Master Secret, and what is derived from them (section 7.1)
		hkdf.Extract(sha2.SHA256, m.secret[:], m.hash[:], m.secret[:]) // The Early Secret of no key and its salt are constants.
		m.expander.Init(sha2.SHA256, m.secret[:])
		for range labels {
			m.expander.Label(m.secret[:], "c hs traffic", m.hash[:])
		}
	}
	for range 4 { // section 7.3
		m.expander.Init(sha2.SHA256, m.secret[:])
		m.expander.Label(m.key[:], "key", nil)
		m.expander.Label(m.iv[:], "iv", nil)
	}
	for range 2 { // section 4.4.4
		hkdf.ExpandLabel(sha2.SHA256, m.hash[:], m.secret[:], "finished", nil)
		hmac.Sum(sha2.SHA256, m.hash[:], m.hash[:], m.hash[:])
	}
	if m.mutual {
		m.protect(4, flight, 500)
	} else {
		m.protect(4, flight, 53)
	}
}

// prf is P_SHA256 of n bytes with a seed of the usual length (RFC 5246, section 5).
func (m *symmetric) prf(n int) {
	for ; n > 0; n -= 32 {
		hmac.Sum(sha2.SHA256, m.hash[:], m.secret[:], m.messages[:54])
		hmac.Sum(sha2.SHA256, m.hash[:], m.secret[:], m.messages[:86])
	}
}

// protect sets so many keys, seals a record of one length and opens one of another.
func (m *symmetric) protect(keys, sealed, opened int) {
	for range keys {
		m.aead.Init(m.key[:])
	}
	for _, n := range [...]int{sealed, opened} {
		m.aead.Seal(m.record[:n+aesgcm.TagSize], &m.iv, m.messages[:5]) // Opening costs the same.
	}
}

// BenchmarkBare is what BenchmarkHandshake would take if a handshake were nothing but its public-key cryptography (impl=bare), and nothing
// but its cryptography (impl=primitives). It leaves out what has less of it, or more.
func BenchmarkBare(b *testing.B) {
	for _, s := range scenarios {
		if s.auth == resumed || s.retry {
			continue
		}
		for _, role := range []string{"server", "client"} {
			for _, impl := range []string{"bare", "primitives"} {
				b.Run(fmt.Sprintf("role=%s/impl=%s/%v", role, impl, s), func(b *testing.B) {
					k := newBare(b, s, role == "server")
					m := &symmetric{tls12: s.version == tls.VersionTLS12, mutual: s.auth == mutual}
					b.ReportAllocs()
					run := func() {
						if !k.run() {
							b.Fatal("a primitive failed")
						}
						if impl == "primitives" {
							m.run()
						}
					}
					run() // The stack grows here: callgrind would stop counting a call in which it moves.
					for b.Loop() {
						counted(run)
					}
				})
			}
		}
	}
}
