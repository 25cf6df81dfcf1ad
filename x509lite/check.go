package x509lite

import "colibri/x509lite/der"

// role is the place of a certificate in a path.
type role uint8

const (
	endEntity role = iota
	intermediate
	anchor
)

// check holds a certificate to the profile of RFC 5280 4.1 and 4.2, as far as parse has not done it, and to
// o.Rules. below is the number of intermediates under it that are not self-issued. What a legacy switch admitted
// is added to notes.
func (c *Certificate) check(o *Options, r role, below int, notes *Notes) Error {
	if c.slip != 0 && r != anchor {
		return c.slip
	}
	if e := c.checkFields(o, r, notes); e != 0 {
		return e
	}
	if e := c.checkKeyIdentifiers(o, r, notes); e != 0 {
		return e
	}
	if e := c.checkCriticality(o, r); e != 0 {
		return e
	}
	if e := c.checkContents(r, below); e != 0 {
		return e
	}
	if o.Rules != nil {
		return o.Rules.check(c, r)
	}
	return 0
}

// checkFields checks what stands outside of the extensions.
func (c *Certificate) checkFields(o *Options, r role, notes *Notes) Error {
	// A trust anchor is trusted for reasons outside of its certificate, and some roots are of version 1 (RFC
	// 5280 6.1.4 (k)).
	if c.Version != 3 && r != anchor {
		if r != endEntity || c.Version != 1 || o.Legacy&LegacyVersion1 == 0 {
			return ErrVersion
		}
		*notes |= NoteVersion1
	}
	// Roots were made before RFC 3280 limited serial numbers, with 0 for instance.
	if r != anchor && (len(c.Serial) > 20 || c.Serial[0] >= 0x80 || len(c.Serial) == 1 && c.Serial[0] == 0) {
		return ErrSerial
	}
	if !isName(c.Issuer) || !isName(c.Subject) {
		return ErrDER
	}
	if isEmptyName(c.Issuer) {
		return ErrEmptyIssuer
	}
	if isEmptyName(c.Subject) && (c.IsCA || !c.critical.has(extSubjectAltName)) {
		if c.IsCA || c.san == nil || o.Legacy&LegacyEmptySubject == 0 {
			return ErrEmptySubject
		}
		*notes |= NoteEmptySubject
	}
	return 0
}

// checkKeyIdentifiers: every certificate has an authorityKeyIdentifier with a key identifier (RFC 5280
// 4.2.1.1), though not an anchor's, since nobody looks for its issuer; every CA has a subjectKeyIdentifier
// (4.2.1.2).
func (c *Certificate) checkKeyIdentifiers(o *Options, r role, notes *Notes) Error {
	if c.Version != 3 {
		return 0
	}
	if (r == anchor || len(c.AuthorityKeyID) > 0) && (!c.IsCA || len(c.SubjectKeyID) > 0) {
		return 0
	}
	if o.Legacy&LegacyKeyIdentifiers == 0 {
		return ErrMissingKeyIdentifier
	}
	*notes |= NoteKeyIdentifiers
	return 0
}

// checkCriticality checks which extensions are critical.
func (c *Certificate) checkCriticality(o *Options, r role) Error {
	if c.critical&mustNotBeCritical != 0 || c.present&mustBeCritical&^c.critical != 0 {
		return ErrCriticality
	}
	// basicConstraints MUST be critical in a CA's certificate (RFC 5280 4.2.1.9).
	if c.IsCA && !c.critical.has(extBasicConstraints) {
		return ErrCriticality
	}
	if c.present.has(extNameConstraints) {
		// MUST be used only in a CA certificate, and be critical (RFC 5280 4.2.1.10). The CA/Browser Forum
		// permits it not to be.
		if !c.IsCA {
			return ErrExtension
		}
		if !c.critical.has(extNameConstraints) && o.Rules == nil {
			return ErrCriticality
		}
	}
	// Without the code for constraints nothing may be said to be within them.
	if small && c.present.has(extNameConstraints) {
		return ErrCriticalExtension
	}
	if c.unknownCritical || c.critical&unprocessed != 0 {
		return ErrCriticalExtension
	}
	return 0
}

