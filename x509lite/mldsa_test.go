package x509lite

import (
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/sha3"
	"encoding/hex"
	"testing"

	"colibri/x509lite/der"

	"github.com/cloudflare/circl/sign"
	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"github.com/cloudflare/circl/sign/mldsa/mldsa65"
	"github.com/cloudflare/circl/sign/mldsa/mldsa87"
)

// mldsaSet is a parameter set of ML-DSA in all the words for it.
type mldsaSet struct {
	scheme sign.Scheme
	key    KeyAlgorithm
	alg    SignatureAlgorithm
	oid    []byte
	rfc    string // SHA-256 of the certificate in RFC 9881, appendix C.3
}

var mldsaSets = [...]mldsaSet{
	{mldsa44.Scheme(), KeyMLDSA44, PureMLDSA44, oid(2, 16, 840, 1, 101, 3, 4, 3, 17),
		"9762ddd44288af89bde9213f63212e273815ebbe37f2ce918c496365b1382165"},
	{mldsa65.Scheme(), KeyMLDSA65, PureMLDSA65, oid(2, 16, 840, 1, 101, 3, 4, 3, 18),
		"7bf5da6c6ee25c59abb6b3561c27092872fec9052bcb98a5aa94dfa806057bd2"},
	{mldsa87.Scheme(), KeyMLDSA87, PureMLDSA87, oid(2, 16, 840, 1, 101, 3, 4, 3, 19),
		"ee6db12f8b68b814a9ff912f6badb8299ea9baebf121fceffa60cf23d3b97e34"},
}

// signer makes a key from its seed. Its signatures are deterministic.
func (s *mldsaSet) signer(seed []byte) *signer {
	public, private := s.scheme.DeriveKey(seed)
	raw, err := public.MarshalBinary()
	if err != nil {
		panic(err)
	}
	return &signer{
		spki: seq(seq(s.oid), bitString(raw)),
		sign: func(_, message []byte) []byte { return s.scheme.Sign(private, message, nil) },
	}
}

func (s *mldsaSet) named(name string) *signer {
	seed := sha256.Sum256([]byte("ml-dsa " + name))
	return s.signer(seed[:])
}

// mldsaCrypto is stdCrypto with ML-DSA.
type mldsaCrypto struct{ stdCrypto }

func (m *mldsaCrypto) VerifySignature(alg SignatureAlgorithm, key *PublicKey, message, sig []byte) bool {
	for i := range mldsaSets {
		if s := &mldsaSets[i]; s.alg == alg {
			public, err := s.scheme.UnmarshalBinaryPublicKey(key.Bytes)
			return err == nil && s.scheme.Verify(public, message, sig, nil)
		}
	}
	return m.stdCrypto.VerifySignature(alg, key, message, sig)
}

// rfc9881 makes the certificate of appendix C.3 again: its key comes from the seed 00 01 .. 1f (appendix C.1), and its signature is a
// deterministic one.
func (s *mldsaSet) rfc9881() []byte {
	seed := make([]byte, 32)
	for i := range seed {
		seed[i] = byte(i)
	}
	key := s.signer(seed)
	var public PublicKey
	if e := public.parse(key.spki); e != 0 {
		panic(e)
	}
	printable := func(text string) []byte { return tlv(der.PrintableString, []byte(text)) }
	name := seq(attribute(oid(2, 5, 4, 10), printable("IETF")), attribute(oid(2, 5, 4, 3), printable("LAMPS WG")))
	serial, err := hex.DecodeString("159ffe6f22fd5cc42c524df6fd5e28d0de38f34e")
	if err != nil {
		panic(err)
	}
	id := sha3.SumSHAKE256(public.Bytes, 20) // the first octets of tr (FIPS 204, algorithm 6)
	certificate := spec{
		version: tlv(der.ContextConstructed(0), number(2)), serial: tlv(der.Integer, serial), alg: seq(s.oid), issuer: name, subject: name,
		notBefore: utc("200203043210Z"), notAfter: utc("400129043210Z"), spki: key.spki, signer: key,
		exts: []ext{
			ce(15, true, keyUsageBits(0, 5, 6)),
			ce(19, true, seq(asn1True)),
			ce(14, false, octets(id)),
		},
	}
	return certificate.der()
}

