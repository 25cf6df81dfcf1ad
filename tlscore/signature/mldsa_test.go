package signature

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"colibri/tlscore/primitive/mldsa"
	"colibri/x509lite"
	"colibri/x509lite/der"
)

// mldsaCase is a parameter set of ML-DSA with the SHA-256 of its key files in RFC 9881, appendix C.1, as DER.
type mldsaCase struct {
	scheme               Scheme
	key                  x509lite.KeyAlgorithm
	algorithm            x509lite.SignatureAlgorithm
	oid                  byte // its last octet
	public, expanded     int
	seed, expansion, two string
}

var mldsaCases = []mldsaCase{
	{MLDSA44, x509lite.KeyMLDSA44, x509lite.PureMLDSA44, 17, mldsa.PublicKeySize44, mldsa.ExpandedKeySize44,
		"c823cb6a31172daa8af670a22c0f049af972bf1cb39a4a95971aa8c0c659dff4",
		"35cb529103b3a9ed502fecb438a671ff11bb05fb4afa99301d06240883a74106",
		"e355e29f28e537fcf3aff28354016415146d7f801a57136c241bb6e9addfaa30"},
	{MLDSA65, x509lite.KeyMLDSA65, x509lite.PureMLDSA65, 18, mldsa.PublicKeySize65, mldsa.ExpandedKeySize65,
		"af965903772933b6acc59764f335fcad9b5c61cdab2b368eabf224e7c29e31ac",
		"fae10810e47ed4b41851065b40bb60547e816ebf31b0738b4ed4af57337706ec",
		"5259463f8ec68e21b8c179a7e49dba184fd24280080bd5bb78af94d7a2a0ac81"},
	{MLDSA87, x509lite.KeyMLDSA87, x509lite.PureMLDSA87, 19, mldsa.PublicKeySize87, mldsa.ExpandedKeySize87,
		"72cc4260a8d3d7622801ea98636123866d00e236d5f77221039c862325e02754",
		"8e2e40f141d1d6788d074de4124a744ee3106697ae6c01faccf855510079ecb3",
		"c71913419ea426e99da06330e3b06b2ab47448f1aff520479358e3cb71f5c1d6"},
}

// counting is the seed of the examples in the RFC.
func counting() *[mldsa.SeedSize]byte {
	seed := new([mldsa.SeedSize]byte)
	for i := range seed {
		seed[i] = byte(i)
	}
	return seed
}

// element is one DER element.
func element(tag der.Tag, parts ...[]byte) []byte {
	contents := bytes.Join(parts, nil)
	out := make([]byte, der.HeaderSize(len(contents)))
	der.PutHeader(out, tag, len(contents))
	return append(out, contents...)
}

// file wraps a key of the parameter set in PKCS #8; what is more goes behind it.
func (m *mldsaCase) file(version byte, key []byte, more ...[]byte) []byte {
	id := element(der.ObjectID, []byte{0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, m.oid})
	parts := [][]byte{{2, 1, version}, element(der.Sequence, id), element(der.OctetString, key)}
	return element(der.Sequence, append(parts, more...)...)
}

func (m *mldsaCase) expand(t testing.TB) []byte {
	expanded := make([]byte, m.expanded)
	if !mldsa.Expand(expanded, counting()) {
		t.Fatal(m.scheme)
	}
	return expanded
}

func (m *mldsaCase) publicKey(t testing.TB, seed *[mldsa.SeedSize]byte) *x509lite.PublicKey {
	pub := &x509lite.PublicKey{Algorithm: m.key, Bytes: make([]byte, m.public)}
	if !mldsa.PublicKey(pub.Bytes, seed[:]) {
		t.Fatal(m.scheme)
	}
	return pub
}

