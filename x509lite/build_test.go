package x509lite

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"math/big"
	"strconv"

	"colibri/x509lite/der"
)

// The generator of the case suite builds certificates octet by octet, so that it can break any rule it likes.
// Everything in it is deterministic: keys come from their names, and Ed25519, RFC 6979 and PKCS #1 v1.5 need
// no randomness. Only the salts of PSS differ.

// tlv is one DER element.
func tlv(tag der.Tag, parts ...[]byte) []byte {
	var contents []byte
	for _, p := range parts {
		contents = append(contents, p...)
	}
	out := make([]byte, der.HeaderSize(len(contents)))
	der.PutHeader(out, tag, len(contents))
	return append(out, contents...)
}

func seq(parts ...[]byte) []byte { return tlv(der.Sequence, parts...) }

func cat(parts ...[]byte) []byte { return tlv(0, parts...)[der.HeaderSize(total(parts)):] }

func total(parts [][]byte) (n int) {
	for _, p := range parts {
		n += len(p)
	}
	return n
}

func octets(b []byte) []byte { return tlv(der.OctetString, b) }

func bitString(b []byte) []byte { return tlv(der.BitString, []byte{0}, b) }

func number(n int64) []byte {
	b := big.NewInt(n).Bytes()
	if len(b) == 0 || b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	return tlv(der.Integer, b)
}

// oid encodes an object identifier.
func oid(arcs ...int) []byte {
	b := []byte{byte(40*arcs[0] + arcs[1])}
	for _, arc := range arcs[2:] {
		var part []byte
		for part = []byte{byte(arc & 0x7f)}; arc > 0x7f; {
			arc >>= 7
			part = append([]byte{byte(arc&0x7f | 0x80)}, part...)
		}
		b = append(b, part...)
	}
	return tlv(der.ObjectID, b)
}

var (
	null     = tlv(der.Null)
	asn1True = []byte{1, 1, 0xff}
)

func utf8String(s string) []byte { return tlv(der.UTF8String, []byte(s)) }

// attribute is a relative name of one attribute.
func attribute(kind []byte, value []byte) []byte { return tlv(der.Set, seq(kind, value)) }

// cn is a Name that consists of a commonName.
func cn(name string) []byte { return seq(attribute(oid(2, 5, 4, 3), utf8String(name))) }

// dn is a Name of organizations and a commonName: dn("a", "b", "c") is O=a, O=b, CN=c.
func dn(names ...string) []byte {
	var rdns [][]byte
	for i, n := range names {
		kind := oid(2, 5, 4, 10)
		if i == len(names)-1 {
			kind = oid(2, 5, 4, 3)
		}
		rdns = append(rdns, attribute(kind, utf8String(n)))
	}
	return seq(rdns...)
}

// signer is a private key with its public key as SubjectPublicKeyInfo.
type signer struct {
	spki []byte
	sign func(alg []byte, message []byte) []byte
}

var (
	algEd25519     = ownAlgorithm()
	algECDSA256    = seq(oid(1, 2, 840, 10045, 4, 3, 2))
	algECDSA384    = seq(oid(1, 2, 840, 10045, 4, 3, 3))
	algECDSA512    = seq(oid(1, 2, 840, 10045, 4, 3, 4))
	algECDSA1      = seq(oid(1, 2, 840, 10045, 4, 1))
	algECDSA224    = seq(oid(1, 2, 840, 10045, 4, 3, 1))
	algRSA256      = seq(oid(1, 2, 840, 113549, 1, 1, 11), null)
	algRSA384      = seq(oid(1, 2, 840, 113549, 1, 1, 12), null)
	algRSA512      = seq(oid(1, 2, 840, 113549, 1, 1, 13), null)
	algRSA1        = seq(oid(1, 2, 840, 113549, 1, 1, 5), null)
	algRSA224      = seq(oid(1, 2, 840, 113549, 1, 1, 14), null)
	algRSAMD5      = seq(oid(1, 2, 840, 113549, 1, 1, 4), null)
	algRSAMD2      = seq(oid(1, 2, 840, 113549, 1, 1, 2), null)
	algDSA1        = seq(oid(1, 2, 840, 10040, 4, 3))
	algDSA256      = seq(oid(2, 16, 840, 1, 101, 3, 4, 3, 2))
	algOIW1        = seq(oid(1, 3, 14, 3, 2, 29), null)
	algRSA256NoPar = seq(oid(1, 2, 840, 113549, 1, 1, 11))
	algECDSANull   = seq(oid(1, 2, 840, 10045, 4, 3, 2), null)
	algPSS256      = pss(1, 32)
	algPSS384      = pss(2, 48)
	algPSS512      = pss(3, 64)
	algPSSDefault  = seq(oid(1, 2, 840, 113549, 1, 1, 10), seq())
	algPSS1        = seq(oid(1, 2, 840, 113549, 1, 1, 10), seq(tlv(0xa0, seq(oid(1, 3, 14, 3, 2, 26), null))))
	algEd448       = seq(oid(1, 3, 101, 113))
)

