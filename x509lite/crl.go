package x509lite

import "colibri/x509lite/der"

// CRL is a view of a certificate revocation list (RFC 5280 5.1): its slices point into the DER that Parse was
// given.
type CRL struct {
	TBS       []byte // tbsCertList, the whole element: what is signed
	Issuer    []byte // issuer Name, the whole element
	Signature []byte // signatureValue, without the count of unused bits
	Revoked   []byte // the contents of the SEQUENCE of revoked certificates, empty if there are none

	AuthorityKeyID []byte // the key identifier of the issuer's key, nil if absent

	distributionPoint []byte // the GeneralNames of issuingDistributionPoint, contents, nil if absent

	ThisUpdate, NextUpdate int64 // when the list is current, inclusive at both ends, in Unix seconds

	SignatureAlgorithm SignatureAlgorithm
	onlyUser, onlyCA   bool // the list is about certificates of end entities, or of CAs, only
	numbered           bool // there is a cRLNumber
}

// The extensions of CRLs and of their entries (RFC 5280 5.2, 5.3), the last octet after id-ce.
const (
	crlNumber                     = 20
	crlDeltaIndicator             = 27
	crlIssuingDistribution        = 28
	crlAuthorityKeyID             = 35
	maxCRLNumber                  = 20 // octets (RFC 5280 5.2.3)
	crlVersion2            uint32 = 1
)

// Parse makes l a view of the CRL der. It fails with ErrCRL if the list is not of the form of RFC 5280 5.1,
// version 2 with a cRLNumber and a nextUpdate, or if it cannot be used by itself: because it is a delta, is
// indirect, is about some reasons for revocation only, or has a critical extension that is not known. The
// entries are read by Lookup.
func (l *CRL) Parse(der []byte) error { return l.parse(der).result() }

func (l *CRL) parse(b []byte) Error {
	*l = CRL{}
	var s signed
	if !s.read(b) {
		return ErrCRL
	}
	l.TBS, l.Signature = s.contents(), s.signature()
	l.SignatureAlgorithm = signatureAlgorithm(s.algorithm())

	c, _ := der.Only(l.TBS, der.Sequence)
	if version, ok := c.Uint32(); !ok || version != crlVersion2 {
		return ErrCRL
	}
	if signature, ok := c.Read(der.Sequence); !ok || !same(signature, s.algorithm()) {
		return ErrCRL
	}
	var ok bool
	if l.Issuer, _, ok = c.Element(der.Sequence); !ok || isEmptyName(l.Issuer) {
		return ErrCRL
	}
	if l.ThisUpdate, ok = c.Time(); !ok {
		return ErrCRL
	}
	if l.NextUpdate, ok = c.Time(); !ok {
		return ErrCRL
	}
	// If nothing is revoked, the list MUST be absent (RFC 5280 5.1.2.6).
	revoked, present, ok := c.Optional(der.Sequence)
	if !ok || present && len(revoked) == 0 {
		return ErrCRL
	}
	l.Revoked = revoked
	extensions, ok := c.Enter(der.ContextConstructed(0))
	if !ok || !c.Empty() {
		return ErrCRL
	}
	list, ok := extensions.Enter(der.Sequence)
	if !ok || !extensions.Empty() || !l.parseExtensions(list) {
		return ErrCRL
	}
	return 0
}

func (l *CRL) parseExtensions(list der.Cursor) bool {
	all := list
	for count := 0; !list.Empty(); count++ {
		before := all[:len(all)-len(list)]
		var x extension
		if !x.read(&list) || count == MaxExtensions || contains(before, x.oid()) || !l.parseExtension(&x) {
			return false
		}
	}
	return l.numbered
}

// parseExtension takes in one extension of the list (RFC 5280 5.2).
func (l *CRL) parseExtension(x *extension) bool {
	oid, critical, value := x.oid(), x.critical(), x.value()
	if len(oid) != 3 || !hasPrefix(oid, arcCE) {
		return !critical
	}
	switch oid[2] {
	case crlNumber:
		v := der.Cursor(value)
		n, ok := v.Unsigned()
		l.numbered = true
		return ok && v.Empty() && !critical && len(n) <= maxCRLNumber
	case crlAuthorityKeyID:
		var fields [3][]byte
		ok := der.Matches(value, extensionShapes[extAuthorityKeyID], fields[:]) && isAuthorityKeyID(&fields)
		l.AuthorityKeyID = fields[0]
		return ok && !critical
	case crlIssuingDistribution:
		// MUST be critical (RFC 5280 5.2.5).
		return critical && l.parseScope(value)
	case crlDeltaIndicator:
		return false
	}
	return !critical
}

