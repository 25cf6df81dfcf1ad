package x509lite

import (
	"bytes"
	"crypto/elliptic"
	"fmt"

	"colibri/x509lite/der"
)

func suiteTimes(s *suite) {
	general := func(t string) []byte { return tlv(der.GeneralizedTime, []byte(t)) }
	now := func(n int) string { return fmt.Sprint("now=", n) }
	begin, end := 1704067200, 1767225599 // of a sound certificate
	s.add("time/first second", "ok", kase{options: now(begin)})
	s.add("time/second before", "ErrNotYetValid", kase{options: now(begin - 1)})
	s.add("time/last second", "ok", kase{options: now(end)})
	s.add("time/second after", "ErrExpired", kase{options: now(end + 1)})
	s.add("time/intermediate expired", "ErrExpired", kase{ca: func(s *spec) { s.notAfter = utc("241231235959Z") }})
	s.add("time/intermediate not yet valid", "ErrNotYetValid", kase{ca: func(s *spec) { s.notBefore = utc("250601000000Z") }})
	s.add("time/clock unknown", "ErrNoClock", kase{options: "now=0"})
	s.add("time/clock unknown, floor in the period", "ok", kase{options: fmt.Sprintf("now=0 floor=%d notes=8", begin+5)})
	s.add("time/clock unknown, floor before the period", "ok", kase{options: fmt.Sprintf("now=0 floor=%d notes=8", begin-5)})
	s.add("time/clock unknown, floor after the period", "ErrExpired", kase{options: fmt.Sprintf("now=0 floor=%d", end+1)})
	s.add("time/clock behind the floor", "ok", kase{options: fmt.Sprintf("now=%d floor=%d notes=8", begin-5, begin+5)})
	s.add("time/clock behind the floor, expired by then", "ErrExpired", kase{options: fmt.Sprintf("now=%d floor=%d", begin+5, end+1)})
	s.add("time/clock ahead of the floor", "ok", kase{options: fmt.Sprintf("now=%d floor=%d", begin+5, begin)})
	s.add("time/ends before it begins", "ErrNotYetValid", kase{leaf: func(s *spec) { s.notBefore, s.notAfter = s.notAfter, s.notBefore }})
	for _, c := range []struct {
		name, want string
		notAfter   []byte
	}{
		{"GeneralizedTime from 2050", "ok", general("20500101000000Z")},
		{"no end", "ok", general("99991231235959Z")},
		{"GeneralizedTime before 2050", "ErrTime", general("20491231235959Z")},
		{"UTCTime of 1950", "ErrExpired", utc("500101000000Z")},
		{"UTCTime without seconds", "ErrTime", utc("2512312359Z")},
		{"UTCTime with an offset", "ErrTime", utc("251231235959+0000")},
		{"UTCTime without Z", "ErrTime", utc("251231235959")},
		{"GeneralizedTime with a fraction", "ErrTime", general("20500101000000.0Z")},
		{"GeneralizedTime without seconds", "ErrTime", general("205001010000Z")},
		{"31 November", "ErrTime", utc("251131000000Z")},
		{"29 February 2025", "ErrTime", utc("250229000000Z")},
		{"29 February 2028", "ok", utc("280229000000Z")},
		{"month 0", "ErrTime", utc("250001000000Z")},
		{"month 13", "ErrTime", utc("251301000000Z")},
		{"hour 24", "ErrTime", utc("251231240000Z")},
		{"minute 60", "ErrTime", utc("251231236000Z")},
		{"leap second", "ErrTime", utc("251231235960Z")},
		{"not digits", "ErrTime", utc("25123123595 Z")},
		{"not a time", "ErrTime", tlv(der.IA5String, []byte("251231235959Z"))},
	} {
		s.add("time/"+c.name, c.want, kase{leaf: func(s *spec) { s.notAfter = c.notAfter }})
	}
	s.add("time/GeneralizedTime before 2050 in the root", "ok", kase{root: func(s *spec) { s.notAfter = general("20491231235959Z") }})
	s.add("time/three dates", "ErrTime", kase{leaf: func(s *spec) { s.notAfter = cat(s.notAfter, s.notAfter) }})
}