// extensionShapes are the forms of the extensions, by number: what der.Match looks for. Those of names are checked
// further, and nameConstraints by code of its own.
var extensionShapes = [...]string{
	// SEQUENCE SIZE (1..MAX) OF SEQUENCE, of which only the outline is checked (RFC 5280 4.2.1.8)
	extSubjectDirectoryAttributes: "(\x30+.\x30)",
	// OCTET STRING (4.2.1.2)
	extSubjectKeyID: "a\x04",
	// BIT STRING (4.2.1.3)
	extKeyUsage: "a\x03",
	// SEQUENCE SIZE (1..MAX) OF GeneralName (4.2.1.6, 4.2.1.7)
	extSubjectAltName: generalNames,
	extIssuerAltName:  generalNames,
	// SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL } (4.2.1.9)
	extBasicConstraints: "(\x30?a\x01?b\x02)",
	// SEQUENCE SIZE (1..MAX) OF SEQUENCE (4.2.1.13, 4.2.1.15)
	extCRLDistributionPoints: "(\x30+.\x30)",
	extFreshestCRL:           "(\x30+.\x30)",
	// SEQUENCE SIZE (1..MAX) OF SEQUENCE { policyIdentifier, policyQualifiers SEQUENCE OPTIONAL } (4.2.1.4)
	extCertificatePolicies: "(\x30+(\x30.\x06?.\x30))",
	// SEQUENCE SIZE (1..MAX) OF SEQUENCE { issuerDomainPolicy, subjectDomainPolicy } (4.2.1.5)
	extPolicyMappings: "(\x30+(\x30.\x06.\x06))",
	// SEQUENCE { keyIdentifier [0] OPTIONAL, authorityCertIssuer [1] GeneralNames OPTIONAL,
	// authorityCertSerialNumber [2] OPTIONAL } (4.2.1.1)
	extAuthorityKeyID: "(\x30?a\x80?b\xa1?c\x82)",
	// SEQUENCE { requireExplicitPolicy [0] INTEGER OPTIONAL, inhibitPolicyMapping [1] INTEGER OPTIONAL }
	// (4.2.1.11)
	extPolicyConstraints: "(\x30?a\x80?b\x81)",
	// SEQUENCE SIZE (1..MAX) OF OBJECT IDENTIFIER (4.2.1.12)
	extExtendedKeyUsage: "(\x30+.\x06)",
	// INTEGER (4.2.1.14)
	extInhibitAnyPolicy: "a\x02",
	// SEQUENCE SIZE (1..MAX) OF SEQUENCE { accessMethod, accessLocation GeneralName } (4.2.2.1, 4.2.2.2)
	extAuthorityInfoAccess: accessDescriptions,
	extSubjectInfoAccess:   accessDescriptions,
}

const (
	someNames          = "+@\x00"
	generalNames       = "(\x30" + someNames + ")"
	accessDescriptions = "(\x30+(\x30.\x06@\x00))"
)

// checkContents checks the extensions that parse has passed over.
func (c *Certificate) checkContents(r role, below int) Error {
	list := der.Cursor(c.Extensions)
	for !list.Empty() {
		var x extension
		if !x.read(&list) {
			return ErrDER
		}
		if e := x.check(r, below); e != 0 {
			return e
		}
	}
	return 0
}

// check checks the contents of an extension.
func (x *extension) check(r role, below int) Error {
	n := x.number()
	switch n {
	case extUnknown:
		return 0
	case extNameConstraints:
		if small {
			return 0 // checkCriticality has refused it.
		}
		return checkNameConstraints(x.value())
	}
	var out [3][]byte
	if !der.Matches(x.value(), extensionShapes[n], out[:]) {
		return ErrExtension
	}
	switch n {
	case extSubjectAltName, extIssuerAltName:
		return checkGeneralNames(x.value())
	case extPolicyMappings:
		return checkPolicyMappings(x.value())
	case extPolicyConstraints:
		return checkPolicyConstraints(out[0], out[1], r, below)
	case extInhibitAnyPolicy:
		if out[0][0] >= 0x80 {
			return ErrExtension
		}
	case extCRLDistributionPoints, extFreshestCRL:
		return checkDistributionPoints(x.value())
	}
	return 0
}

// checkDistributionPoints checks SEQUENCE SIZE (1..MAX) OF SEQUENCE { distributionPoint [0] OPTIONAL, reasons
// [1] OPTIONAL, cRLIssuer [2] OPTIONAL }, of which the reasons must not stand alone (RFC 5280 4.2.1.13,
// 4.2.1.15).
func checkDistributionPoints(value []byte) Error {
	list, _ := der.Only(value, der.Sequence)
	for !list.Empty() {
		var out [3][]byte
		if !list.Match("(\x30?a\xa0?b\x81?c\xa2)", out[:]) {
			return ErrExtension
		}
		name, reasons, issuer := out[0], out[1], out[2]
		if name == nil && issuer == nil || name != nil && !isDistributionPointName(name) ||
			issuer != nil && !der.Matches(issuer, someNames, nil) {
			return ErrExtension
		}
		if reasons != nil {
			if _, _, ok := der.NamedBits(reasons); !ok {
				return ErrExtension
			}
		}
	}
	return 0
}

