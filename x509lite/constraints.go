package x509lite

import "colibri/x509lite/der"

// splitConstraints takes a NameConstraints apart: SEQUENCE { permittedSubtrees [0] OPTIONAL, excludedSubtrees [1]
// OPTIONAL }, each a SEQUENCE SIZE (1..MAX) OF GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] DEFAULT
// 0, maximum [1] OPTIONAL } (RFC 5280 4.2.1.10). An empty one, and an empty list in one, are malformed.
func splitConstraints(value []byte) (permitted, excluded []byte, ok bool) {
	var out [2][]byte
	ok = der.Matches(value, "(\x30?a\xa0?b\xa1)", out[:])
	for _, list := range out {
		ok = ok && (list == nil || len(list) > 0)
	}
	return out[0], out[1], ok && (out[0] != nil || out[1] != nil)
}

// checkNameConstraints checks the form of a NameConstraints and of every base in it.
func checkNameConstraints(value []byte) Error {
	permitted, excluded, ok := splitConstraints(value)
	if !ok {
		return ErrExtension
	}
	for _, list := range [2]der.Cursor{permitted, excluded} {
		for !list.Empty() {
			tag, base, ok := readSubtree(&list)
			if !ok {
				return ErrExtension
			}
			if !isBase(tag, base) {
				return ErrNameForm
			}
		}
	}
	return 0
}

// readSubtree reads a GeneralSubtree. minimum is 0, which DER leaves out, and maximum is absent: RFC 5280
// uses neither.
func readSubtree(list *der.Cursor) (tag der.Tag, base []byte, ok bool) {
	s, ok := list.Enter(der.Sequence)
	if !ok {
		return 0, nil, false
	}
	tag, _, base, ok = s.Any()
	return tag, base, ok && s.Empty()
}

// isBase reports whether a base has the form that RFC 5280 4.2.1.10 prescribes for its type. An empty base of
// a dNSName, an rfc822Name or a URI is below no name and above all of them; it is how a CA says "none of
// these" when it excludes it.
func isBase(tag der.Tag, base []byte) bool {
	switch tag {
	case nameDNS:
		// A leading dot is for URIs and mailboxes only.
		return len(base) == 0 || isHost(base)
	case nameIP:
		return (len(base) == 8 || len(base) == 32) && isMask(base[len(base)/2:])
	case nameRFC822:
		for _, c := range base {
			if c == '@' {
				_, _, ok := splitMailbox(base)
				return ok
			}
		}
		return len(base) == 0 || isHost(trimDot(base))
	case nameURI:
		return len(base) == 0 || isHost(trimDot(base))
	case nameDirectory:
		return isName(base)
	case nameRegisteredID:
		return der.IsObjectID(base)
	}
	return tag == nameOther || tag == nameX400 || tag == nameEDIParty
}

// isMask reports whether b is ones followed by zeros, as in RFC 4632.
func isMask(b []byte) bool {
	ended := false
	for _, x := range b {
		for bit := 7; bit >= 0; bit-- {
			one := x>>bit&1 != 0
			if one && ended {
				return false
			}
			ended = ended || !one
		}
	}
	return true
}

func trimDot(b []byte) []byte {
	if len(b) > 0 && b[0] == '.' {
		return b[1:]
	}
	return b
}

const oidEmailAddress = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01" // PKCS #9 emailAddress

// checkNames holds every name of c against the name constraints of one CA above it (RFC 5280 6.1.3 (b), (c)).
// The constraints have been checked by checkNameConstraints. budget is the number of comparisons left, and is
// counted down.
func checkNames(constraints []byte, c *Certificate, legacyCN bool, budget *uint32) Error {
	var n nameCheck
	n.permitted, n.excluded, _ = splitConstraints(constraints)
	n.budget = budget

	// directoryName constraints apply to the subject, when it has one (RFC 5280 4.2.1.10).
	if !isEmptyName(c.Subject) {
		if e := n.check(nameDirectory, c.Subject); e != 0 {
			return e
		}
	}
	host := false
	names, _ := der.Only(c.san, der.Sequence)
	for !names.Empty() {
		tag, _, name, ok := names.Any()
		if !ok {
			return ErrExtension
		}
		host = host || tag == nameDNS || tag == nameIP
		if e := n.check(tag, name); e != 0 {
			return e
		}
	}
	// rfc822Name constraints apply to emailAddress in the subject (RFC 5280 4.2.1.10; beside a subjectAltName
	// too, as OpenSSL has it). Where a commonName may stand for a host name, dNSName constraints apply to it.
	return n.checkAttributes(c.Subject, legacyCN && !host)
}

// nameCheck holds names against the constraints of one CA.
type nameCheck struct {
	permitted, excluded der.Cursor
	budget              *uint32
}

