package x509lite

import "colibri/x509lite/der"

// The tags of GeneralName (RFC 5280 4.2.1.6): IMPLICIT, but directoryName, which is a CHOICE, EXPLICIT.
const (
	nameOther        der.Tag = 0xa0
	nameRFC822       der.Tag = 0x81
	nameDNS          der.Tag = 0x82
	nameX400         der.Tag = 0xa3
	nameDirectory    der.Tag = 0xa4
	nameEDIParty     der.Tag = 0xa5
	nameURI          der.Tag = 0x86
	nameIP           der.Tag = 0x87
	nameRegisteredID der.Tag = 0x88
)

// checkGeneralNames checks each name in the extension value for its form.
func checkGeneralNames(value []byte) Error {
	names, _ := der.Only(value, der.Sequence)
	for !names.Empty() {
		tag, _, name, _ := names.Any()
		if e := checkGeneralName(tag, name); e != 0 {
			return e
		}
	}
	return 0
}

// checkGeneralName checks the form that RFC 5280 4.2.1.6 prescribes for a name of a certificate. Only tags
// that exist pass.
func checkGeneralName(tag der.Tag, name []byte) Error {
	ok := true
	switch tag {
	case nameDNS:
		ok = isHost(trimWildcard(name))
	case nameIP:
		ok = len(name) == 4 || len(name) == 16
	case nameRFC822:
		_, _, ok = splitMailbox(name)
	case nameURI:
		ok = isURI(name)
	case nameDirectory:
		ok = isName(name)
	case nameRegisteredID:
		ok = der.IsObjectID(name)
	case nameOther:
		// SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY }
		ok = der.Matches(name, ".\x06(\xa0.\x00)", nil)
	case nameX400, nameEDIParty:
	default:
		return ErrExtension
	}
	if !ok {
		return ErrNameForm
	}
	return 0
}

// isHost reports whether b is a host name in the preferred name syntax of RFC 1034 3.5 as RFC 1123 2.1 amends
// it: at most 253 octets, labels of 1 to 63 letters, digits and inner hyphens, no dot at the end. So names
// that are not ASCII are refused; they have to be A-labels (RFC 5280 7.2). A last label of nothing but digits
// is refused as well: RFC 1123 2.1 counts on top-level labels to be alphabetic, so that addresses and names
// cannot be confused.
func isHost(b []byte) bool {
	if len(b) == 0 || len(b) > 253 {
		return false
	}
	start, numeric := 0, true
	for i := 0; ; i++ {
		if i == len(b) || b[i] == '.' {
			if i == start || i-start > 63 || b[start] == '-' || b[i-1] == '-' {
				return false
			}
			if i == len(b) {
				return !numeric
			}
			start, numeric = i+1, true
			continue
		}
		switch c := lower(b[i]); {
		case '0' <= c && c <= '9':
		case 'a' <= c && c <= 'z', c == '-':
			numeric = false
		default:
			return false
		}
	}
}

// trimWildcard removes a leading "*.".
func trimWildcard(b []byte) []byte {
	if hasPrefix(b, "*.") {
		return b[2:]
	}
	return b
}

// splitMailbox splits Local-part@Domain at its one @ (RFC 5280 4.2.1.6, RFC 5321 4.1.2). The local part is a
// Dot-string: a Quoted-string could hold a second @ or a space, which constraints are easily fooled with, and
// nobody's address needs it.
func splitMailbox(b []byte) (local, host []byte, ok bool) {
	at := 0
	for at < len(b) && (isAtext(b[at]) || b[at] == '.') {
		at++
	}
	if at == 0 || at == len(b) || b[at] != '@' || b[0] == '.' || b[at-1] == '.' {
		return nil, nil, false
	}
	local, host = b[:at], b[at+1:]
	return local, host, isHost(host)
}

// isAtext reports whether c may stand in an Atom (RFC 5322 3.2.3).
func isAtext(c byte) bool {
	if l := lower(c); 'a' <= l && l <= 'z' || '0' <= c && c <= '9' {
		return true
	}
	for _, special := range []byte("!#$%&'*+-/=?^_`{|}~") {
		if c == special {
			return true
		}
	}
	return false
}

// isURI reports whether b has the outline of an absolute URI: a scheme, a colon, something scheme-specific,
// all printable ASCII (RFC 5280 4.2.1.6, RFC 3986 3).
func isURI(b []byte) bool {
	scheme := true
	for i, c := range b {
		if c <= ' ' || c >= 0x7f {
			return false
		}
		letter := 'a' <= lower(c) && lower(c) <= 'z'
		switch {
		case !scheme || letter:
		case i == 0:
			return false
		case c == ':':
			scheme = false
			if i == len(b)-1 {
				return false
			}
		case !('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'):
			return false
		}
	}
	return !scheme
}

// uriHost is the host name in a URI's authority (RFC 3986 3.2), false where there is no authority or its host
// is an address.
func uriHost(b []byte) (host []byte, ok bool) {
	b = b[len(until(b, ":")):]
	if !hasPrefix(b, "://") {
		return nil, false
	}
	b = until(b[3:], "/?#")
	if user := until(b, "@"); len(user) < len(b) {
		b = b[len(user)+1:]
	}
	b = until(b, ":")
	return b, isHost(b)
}

// until is what stands before the first of the octets of ends, or all of s.
func until[Text string | []byte](s Text, ends string) Text {
	for i := range len(s) {
		for j := range len(ends) {
			if s[i] == ends[j] {
				return s[:i]
			}
		}
	}
	return s
}