func suiteStructure(s *suite) {
	// Serial numbers (RFC 5280 4.1.2.2).
	for _, c := range []struct {
		name, want string
		serial     []byte
	}{
		{"1", "ok", number(1)},
		{"of 20 octets", "ok", tlv(der.Integer, bytes.Repeat([]byte{0x7f}, 20))},
		{"of 21 octets", "ErrSerial", tlv(der.Integer, bytes.Repeat([]byte{0x7f}, 21))},
		{"of 20 octets and a sign", "ErrSerial", tlv(der.Integer, []byte{0}, bytes.Repeat([]byte{0xff}, 20))},
		{"0", "ErrSerial", number(0)},
		{"negative", "ErrSerial", tlv(der.Integer, []byte{0xff})},
		{"with a leading zero", "ErrSerial", tlv(der.Integer, []byte{0, 1})},
		{"empty", "ErrSerial", tlv(der.Integer)},
		{"not an INTEGER", "ErrSerial", octets([]byte{1})},
	} {
		s.add("serial/"+c.name, c.want, kase{leaf: func(s *spec) { s.serial = c.serial }})
	}
	s.add("serial/0 in an intermediate", "ErrSerial", kase{ca: func(s *spec) { s.serial = number(0) }})

	// Versions (4.1.2.1).
	version := func(n int64) []byte { return tlv(0xa0, number(n)) }
	s.add("version/1 with extensions", "ErrVersion", kase{leaf: func(s *spec) { s.version = nil }})
	s.add("version/2 with extensions", "ErrVersion", kase{leaf: func(s *spec) { s.version = version(1) }})
	s.add("version/4", "ErrVersion", kase{leaf: func(s *spec) { s.version = version(3) }})
	s.add("version/1 encoded", "ErrVersion", kase{leaf: func(s *spec) { s.version = version(0) }})
	s.add("version/1", "ErrVersion", kase{options: "name=", leaf: func(s *spec) { s.version, s.exts = nil, nil }})
	s.add("version/2", "ErrVersion", kase{options: "name=", leaf: func(s *spec) { s.version, s.exts = version(1), nil }})
	s.add("version/1 in an intermediate", "ErrNotCA", kase{ca: func(s *spec) { s.version, s.exts = nil, nil }})
	s.add("version/unique identifiers in 3", "ok", kase{leaf: func(s *spec) { s.unique = cat(tlv(0x81, []byte{0, 1}), tlv(0x82, []byte{0, 2})) }})
	s.add("version/unique identifiers in 1", "ErrVersion", kase{leaf: func(s *spec) { s.version, s.exts, s.unique = nil, nil, tlv(0x81, []byte{0, 1}) }})
	s.add("version/3 without extensions", "ErrMissingKeyIdentifier", kase{options: "name=", leaf: func(s *spec) { s.exts = nil }})

	// Names of issuer and subject (4.1.2.4, 4.1.2.6).
	s.add("subject/empty with a critical subjectAltName", "ok", kase{leaf: func(s *spec) {
		s.subject = seq()
		s.set(ce(17, true, seq(dnsName("changeme.example.com"))))
	}})
	s.add("subject/empty with a subjectAltName not critical", "ErrEmptySubject", kase{leaf: func(s *spec) { s.subject = seq() }})
	s.add("subject/empty with a subjectAltName not critical, admitted", "ok", kase{
		options: "legacy=subject notes=16", leaf: func(s *spec) { s.subject = seq() }})
	s.add("subject/empty without subjectAltName, not admitted", "ErrEmptySubject", kase{
		options: "name= legacy=subject", leaf: func(s *spec) {
			s.subject = seq()
			s.remove(17)
		}})
	s.add("subject/empty without subjectAltName", "ErrEmptySubject", kase{options: "name=", leaf: func(s *spec) {
		s.subject = seq()
		s.remove(17)
	}})
	s.add("subject/empty in a CA", "ErrEmptyIssuer", kase{ca: func(s *spec) { s.subject = seq() }})
	s.add("subject/empty in a CA as end entity", "ErrEmptySubject", kase{leaf: func(s *spec) {
		s.subject = seq()
		s.set(ce(17, true, seq(dnsName("changeme.example.com"))))
		s.set(ce(19, true, seq(asn1True)))
	}})
	s.add("subject/empty issuer", "ErrEmptyIssuer", kase{leaf: func(s *spec) { s.issuer = seq() }})
	s.add("subject/not a SEQUENCE", "ErrDER", kase{leaf: func(s *spec) { s.subject = tlv(der.Set) }})
	s.add("subject/relative name empty", "ErrDER", kase{leaf: func(s *spec) { s.subject = seq(tlv(der.Set)) }})
	s.add("subject/attribute without a value", "ErrDER", kase{leaf: func(s *spec) { s.subject = seq(tlv(der.Set, seq(oid(2, 5, 4, 3)))) }})
	s.add("subject/attribute with two values", "ErrDER", kase{leaf: func(s *spec) { s.subject = seq(tlv(der.Set, seq(oid(2, 5, 4, 3), null, null))) }})
	s.add("subject/something after the relative names", "ErrDER", kase{leaf: func(s *spec) { s.subject = append(cn("a"), 0) }})
	for _, c := range []struct{ name, value, want string }{
		{"two octets", "\xc3\xa9", "ok"}, {"four octets", "\xf4\x8f\xbf\xbf", "ok"},
		{"cut short", "\xc3", "ErrDER"}, {"a lone continuation", "\xa9", "ErrDER"}, {"overlong", "\xc1\xa1", "ErrDER"},
		{"a surrogate", "\xed\xa0\x80", "ErrDER"}, {"beyond Unicode", "\xf4\x90\x80\x80", "ErrDER"},
	} {
		s.add("subject/UTF8String, "+c.name, c.want, kase{leaf: func(s *spec) { s.subject = cn(c.value) }})
	}
	s.add("subject/attribute with a constructed value", "ErrDER", kase{leaf: func(s *spec) {
		s.subject = seq(attribute(oid(2, 5, 4, 3), seq(utf8String("a"))))
	}})
	s.add("subject/attribute with an object identifier", "ErrDER", kase{leaf: func(s *spec) {
		s.subject = seq(attribute(oid(2, 5, 4, 3), oid(1, 2, 3)))
	}})
	s.add("subject/attribute with a value of no universal type", "ErrDER", kase{leaf: func(s *spec) {
		s.subject = seq(attribute(oid(2, 5, 4, 3), tlv(der.Context(12), []byte("a"))))
	}})
	s.add("subject/attribute with a BIT STRING", "ok", kase{leaf: func(s *spec) {
		s.subject = seq(attribute(oid(2, 5, 4, 45), bitString([]byte{1})))
	}})
	s.add("subject/not UTF-8 in another string", "ok", kase{leaf: func(s *spec) {
		s.subject = seq(attribute(oid(2, 5, 4, 3), tlv(der.TeletexString, []byte{0xe9})))
	}})
	s.add("subject/multi-valued", "ok", kase{leaf: func(s *spec) {
		s.subject = seq(tlv(der.Set, seq(oid(2, 5, 4, 3), utf8String("a")), seq(oid(2, 5, 4, 10), utf8String("b"))))
	}})

	// DER itself.
	for _, c := range []struct {
		name, want string
		change     func([]byte) []byte
	}{
		{"empty", "ErrDER", func(b []byte) []byte { return nil }},
		{"one octet", "ErrDER", func(b []byte) []byte { return b[:1] }},
		{"cut off", "ErrDER", func(b []byte) []byte { return b[:len(b)-1] }},
		{"octet after", "ErrDER", func(b []byte) []byte { return append(b[:len(b):len(b)], 0) }},
		{"text", "ErrDER", func(b []byte) []byte { return []byte("-----BEGIN CERTIFICATE-----") }},
		{"indefinite length", "ErrDER", func(b []byte) []byte { return cat([]byte{0x30, 0x80}, b[4:], []byte{0, 0}) }},
		{"length with a leading zero", "ErrDER", func(b []byte) []byte { return cat([]byte{0x30, 0x83, 0}, b[2:]) }},
		{"outer SET", "ErrDER", func(b []byte) []byte { return cat([]byte{0x31}, b[1:]) }},
		{"too large", "ErrTooLarge", func(b []byte) []byte { return seq(b, make([]byte, MaxCertificateSize)) }},
	} {
		s.add("der/"+c.name, c.want, kase{leaf: func(s *spec) { s.change = c.change }})
	}
	for _, c := range []struct {
		name, want string
		change     change
	}{
		{"version not an INTEGER", "ErrVersion", func(s *spec) { s.version = tlv(0xa0, octets([]byte{2})) }},
		{"version cut off", "ErrDER", func(s *spec) { s.changeTBS = func([]byte) []byte { return seq([]byte{0xa0, 3, 2}) } }},
		{"version with something after", "ErrVersion", func(s *spec) { s.version = tlv(0xa0, number(2), null) }},
		{"version 4 without extensions", "ErrVersion", func(s *spec) { s.version, s.exts = tlv(0xa0, number(3)), nil }},
		{"inner algorithm not a SEQUENCE", "ErrDER", func(s *spec) { s.alg, s.outerAlg = tlv(der.Set, oid(1, 3, 101, 112)), algEd25519 }},
		{"outer algorithm not a SEQUENCE", "ErrDER", func(s *spec) { s.outerAlg = tlv(der.Set, oid(1, 3, 101, 112)) }},
		{"issuer not a SEQUENCE", "ErrDER", func(s *spec) { s.issuer = tlv(der.Set, attribute(oid(2, 5, 4, 3), utf8String("ca"))) }},
		{"validity not a SEQUENCE", "ErrDER", func(s *spec) {
			s.changeTBS = func(b []byte) []byte {
				period := seq(s.notBefore, s.notAfter)
				return bytes.Replace(b, period, tlv(der.Set, s.notBefore, s.notAfter), 1)
			}
		}},
		{"notBefore malformed", "ErrTime", func(s *spec) { s.notBefore = utc("2401010000Z") }},
		{"key not a SEQUENCE", "ErrDER", func(s *spec) { s.spki = bitString([]byte{1}) }},
		{"unique identifier cut off", "ErrDER", func(s *spec) { s.exts, s.unique = nil, []byte{0x81, 9} }},
		{"signature not a BIT STRING", "ErrDER", func(s *spec) {
			s.change = func(b []byte) []byte { return seq(seq(), algEd25519, octets([]byte{0, 1})) }
		}},
		{"tbs not a SEQUENCE", "ErrDER", func(s *spec) {
			s.change = func(b []byte) []byte { return seq(tlv(der.Set), algEd25519, bitString([]byte{1})) }
		}},
		{"element after the signature", "ErrDER", func(s *spec) {
			s.change = func(b []byte) []byte { c, _ := der.Only(b, der.Sequence); return seq(c, null) }
		}},
	} {
		s.add("der/"+c.name, c.want, kase{leaf: c.change})
	}
	s.add("der/signature with unused bits", "ErrDER", kase{leaf: func(s *spec) {
		s.change = func(b []byte) []byte {
			c := bytes.Clone(b)
			c[len(c)-65] = 1
			return c
		}
	}})
	for _, c := range []struct {
		name, want string
		change     func([]byte) []byte
	}{
		{"tbs with something after", "ErrDER", func(b []byte) []byte { in, _ := der.Only(b, der.Sequence); return seq(in, null) }},
		{"tbs empty", "ErrDER", func(b []byte) []byte { return seq() }},
		{"tbs without extensions' wrapper", "ErrDER", func(b []byte) []byte {
			return bytes.Replace(b, []byte{0xa3}, []byte{0xa4}, 1)
		}},
	} {
		s.add("der/"+c.name, c.want, kase{leaf: func(s *spec) { s.changeTBS = c.change }})
	}
	s.add("der/extensions empty", "ErrDER", kase{leaf: func(s *spec) { s.rawExtensions = tlv(0xa3, seq()) }})
	s.add("der/extensions not wrapped in a SEQUENCE", "ErrDER", kase{leaf: func(s *spec) { s.rawExtensions = tlv(0xa3, s.exts[0].der()) }})
	one := func(b []byte) change { return func(s *spec) { s.rawExtensions = tlv(0xa3, seq(b)) } }
	s.add("der/critical FALSE encoded", "ErrDER", kase{leaf: one(seq(oid(2, 5, 29, 14), []byte{1, 1, 0}, octets(octets([]byte{1}))))})
	s.add("der/critical as 01", "ErrDER", kase{leaf: one(seq(oid(2, 5, 29, 14), []byte{1, 1, 1}, octets(octets([]byte{1}))))})
	s.add("der/extension without a value", "ErrDER", kase{leaf: one(seq(oid(2, 5, 29, 14)))})
	s.add("der/extension with something after", "ErrDER", kase{leaf: one(seq(oid(2, 5, 29, 14), octets(octets([]byte{1})), null))})
	s.add("der/extension with a malformed identifier", "ErrDER", kase{leaf: one(seq([]byte{6, 1, 0x80}, octets(null)))})
	s.add("der/extension in a BIT STRING", "ErrDER", kase{leaf: one(seq(oid(2, 5, 29, 14), bitString(octets([]byte{1}))))})
}