// parseScope reads IssuingDistributionPoint ::= SEQUENCE { distributionPoint [0] OPTIONAL,
// onlyContainsUserCerts [1], onlyContainsCACerts [2], onlySomeReasons [3] OPTIONAL, indirectCRL [4],
// onlyContainsAttributeCerts [5] } (RFC 5280 5.2.5), all BOOLEAN DEFAULT FALSE but the first and the fourth.
// It fails for what is not supported.
func (l *CRL) parseScope(value []byte) bool {
	c, ok := der.Only(value, der.Sequence)
	if !ok || c.Empty() {
		return false
	}
	point, present, ok := c.Optional(der.ContextConstructed(0))
	if !ok {
		return false
	}
	if present {
		// DistributionPointName is a CHOICE, so that [0] is EXPLICIT: fullName [0] GeneralNames, or
		// nameRelativeToCRLIssuer [1].
		p := der.Cursor(point)
		names, ok := p.Read(der.ContextConstructed(0))
		if !ok || !p.Empty() || len(names) == 0 {
			return false
		}
		l.distributionPoint = names
	}
	if l.onlyUser, ok = implicitTrue(&c, 1); !ok {
		return false
	}
	if l.onlyCA, ok = implicitTrue(&c, 2); !ok {
		return false
	}
	return c.Empty() && !(l.onlyUser && l.onlyCA)
}

// implicitTrue reads [n] IMPLICIT BOOLEAN DEFAULT FALSE.
func implicitTrue(c *der.Cursor, n uint8) (value, ok bool) {
	b, present, ok := c.Optional(der.Context(n))
	if !ok || present && (len(b) != 1 || b[0] != 0xff) {
		return false, false
	}
	return present, true
}

// Lookup reads through the entries, all of them, and reports whether one bears the given serial number, the
// contents of an INTEGER. It fails with ErrCRL if an entry is malformed or has a critical extension: then the
// list says nothing about any certificate (RFC 5280 5.3).
func (l *CRL) Lookup(serial []byte) (revoked bool, err error) {
	revoked, e := l.lookup(serial)
	return revoked, e.result()
}

func (l *CRL) lookup(serial []byte) (revoked bool, e Error) {
	list := der.Cursor(l.Revoked)
	for !list.Empty() {
		// SEQUENCE { userCertificate CertificateSerialNumber, revocationDate Time, crlEntryExtensions
		// Extensions OPTIONAL }
		entry, ok := list.Enter(der.Sequence)
		if !ok {
			return false, ErrCRL
		}
		found, ok := readEntry(entry, serial)
		if !ok {
			return false, ErrCRL
		}
		revoked = revoked || found
	}
	return revoked, 0
}

// readEntry reads one entry, and reports whether it bears the serial number.
func readEntry(entry der.Cursor, serial []byte) (found, ok bool) {
	number, ok := entry.Read(der.Integer)
	if !ok {
		return false, false
	}
	if _, ok := entry.Time(); !ok {
		return false, false
	}
	if !entry.Empty() {
		extensions, ok := entry.Enter(der.Sequence)
		if !ok || !entry.Empty() {
			return false, false
		}
		for !extensions.Empty() {
			// certificateIssuer, the one that must be critical, is for indirect CRLs.
			var x extension
			if !x.read(&extensions) || x.critical() {
				return false, false
			}
		}
	}
	return same(number, serial), true
}

// covers reports whether the list is about c: issued by the same CA, for this kind of certificate, for a
// distribution point that c names (RFC 5280 6.3.3 (b)).
func (l *CRL) covers(c *Certificate) bool {
	if !sameName(l.Issuer, c.Issuer) || l.onlyUser && c.IsCA || l.onlyCA && !c.IsCA {
		return false
	}
	return l.distributionPoint == nil || c.namesDistributionPoint(l.distributionPoint)
}

// namesDistributionPoint reports whether cRLDistributionPoints has one of the names, contents of
// GeneralNames, as a fullName. Distribution points that are about some reasons only, or whose CRLs somebody
// else issues, do not count: SEQUENCE { distributionPoint [0] OPTIONAL, reasons [1] OPTIONAL, cRLIssuer [2]
// OPTIONAL } (RFC 5280 4.2.1.13).
func (c *Certificate) namesDistributionPoint(names der.Cursor) bool {
	list := der.Cursor(c.Extensions)
	for !list.Empty() {
		var x extension
		if !x.read(&list) {
			return false
		}
		if x.number() != extCRLDistributionPoints {
			continue
		}
		points, _ := der.Only(x.value(), der.Sequence)
		for !points.Empty() {
			point, ok := points.Enter(der.Sequence)
			if !ok {
				return false
			}
			name, ok := point.Enter(der.ContextConstructed(0))
			if !ok || !point.Empty() {
				continue
			}
			if full, ok := name.Read(der.ContextConstructed(0)); ok && share(full, names) {
				return true
			}
		}
	}
	return false
}