// TestMLDSAKeys: the three forms of the RFC's examples are read, sign the same and match their public key only.
func TestMLDSAKeys(t *testing.T) {
	seed := counting()
	message := []byte("sample")
	for _, m := range mldsaCases {
		expanded := m.expand(t)
		pub, other := m.publicKey(t, seed), m.publicKey(t, new([mldsa.SeedSize]byte))
		var first []byte
		for _, form := range []struct {
			name, hash string
			key        []byte
		}{
			{"seed", m.seed, element(der.Context(0), seed[:])},
			{"expanded", m.expansion, element(der.OctetString, expanded)},
			{"both", m.two, element(der.Sequence, element(der.OctetString, seed[:]), element(der.OctetString, expanded))},
		} {
			file := m.file(0, form.key)
			if sum := sha256.Sum256(file); hex.EncodeToString(sum[:]) != form.hash {
				t.Errorf("%v, %s: SHA-256 of the file: %x, want %s", m.scheme, form.name, sum, form.hash)
			}
			var without PrivateKey
			if err := without.Parse(file); err != ErrKeyMLDSA || without.Algorithm() != 0 {
				t.Errorf("%v, %s: without ML-DSA: %v", m.scheme, form.name, err)
			}
			k := PrivateKey{MLDSA: mldsa.Scheme{}}
			if err := k.Parse(file); err != nil {
				t.Errorf("%v, %s: %v", m.scheme, form.name, err)
				continue
			}
			if k.Algorithm() != m.key || !k.Supports(m.scheme) || k.Supports(Ed25519) || k.Supports(mldsaCases[m.oid%3].scheme) {
				t.Errorf("%v, %s: algorithm %v", m.scheme, form.name, k.Algorithm())
			}
			if !k.Matches(pub) || k.Matches(other) || k.Matches(&x509lite.PublicKey{Algorithm: x509lite.KeyP256, Bytes: pub.Bytes}) {
				t.Errorf("%v, %s: it matches what it should not, or not what it should", m.scheme, form.name)
			}
			sig := make([]byte, MLDSASize)
			n, err := k.Sign(m.scheme, sig, message, nil)
			if err != nil {
				t.Errorf("%v, %s: %v", m.scheme, form.name, err)
			}
			if first == nil {
				first = sig[:n]
			} else if !bytes.Equal(sig[:n], first) {
				t.Errorf("%v, %s: another signature", m.scheme, form.name)
			}
			if _, err := k.Sign(m.scheme, sig[:n-1], message, nil); err != ErrSigning {
				t.Errorf("%v, %s: too little room: %v", m.scheme, form.name, err)
			}
			if _, err := k.SignDigest(m.scheme, sig, sig[:32], nil); err != ErrScheme {
				t.Errorf("%v, %s: a digest is signed: %v", m.scheme, form.name, err)
			}
			for _, public := range []struct {
				key  *x509lite.PublicKey
				want error
			}{{pub, nil}, {other, ErrKeyInconsistent}} {
				file := m.file(1, form.key, element(0x81, []byte{0}, public.key.Bytes))
				if err := k.Parse(file); err != public.want {
					t.Errorf("%v, %s: with a public key: %v, want %v", m.scheme, form.name, err, public.want)
				}
			}
			if k.Wipe(); k.Algorithm() != 0 || k.mldsa != nil || k.MLDSA == nil || k.Matches(pub) {
				t.Errorf("%v, %s: a wiped key has something left, or nothing to be parsed again with", m.scheme, form.name)
			}
		}
	}
}