func suiteAlgorithms(s *suite) {
	p256, p384, p521, r2048 := ecKey(elliptic.P256(), "ca"), ecKey(elliptic.P384(), "ca"), ecKey(elliptic.P521(), "ca"), rsaKey(2048, "ca")
	for _, c := range []struct {
		name, want, suiteB string
		alg                []byte
		key                *signer
	}{
		{"Ed25519", "ok", "ErrUnsupportedKey", algEd25519, caKey},
		{"ECDSA P-256 SHA-256", "ok", "ok", algECDSA256, p256},
		{"ECDSA P-256 SHA-384", "ok", "ok", algECDSA384, p256},
		{"ECDSA P-256 SHA-512", "ok", "ErrUnacceptableHash", algECDSA512, p256},
		{"ECDSA P-384 SHA-256", "ok", "ok", algECDSA256, p384},
		{"ECDSA P-384 SHA-384", "ok", "ok", algECDSA384, p384},
		{"ECDSA P-521 SHA-512", "ok", "ErrUnacceptableHash", algECDSA512, p521},
		{"ECDSA P-521 SHA-256", "ok", "ErrWeakKey", algECDSA256, p521},
		{"RSA SHA-256", "ok", "ErrUnsupportedKey", algRSA256, r2048},
		{"RSA SHA-384", "ok", "ErrUnsupportedKey", algRSA384, r2048},
		{"RSA SHA-512", "ok", "ErrUnacceptableHash", algRSA512, r2048},
		{"RSA-PSS SHA-256", "ok", "ErrUnsupportedKey", algPSS256, r2048},
		{"RSA-PSS SHA-384", "ok", "ErrUnsupportedKey", algPSS384, r2048},
		{"RSA-PSS SHA-512", "ok", "ErrUnacceptableHash", algPSS512, r2048},
	} {
		// The root is of the same kind, so that only the algorithm of the end entity decides about Suite B.
		rootP256 := ecKey(elliptic.P256(), "root")
		leaf := func(s *spec) { s.spki = ecKey(elliptic.P256(), "leaf").spki }
		s.add("algorithm/"+c.name, c.want, kase{caKey: c.key, caAlg: c.alg, leaf: leaf})
		s.add("algorithm/Next "+c.name, c.want, kase{options: "profile=next", caKey: c.key, caAlg: c.alg, leaf: leaf})
		s.add("algorithm/Suite B "+c.name, c.suiteB, kase{options: "profile=suiteb", rootKey: rootP256, rootAlg: algECDSA256, caKey: c.key, caAlg: c.alg, leaf: leaf})
	}
	for _, c := range []struct {
		name, want string
		alg        []byte
	}{
		{"SHA-1 with RSA", "ErrUnacceptableHash", algRSA1},
		{"SHA-224 with RSA", "ErrUnacceptableHash", algRSA224},
		{"MD5 with RSA", "ErrUnacceptableHash", algRSAMD5},
		{"MD2 with RSA", "ErrUnacceptableHash", algRSAMD2},
		{"SHA-1 with RSA as OIW named it", "ErrUnacceptableHash", algOIW1},
		{"SHA-1 with RSA-PSS by default", "ErrUnacceptableHash", algPSSDefault},
		{"SHA-1 with RSA-PSS", "ErrUnacceptableHash", algPSS1},
		{"SHA-1 with ECDSA", "ErrUnacceptableHash", algECDSA1},
		{"SHA-224 with ECDSA", "ErrUnacceptableHash", algECDSA224},
		{"SHA-1 with DSA", "ErrUnacceptableHash", algDSA1},
		{"SHA-256 with DSA", "ErrUnsupportedAlgorithm", algDSA256},
		{"Ed448", "ErrUnsupportedAlgorithm", algEd448},
		{"RSA without NULL", "ErrUnsupportedAlgorithm", algRSA256NoPar},
		{"ECDSA with NULL", "ErrUnsupportedAlgorithm", algECDSANull},
		{"RSA-PSS with a short salt", "ErrUnsupportedAlgorithm", pss(1, 20)},
		{"RSA-PSS with a long salt", "ErrUnsupportedAlgorithm", pss(1, 64)},
		{"of another kind than the key", "ErrSignature", algECDSA256},
	} {
		set := func(s *spec) { s.alg = c.alg }
		s.add("algorithm/end entity signed with "+c.name, c.want, kase{leaf: set})
		s.add("algorithm/intermediate signed with "+c.name, c.want, kase{ca: set})
	}
	s.add("algorithm/SHA-1 found before anything else", "ErrUnacceptableHash", kase{anchors: []*spec{}, options: "now=1", leaf: func(s *spec) {
		s.alg = algRSA1
		s.badSignature = true
		s.set(san(dnsName("a.example")))
	}})
	s.add("algorithm/SHA-1 in an untrusted root", "ErrUnacceptableHash", kase{anchors: []*spec{}, extra: []*spec{func() *spec {
		r := newCA(rootKey, rootKey, rootName, rootName)
		r.alg = algRSA1
		return r
	}()}})
	s.add("algorithm/SHA-1 in a certificate beside the path", "ok", kase{extra: []*spec{func() *spec {
		r := newCA(otherKey, otherKey, cn("other"), cn("other"))
		r.alg = algRSA1
		return r
	}()}})
	s.add("algorithm/SHA-1 on the other of two paths", "ok", kase{chain: []*spec{newLeaf(leafKey, caKey, caName), func() *spec {
		r := newCA(caKey, rootKey, caName, rootName)
		r.alg = algRSA1
		return r
	}(), newCA(caKey, rootKey, caName, rootName)}})
	s.add("algorithm/inner and outer differ", "ErrAlgorithmMismatch", kase{leaf: func(s *spec) { s.outerAlg = algECDSA256 }})
	s.add("algorithm/inner and outer differ in parameters", "ErrAlgorithmMismatch", kase{leaf: func(s *spec) { s.alg, s.outerAlg = algRSA256, algRSA256NoPar }})
	s.add("algorithm/inner and outer differ in the intermediate", "ErrAlgorithmMismatch", kase{ca: func(s *spec) { s.outerAlg = algECDSA256 }})
	s.add("algorithm/inner and outer differ in the root", "ErrAlgorithmMismatch", kase{root: func(s *spec) { s.outerAlg = algECDSA256 }})
}

func suiteKeys(s *suite) {
	ec := func(curve []byte, point []byte) []byte {
		return seq(seq(oid(1, 2, 840, 10045, 2, 1), curve), bitString(point))
	}
	p256 := oid(1, 2, 840, 10045, 3, 1, 7)
	rsaAlg := seq(oid(1, 2, 840, 113549, 1, 1, 1), null)
	modulus := func(bits int) []byte {
		n := make([]byte, (bits+7)/8)
		n[0] = 1 << ((bits - 1) % 8)
		n[len(n)-1] |= 1
		return n
	}
	rsaPub := func(n []byte, e int64) []byte {
		size := der.UnsignedSize(n)
		b := make([]byte, size)
		der.PutUnsigned(b, n)
		return seq(rsaAlg, bitString(seq(b, number(e))))
	}
	point := append([]byte{4}, make([]byte, 64)...)
	for _, c := range []struct {
		name, want, webpki string
		spki               []byte
	}{
		{"P-256", "ok", "ok", ecKey(elliptic.P256(), "key").spki},
		{"P-384", "ok", "ok", ecKey(elliptic.P384(), "key").spki},
		{"P-521", "ok", "ok", ecKey(elliptic.P521(), "key").spki},
		{"P-256 compressed", "ErrPublicKey", "ErrPublicKey", ec(p256, append([]byte{2}, make([]byte, 32)...))},
		{"P-256 short", "ErrPublicKey", "ErrPublicKey", ec(p256, point[:64])},
		{"P-256 hybrid", "ErrPublicKey", "ErrPublicKey", ec(p256, append([]byte{6}, point[1:]...))},
		{"point at infinity", "ErrPublicKey", "ErrPublicKey", ec(p256, []byte{0})},
		{"P-192", "ErrUnsupportedKey", "ErrUnsupportedKey", ec(oid(1, 2, 840, 10045, 3, 1, 1), append([]byte{4}, make([]byte, 48)...))},
		{"secp256k1", "ErrUnsupportedKey", "ErrUnsupportedKey", ec(oid(1, 3, 132, 0, 10), point)},
		{"curve in full", "ErrPublicKey", "ErrPublicKey", ec(seq(number(1)), point)},
		{"curve implicit", "ErrPublicKey", "ErrPublicKey", ec(null, point)},
		{"no curve", "ErrUnsupportedKey", "ErrUnsupportedKey", ec(nil, point)},
		{"Ed25519", "ok", "ok", leafKey.spki},
		{"Ed25519 of 31 octets", "ErrPublicKey", "ErrPublicKey", seq(algEd25519, bitString(make([]byte, 31)))},
		{"Ed25519 with NULL", "ErrUnsupportedKey", "ErrUnsupportedKey", seq(seq(oid(1, 3, 101, 112), null), bitString(make([]byte, 32)))},
		{"X25519", "ErrUnsupportedKey", "ErrUnsupportedKey", seq(seq(oid(1, 3, 101, 110)), bitString(make([]byte, 32)))},
		{"DSA", "ErrUnsupportedKey", "ErrUnsupportedKey", seq(seq(oid(1, 2, 840, 10040, 4, 1), seq(number(23), number(11), number(4))), bitString(number(5)))},
		{"RSA 2048", "ok", "ok", rsaPub(modulus(2048), 65537)},
		{"RSA 2052", "ok", "ErrBaselineRequirements", rsaPub(modulus(2052), 65537)},
		{"RSA 2047", "ErrWeakKey", "ErrWeakKey", rsaPub(modulus(2047), 65537)},
		{"RSA 1024", "ErrWeakKey", "ErrWeakKey", rsaPub(modulus(1024), 65537)},
		{"RSA 8192", "ok", "ok", rsaPub(modulus(8192), 65537)},
		{"RSA 8200", "ErrPublicKey", "ErrPublicKey", rsaPub(modulus(8200), 65537)},
		{"RSA even modulus", "ErrPublicKey", "ErrPublicKey", rsaPub(append(modulus(2040), 2), 65537)},
		{"RSA exponent 3", "ok", "ok", rsaPub(modulus(2048), 3)},
		{"RSA exponent 1", "ErrPublicKey", "ErrPublicKey", rsaPub(modulus(2048), 1)},
		{"RSA exponent 4", "ErrPublicKey", "ErrPublicKey", rsaPub(modulus(2048), 4)},
		{"RSA exponent of 33 bits", "ErrPublicKey", "ErrPublicKey", rsaPub(modulus(2048), 1<<32+1)},
		{"RSA without NULL", "ErrUnsupportedKey", "ErrUnsupportedKey", seq(seq(oid(1, 2, 840, 113549, 1, 1, 1)), bitString(seq(number(35), number(3))))},
		{"RSA modulus 0", "ErrPublicKey", "ErrPublicKey", seq(rsaAlg, bitString(seq(number(0), number(3))))},
		{"RSA negative modulus", "ErrPublicKey", "ErrPublicKey", seq(rsaAlg, bitString(seq(tlv(der.Integer, bytes.Repeat([]byte{0xff, 1}, 128)), number(3))))},
		{"RSA with something after", "ErrPublicKey", "ErrPublicKey", seq(rsaAlg, bitString(seq(tlv(der.Integer, []byte{0}, modulus(2048)), number(3), null)))},
		{"unknown", "ErrUnsupportedKey", "ErrUnsupportedKey", seq(seq(oid(1, 2, 3)), bitString([]byte{1}))},
		{"RSA not a SEQUENCE", "ErrPublicKey", "ErrPublicKey", seq(rsaAlg, bitString(null))},
		{"algorithm not a SEQUENCE", "ErrDER", "ErrDER", seq(null, bitString([]byte{1}))},
		{"not a BIT STRING", "ErrDER", "ErrDER", seq(algEd25519, octets(make([]byte, 32)))},
		{"with something after", "ErrDER", "ErrDER", seq(algEd25519, bitString(make([]byte, 32)), null)},
	} {
		set := func(s *spec) { s.spki = c.spki }
		s.add("key/"+c.name, c.want, kase{leaf: set})
		s.add("key/WebPKI "+c.name, c.webpki, kase{options: "rules=webpki", leaf: set})
		if c.want != "ok" {
			s.add("key/of an intermediate, "+c.name, c.want, kase{ca: set})
		}
	}
	s.add("key/of the root, RSA 1024", "ErrWeakKey", kase{root: func(s *spec) { s.spki = rsaPub(modulus(1024), 65537) }})
	s.add("key/of an anchor without a certificate, RSA 1024", "ErrWeakKey", kase{options: "anchors=triples", root: func(s *spec) { s.spki = rsaPub(modulus(1024), 65537) }})
	s.add("key/Suite B wants P-256 or P-384 of the end entity", "ErrWeakKey", kase{options: "profile=suiteb", rootKey: ecKey(elliptic.P256(), "root"), rootAlg: algECDSA256,
		caKey: ecKey(elliptic.P256(), "ca"), caAlg: algECDSA256})
}

