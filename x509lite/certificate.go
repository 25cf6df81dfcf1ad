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
	tbs, inside, algorithm, signature, ok := readSigned(b)
	if !ok {
		return ErrDER
	}
	c.TBS, c.Signature = tbs, signature
	c.SignatureAlgorithm = signatureAlgorithm(algorithm)
	return c.parseTBS(inside, algorithm)
}

// readSigned reads what certificates and CRLs have in common: SEQUENCE { what is signed, a SEQUENCE;
// signatureAlgorithm AlgorithmIdentifier; signatureValue BIT STRING } (RFC 5280 4.1, 5.1).
func readSigned(b []byte) (tbs, inside, algorithm, signature []byte, ok bool) {
	outer, ok := der.Only(b, der.Sequence)
	if !ok {
		return nil, nil, nil, nil, false
	}
	if tbs, inside, ok = outer.Element(der.Sequence); !ok {
		return nil, nil, nil, nil, false
	}
	if algorithm, ok = outer.Read(der.Sequence); !ok {
		return nil, nil, nil, nil, false
	}
	signature, ok = outer.BitString()
	return tbs, inside, algorithm, signature, ok && outer.Empty()
}

// parseTBS reads the contents of TBSCertificate (RFC 5280 4.1.2); algorithm is the one that stands beside the
// signature.
func (c *Certificate) parseTBS(tbs der.Cursor, algorithm []byte) Error {
	c.Version = 1
	version, explicit, ok := tbs.Optional(der.ContextConstructed(0))
	if !ok {
		return ErrDER
	}
	if explicit {
		v := der.Cursor(version)
		// v1 is the default, which DER leaves out.
		n, ok := v.Uint32()
		if !ok || !v.Empty() || n == 0 || n > 2 {
			return ErrVersion
		}
		c.Version = uint8(n + 1)
	}
	if c.Serial, ok = tbs.Integer(); !ok {
		return ErrSerial
	}
	signature, ok := tbs.Read(der.Sequence)
	if !ok {
		return ErrDER
	}
	if !same(signature, algorithm) {
		return ErrAlgorithmMismatch
	}
	if c.Issuer, _, ok = tbs.Element(der.Sequence); !ok {
		return ErrDER
	}
	validity, ok := tbs.Enter(der.Sequence)
	if !ok {
		return ErrDER
	}
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
	if c.Subject, _, ok = tbs.Element(der.Sequence); !ok {
		return ErrDER
	}
	if c.SPKI, _, ok = tbs.Element(der.Sequence); !ok {
		return ErrDER
	}
	// issuerUniqueID and subjectUniqueID are read over (RFC 5280 4.1.2.8).
	for n := uint8(1); n <= 2; n++ {
		_, unique, ok := tbs.Optional(der.Context(n))
		if !ok {
			return ErrDER
		}
		if unique && c.Version < 2 {
			return ErrVersion
		}
	}
	extensions, present, ok := tbs.Optional(der.ContextConstructed(3))
	if !ok || !tbs.Empty() {
		return ErrDER
	}
	if !present {
		return 0
	}
	if c.Version != 3 {
		return ErrVersion
	}
	list, ok := der.Only(extensions, der.Sequence)
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
	c.Optional(der.ContextConstructed(0)) // version
	for range 4 {                         // serialNumber, signature, issuer, validity
		if _, _, _, ok := c.Any(); !ok {
			return nil, nil
		}
	}
	subject, _, _ = c.Element(der.Sequence)
	key, _, _ = c.Element(der.Sequence)
	return subject, key
}
