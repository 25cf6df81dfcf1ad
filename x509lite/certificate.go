package x509lite

import "colibri/x509lite/der"

// Limits on what is looked at all. They bound the work that one certificate can cause before anything about
// it is trusted.
const (
	// MaxCertificateSize is the longest certificate in bytes. The largest that public CAs issue, with a
	// hundred names, have about 8 KB; crypto/tls takes 256 KB for a whole chain.
	MaxCertificateSize = 1<<16 - 1
	// MaxExtensions is the largest number of extensions in one certificate. RFC 5280 defines 17 and
	// certificates of public CAs have about 10. The search for duplicates compares unknown ones pairwise.
	MaxExtensions = 32
)

// Certificate is a view of a certificate (RFC 5280 4.1): its slices point into the DER that Parse was given,
// which must stay unchanged for as long. It is 192 bytes on 32 bits and may be copied.
type Certificate struct {
	Raw        []byte // the whole certificate
	TBS        []byte // tbsCertificate, the whole element: what is signed
	Serial     []byte // serialNumber, contents: big-endian two's complement
	Issuer     []byte // issuer Name, the whole element
	Subject    []byte // subject Name, the whole element
	SPKI       []byte // subjectPublicKeyInfo, the whole element
	Signature  []byte // signatureValue, without the count of unused bits
	Extensions []byte // the contents of the SEQUENCE of extensions, empty if there are none

	// SubjectKeyID and AuthorityKeyID are the key identifiers (RFC 5280 4.2.1.2, 4.2.1.1), nil where absent.
	SubjectKeyID, AuthorityKeyID []byte

	san, nameConstraints, extKeyUsage []byte // extnValue, contents, of the extensions of these names

	NotBefore, NotAfter int64 // the validity period, inclusive at both ends, in Unix seconds

	present, critical extensionSet // which known extensions there are, and which of them are critical

	KeyUsage           KeyUsage // 0 if the extension is absent
	PathLen            int16    // pathLenConstraint, -1 if absent; 32767 stands for all larger ones
	SignatureAlgorithm SignatureAlgorithm
	Version            uint8 // 1, 2 or 3
	IsCA               bool  // basicConstraints says cA

	unknownCritical bool // an extension is critical and unknown
	akiExtra        bool // authorityKeyIdentifier has an issuer and a serial number

	// slip is a fault that only a trust anchor is forgiven: some roots of public CAs write GeneralizedTime
	// where UTCTime MUST be, or zero bits at the end of keyUsage.
	slip Error
}

// KeyUsage is the set of uses of RFC 5280 4.2.1.3: bit number n of the extension is 1<<n.
type KeyUsage uint16

// The uses that matter for TLS. The other bits stand in a Certificate as they were.
const (
	KeyUsageDigitalSignature KeyUsage = 1 << 0
	KeyUsageCertSign         KeyUsage = 1 << 5
	KeyUsageCRLSign          KeyUsage = 1 << 6
)

// Parse makes c a view of the certificate der. It checks the structure, the dates, the agreement of the two
// algorithm identifiers and the short extensions; what a chain needs beyond that, Verifier checks when the
// certificate is part of one. It fails with an error from ErrDER to ErrExtension; c is then not usable. The
// key is parsed by PublicKey.
func (c *Certificate) Parse(der []byte) error { return c.parse(der).result() }

// PublicKey makes k a view of the certificate's key.
func (c *Certificate) PublicKey(k *PublicKey) error { return k.parse(c.SPKI).result() }

// SelfIssued reports whether issuer and subject are the same name (RFC 5280 3.2), as in a root or a
// certificate that introduces a CA's new key.
func (c *Certificate) SelfIssued() bool { return sameName(c.Issuer, c.Subject) }

// parse reads Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue } (RFC 5280 4.1).
func (c *Certificate) parse(b []byte) Error {
	*c = Certificate{Raw: b, PathLen: -1}
	if len(b) > MaxCertificateSize {
		return ErrTooLarge
	}
	var s signed
	if !s.read(b) {
		return ErrDER
	}
	c.TBS, c.Signature = s.contents(), s.signature()
	c.SignatureAlgorithm = signatureAlgorithm(s.algorithm())
	return c.parseTBS(s.algorithm())
}