func suiteExtensions(s *suite) {
	unknown := func(critical bool) ext { return ext{oid(1, 3, 6, 1, 4, 1, 55738, 666, 1), critical, null} }
	add := func(e ext) change { return func(s *spec) { s.exts = append(s.exts, e) } }
	s.add("extension/unknown", "ok", kase{leaf: add(unknown(false))})
	s.add("extension/unknown and critical", "ErrCriticalExtension", kase{leaf: add(unknown(true))})
	s.add("extension/unknown and critical in an intermediate", "ErrCriticalExtension", kase{ca: add(unknown(true))})
	s.add("extension/unknown and critical in the root", "ErrCriticalExtension", kase{root: add(unknown(true))})
	beside := newCA(otherKey, rootKey, cn("beside"), rootName)
	add(unknown(true))(beside)
	s.add("extension/unknown and critical beside the path", "ok", kase{extra: []*spec{beside}})
	s.add("extension/unknown twice", "ErrDuplicateExtension", kase{leaf: func(s *spec) { add(unknown(false))(s); add(unknown(false))(s) }})
	s.add("extension/two unknown", "ok", kase{leaf: func(s *spec) {
		add(unknown(false))(s)
		add(ext{oid(1, 3, 6, 1, 4, 1, 55738, 666, 2), false, null})(s)
	}})
	s.add("extension/precertificate poison", "ErrCriticalExtension", kase{leaf: add(ext{oid(1, 3, 6, 1, 4, 1, 11129, 2, 4, 3), true, null})})
	s.add("extension/known twice", "ErrDuplicateExtension", kase{leaf: add(san(dnsName("a.example")))})
	for _, n := range []int{MaxExtensions, MaxExtensions + 1} {
		want := map[int]string{MaxExtensions: "ok", MaxExtensions + 1: "ErrTooLarge"}[n]
		s.add(fmt.Sprint("extension/", n, " of them"), want, kase{leaf: func(s *spec) {
			for i := len(s.exts); i < n; i++ {
				add(ext{oid(1, 2, 3, i), false, null})(s)
			}
		}})
	}
	access := seq(seq(oid(1, 3, 6, 1, 5, 5, 7, 48, 1), uriName("http://ocsp.example/")))
	point := seq(seq(tlv(0xa0, tlv(0xa0, uriName("http://crl.example/")))))
	policies := seq(seq(oid(1, 2, 3)))
	for _, c := range []struct {
		name        string
		e           ext
		want, other string // as it is, and with the other criticality
	}{
		{"subjectDirectoryAttributes", ce(9, false, seq(seq(oid(1, 2, 3), tlv(der.Set, null)))), "ok", "ErrCriticality"},
		{"subjectKeyIdentifier", ce(14, false, octets([]byte{1})), "ok", "ErrCriticality"},
		{"keyUsage", ce(15, true, keyUsageBits(0)), "ok", "ok"},
		{"subjectAltName", ce(17, false, seq(dnsName("changeme.example.com"))), "ok", "ok"},
		{"issuerAltName", ce(18, false, seq(dnsName("a.example"))), "ok", "ErrCriticalExtension"},
		{"basicConstraints", ce(19, false, seq()), "ok", "ok"},
		{"cRLDistributionPoints", ce(31, false, point), "ok", "ErrCriticalExtension"},
		{"certificatePolicies", ce(32, false, policies), "ok", "ok"},
		{"authorityKeyIdentifier", ce(35, false, seq(tlv(0x80, keyID(caKey.spki)))), "ok", "ErrCriticality"},
		{"extKeyUsage", ce(37, false, seq(purposeServer)), "ok", "ok"},
		{"freshestCRL", ce(46, false, point), "ok", "ErrCriticality"},
		{"inhibitAnyPolicy", ce(54, true, number(0)), "ok", "ErrCriticality"},
		{"authorityInfoAccess", pe(1, false, access), "ok", "ErrCriticality"},
		{"subjectInfoAccess", pe(11, false, access), "ok", "ErrCriticality"},
	} {
		s.add("extension/"+c.name, c.want, kase{leaf: func(s *spec) { s.set(c.e) }})
		c.e.critical = !c.e.critical
		s.add("extension/"+c.name+" critical the other way", c.other, kase{leaf: func(s *spec) { s.set(c.e) }})
	}
	full := tlv(0xa0, tlv(0xa0, uriName("http://crl.example/")))
	points := func(parts ...[]byte) ext { return ce(31, false, seq(seq(parts...))) }
	for _, c := range []struct {
		name, want string
		e          ext
	}{
		{"subjectKeyIdentifier empty", "ErrExtension", ce(14, false, octets(nil))},
		{"subjectKeyIdentifier not an OCTET STRING", "ErrExtension", ce(14, false, null)},
		{"authorityKeyIdentifier cut off", "ErrExtension", ce(35, false, seq([]byte{0x80, 9, 1}))},
		{"authorityKeyIdentifier with an empty key identifier", "ErrExtension", ce(35, false, seq(tlv(0x80)))},
		{"authorityKeyIdentifier with an issuer cut off", "ErrExtension", ce(35, false, seq(tlv(0x80, []byte{1}), []byte{0xa1, 9}))},
		{"authorityKeyIdentifier with a serial number cut off", "ErrExtension",
			ce(35, false, seq(tlv(0x80, []byte{1}), tlv(0xa1, dirName(rootName)), []byte{0x82, 9}))},
		{"authorityKeyIdentifier with something after", "ErrExtension", ce(35, false, seq(tlv(0x80, keyID(caKey.spki)), null))},
		{"keyUsage with something after", "ErrExtension", ce(15, true, cat(keyUsageBits(0), null))},
		{"subjectKeyIdentifier with something after", "ErrExtension", ce(14, false, cat(octets([]byte{1}), null))},
		{"authorityKeyIdentifier empty", "ErrMissingKeyIdentifier", ce(35, false, seq())},
		{"authorityKeyIdentifier with issuer and serial", "ErrMissingKeyIdentifier", ce(35, false, seq(tlv(0xa1, dirName(rootName)), tlv(0x82, []byte{1})))},
		{"authorityKeyIdentifier with all three", "ok", ce(35, false, seq(tlv(0x80, keyID(caKey.spki)), tlv(0xa1, dirName(rootName)), tlv(0x82, []byte{1})))},
		{"authorityKeyIdentifier with issuer only", "ErrExtension", ce(35, false, seq(tlv(0x80, []byte{1}), tlv(0xa1, dirName(rootName))))},
		{"authorityKeyIdentifier with serial only", "ErrExtension", ce(35, false, seq(tlv(0x80, []byte{1}), tlv(0x82, []byte{1})))},
		{"authorityKeyIdentifier not a SEQUENCE", "ErrExtension", ce(35, false, octets([]byte{1}))},
		{"keyUsage without bits", "ErrExtension", ce(15, true, tlv(der.BitString, []byte{0}))},
		{"keyUsage with trailing zeros", "ErrExtension", ce(15, true, tlv(der.BitString, []byte{0, 0x80}))},
		{"keyUsage not a BIT STRING", "ErrExtension", ce(15, true, octets([]byte{0x80}))},
		{"basicConstraints with FALSE encoded", "ErrExtension", ce(19, true, seq([]byte{1, 1, 0}))},
		{"basicConstraints with something after", "ErrExtension", ce(19, true, seq(asn1True, number(1), null))},
		{"basicConstraints not a SEQUENCE", "ErrExtension", ce(19, true, asn1True)},
		{"authorityInfoAccess empty", "ErrExtension", pe(1, false, seq())},
		{"authorityInfoAccess not of GeneralNames", "ErrExtension", pe(1, false, seq(seq(oid(1, 2, 3), null)))},
		{"authorityInfoAccess with something after", "ErrExtension", pe(1, false, seq(seq(oid(1, 2, 3), uriName("a:b"), null)))},
		{"cRLDistributionPoints empty", "ErrExtension", ce(31, false, seq())},
		{"cRLDistributionPoints not of SEQUENCEs", "ErrExtension", ce(31, false, seq(null))},
		{"cRLDistributionPoints with all three", "ok", points(full, tlv(0x81, []byte{6, 0x40}), tlv(0xa2, dirName(rootName)))},
		{"cRLDistributionPoints with a cRLIssuer only", "ok", points(tlv(0xa2, dirName(rootName)))},
		{"cRLDistributionPoints with a relative name", "ok", points(tlv(0xa0, tlv(0xa1, seq(oid(2, 5, 4, 3), utf8String("a")))))},
		{"cRLDistributionPoints with reasons only", "ErrExtension", points(tlv(0x81, []byte{6, 0x40}))},
		{"cRLDistributionPoints with nothing", "ErrExtension", points()},
		{"cRLDistributionPoints in another order", "ErrExtension", points(tlv(0xa2, dirName(rootName)), full)},
		{"cRLDistributionPoints without a name", "ErrExtension", points(tlv(0xa0))},
		{"cRLDistributionPoints without a full name", "ErrExtension", points(tlv(0xa0, tlv(0xa0)))},
		{"cRLDistributionPoints without a relative name", "ErrExtension", points(tlv(0xa0, tlv(0xa1)))},
		{"cRLDistributionPoints with two names", "ErrExtension", points(tlv(0xa0, tlv(0xa0, uriName("a:b")), tlv(0xa0, uriName("a:b"))))},
		{"cRLDistributionPoints with a name of no type", "ErrExtension", points(tlv(0xa0, tlv(0xa0, tlv(0x89))))},
		{"cRLDistributionPoints with a name of the private class", "ErrExtension", points(tlv(0xa0, tlv(0xa0, tlv(0xc6, []byte("a:b")))))},
		{"cRLDistributionPoints with malformed reasons", "ErrExtension", points(full, tlv(0x81, []byte{9, 0x40}))},
		{"cRLDistributionPoints without an issuer", "ErrExtension", points(full, tlv(0xa2))},
		{"cRLDistributionPoints of object identifiers", "ErrExtension", points(oid(1, 2, 3), oid(1, 2, 4))},
		{"freshestCRL of object identifiers", "ErrExtension", ce(46, false, seq(seq(oid(1, 2, 3), oid(1, 2, 4))))},
		{"authorityInfoAccess not a SEQUENCE", "ErrExtension", pe(1, false, null)},
		{"authorityInfoAccess not of SEQUENCEs", "ErrExtension", pe(1, false, seq(null))},
		{"authorityInfoAccess without a method", "ErrExtension", pe(1, false, seq(seq(uriName("a:b"))))},
		{"authorityInfoAccess with a location of no type", "ErrExtension", pe(1, false, seq(seq(oid(1, 2, 3), tlv(0x89, []byte("a:b")))))},
		{"authorityInfoAccess with a location of the private class", "ErrExtension", pe(1, false, seq(seq(oid(1, 2, 3), tlv(0xc6, []byte("a:b")))))},
		{"inhibitAnyPolicy with something after", "ErrExtension", ce(54, true, cat(number(0), null))},
		{"inhibitAnyPolicy negative", "ErrExtension", ce(54, true, tlv(der.Integer, []byte{0xff}))},
	} {
		s.add("extension/"+c.name, c.want, kase{leaf: func(s *spec) { s.set(c.e) }})
	}
	remove := func(n int) change { return func(s *spec) { s.remove(n) } }
	zeros := func(s *spec) { s.set(ce(15, true, tlv(der.BitString, []byte{0, 6}))) }
	s.add("extension/keyUsage with trailing zeros in the root", "ok", kase{root: zeros})
	s.add("extension/keyUsage with trailing zeros in an intermediate", "ErrExtension", kase{ca: zeros})
	s.add("extension/no authorityKeyIdentifier", "ErrMissingKeyIdentifier", kase{leaf: remove(35)})
	s.add("extension/no authorityKeyIdentifier in an intermediate", "ErrMissingKeyIdentifier", kase{ca: remove(35)})
	s.add("extension/no authorityKeyIdentifier in the root", "ok", kase{root: remove(35)})
	s.add("extension/no subjectKeyIdentifier", "ok", kase{leaf: remove(14)})
	s.add("extension/no subjectKeyIdentifier in an intermediate", "ErrMissingKeyIdentifier", kase{ca: remove(14)})
	s.add("extension/no subjectKeyIdentifier in the root", "ErrMissingKeyIdentifier", kase{root: remove(14)})
}