// TestRFC9881: the example certificates of the RFC are read, and verify as they are signed, by themselves.
func TestRFC9881(t *testing.T) {
	for i := range mldsaSets {
		s := &mldsaSets[i]
		raw := s.rfc9881()
		if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != s.rfc {
			t.Errorf("%v: SHA-256 of the certificate: %x, want %s", s.alg, sum, s.rfc)
			continue
		}
		var c Certificate
		if err := c.Parse(raw); err != nil {
			t.Fatalf("%v: %v", s.alg, err)
		}
		var k PublicKey
		if err := c.PublicKey(&k); err != nil {
			t.Fatalf("%v: %v", s.alg, err)
		}
		name := s.scheme.Name()
		if c.SignatureAlgorithm != s.alg || k.Algorithm != s.key || s.alg.String() != name || s.key.String() != name || !k.Algorithm.MLDSA() {
			t.Errorf("%s: signed by %v, key %v", name, c.SignatureAlgorithm, k.Algorithm)
		}
		if len(k.Bytes) != s.scheme.PublicKeySize() || k.Bits() != 8*len(k.Bytes) || len(c.Signature) != s.scheme.SignatureSize() {
			t.Errorf("%s: a key of %d bytes, a signature of %d", name, len(k.Bytes), len(c.Signature))
		}
		if !c.SignatureAlgorithm.fits(&k) || !new(mldsaCrypto).VerifySignature(c.SignatureAlgorithm, &k, c.TBS, c.Signature) {
			t.Errorf("%s: the signature does not verify", name)
		}
	}
}

// TestMLDSAChains: chains verify whose root, CA and leaf are of one parameter set, of different ones, and of ML-DSA above other
// keys and below them; a signature that is not good, one under another parameter set, and a verifier that does not know ML-DSA refuse.
func TestMLDSAChains(t *testing.T) {
	type party struct {
		key *signer
		alg []byte
	}
	parties := []party{{ecKey(elliptic.P256(), "mixed"), algECDSA256}}
	for i := range mldsaSets {
		parties = append(parties, party{mldsaSets[i].named("party"), seq(mldsaSets[i].oid)})
	}
	for r, root := range parties {
		for c, ca := range parties {
			leafKey := parties[(r+c)%len(parties)].key.spki
			for _, test := range []struct {
				what   string
				change func(leaf *spec)
				crypto SignatureVerifier
				want   error
			}{
				{"good", nil, new(mldsaCrypto), nil},
				{"changed", func(s *spec) { s.badSignature = true }, new(mldsaCrypto), ErrSignature},
				{"of another kind", func(s *spec) { s.alg = parties[(c+1)%len(parties)].alg }, new(mldsaCrypto), ErrSignature},
				{"not known", nil, new(stdCrypto), ErrSignature},
			} {
				want := test.want
				if test.what == "not known" && r == 0 && c == 0 {
					want = nil
				}
				anchor := newCA(root.key, root.key, cn("root"), cn("root"))
				anchor.alg = root.alg
				middle := newCA(ca.key, root.key, cn("ca"), cn("root"))
				middle.alg = root.alg
				leaf := newLeaf(&signer{spki: leafKey}, ca.key, cn("ca"))
				leaf.alg = ca.alg
				if test.change != nil {
					test.change(leaf)
				}
				o := Options{Anchors: new(Anchors), Now: suiteNow, Usage: UsageServer, Name: host("changeme.example.com"), Crypto: test.crypto}
				if err := o.Anchors.Add(anchor.der()); err != nil {
					t.Fatal(err)
				}
				chain := [][]byte{leaf.der(), middle.der()}
				var v Verifier
				if err := v.Verify(&o, chain); err != want {
					t.Errorf("root %d, CA %d, %s: %v, want %v", r, c, test.what, err, want)
				}
				o.Profile = ProfileSuiteB
				if err := v.Verify(&o, chain); err == nil && r+c > 0 {
					t.Errorf("root %d, CA %d, %s: accepted under Suite B", r, c, test.what)
				}
			}
		}
	}
}

// TestMLDSAKeysMalformed: a key of the wrong length is malformed; identifiers with parameters are not known.
func TestMLDSAKeysMalformed(t *testing.T) {
	for i := range mldsaSets {
		s := &mldsaSets[i]
		size := s.scheme.PublicKeySize()
		for _, test := range []struct {
			what string
			spki []byte
			want Error
		}{
			{"whole", seq(seq(s.oid), bitString(make([]byte, size))), 0},
			{"short", seq(seq(s.oid), bitString(make([]byte, size-1))), ErrPublicKey},
			{"long", seq(seq(s.oid), bitString(make([]byte, size+1))), ErrPublicKey},
			{"empty", seq(seq(s.oid), bitString(nil)), ErrPublicKey},
			{"with NULL", seq(seq(s.oid, null), bitString(make([]byte, size))), ErrUnsupportedKey},
		} {
			var k PublicKey
			if e := k.parse(test.spki); e != test.want {
				t.Errorf("%v, %s: %v, want %v", s.key, test.what, e, test.want)
			}
		}
		if a := signatureAlgorithm(cat(s.oid, null)); a != 0 {
			t.Errorf("%v with NULL is %v", s.alg, a)
		}
	}
}