// isDistributionPointName reports whether b is DistributionPointName ::= CHOICE { fullName [0] GeneralNames,
// nameRelativeToCRLIssuer [1] RelativeDistinguishedName }. Names are known by their tags: these say where to find
// something, and a place that nobody goes to need not exist.
func isDistributionPointName(b []byte) bool {
	return der.Matches(b, "(\xa0"+someNames+")", nil) || der.Matches(b, "(\xa1"+someAttributes+")", nil)
}

// checkPolicyMappings: neither policy may be anyPolicy (RFC 5280 4.2.1.5, 6.1.4 (a)). What is mapped matters only
// where a policy is demanded, which checkPolicyConstraints refuses.
func checkPolicyMappings(value []byte) Error {
	list, _ := der.Only(value, der.Sequence)
	for !list.Empty() {
		if pair, _ := list.Enter(der.Sequence); hasID(pair, anyPolicy) {
			return ErrPolicy
		}
	}
	return 0
}

// checkPolicyConstraints judges requireExplicitPolicy and inhibitPolicyMapping, contents of INTEGERs or nil, of
// which one is there (RFC 5280 4.2.1.11). The tree of valid policies is not computed. That is sound for as long
// as no policy is required: explicit_policy of RFC 5280 6.1 starts above the length of the path, only
// requireExplicitPolicy lowers it, and it reaches zero if as many certificates follow: the intermediates below
// that are not self-issued (6.1.4 (h)) and the end entity (6.1.5 (a)).
func checkPolicyConstraints(required, inhibited []byte, r role, below int) Error {
	if required == nil && inhibited == nil || !isSkipCerts(required) || !isSkipCerts(inhibited) {
		return ErrExtension
	}
	if len(required) != 1 {
		return 0
	}
	following := below + 1
	if r == endEntity {
		following = 0 // 6.1.5 (b)
	}
	if int(required[0]) <= following {
		return ErrPolicy
	}
	return 0
}

// isSkipCerts reports whether b is the contents of SkipCerts ::= INTEGER (0..MAX), or is absent.
func isSkipCerts(b []byte) bool { return b == nil || der.IsInteger(b) && b[0] < 0x80 }

// usageFault checks that extKeyUsage, where it is, contains the usage or anyExtendedKeyUsage. In a CA it
// restricts what lies below, as all implementations have it, though RFC 5280 does not.
func (c *Certificate) usageFault(u Usage) Error {
	if !c.present.has(extExtendedKeyUsage) {
		return 0
	}
	want := serverAuth
	if u == UsageClient {
		want = clientAuth
	}
	list, ok := der.Only(c.extKeyUsage, der.Sequence)
	for ok && !list.Empty() {
		var purpose []byte
		purpose, ok = list.Read(der.ObjectID)
		if equal(purpose, want) || equal(purpose, anyKeyUse) {
			return 0
		}
	}
	if !ok {
		return ErrExtension
	}
	return ErrExtendedKeyUsage
}

// hasID reports whether a list of OBJECT IDENTIFIERs has one of the given contents, before anything that is none.
func hasID(list der.Cursor, id string) bool {
	for {
		other, ok := list.Read(der.ObjectID)
		if !ok || equal(other, id) {
			return ok
		}
	}
}

// caFault checks that c may issue certificates (RFC 5280 6.1.4 (k), (l), (n)) with below intermediates, not
// counting self-issued ones, between it and the end entity.
func (c *Certificate) caFault(r role, below int) Error {
	if c.Version == 3 || r != anchor {
		if !c.IsCA {
			return ErrNotCA
		}
		if c.present.has(extKeyUsage) && c.KeyUsage&KeyUsageCertSign == 0 {
			return ErrCAKeyUsage
		}
	}
	if c.PathLen >= 0 && below > int(c.PathLen) {
		return ErrPathLength
	}
	return 0
}

// endEntityFault checks that c may be what TLS 1.3 and the (EC)DHE suites of TLS 1.2 use it for: to sign the
// handshake (RFC 8446 4.4.2.2).
func (c *Certificate) endEntityFault() Error {
	if !c.present.has(extKeyUsage) {
		return 0
	}
	// keyCertSign MUST NOT be asserted unless cA is (RFC 5280 4.2.1.9).
	if !c.IsCA && c.KeyUsage&KeyUsageCertSign != 0 {
		return ErrCAKeyUsage
	}
	if c.KeyUsage&KeyUsageDigitalSignature == 0 {
		return ErrKeyUsage
	}
	return 0
}