func suiteUsages(s *suite) {
	ku := func(bits ...int) change { return func(s *spec) { s.set(ce(15, true, keyUsageBits(bits...))) } }
	remove := func(n int) change { return func(s *spec) { s.remove(n) } }
	s.add("usage/no keyUsage", "ok", kase{leaf: remove(15)})
	s.add("usage/digitalSignature and keyEncipherment", "ok", kase{leaf: ku(0, 2)})
	s.add("usage/keyEncipherment only", "ErrKeyUsage", kase{leaf: ku(2)})
	s.add("usage/keyAgreement only", "ErrKeyUsage", kase{leaf: ku(4)})
	s.add("usage/decipherOnly", "ErrKeyUsage", kase{leaf: ku(8)})
	s.add("usage/keyCertSign in an end entity", "ErrCAKeyUsage", kase{leaf: ku(0, 5)})
	s.add("usage/no keyUsage in a CA", "ok", kase{ca: remove(15)})
	s.add("usage/keyCertSign only in a CA", "ok", kase{ca: ku(5)})
	s.add("usage/cRLSign only in a CA", "ErrCAKeyUsage", kase{ca: ku(6)})
	s.add("usage/digitalSignature only in the root", "ErrCAKeyUsage", kase{root: ku(0)})
	s.add("usage/no basicConstraints in a CA", "ErrNotCA", kase{ca: remove(19)})
	s.add("usage/basicConstraints without cA", "ErrNotCA", kase{ca: func(s *spec) { s.set(ce(19, true, seq())) }})
	s.add("usage/basicConstraints not critical", "ErrCriticality", kase{ca: func(s *spec) { s.set(ce(19, false, seq(asn1True))) }})
	s.add("usage/no basicConstraints in the root", "ErrNotCA", kase{root: remove(19)})
	s.add("usage/basicConstraints of the root not critical", "ErrCriticality", kase{root: func(s *spec) { s.set(ce(19, false, seq(asn1True))) }})
	s.add("usage/CA as end entity", "ok", kase{leaf: func(s *spec) {
		s.set(ce(19, true, seq(asn1True)))
		ku(0, 5)(s)
	}})
	s.add("usage/CA as end entity without digitalSignature", "ErrKeyUsage", kase{leaf: func(s *spec) {
		s.set(ce(19, true, seq(asn1True)))
		ku(5, 6)(s)
	}})

	eku := func(purposes ...[]byte) change { return func(s *spec) { s.set(ce(37, false, seq(purposes...))) } }
	for _, c := range []struct {
		name, server, client string
		change               change
	}{
		{"none", "ok", "ok", remove(37)},
		{"serverAuth", "ok", "ErrExtendedKeyUsage", eku(purposeServer)},
		{"clientAuth", "ErrExtendedKeyUsage", "ok", eku(purposeClient)},
		{"both", "ok", "ok", eku(purposeServer, purposeClient)},
		{"emailProtection", "ErrExtendedKeyUsage", "ErrExtendedKeyUsage", eku(purposeMail)},
		{"emailProtection and serverAuth", "ok", "ErrExtendedKeyUsage", eku(purposeMail, purposeServer)},
		{"any", "ok", "ok", eku(purposeAny)},
		{"empty", "ErrExtendedKeyUsage", "ErrExtendedKeyUsage", eku()},
	} {
		s.add("purpose/server, "+c.name, c.server, kase{leaf: c.change})
		s.add("purpose/client, "+c.name, c.client, kase{options: "usage=client", leaf: c.change})
		s.add("purpose/server, intermediate with "+c.name, c.server, kase{ca: c.change})
		s.add("purpose/client, intermediate with "+c.name, c.client, kase{options: "usage=client", ca: c.change})
		s.add("purpose/server, root with "+c.name, c.server, kase{root: c.change})
	}
	s.add("purpose/malformed", "ErrExtension", kase{leaf: func(s *spec) { s.set(ce(37, false, seq(purposeServer, null))) }})
	s.add("purpose/something after the list", "ErrExtension", kase{leaf: func(s *spec) { s.set(ce(37, false, cat(seq(purposeServer), null))) }})
	s.add("purpose/critical", "ok", kase{leaf: func(s *spec) { s.set(ce(37, true, seq(purposeServer))) }})
}