// ownAlgorithm is the one of edKey.
func ownAlgorithm() []byte {
	if small {
		return seq(oid(1, 2, 840, 10045, 4, 3, 2))
	}
	return seq(oid(1, 3, 101, 112))
}

// pss is RSASSA-PSS with the n-th SHA-2 hash of NIST's arc.
func pss(n int, salt int64) []byte {
	hash := seq(oid(2, 16, 840, 1, 101, 3, 4, 2, n), null)
	mgf := seq(oid(1, 2, 840, 113549, 1, 1, 8), hash)
	return seq(oid(1, 2, 840, 113549, 1, 1, 10), seq(tlv(0xa0, hash), tlv(0xa1, mgf), tlv(0xa2, number(salt))))
}

// edKey makes an Ed25519 key from a name; in a small program, which has no such keys, one on P-256.
func edKey(name string) *signer {
	if small {
		return ecKey(elliptic.P256(), name)
	}
	seed := sha256.Sum256([]byte("ed25519 " + name))
	key := ed25519.NewKeyFromSeed(seed[:])
	return &signer{
		spki: seq(algEd25519, bitString(key.Public().(ed25519.PublicKey))),
		sign: func(_, message []byte) []byte { return ed25519.Sign(key, message) },
	}
}

func hashFor(alg []byte) crypto.Hash {
	switch string(alg) {
	case string(algECDSA384), string(algRSA384), string(algPSS384):
		return crypto.SHA384
	case string(algECDSA512), string(algRSA512), string(algPSS512):
		return crypto.SHA512
	}
	return crypto.SHA256
}

func digestFor(alg, message []byte) ([]byte, crypto.Hash) {
	h := hashFor(alg)
	d := h.New()
	d.Write(message)
	return d.Sum(nil), h
}

// ecKey makes a key on a curve from a name. It signs as RFC 6979 says.
func ecKey(curve elliptic.Curve, name string) *signer {
	seed := sha512.Sum512([]byte("ecdsa " + name))
	scalar := make([]byte, (curve.Params().BitSize+7)/8)
	copy(scalar[1:], seed[:]) // below the order
	key, err := ecdsa.ParseRawPrivateKey(curve, scalar)
	if err != nil {
		panic(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		panic(err)
	}
	return &signer{spki: spki, sign: func(alg, message []byte) []byte {
		digest, h := digestFor(alg, message)
		sig, err := key.Sign(nil, digest, h)
		if err != nil {
			panic(err)
		}
		return sig
	}}
}

// rsaKey makes an RSA key whose modulus has the given number of bits from a name.
func rsaKey(bits int, name string) *signer {
	counter := 0
	prime := func(bits int) *big.Int {
		for {
			var b []byte
			for len(b) < bits/8+1 {
				counter++
				h := sha256.Sum256([]byte("rsa " + name + " " + strconv.Itoa(counter)))
				b = append(b, h[:]...)
			}
			p := new(big.Int).SetBytes(b)
			p.Rsh(p, uint(p.BitLen()-bits))
			// The two upper bits make the product as long as it should be.
			p.SetBit(p, bits-1, 1).SetBit(p, bits-2, 1).SetBit(p, 0, 1)
			for i := 0; i < 2000; i++ {
				if p.ProbablyPrime(1) && new(big.Int).Mod(p, big.NewInt(65537)).Int64() != 1 {
					return p
				}
				p.Add(p, big.NewInt(2))
			}
		}
	}
	p, q := prime(bits/2), prime(bits-bits/2)
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 65537},
		D: new(big.Int).ModInverse(big.NewInt(65537), phi), Primes: []*big.Int{p, q}}
	key.Precompute()
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		panic(err)
	}
	return &signer{spki: spki, sign: func(alg, message []byte) []byte {
		digest, h := digestFor(alg, message)
		var opts crypto.SignerOpts = h
		if a := string(alg); a == string(algPSS256) || a == string(algPSS384) || a == string(algPSS512) {
			opts = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: h}
		}
		sig, err := key.Sign(rand.Reader, digest, opts)
		if err != nil {
			panic(err)
		}
		return sig
	}}
}