// signed is what certificates and CRLs have in common: SEQUENCE { what is signed, a SEQUENCE; signatureAlgorithm
// AlgorithmIdentifier; signatureValue BIT STRING } (RFC 5280 4.1, 5.1).
type signed [3][]byte

func (s *signed) read(b []byte) bool {
	return der.Matches(b, "(\x30A\x30b\x30c\x03)", s[:]) && s[2][0] == 0
}

func (s *signed) contents() []byte  { return s[0] } // the whole element
func (s *signed) algorithm() []byte { return s[1] } // contents
func (s *signed) signature() []byte { return s[2][1:] }

// The fields of TBSCertificate (RFC 5280 4.1.2), by the numbers that the shape gives them, and those that have a
// form of their own.
const (
	tbsShape = "(\x30?a\xa0B\x00c\x30D\x30e\x30F\x30G\x30?h\x81?i\x82?j\xa3)"

	tbsVersion = iota - 1
	tbsSerial
	tbsSignature
	tbsIssuer
	tbsValidity
	tbsSubject
	tbsSPKI
	tbsIssuerUnique
	tbsSubjectUnique
	tbsExtensions
	tbsFields
)

// parseTBS reads the signed part; algorithm is the one that stands beside the signature.
func (c *Certificate) parseTBS(algorithm []byte) Error {
	var f [tbsFields][]byte
	if !der.Matches(c.TBS, tbsShape, f[:]) {
		return ErrDER
	}
	c.Issuer, c.Subject, c.SPKI = f[tbsIssuer], f[tbsSubject], f[tbsSPKI]
	// An INTEGER, of which v1 is the default, which DER leaves out.
	switch version := f[tbsVersion]; {
	case version == nil:
		c.Version = 1
	case equal(version, "\x02\x01\x01"):
		c.Version = 2
	case equal(version, "\x02\x01\x02"):
		c.Version = 3
	default:
		return ErrVersion
	}
	serial := der.Cursor(f[tbsSerial])
	var ok bool
	if c.Serial, ok = serial.Read(der.Integer); !ok {
		return ErrSerial
	}
	if !same(f[tbsSignature], algorithm) {
		return ErrAlgorithmMismatch
	}
	validity := der.Cursor(f[tbsValidity])
	var profiled, too bool
	if c.NotBefore, profiled, ok = validity.AnyTime(); !ok {
		return ErrTime
	}
	if c.NotAfter, too, ok = validity.AnyTime(); !ok || !validity.Empty() {
		return ErrTime
	}
	if !profiled || !too {
		c.slip = ErrTime
	}
	// issuerUniqueID and subjectUniqueID are read over (RFC 5280 4.1.2.8).
	if c.Version < 2 && (f[tbsIssuerUnique] != nil || f[tbsSubjectUnique] != nil) {
		return ErrVersion
	}
	if f[tbsExtensions] == nil {
		return 0
	}
	if c.Version != 3 {
		return ErrVersion
	}
	list, ok := der.Only(f[tbsExtensions], der.Sequence)
	if !ok || list.Empty() {
		return ErrDER
	}
	c.Extensions = list
	return c.parseExtensions()
}

// subjectAndKey reads the subject and the SubjectPublicKeyInfo of a certificate, whole elements, and nothing
// else, since a search looks at many certificates that it has no use for. They are nil where the certificate
// is malformed before them.
func subjectAndKey(b []byte) (subject, key []byte) {
	c := der.Cursor(b)
	for range 2 { // Certificate, tbsCertificate
		c, _ = c.Enter(der.Sequence)
	}
	var f [2][]byte // behind version, serialNumber, signature, issuer and validity
	c.Match("?.\xa0.\x00.\x00.\x00.\x00A\x30B\x30", f[:])
	return f[0], f[1]
}
