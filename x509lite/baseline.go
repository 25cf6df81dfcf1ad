package x509lite

import "colibri/x509lite/der"

// WebPKI are the Rules of certificates of public CAs: what the Baseline Requirements of the CA/Browser Forum
// (version 2) ask for beyond RFC 5280. An end entity's extKeyUsage is there, is not critical and does not contain
// anyExtendedKeyUsage; it is not a CA; its commonName repeats a name of subjectAltName, which is not critical
// beside a subject; a root has no extKeyUsage and an authorityKeyIdentifier, if any, that repeats its
// subjectKeyIdentifier. As the Requirements allow it, nameConstraints may be non-critical.
type WebPKI struct{}

// keyFault: the size of an RSA modulus is a multiple of 8 bits (6.1.5), and keys are rsaEncryption's (7.1.3.1.1).
func (WebPKI) keyFault(k *PublicKey) Error {
	if k.Algorithm == KeyRSAPSS || k.Algorithm == KeyRSA && k.Bits()%8 != 0 {
		return ErrBaselineRequirements
	}
	return 0
}

// check holds a certificate to the profiles in section 7.1.2.
func (WebPKI) check(c *Certificate, r role) Error {
	ok := true
	switch r {
	case anchor:
		ok = c.baselineRoot()
	case endEntity:
		ok = c.baselineSubscriber()
	}
	if !ok {
		return ErrBaselineRequirements
	}
	return 0
}

// baselineRoot: no extKeyUsage (7.1.2.1.2), and an authorityKeyIdentifier, if any, that holds nothing but the
// key identifier, the same as the subjectKeyIdentifier (7.1.2.1.3).
func (c *Certificate) baselineRoot() bool {
	if c.present.has(extExtendedKeyUsage) {
		return false
	}
	if !c.present.has(extAuthorityKeyID) {
		return true
	}
	return !c.akiExtra && (same(c.AuthorityKeyID, c.SubjectKeyID) || !c.SelfIssued())
}

// baselineSubscriber: extKeyUsage is there (7.1.2.7.6), is not critical and does not contain
// anyExtendedKeyUsage (7.1.2.7.10); cA is not asserted (7.1.2.7.8); subjectAltName is critical only if the
// subject is empty (7.1.2.7.12); a commonName repeats one of its names (7.1.4.3).
func (c *Certificate) baselineSubscriber() bool {
	if c.IsCA || !c.present.has(extExtendedKeyUsage) || c.critical.has(extExtendedKeyUsage) {
		return false
	}
	if purposes, _ := der.Only(c.extKeyUsage, der.Sequence); hasID(purposes, anyKeyUse) {
		return false
	}
	if c.critical.has(extSubjectAltName) && !isEmptyName(c.Subject) {
		return false
	}
	cn, count := commonName(c.Subject)
	return count == 0 || count == 1 && c.repeats(cn)
}

// repeats reports whether cn is a name of subjectAltName: a dNSName character for character, an iPAddress in
// its canonical text form (dotted decimal, RFC 3986 3.2.2; RFC 5952 4).
func (c *Certificate) repeats(cn []byte) bool {
	names, _ := der.Only(c.san, der.Sequence)
	for !names.Empty() {
		tag, _, name, ok := names.Any()
		if !ok {
			return false
		}
		var text [39]byte
		if tag == nameDNS && same(name, cn) || tag == nameIP && same(text[:formatIP(text[:], name)], cn) {
			return true
		}
	}
	return false
}

// formatIP writes an address of 4 or 16 octets to out, which has room for 39 characters, and returns how many
// it wrote: none for another length.
func formatIP(out []byte, ip []byte) int {
	switch len(ip) {
	case 4:
		return formatIPv4(out, ip)
	case 16:
		return formatIPv6(out, ip)
	}
	return 0
}

func formatIPv4(out, ip []byte) int {
	n := 0
	for i, b := range ip {
		if i > 0 {
			out[n] = '.'
			n++
		}
		if b >= 100 {
			out[n] = '0' + b/100
			n++
		}
		if b >= 10 {
			out[n] = '0' + b/10%10
			n++
		}
		out[n] = '0' + b%10
		n++
	}
	return n
}

// formatIPv6 follows RFC 5952 4: lower case, no leading zeros, "::" for the first of the longest runs of two
// or more zero groups.
func formatIPv6(out, ip []byte) int {
	from, length := -1, 1
	for i := 0; i < 8; i++ {
		run := 0
		for i+run < 8 && ip[2*(i+run)] == 0 && ip[2*(i+run)+1] == 0 {
			run++
		}
		if run > length {
			from, length = i, run
		}
	}
	const hex = "0123456789abcdef"
	n := 0
	for i := 0; i < 8; i++ {
		if i == from {
			n += copy(out[n:], "::")
			i += length - 1
			continue
		}
		if n > 0 && out[n-1] != ':' {
			out[n] = ':'
			n++
		}
		group := uint16(ip[2*i])<<8 | uint16(ip[2*i+1])
		for shift := 12; shift >= 0; shift -= 4 {
			if shift == 0 || group>>shift != 0 {
				out[n] = hex[group>>shift&15]
				n++
			}
		}
	}
	return n
}