// ext is an extension.
type ext struct {
	oid      []byte
	critical bool
	value    []byte
}

func (e ext) der() []byte {
	if e.critical {
		return seq(e.oid, asn1True, octets(e.value))
	}
	return seq(e.oid, octets(e.value))
}

func ce(n int, critical bool, value []byte) ext { return ext{oid(2, 5, 29, n), critical, value} }
func pe(n int, critical bool, value []byte) ext {
	return ext{oid(1, 3, 6, 1, 5, 5, 7, 1, n), critical, value}
}

// spec is a certificate to be.
type spec struct {
	version         []byte // the [0] element, nil for v1
	serial          []byte // the INTEGER element
	alg, outerAlg   []byte // AlgorithmIdentifiers; outerAlg nil: the same
	issuer, subject []byte
	notBefore       []byte // the Time elements
	notAfter        []byte
	spki            []byte
	unique          []byte // issuerUniqueID and subjectUniqueID elements
	exts            []ext
	rawExtensions   []byte // instead of exts: the [3] element
	signer          *signer
	change          func(der []byte) []byte // the finished certificate
	changeTBS       func(tbs []byte) []byte // before it is signed
	badSignature    bool
}

func (s *spec) der() []byte {
	extensions := s.rawExtensions
	if extensions == nil && len(s.exts) > 0 {
		var list [][]byte
		for _, e := range s.exts {
			list = append(list, e.der())
		}
		extensions = tlv(0xa3, seq(list...))
	}
	tbs := seq(s.version, s.serial, s.alg, s.issuer, seq(s.notBefore, s.notAfter), s.subject, s.spki, s.unique, extensions)
	if s.changeTBS != nil {
		tbs = s.changeTBS(tbs)
	}
	sig := s.signer.sign(s.alg, tbs)
	if s.badSignature {
		sig[len(sig)-1] ^= 1
	}
	outer := s.alg
	if s.outerAlg != nil {
		outer = s.outerAlg
	}
	out := seq(tbs, outer, bitString(sig))
	if s.change != nil {
		out = s.change(out)
	}
	return out
}

// set replaces the extension with the same identifier, or appends it.
func (s *spec) set(e ext) {
	for i := range s.exts {
		if string(s.exts[i].oid) == string(e.oid) {
			s.exts[i] = e
			return
		}
	}
	s.exts = append(s.exts, e)
}

// remove drops the extension id-ce n.
func (s *spec) remove(n int) {
	for i := range s.exts {
		if string(s.exts[i].oid) == string(oid(2, 5, 29, n)) {
			s.exts = append(s.exts[:i:i], s.exts[i+1:]...)
			return
		}
	}
}

func utc(s string) []byte { return tlv(der.UTCTime, []byte(s)) }

func keyID(spki []byte) []byte {
	h := sha256.Sum256(spki)
	return h[:8]
}

var version3 = tlv(0xa0, number(2))

// keyUsageBits is a KeyUsage with the given bits, in DER.
func keyUsageBits(bits ...int) []byte {
	var b [2]byte
	last := 0
	for _, n := range bits {
		b[n/8] |= 0x80 >> (n % 8)
		last = max(last, n)
	}
	return tlv(der.BitString, []byte{byte(7 - last%8)}, b[:last/8+1])
}

// GeneralNames.
func dnsName(s string) []byte { return tlv(nameDNS, []byte(s)) }
func ipName(b ...byte) []byte { return tlv(nameIP, b) }
func mailName(s string) []byte {
	return tlv(nameRFC822, []byte(s))
}
func uriName(s string) []byte    { return tlv(nameURI, []byte(s)) }
func dirName(name []byte) []byte { return tlv(nameDirectory, name) }

func san(names ...[]byte) ext { return ce(17, false, seq(names...)) }

