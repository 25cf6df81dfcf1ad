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
// that of the CA/Browser Forum where o.Rules says so. below is the number of intermediates under it that are
// not self-issued. What a legacy switch admitted is added to notes.
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
	if o.Rules == RulesWebPKI {
		return c.checkBaseline(r)
	}
	return 0
}

func isEmptyName(name []byte) bool {
	c, ok := der.Only(name, der.Sequence)
	return ok && c.Empty()
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
		if !c.critical.has(extNameConstraints) && o.Rules == RulesRFC5280 {
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

// checkContents parses the extensions that parse has passed over.
func (c *Certificate) checkContents(r role, below int) Error {
	list := der.Cursor(c.Extensions)
	for !list.Empty() {
		oid, _, value, ok := readExtension(&list)
		if !ok {
			return ErrDER
		}
		var e Error
		switch extensionNumber(oid) {
		case extSubjectAltName, extIssuerAltName:
			e = checkGeneralNames(value)
		case extNameConstraints:
			if !small {
				e = checkNameConstraints(value)
			}
		case extExtendedKeyUsage:
			e = checkKeyPurposes(value)
		case extCertificatePolicies:
			e = checkPolicies(value)
		case extPolicyMappings:
			e = checkPolicyMappings(value)
		case extPolicyConstraints:
			e = checkPolicyConstraints(value, r, below)
		case extInhibitAnyPolicy:
			v := der.Cursor(value)
			if _, ok := v.Unsigned(); !ok || !v.Empty() {
				e = ErrExtension
			}
		case extAuthorityInfoAccess, extSubjectInfoAccess:
			e = checkAccessDescriptions(value)
		case extCRLDistributionPoints, extFreshestCRL:
			e = checkDistributionPoints(value)
		case extSubjectDirectoryAttributes:
			e = checkAttributes(value)
		}
		if e != 0 {
			return e
		}
	}
	return 0
}

// readList reads SEQUENCE SIZE (1..MAX), which most extensions are, or a SEQUENCE of which not all is absent.
func readList(value []byte) (list der.Cursor, ok bool) {
	list, ok = der.Only(value, der.Sequence)
	return list, ok && !list.Empty()
}

// checkAttributes checks the outline of SubjectDirectoryAttributes: SEQUENCE SIZE (1..MAX) OF SEQUENCE (RFC
// 5280 4.2.1.8).
func checkAttributes(value []byte) Error {
	list, ok := readList(value)
	if !ok {
		return ErrExtension
	}
	for !list.Empty() {
		if _, ok := list.Read(der.Sequence); !ok {
			return ErrExtension
		}
	}
	return 0
}

// checkDistributionPoints checks SEQUENCE SIZE (1..MAX) OF SEQUENCE { distributionPoint [0] OPTIONAL, reasons
// [1] OPTIONAL, cRLIssuer [2] OPTIONAL }, of which the reasons must not stand alone (RFC 5280 4.2.1.13,
// 4.2.1.15).
func checkDistributionPoints(value []byte) Error {
	list, ok := readList(value)
	if !ok {
		return ErrExtension
	}
	for !list.Empty() {
		point, ok := list.Enter(der.Sequence)
		if !ok {
			return ErrExtension
		}
		name, named, ok := point.Optional(der.ContextConstructed(0))
		if !ok || named && !isDistributionPointName(name) {
			return ErrExtension
		}
		reasons, present, ok := point.Optional(der.Context(1))
		if !ok {
			return ErrExtension
		}
		if present {
			if _, _, ok := der.NamedBits(reasons); !ok {
				return ErrExtension
			}
		}
		issuer, issued, ok := point.Optional(der.ContextConstructed(2))
		if !ok || issued && !areGeneralNames(issuer) || !named && !issued || !point.Empty() {
			return ErrExtension
		}
	}
	return 0
}

// isDistributionPointName reports whether b is DistributionPointName ::= CHOICE { fullName [0] GeneralNames,
// nameRelativeToCRLIssuer [1] RelativeDistinguishedName }.
func isDistributionPointName(b []byte) bool {
	c := der.Cursor(b)
	tag, _, contents, ok := c.Any()
	if !ok || !c.Empty() {
		return false
	}
	switch tag {
	case der.ContextConstructed(0):
		return areGeneralNames(contents)
	case der.ContextConstructed(1):
		return isRelativeName(contents)
	}
	return false
}

// areGeneralNames reports whether b is a list of at least one GeneralName, by their tags: these say where to
// find something, and a place that nobody goes to need not exist.
func areGeneralNames(b []byte) bool {
	list := der.Cursor(b)
	if list.Empty() {
		return false
	}
	for !list.Empty() {
		if !readGeneralName(&list) {
			return false
		}
	}
	return true
}

// readGeneralName reads any GeneralName and reports whether there was one, by its tag.
func readGeneralName(c *der.Cursor) bool {
	tag, _, _, ok := c.Any()
	return ok && tag>>6 == 2 && tag&0x1f <= 8 // context-specific, of which [8] is the last
}

// checkKeyPurposes checks SEQUENCE SIZE (1..MAX) OF OBJECT IDENTIFIER (RFC 5280 4.2.1.12).
func checkKeyPurposes(value []byte) Error {
	list, ok := readList(value)
	if !ok {
		return ErrExtension
	}
	for !list.Empty() {
		if _, ok := list.ObjectID(); !ok {
			return ErrExtension
		}
	}
	return 0
}

// checkPolicies checks SEQUENCE SIZE (1..MAX) OF SEQUENCE { policyIdentifier, policyQualifiers SEQUENCE
// OPTIONAL } (RFC 5280 4.2.1.4).
func checkPolicies(value []byte) Error {
	list, ok := readList(value)
	if !ok {
		return ErrExtension
	}
	for !list.Empty() {
		policy, ok := list.Enter(der.Sequence)
		if !ok {
			return ErrExtension
		}
		if _, ok := policy.ObjectID(); !ok {
			return ErrExtension
		}
		if _, _, ok := policy.Optional(der.Sequence); !ok || !policy.Empty() {
			return ErrExtension
		}
	}
	return 0
}

// checkPolicyMappings checks SEQUENCE SIZE (1..MAX) OF SEQUENCE { issuerDomainPolicy, subjectDomainPolicy }.
// Neither may be anyPolicy (RFC 5280 4.2.1.5, 6.1.4 (a)). What is mapped matters only where a policy is
// demanded, which checkPolicyConstraints refuses.
func checkPolicyMappings(value []byte) Error {
	list, ok := readList(value)
	if !ok {
		return ErrExtension
	}
	for !list.Empty() {
		pair, ok := list.Enter(der.Sequence)
		if !ok {
			return ErrExtension
		}
		for i := 0; i < 2; i++ {
			policy, ok := pair.ObjectID()
			if !ok {
				return ErrExtension
			}
			if equal(policy, anyPolicy) {
				return ErrPolicy
			}
		}
		if !pair.Empty() {
			return ErrExtension
		}
	}
	return 0
}

// checkPolicyConstraints reads SEQUENCE { requireExplicitPolicy [0] INTEGER OPTIONAL, inhibitPolicyMapping
// [1] INTEGER OPTIONAL }, not empty (RFC 5280 4.2.1.11). The tree of valid policies is not computed. That is
// sound for as long as no policy is required: explicit_policy of RFC 5280 6.1 starts above the length of the
// path, only requireExplicitPolicy lowers it, and it reaches zero if as many certificates follow: the
// intermediates below that are not self-issued (6.1.4 (h)) and the end entity (6.1.5 (a)).
func checkPolicyConstraints(value []byte, r role, below int) Error {
	c, ok := readList(value)
	if !ok {
		return ErrExtension
	}
	skip, required, ok := c.Optional(der.Context(0))
	if !ok || required && (!der.IsInteger(skip) || skip[0] >= 0x80) {
		return ErrExtension
	}
	inhibit, inhibited, ok := c.Optional(der.Context(1))
	if !ok || inhibited && (!der.IsInteger(inhibit) || inhibit[0] >= 0x80) || !c.Empty() {
		return ErrExtension
	}
	if !required || len(skip) > 1 {
		return 0
	}
	following := below + 1
	if r == endEntity {
		following = 0 // 6.1.5 (b)
	}
	if int(skip[0]) <= following {
		return ErrPolicy
	}
	return 0
}

// checkAccessDescriptions checks SEQUENCE SIZE (1..MAX) OF SEQUENCE { accessMethod, accessLocation
// GeneralName } (RFC 5280 4.2.2.1).
func checkAccessDescriptions(value []byte) Error {
	list, ok := readList(value)
	if !ok {
		return ErrExtension
	}
	for !list.Empty() {
		access, ok := list.Enter(der.Sequence)
		if !ok {
			return ErrExtension
		}
		if _, ok := access.ObjectID(); !ok {
			return ErrExtension
		}
		if !readGeneralName(&access) || !access.Empty() {
			return ErrExtension
		}
	}
	return 0
}

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
	if !ok {
		return ErrExtension
	}
	for !list.Empty() {
		purpose, ok := list.ObjectID()
		if !ok {
			return ErrExtension
		}
		if equal(purpose, want) || equal(purpose, anyKeyUse) {
			return 0
		}
	}
	return ErrExtendedKeyUsage
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