func suitePolicies(s *suite) {
	policy := oid(1, 2, 3)
	any := oid(2, 5, 29, 32, 0)
	pc := func(parts ...[]byte) change { return func(s *spec) { s.set(ce(36, true, seq(parts...))) } }
	explicit := func(n byte) []byte { return tlv(0x80, []byte{n}) }
	s.add("policy/policies with a qualifier", "ok", kase{leaf: func(s *spec) { s.set(ce(32, false, seq(seq(policy, seq(seq(oid(1, 2), null)))))) }})
	s.add("policy/no policies", "ErrExtension", kase{leaf: func(s *spec) { s.set(ce(32, false, seq())) }})
	s.add("policy/malformed policies", "ErrExtension", kase{leaf: func(s *spec) { s.set(ce(32, false, seq(policy))) }})
	s.add("policy/policies not of OBJECT IDENTIFIERs", "ErrExtension", kase{leaf: func(s *spec) { s.set(ce(32, false, seq(seq(null)))) }})
	s.add("policy/policies with something after", "ErrExtension", kase{leaf: func(s *spec) { s.set(ce(32, false, seq(seq(policy, null)))) }})
	s.add("policy/policies with something after the qualifiers", "ErrExtension", kase{leaf: func(s *spec) { s.set(ce(32, false, seq(seq(policy, seq(null), null)))) }})
	s.add("policy/explicit policy required of the end entity", "ErrPolicy", kase{ca: pc(explicit(0))})
	s.add("policy/explicit policy required one certificate on", "ErrPolicy", kase{ca: pc(explicit(1))})
	s.add("policy/explicit policy required beyond the path", "ok", kase{ca: pc(explicit(2))})
	s.add("policy/explicit policy required by the root, at the end entity", "ErrPolicy", kase{root: pc(explicit(2))})
	s.add("policy/explicit policy required by the root, beyond", "ok", kase{root: pc(explicit(3))})
	s.add("policy/explicit policy required in the end entity", "ErrPolicy", kase{leaf: pc(explicit(0))})
	s.add("policy/explicit policy required after the end entity", "ok", kase{leaf: pc(explicit(1))})
	s.add("policy/explicit policy required far away", "ok", kase{ca: pc(tlv(0x80, []byte{1, 0}))})
	s.add("policy/mapping inhibited", "ok", kase{ca: pc(tlv(0x81, []byte{0}))})
	s.add("policy/constraints empty", "ErrExtension", kase{ca: pc()})
	s.add("policy/constraints negative", "ErrExtension", kase{ca: pc(explicit(0xff))})
	s.add("policy/constraints not critical", "ErrCriticality", kase{ca: func(s *spec) { s.set(ce(36, false, seq(explicit(9)))) }})
	mapping := func(a, b []byte) change { return func(s *spec) { s.set(ce(33, true, seq(seq(a, b)))) } }
	s.add("policy/mapping", "ok", kase{ca: mapping(policy, oid(1, 2, 4))})
	s.add("policy/mapping of anyPolicy", "ErrPolicy", kase{ca: mapping(any, policy)})
	s.add("policy/mapping to anyPolicy", "ErrPolicy", kase{ca: mapping(policy, any)})
	s.add("policy/mapping malformed", "ErrExtension", kase{ca: func(s *spec) { s.set(ce(33, true, seq(seq(policy)))) }})
	s.add("policy/mapping not of SEQUENCEs", "ErrExtension", kase{ca: func(s *spec) { s.set(ce(33, true, seq(policy))) }})
	s.add("policy/mapping of three", "ErrExtension", kase{ca: func(s *spec) { s.set(ce(33, true, seq(seq(policy, policy, policy)))) }})
	s.add("policy/constraints with something after", "ErrExtension", kase{ca: pc(tlv(0x81, []byte{0}), null)})
	s.add("policy/constraints with a negative inhibition", "ErrExtension", kase{ca: pc(tlv(0x81, []byte{0xff}))})
	s.add("policy/constraints with a long zero", "ErrExtension", kase{ca: pc(tlv(0x80, []byte{0, 9}))})
	s.add("policy/constraints not a SEQUENCE", "ErrExtension", kase{ca: func(s *spec) { s.set(ce(36, true, null)) }})
	s.add("policy/mapping empty", "ErrExtension", kase{ca: func(s *spec) { s.set(ce(33, true, seq())) }})
}

func suiteBaseline(s *suite) {
	w := "rules=webpki"
	rule := func(name, want string, k kase) {
		k.options = w + " " + k.options
		s.add("webpki/"+name, want, k)
		// The same is sound for RFC 5280 alone, but where it is not sound at all.
		if want == "ErrBaselineRequirements" {
			k.options = k.options[len(w):]
			s.add("webpki/without the rules, "+name, "ok", k)
		}
	}
	subject := func(names ...string) change {
		return func(s *spec) {
			var rdns [][]byte
			for _, n := range names {
				rdns = append(rdns, attribute(oid(2, 5, 4, 3), utf8String(n)))
			}
			s.subject = seq(rdns...)
		}
	}
	rule("sound", "ok", kase{})
	rule("no extKeyUsage", "ErrBaselineRequirements", kase{leaf: func(s *spec) { s.remove(37) }})
	rule("extKeyUsage critical", "ErrBaselineRequirements", kase{leaf: func(s *spec) { s.set(ce(37, true, seq(purposeServer))) }})
	rule("anyExtendedKeyUsage", "ErrBaselineRequirements", kase{leaf: func(s *spec) { s.set(ce(37, false, seq(purposeServer, purposeAny))) }})
	rule("end entity is a CA", "ErrBaselineRequirements", kase{leaf: func(s *spec) { s.set(ce(19, true, seq(asn1True))) }})
	rule("subjectAltName critical beside a subject", "ErrBaselineRequirements", kase{leaf: func(s *spec) {
		s.set(ce(17, true, seq(dnsName("changeme.example.com"))))
	}})
	rule("no commonName", "ok", kase{leaf: func(s *spec) { s.subject = seq(attribute(oid(2, 5, 4, 10), utf8String("o"))) }})
	rule("commonName is another name", "ErrBaselineRequirements", kase{leaf: subject("other.example.com")})
	rule("commonName in other case", "ErrBaselineRequirements", kase{leaf: subject("Changeme.example.com")})
	rule("two commonNames", "ErrBaselineRequirements", kase{leaf: subject("changeme.example.com", "changeme.example.com")})
	rule("commonName is the second name", "ok", kase{leaf: func(s *spec) {
		subject("b.example")(s)
		withSAN(dnsName("changeme.example.com"), dnsName("b.example"))(s)
	}})
	for _, c := range []struct {
		text, want string
		ip         []byte
	}{
		{"192.0.2.1", "ok", []byte{192, 0, 2, 1}},
		{"192.000.002.001", "ErrBaselineRequirements", []byte{192, 0, 2, 1}},
		{"0xc0.0.2.1", "ErrBaselineRequirements", []byte{192, 0, 2, 1}},
		{"2001:db8::1", "ok", []byte{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}},
		{"2001:DB8::1", "ErrBaselineRequirements", []byte{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}},
		{"2001:db8:0:0:0:0:0:1", "ErrBaselineRequirements", []byte{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}},
		{"::", "ok", make([]byte, 16)},
		{"1::", "ok", append([]byte{0, 1}, make([]byte, 14)...)},
		{"::a:0:0:1:0", "ok", []byte{0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 1, 0, 0}},
	} {
		rule("commonName "+c.text+" for an address", c.want, kase{leaf: func(s *spec) {
			subject(c.text)(s)
			withSAN(dnsName("changeme.example.com"), ipName(c.ip...))(s)
		}})
	}
	rule("extKeyUsage in the root", "ErrBaselineRequirements", kase{root: func(s *spec) { s.set(ce(37, false, seq(purposeServer))) }})
	rule("extKeyUsage in an intermediate", "ok", kase{ca: func(s *spec) { s.set(ce(37, false, seq(purposeServer))) }})
	rule("authorityKeyIdentifier of the root without the key's", "ErrBaselineRequirements", kase{root: func(s *spec) {
		s.set(ce(35, false, seq(tlv(0xa1, dirName(rootName)), tlv(0x82, []byte{1}))))
	}})
	rule("authorityKeyIdentifier of the root with issuer and serial", "ErrBaselineRequirements", kase{root: func(s *spec) {
		s.set(ce(35, false, seq(tlv(0x80, keyID(s.spki)), tlv(0xa1, dirName(rootName)), tlv(0x82, []byte{1}))))
	}})
	rule("authorityKeyIdentifier of the root is another", "ErrBaselineRequirements", kase{root: func(s *spec) {
		s.set(ce(35, false, seq(tlv(0x80, []byte("another")))))
	}})
	rule("nameConstraints not critical", "ok", kase{ca: func(s *spec) {
		e := constraints([][]byte{dnsName("example.com")}, nil)
		e.critical = false
		s.set(e)
	}})
	rule("nameConstraints not critical, name outside", "ErrNameConstraints", kase{ca: func(s *spec) {
		e := constraints([][]byte{dnsName("example.org")}, nil)
		e.critical = false
		s.set(e)
	}})
}