// constraints is nameConstraints with the given bases, critical.
func constraints(permitted, excluded [][]byte) ext {
	list := func(tag der.Tag, bases [][]byte) []byte {
		if len(bases) == 0 {
			return nil
		}
		var subtrees [][]byte
		for _, b := range bases {
			subtrees = append(subtrees, seq(b))
		}
		return tlv(tag, subtrees...)
	}
	return ce(30, true, seq(list(0xa0, permitted), list(0xa1, excluded)))
}

var (
	purposeServer = oid(1, 3, 6, 1, 5, 5, 7, 3, 1)
	purposeClient = oid(1, 3, 6, 1, 5, 5, 7, 3, 2)
	purposeMail   = oid(1, 3, 6, 1, 5, 5, 7, 3, 4)
	purposeAny    = oid(2, 5, 29, 37, 0)
)

// newSpec is a sound certificate of version 3, valid from 2024 through 2025, for a key made from the name,
// signed by issuer, or by itself if issuer is nil. issuerName is the issuer's subject.
func newSpec(key, by *signer, name, issuerName []byte) *spec {
	return &spec{
		version: version3, serial: number(4242), alg: algEd25519, issuer: issuerName, subject: name,
		notBefore: utc("240101000000Z"), notAfter: utc("251231235959Z"), spki: key.spki, signer: by,
		exts: []ext{
			ce(14, false, octets(keyID(key.spki))),
			ce(35, false, seq(tlv(0x80, keyID(by.spki)))),
		},
	}
}

// newCA is newSpec for a CA.
func newCA(key, by *signer, name, issuerName []byte) *spec {
	s := newSpec(key, by, name, issuerName)
	s.set(ce(19, true, seq(asn1True)))
	s.set(ce(15, true, keyUsageBits(5, 6)))
	return s
}

// newLeaf is newSpec for a server and client called changeme.example.com.
func newLeaf(key, by *signer, issuerName []byte) *spec {
	s := newSpec(key, by, cn("changeme.example.com"), issuerName)
	s.set(ce(15, true, keyUsageBits(0)))
	s.set(ce(37, false, seq(purposeServer, purposeClient)))
	s.set(san(dnsName("changeme.example.com")))
	return s
}

// crlSpec is a CRL to be.
type crlSpec struct {
	version                []byte
	alg, outerAlg          []byte
	issuer                 []byte
	thisUpdate, nextUpdate []byte
	entries                [][]byte
	exts                   []ext
	signer                 *signer
	change                 func([]byte) []byte
}

func (s *crlSpec) der() []byte {
	var revoked []byte
	if len(s.entries) > 0 {
		revoked = seq(s.entries...)
	}
	var list [][]byte
	for _, e := range s.exts {
		list = append(list, e.der())
	}
	var extensions []byte
	if len(list) > 0 {
		extensions = tlv(0xa0, seq(list...))
	}
	tbs := seq(s.version, s.alg, s.issuer, s.thisUpdate, s.nextUpdate, revoked, extensions)
	outer := s.alg
	if s.outerAlg != nil {
		outer = s.outerAlg
	}
	out := seq(tbs, outer, bitString(s.signer.sign(s.alg, tbs)))
	if s.change != nil {
		out = s.change(out)
	}
	return out
}

// newCRL is a sound list of 2024 and 2025 with nothing on it.
func newCRL(by *signer, issuer []byte) *crlSpec {
	return &crlSpec{
		version: number(1), alg: algEd25519, issuer: issuer, thisUpdate: utc("240101000000Z"), nextUpdate: utc("251231235959Z"),
		exts: []ext{ce(35, false, seq(tlv(0x80, keyID(by.spki)))), ce(20, false, number(7))}, signer: by,
	}
}

// revoke is an entry of a CRL.
func revoke(serial int64, extensions ...ext) []byte {
	parts := [][]byte{number(serial), utc("240601000000Z")}
	if len(extensions) > 0 {
		var list [][]byte
		for _, e := range extensions {
			list = append(list, e.der())
		}
		parts = append(parts, seq(list...))
	}
	return seq(parts...)
}

// seqContents is a cursor over the contents of a SEQUENCE, empty if b is none.
func seqContents(b []byte) der.Cursor {
	c, _ := der.Only(b, der.Sequence)
	return c
}