// TestMLDSAKeysRefused: keys whose parts do not belong together, as in appendix C.4 of the RFC, or that are malformed.
func TestMLDSAKeysRefused(t *testing.T) {
	seed := counting()
	for _, m := range mldsaCases {
		expanded := m.expand(t)
		wrong := bytes.Clone(expanded)
		wrong[64] ^= 1 // in tr
		octets := func(b []byte) []byte { return element(der.OctetString, b) }
		for _, test := range []struct {
			name string
			key  []byte
			want error
		}{
			{"another seed beside it", element(der.Sequence, octets(make([]byte, 32)), octets(expanded)), ErrKeyInconsistent},
			{"a wrong tr", octets(wrong), ErrKeyInconsistent},
			{"a wrong t0", octets(append(bytes.Clone(expanded[:m.expanded-1]), expanded[m.expanded-1]^1)), ErrKeyInconsistent},
			{"a short seed", element(der.Context(0), seed[1:]), ErrKeyFormat},
			{"no seed", element(der.Context(0)), ErrKeyFormat},
			{"a seed in an OCTET STRING", octets(seed[:]), ErrKeyFormat},
			{"a seed as it is", seed[:], ErrKeyFormat},
			{"a short expanded key", octets(expanded[1:]), ErrKeyFormat},
			{"a SEQUENCE of the seed alone", element(der.Sequence, octets(seed[:])), ErrKeyFormat},
			{"a SEQUENCE of nothing", element(der.Sequence), ErrKeyFormat},
			{"a short seed beside it", element(der.Sequence, octets(seed[1:]), octets(expanded)), ErrKeyFormat},
			{"something behind both", element(der.Sequence, octets(seed[:]), octets(expanded), octets(nil)), ErrKeyFormat},
			{"something behind the seed", append(element(der.Context(0), seed[:]), 5, 0), ErrKeyFormat},
		} {
			k := PrivateKey{MLDSA: mldsa.Scheme{}}
			if err := k.Parse(m.file(0, test.key)); err != test.want || k.Algorithm() != 0 {
				t.Errorf("%v, %s: %v, want %v", m.scheme, test.name, err, test.want)
			}
		}
		id := element(der.ObjectID, []byte{0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, m.oid})
		k := PrivateKey{MLDSA: mldsa.Scheme{}}
		withNull := element(der.Sequence, []byte{2, 1, 0}, element(der.Sequence, id, []byte{5, 0}), octets(element(der.Context(0), seed[:])))
		if err := k.Parse(withNull); err != ErrKeyFormat {
			t.Errorf("%v with NULL: %v", m.scheme, err)
		}
	}
}

// TestMLDSAVerifier: signatures verify in certificates and in handshakes of TLS 1.3, under their scheme only, and only with ML-DSA.
func TestMLDSAVerifier(t *testing.T) {
	message := []byte("sample")
	for i, m := range mldsaCases {
		k := PrivateKey{MLDSA: mldsa.Scheme{}}
		if err := k.Parse(m.file(0, element(der.Context(0), counting()[:]))); err != nil {
			t.Fatal(err)
		}
		pub, room := m.publicKey(t, counting()), make([]byte, MLDSASize)
		n, err := k.Sign(m.scheme, room, message, fill(64))
		if err != nil {
			t.Fatal(err)
		}
		sig := room[:n]
		v := Verifier{MLDSA: mldsa.Scheme{}}
		if !v.VerifySignature(m.algorithm, pub, message, sig) || !v.VerifyScheme(m.scheme, pub, message, sig) {
			t.Errorf("%v: a signature does not verify", m.scheme)
		}
		if v.VerifyScheme(m.scheme, pub, message[1:], sig) || v.VerifyScheme(m.scheme, pub, message, sig[1:]) {
			t.Errorf("%v: another message or a short signature verifies", m.scheme)
		}
		other := mldsaCases[(i+1)%len(mldsaCases)]
		if v.VerifySignature(other.algorithm, pub, message, sig) || v.VerifyScheme(other.scheme, pub, message, sig) || v.VerifySignature(x509lite.PureEd25519, pub, message, sig) {
			t.Errorf("%v: verifies under another algorithm", m.scheme)
		}
		if v.VerifyScheme12(m.scheme, pub, message, sig) || m.scheme.Fits12(m.key) || m.scheme.Hash() != 0 || m.scheme.CertificatesOnly() {
			t.Errorf("%v: is for TLS 1.2", m.scheme)
		}
		if !m.scheme.Covers(m.algorithm) || other.scheme.Covers(m.algorithm) || !m.scheme.Fits(m.key) || other.scheme.Fits(m.key) {
			t.Errorf("%v: covers or fits something else", m.scheme)
		}
		var without Verifier
		if without.VerifyScheme(m.scheme, pub, message, sig) || !without.Lacked || v.Lacked {
			t.Errorf("%v: verifies without ML-DSA, or says nothing about it", m.scheme)
		}
	}
	if MLDSA44.String() != "mldsa44" || MLDSA65.String() != "mldsa65" || MLDSA87.String() != "mldsa87" {
		t.Error("names")
	}
}