func suiteRevocation(s *suite) {
	byRoot := func(change func(*crlSpec)) *crlSpec {
		l := newCRL(rootKey, rootName)
		if change != nil {
			change(l)
		}
		return l
	}
	byCA := func(change func(*crlSpec)) *crlSpec {
		l := newCRL(caKey, caName)
		if change != nil {
			change(l)
		}
		return l
	}
	sound := byRoot(nil)
	list := func(serials ...int64) func(*crlSpec) {
		return func(l *crlSpec) {
			for _, n := range serials {
				l.entries = append(l.entries, revoke(n))
			}
		}
	}
	both := func(l *crlSpec) []*crlSpec { return []*crlSpec{sound, l} }
	s.add("crl/nothing revoked", "ok", kase{crls: both(byCA(nil))})
	s.add("crl/others revoked", "ok", kase{crls: both(byCA(list(1, 4241, 4243, 424200)))})
	s.add("crl/end entity revoked", "ErrRevoked", kase{crls: both(byCA(list(1, 4242, 5)))})
	s.add("crl/intermediate revoked", "ErrRevoked", kase{crls: []*crlSpec{byRoot(list(4242)), byCA(nil)}})
	s.add("crl/order does not matter", "ErrRevoked", kase{crls: []*crlSpec{byCA(list(4242)), sound}})
	s.add("crl/serial number on another issuer's list", "ok", kase{crls: []*crlSpec{sound, byCA(nil), func() *crlSpec {
		l := newCRL(otherKey, cn("other"))
		list(4242)(l)
		return l
	}()}})
	renewed := newCA(otherKey, caKey, caName, caName)
	old := newCA(caKey, rootKey, caName, rootName)
	s.add("crl/by the CA's older key", "ok", kase{chain: []*spec{newLeaf(leafKey, otherKey, caName), renewed, old}, crls: both(byCA(list(9)))})
	s.add("crl/by the CA's older key, revoked", "ErrRevoked", kase{chain: []*spec{newLeaf(leafKey, otherKey, caName), renewed, old}, crls: both(byCA(list(4242)))})
	s.add("crl/none for the end entity", "ErrRevocationUnknown", kase{crls: []*crlSpec{sound}})
	s.add("crl/none for the end entity, allowed", "ok", kase{options: "unknown", crls: []*crlSpec{sound}})
	s.add("crl/none for the intermediate", "ErrRevocationUnknown", kase{crls: []*crlSpec{byCA(nil)}})
	s.add("crl/second list revokes", "ErrRevoked", kase{crls: []*crlSpec{sound, byCA(nil), byCA(list(4242))}})
	s.add("crl/by an anchor without a certificate", "ErrRevoked", kase{options: "anchors=triples", crls: []*crlSpec{byRoot(list(4242)), byCA(nil)}})
	s.add("crl/signatures count", "ErrBudgetSignatures", kase{options: "signatures=3", crls: both(byCA(nil))})
	s.add("crl/four signatures suffice", "ok", kase{options: "signatures=4", crls: both(byCA(nil))})
	s.add("crl/issuer must not sign lists", "ErrCRL", kase{ca: func(p *spec) { p.set(ce(15, true, keyUsageBits(5))) }, crls: both(byCA(nil))})
	s.add("crl/issuer without keyUsage", "ok", kase{ca: func(p *spec) { p.remove(15) }, crls: both(byCA(nil))})
	s.add("crl/no clock, floor in the period", "ok", kase{options: "now=0 floor=1735689600 notes=8", crls: both(byCA(nil))})
	s.add("crl/no clock, floor after the period", "ErrCRLExpired", kase{options: "now=0 floor=1735689600", crls: both(byCA(func(l *crlSpec) { l.nextUpdate = utc("241231235959Z") }))})
	reason := ce(21, false, tlv(der.Enumerated, []byte{1}))
	for _, c := range []struct {
		name, want string
		change     func(*crlSpec)
	}{
		{"signed by another key", "ErrCRL", func(l *crlSpec) { l.signer = otherKey }},
		{"key identifier of another key", "ErrRevocationUnknown", func(l *crlSpec) { l.exts[0] = ce(35, false, seq(tlv(0x80, []byte("none")))) }},
		{"no authorityKeyIdentifier", "ok", func(l *crlSpec) { l.exts = l.exts[1:] }},
		{"authorityKeyIdentifier critical", "ErrCRL", func(l *crlSpec) { l.exts[0].critical = true }},
		{"no cRLNumber", "ErrCRL", func(l *crlSpec) { l.exts = l.exts[:1] }},
		{"cRLNumber critical", "ErrCRL", func(l *crlSpec) { l.exts[1].critical = true }},
		{"cRLNumber negative", "ErrCRL", func(l *crlSpec) { l.exts[1].value = tlv(der.Integer, []byte{0xff}) }},
		{"cRLNumber of 21 octets", "ErrCRL", func(l *crlSpec) { l.exts[1].value = tlv(der.Integer, bytes.Repeat([]byte{1}, 21)) }},
		{"no extensions", "ErrCRL", func(l *crlSpec) { l.exts = nil }},
		{"extension twice", "ErrCRL", func(l *crlSpec) { l.exts = append(l.exts, l.exts[1]) }},
		{"unknown extension", "ok", func(l *crlSpec) { l.exts = append(l.exts, ce(99, false, null)) }},
		{"unknown critical extension", "ErrCRL", func(l *crlSpec) { l.exts = append(l.exts, ce(99, true, null)) }},
		{"extension of a short arc", "ok", func(l *crlSpec) { l.exts = append(l.exts, ext{oid(1, 3), false, null}) }},
		{"extension of another arc that ends like a delta's", "ok", func(l *crlSpec) { l.exts = append(l.exts, ext{oid(1, 3, 6, 27), false, null}) }},
		{"delta", "ErrCRL", func(l *crlSpec) { l.exts = append(l.exts, ce(27, true, number(1))) }},
		{"version 1", "ErrCRL", func(l *crlSpec) { l.version = nil }},
		{"version 3", "ErrCRL", func(l *crlSpec) { l.version = number(2) }},
		{"no nextUpdate", "ErrCRL", func(l *crlSpec) { l.nextUpdate = nil }},
		{"expired", "ErrCRLExpired", func(l *crlSpec) { l.nextUpdate = utc("241231235959Z") }},
		{"last second", "ok", func(l *crlSpec) { l.nextUpdate = utc("250101000000Z") }},
		{"not yet issued", "ErrCRLExpired", func(l *crlSpec) { l.thisUpdate = utc("250101000001Z") }},
		{"first second", "ok", func(l *crlSpec) { l.thisUpdate = utc("250101000000Z") }},
		{"algorithms differ", "ErrCRL", func(l *crlSpec) { l.outerAlg = algECDSA256 }},
		{"SHA-1", "ErrUnacceptableHash", func(l *crlSpec) { l.alg = algECDSA1 }},
		{"algorithm of another kind than the key", "ErrCRL", func(l *crlSpec) { l.alg = algECDSA256 }},
		{"cut off", "ErrCRL", func(l *crlSpec) { l.change = func(b []byte) []byte { return b[:len(b)-1] } }},
		{"not a SEQUENCE", "ErrCRL", func(l *crlSpec) { l.change = func(b []byte) []byte { return cat([]byte{0x31}, b[1:]) } }},
		{"inside not a SEQUENCE", "ErrCRL", func(l *crlSpec) {
			l.change = func([]byte) []byte { return seq(null, algEd25519, bitString([]byte{1})) }
		}},
		{"outer algorithm not a SEQUENCE", "ErrCRL", func(l *crlSpec) { l.outerAlg = tlv(der.Set, oid(1, 3, 101, 112)) }},
		{"element after the signature", "ErrCRL", func(l *crlSpec) {
			l.change = func(b []byte) []byte { c, _ := der.Only(b, der.Sequence); return seq(c, null) }
		}},
		{"signature with unused bits", "ErrCRL", func(l *crlSpec) {
			l.change = func(b []byte) []byte { b[len(b)-65] = 1; return b }
		}},
		{"thisUpdate malformed", "ErrCRL", func(l *crlSpec) { l.thisUpdate = utc("24") }},
		{"nextUpdate malformed", "ErrCRL", func(l *crlSpec) { l.nextUpdate = utc("24") }},
		{"issuer not a SEQUENCE", "ErrCRL", func(l *crlSpec) { l.issuer = tlv(der.Set) }},
		{"extension malformed", "ErrCRL", func(l *crlSpec) { l.exts = append(l.exts, ext{octets(nil), false, null}) }},
		{"authorityKeyIdentifier malformed", "ErrCRL", func(l *crlSpec) { l.exts[0].value = null }},
		{"cRLNumber with something after", "ErrCRL", func(l *crlSpec) { l.exts[1].value = cat(number(1), null) }},
		{"empty list of entries", "ErrCRL", func(l *crlSpec) { l.entries = [][]byte{{}} }},
		{"octet after", "ErrCRL", func(l *crlSpec) { l.change = func(b []byte) []byte { return append(b, 0) } }},
		{"empty issuer", "ErrCRL", func(l *crlSpec) { l.issuer = seq() }},
		{"entry with a reason", "ErrRevoked", func(l *crlSpec) { l.entries = [][]byte{revoke(4242, reason)} }},
		{"entry with a critical extension", "ErrCRL", func(l *crlSpec) { l.entries = [][]byte{revoke(1, ce(29, true, seq(dirName(caName))))} }},
		{"entry revoked, another with a critical extension", "ErrCRL", func(l *crlSpec) {
			l.entries = [][]byte{revoke(4242), revoke(1, ce(29, true, seq(dirName(caName))))}
		}},
		{"entry not a SEQUENCE", "ErrCRL", func(l *crlSpec) { l.entries = [][]byte{number(4242)} }},
		{"entry with malformed extensions", "ErrCRL", func(l *crlSpec) { l.entries = [][]byte{seq(number(1), utc("240601000000Z"), seq(null))} }},
		{"entry without a date", "ErrCRL", func(l *crlSpec) { l.entries = [][]byte{seq(number(1))} }},
		{"entry with a malformed date", "ErrCRL", func(l *crlSpec) { l.entries = [][]byte{seq(number(1), utc("24"))} }},
		{"entry with a long serial number", "ErrCRL", func(l *crlSpec) { l.entries = [][]byte{seq(tlv(der.Integer, []byte{0, 0, 1}), utc("240601000000Z"))} }},
		{"entry with something after", "ErrCRL", func(l *crlSpec) { l.entries = [][]byte{seq(number(1), utc("240601000000Z"), seq(), null)} }},
	} {
		s.add("crl/"+c.name, c.want, kase{crls: both(byCA(c.change))})
	}
	idp := func(parts ...[]byte) func(*crlSpec) {
		return func(l *crlSpec) {
			l.exts = append(l.exts, ce(28, true, seq(parts...)))
			list(4242)(l)
		}
	}
	flag := func(n uint8) []byte { return tlv(der.Context(n), []byte{0xff}) }
	uri := uriName("http://crl.example/ca.crl")
	at := tlv(0xa0, tlv(0xa0, uri))
	named := func(p *spec) { p.set(ce(31, false, seq(seq(at)))) }
	s.add("crl/scope: end entities", "ErrRevoked", kase{crls: both(byCA(idp(flag(1))))})
	s.add("crl/scope: CAs", "ErrRevocationUnknown", kase{crls: both(byCA(idp(flag(2))))})
	s.add("crl/scope: CAs, of the intermediate", "ErrRevoked", kase{crls: []*crlSpec{byRoot(idp(flag(2))), byCA(nil)}})
	s.add("crl/scope: end entities, of the intermediate", "ErrRevocationUnknown", kase{crls: []*crlSpec{byRoot(idp(flag(1))), byCA(nil)}})
	s.add("crl/scope: both", "ErrCRL", kase{crls: both(byCA(idp(flag(1), flag(2))))})
	s.add("crl/scope: some reasons", "ErrCRL", kase{crls: both(byCA(idp(tlv(0x83, []byte{6, 0x40}))))})
	s.add("crl/scope: indirect", "ErrCRL", kase{crls: both(byCA(idp(flag(4))))})
	s.add("crl/scope: attribute certificates", "ErrCRL", kase{crls: both(byCA(idp(flag(5))))})
	s.add("crl/scope: nothing", "ErrCRL", kase{crls: both(byCA(idp()))})
	s.add("crl/scope: FALSE encoded", "ErrCRL", kase{crls: both(byCA(idp(tlv(0x81, []byte{0}))))})
	s.add("crl/scope: not critical", "ErrCRL", kase{crls: both(byCA(func(l *crlSpec) { l.exts = append(l.exts, ce(28, false, seq(flag(1)))) }))})
	s.add("crl/scope: distribution point", "ErrRevoked", kase{leaf: named, crls: both(byCA(idp(at)))})
	s.add("crl/scope: distribution point not named", "ErrRevocationUnknown", kase{crls: both(byCA(idp(at)))})
	s.add("crl/scope: another distribution point", "ErrRevocationUnknown", kase{leaf: named, crls: both(byCA(idp(tlv(0xa0, tlv(0xa0, uriName("http://other.example/"))))))})
	s.add("crl/scope: one of two names", "ErrRevoked", kase{leaf: named, crls: both(byCA(idp(tlv(0xa0, tlv(0xa0, uriName("http://other.example/"), uri)))))})
	s.add("crl/scope: not a SEQUENCE", "ErrCRL", kase{crls: both(byCA(func(l *crlSpec) { l.exts = append(l.exts, ce(28, true, null)) }))})
	s.add("crl/scope: distribution point of no names", "ErrCRL", kase{leaf: named, crls: both(byCA(idp(tlv(0xa0, tlv(0xa0)))))})
	s.add("crl/scope: distribution point with something after", "ErrCRL", kase{leaf: named, crls: both(byCA(idp(tlv(0xa0, tlv(0xa0, uri), null))))})
	s.add("crl/scope: something after", "ErrCRL", kase{crls: both(byCA(idp(flag(1), null)))})
	s.add("crl/scope: distribution point with reasons", "ErrRevocationUnknown", kase{
		leaf: func(p *spec) { p.set(ce(31, false, seq(seq(at, tlv(0x81, []byte{6, 0x40}))))) }, crls: both(byCA(idp(at)))})
	s.add("crl/scope: second distribution point", "ErrRevoked", kase{
		leaf: func(p *spec) {
			p.set(ce(31, false, seq(seq(tlv(0xa0, tlv(0xa0, uriName("http://other.example/")))), seq(at))))
		}, crls: both(byCA(idp(at)))})
	s.add("crl/scope: relative name", "ErrCRL", kase{leaf: named, crls: both(byCA(idp(tlv(0xa0, tlv(0xa1, oid(1, 2, 3))))))})
}