func (n *nameCheck) checkAttributes(subject []byte, hosts bool) Error {
	var a nameReader
	for a.begin(subject); !a.end(); {
		if !a.next() {
			return ErrDER
		}
		var e Error
		switch {
		case equal(a.oid, oidEmailAddress):
			e = n.check(nameRFC822, a.value)
		case hosts && equal(a.oid, oidCommonName) && isHost(a.value):
			e = n.check(nameDNS, a.value)
		}
		if e != 0 {
			return e
		}
	}
	return 0
}

// check holds one name against the constraints: within one of the permitted subtrees of its type, if there
// are any, and within none of the excluded ones. For a directoryName, name is the whole Name.
func (n *nameCheck) check(tag der.Tag, name []byte) Error {
	constrained, inside := false, false
	list := n.permitted
	for !list.Empty() {
		hit, relevant, e := n.compare(&list, tag, name, false)
		if e != 0 {
			return e
		}
		constrained = constrained || relevant
		inside = inside || hit
	}
	if constrained && !inside {
		return ErrNameConstraints
	}
	list = n.excluded
	for !list.Empty() {
		hit, _, e := n.compare(&list, tag, name, true)
		if e != 0 {
			return e
		}
		if hit {
			return ErrNameConstraints
		}
	}
	return 0
}

// compare reads one subtree and reports whether it is of the name's type and whether the name lies within.
func (n *nameCheck) compare(
	list *der.Cursor, tag der.Tag, name []byte, excluded bool,
) (hit, relevant bool, e Error) {
	if cost := 1 + uint32(len(name)/comparisonSize); *n.budget >= cost {
		*n.budget -= cost
	} else {
		*n.budget = 0
		return false, false, ErrBudgetNames
	}
	baseTag, base, ok := readSubtree(list)
	if !ok {
		return false, false, ErrExtension
	}
	if baseTag != tag {
		return false, false, 0
	}
	switch tag {
	case nameDNS:
		return withinHost(name, base, excluded), true, 0
	case nameIP:
		return withinNetwork(name, base), true, 0
	case nameRFC822:
		local, host, ok := splitMailbox(name)
		if !ok {
			return false, true, ErrNameForm
		}
		return withinMailbox(local, host, base), true, 0
	case nameURI:
		// A URI without a host name cannot be compared, and MUST be rejected (RFC 5280 4.2.1.10).
		host, ok := uriHost(name)
		if !ok {
			return false, true, ErrNameConstraints
		}
		return len(base) == 0 || withinDomain(host, base), true, 0
	case nameDirectory:
		return withinDirectory(name, base), true, 0
	}
	// Constraints on the other types cannot be processed; a name that has one is refused (RFC 5280 6.1.3,
	// 4.2.1.10).
	return false, true, ErrNameConstraints
}

// withinHost: zero or more labels added on the left make the name from the base (RFC 5280 4.2.1.10). A
// wildcard is within what is permitted if all it stands for is, and within what is excluded if any of it is.
func withinHost(name, base []byte, excluded bool) bool {
	host := trimWildcard(name)
	if len(host) == len(name) {
		return below(host, base)
	}
	if below(host, base) {
		return true
	}
	// *.example.com stands for bar.example.com too, though that is below it.
	if !excluded {
		return false
	}
	first := len(until(base, "."))
	return first < len(base) && sameHost(base[first+1:], host)
}

// below reports whether host is base or has it as its last labels; every host is below the empty base.
func below(host, base []byte) bool {
	if len(base) == 0 {
		return true
	}
	cut := len(host) - len(base)
	return cut == 0 && sameHost(host, base) || cut > 0 && host[cut-1] == '.' && sameHost(host[cut:], base)
}

// withinDomain: ".example.com" is for all hosts below example.com, "example.com" for this host alone (RFC
// 5280 4.2.1.10, for URIs and mailboxes).
func withinDomain(host, base []byte) bool {
	if base[0] == '.' {
		cut := len(host) - len(base)
		return cut > 0 && sameHost(host[cut:], base)
	}
	return sameHost(host, base)
}

// withinMailbox: the base is one mailbox, or a host or domain. The local part of a mailbox has case (RFC 5280
// 7.5).
func withinMailbox(local, host, base []byte) bool {
	if len(base) == 0 {
		return true
	}
	if baseLocal, baseHost, ok := splitMailbox(base); ok {
		return same(local, baseLocal) && sameHost(host, baseHost)
	}
	return withinDomain(host, base)
}

// withinNetwork: address and mask, 4 or 16 octets each. An IPv4 address is in no IPv6 network.
func withinNetwork(name, base []byte) bool {
	if len(base) != 2*len(name) {
		return false
	}
	for i := range name {
		if (name[i]^base[i])&base[len(name)+i] != 0 {
			return false
		}
	}
	return true
}

// withinDirectory: the relative names of the base begin the name (RFC 5280 4.2.1.10).
func withinDirectory(name, base []byte) bool {
	var n, b nameReader
	return n.begin(name) && b.begin(base) && n.begins(&b)
}
