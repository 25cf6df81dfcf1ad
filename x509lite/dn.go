package x509lite

import "colibri/x509lite/der"

// sameName compares two Names, whole elements, as RFC 5280 7.1 asks: the same relative names in the same
// order, strings without regard to ASCII case, to the spaces around them, to how many separate their words,
// and to which of the Unicode string types holds them. Beyond ASCII strings are compared as they are; a
// profile of stringprep would need tables of 30 KB, and CAs copy names byte for byte.
func sameName(a, b []byte) bool {
	if same(a, b) {
		return true
	}
	var x, y nameReader
	return x.begin(a) && y.begin(b) && y.begins(&x) && y.end()
}

// A Name is a SEQUENCE of relative names, each a SET of at least one AttributeTypeAndValue ::= SEQUENCE { type OBJECT
// IDENTIFIER, value ANY } (RFC 5280 4.1.2.4). The values are strings, as those of all attributes in use are.
const (
	someAttributes = "+(\x30.\x06$\x00)"
	relativeNames  = "(\x30+(\x31" + someAttributes + "))"
)

// isName reports whether b is a Name.
func isName(b []byte) bool { return equal(b, "\x30\x00") || der.Matches(b, relativeNames, nil) }

// isEmptyName reports whether a Name has no relative names in it.
func isEmptyName(name []byte) bool { return len(name) == 2 }

// nameReader goes through the AttributeTypeAndValues of a Name, one relative name after the other.
type nameReader struct {
	names der.Cursor // the relative names that follow
	rest  der.Cursor // what follows in the present one

	// The present attribute.
	first bool // it begins a relative name
	oid   []byte
	tag   der.Tag
	value []byte
}

func (a *nameReader) begin(name []byte) (ok bool) {
	*a = nameReader{}
	a.names, ok = der.Only(name, der.Sequence)
	return ok
}

func (a *nameReader) end() bool { return a.rest.Empty() && a.names.Empty() }

// next reads the next attribute, which there is if this is not the end; it is false where the Name is malformed.
func (a *nameReader) next() (ok bool) {
	if a.first = a.rest.Empty(); a.first {
		a.rest, _ = a.names.Enter(der.Set)
	}
	attribute, _ := a.rest.Enter(der.Sequence)
	if a.oid, ok = attribute.Read(der.ObjectID); !ok {
		return false
	}
	a.tag, _, a.value, ok = attribute.Any()
	return ok && attribute.Empty()
}

// begins reports whether the relative names of a begin with all those of prefix (RFC 5280 4.2.1.10 for
// directoryName), and moves both past what it compared. A SET OF stands sorted in DER, so that the attributes are
// compared in order.
func (a *nameReader) begins(prefix *nameReader) bool {
	for !prefix.end() {
		if !prefix.next() || !a.next() || a.first != prefix.first || !same(a.oid, prefix.oid) ||
			!sameValue(a.tag, prefix.tag, a.value, prefix.value) {
			return false
		}
	}
	return a.rest.Empty()
}

func sameValue(tagX, tagY der.Tag, x, y []byte) bool {
	if !asciiBased(tagX) || !asciiBased(tagY) {
		return tagX == tagY && same(x, y)
	}
	x, y = trimSpaces(x), trimSpaces(y)
	for len(x) > 0 && len(y) > 0 {
		if lower(x[0]) != lower(y[0]) {
			return false
		}
		if x[0] == ' ' {
			x, y = skipSpaces(x), skipSpaces(y)
		} else {
			x, y = x[1:], y[1:]
		}
	}
	return len(x) == 0 && len(y) == 0
}

func skipSpaces(b []byte) []byte {
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	return b
}

func trimSpaces(b []byte) []byte {
	b = skipSpaces(b)
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// asciiBased tells the string types in which ASCII characters are single octets and other characters have no
// octets below 0x80.
func asciiBased(t der.Tag) bool {
	return t == der.PrintableString || t == der.UTF8String || t == der.IA5String || t == der.NumericString
}