func suiteLegacy(s *suite) {
	noSAN := func(p *spec) { p.remove(17) }
	named := func(name []byte, more ...[]byte) change {
		return func(p *spec) {
			p.subject = seq(append([][]byte{attribute(oid(2, 5, 4, 3), name)}, more...)...)
			p.remove(17)
		}
	}
	s.add("legacy/commonName", "ok", kase{options: "legacy=cn notes=1", leaf: noSAN})
	s.add("legacy/commonName of one label", "ok", kase{options: "legacy=cn name=changeme notes=1", leaf: named(utf8String("changeme"))})
	s.add("legacy/commonName in other case", "ok", kase{options: "legacy=cn notes=1", leaf: named(utf8String("CHANGEME.example.com"))})
	s.add("legacy/commonName in a PrintableString", "ok", kase{options: "legacy=cn notes=1", leaf: named(tlv(der.PrintableString, []byte("changeme.example.com")))})
	s.add("legacy/commonName in a BMPString", "ErrNameMismatch", kase{options: "legacy=cn", leaf: named(tlv(der.BMPString, []byte("changeme.example.com")))})
	s.add("legacy/commonName not needed", "ok", kase{options: "legacy=cn"})
	s.add("legacy/commonName beside a dNSName", "ErrNameMismatch", kase{options: "legacy=cn", leaf: withSAN(dnsName("a.example"))})
	s.add("legacy/commonName beside an iPAddress", "ErrNameMismatch", kase{options: "legacy=cn", leaf: withSAN(ipName(1, 2, 3, 4))})
	s.add("legacy/commonName beside a mailbox", "ok", kase{options: "legacy=cn notes=1", leaf: withSAN(mailName("a@b.example"))})
	s.add("legacy/commonName is another", "ErrNameMismatch", kase{options: "legacy=cn name=a.example", leaf: noSAN})
	s.add("legacy/commonName with a wildcard", "ErrNameMismatch", kase{options: "legacy=cn", leaf: named(utf8String("*.example.com"))})
	s.add("legacy/commonName with NUL", "ErrNameMismatch", kase{options: "legacy=cn", leaf: named(utf8String("changeme.example.com\x00"))})
	s.add("legacy/two commonNames", "ErrNameMismatch", kase{options: "legacy=cn", leaf: named(utf8String("a"), attribute(oid(2, 5, 4, 3), utf8String("changeme.example.com")))})
	s.add("legacy/commonName for an address", "ErrNameMismatch", kase{options: "legacy=cn name=192.0.2.1", leaf: named(utf8String("192.0.2.1"))})
	remove := func(n int) change { return func(p *spec) { p.remove(n) } }
	s.add("legacy/no authorityKeyIdentifier", "ok", kase{options: "legacy=kid notes=2", leaf: remove(35)})
	s.add("legacy/no authorityKeyIdentifier in an intermediate", "ok", kase{options: "legacy=kid notes=2", ca: remove(35)})
	s.add("legacy/no subjectKeyIdentifier in the root", "ok", kase{options: "legacy=kid notes=2", root: remove(14)})
	s.add("legacy/key identifiers not needed", "ok", kase{options: "legacy=kid"})
	s.add("legacy/version 1", "ok", kase{options: "name= legacy=v1 notes=4", leaf: func(p *spec) { p.version, p.exts = nil, nil }})
	s.add("legacy/version 1 by its commonName", "ok", kase{options: "legacy=v1,cn notes=5", leaf: func(p *spec) { p.version, p.exts = nil, nil }})
	s.add("legacy/version 1 in an intermediate", "ErrNotCA", kase{options: "legacy=v1", ca: func(p *spec) { p.version, p.exts = nil, nil }})
	s.add("legacy/version 2", "ErrVersion", kase{options: "name= legacy=v1", leaf: func(p *spec) { p.version, p.exts = tlv(0xa0, number(1)), nil }})
}