// share reports whether two lists of GeneralNames have an element in common, byte for byte.
func share(a, b der.Cursor) bool {
	for !a.Empty() {
		_, x, _, ok := a.Any()
		if !ok {
			return false
		}
		rest := b
		for !rest.Empty() {
			_, y, _, ok := rest.Any()
			if !ok {
				return false
			}
			if same(x, y) {
				return true
			}
		}
	}
	return false
}

// Revocation tells which certificates of a path have been revoked. CRLs is the only kind.
type Revocation interface {
	// check notes the fault that it returns. It may change v.cert and v.other.
	check(v *Verifier, o *Options, chain [][]byte) Error
}

// CRLs is a Revocation by lists in memory. Each certificate of a path except the anchor must be covered by a list that is in
// date, and must not be on it. With AllowUnknown a certificate need not be covered.
type CRLs struct {
	Lists        [][]byte // DER
	AllowUnknown bool
}

// check goes from above to below (RFC 5280 6.3.3).
func (r *CRLs) check(v *Verifier, o *Options, chain [][]byte) Error {
	for i := int(v.depth) - 1; i >= 0; i-- {
		position := int(v.path[i].cert)
		v.cert.parse(chain[position])
		if e := r.fault(v, o, chain, i); e != 0 {
			v.note(e, position)
			return e
		}
	}
	return 0
}

// fault holds v.cert, number i of the path, against the lists.
func (r *CRLs) fault(v *Verifier, o *Options, chain [][]byte, i int) Error {
	unknown := ErrRevocationUnknown
	covered := false
	for _, b := range r.Lists {
		var l CRL
		if e := l.parse(b); e != 0 {
			unknown = min(unknown, e)
			continue
		}
		if !l.covers(&v.cert) || !v.findListIssuer(chain, &l, i) {
			continue
		}
		if e := v.listFault(o, &l); e != 0 {
			return e
		}
		revoked, e := l.lookup(v.cert.Serial)
		if e != 0 {
			return e
		}
		if revoked {
			return ErrRevoked
		}
		covered = true
	}
	if covered || r.AllowUnknown && unknown == ErrRevocationUnknown {
		return 0
	}
	return unknown
}

// findListIssuer makes v.other the certificate of the key that signed l: the issuer of number i of the path,
// or one above that bears the same name, for a CA that has changed its key signs its list with one of them.
// All are known to be good by now, and have the anchor that RFC 5280 6.3.3 (f) asks for. An anchor without a
// certificate may sign CRLs, and its key has no identifier.
func (v *Verifier) findListIssuer(chain [][]byte, l *CRL, i int) bool {
	for i++; i <= int(v.depth); i++ {
		switch {
		case i < int(v.depth):
			v.other.parse(chain[v.path[i].cert])
		case v.anchor.Certificate != nil:
			v.other.parse(v.anchor.Certificate)
		default:
			v.other = Certificate{Subject: v.anchor.Subject, SPKI: v.anchor.SPKI}
		}
		if sameName(v.other.Subject, l.Issuer) && keyIDsAgree(l.AuthorityKeyID, v.other.SubjectKeyID) {
			return true
		}
	}
	return false
}

// keyIDsAgree reports whether a subject key identifier is the one asked for, or one of them is absent.
func keyIDsAgree(authority, subject []byte) bool {
	return authority == nil || subject == nil || same(authority, subject)
}

// listFault judges a CRL by v.other, the certificate of its issuer.
func (v *Verifier) listFault(o *Options, l *CRL) Error {
	if e := l.fault(&v.other, o.Profile, o.Now, o.Floor); e != 0 {
		return e
	}
	return v.verifySignature(o, l.SignatureAlgorithm, v.other.SPKI, l.TBS, l.Signature, ErrCRL)
}

// fault judges a CRL but for its signature: whether its issuer may sign one (RFC 5280 6.3.3 (f)), how it is
// signed, and whether it is current.
func (l *CRL) fault(issuer *Certificate, p Profile, now, floor int64) Error {
	if issuer.present.has(extKeyUsage) && issuer.KeyUsage&KeyUsageCRLSign == 0 {
		return ErrCRL
	}
	if e := p.hashFault(l.SignatureAlgorithm); e != 0 {
		return e
	}
	switch {
	case now == 0 && floor == 0:
		return ErrNoClock
	case now < floor && l.NextUpdate < floor, now >= floor && (now < l.ThisUpdate || now > l.NextUpdate):
		return ErrCRLExpired
	}
	return 0
}
