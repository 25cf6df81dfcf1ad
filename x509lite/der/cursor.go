package der

// Cursor is what remains to be read. Convert a slice to begin: c := der.Cursor(b).
type Cursor []byte

// Empty reports whether everything has been read.
func (c Cursor) Empty() bool { return len(c) == 0 }

// Next reports whether another element follows and bears the given tag.
func (c Cursor) Next(tag Tag) bool { return len(c) > 0 && Tag(c[0]) == tag }

// Header reads the identifier and length octets at the front of b, behind which anything may be missing: head
// is their number, length that of the contents. more is true where b is too short to tell; ok is false where
// the octets are not DER.
func Header(b []byte) (tag Tag, head int, length uint32, more, ok bool) {
	if len(b) > 0 && b[0]&0x1f == 0x1f {
		return 0, 0, 0, false, false
	}
	if len(b) < 2 {
		return 0, 0, 0, true, true
	}
	n := int(b[1])
	if n < 0x80 {
		return Tag(b[0]), 2, uint32(n), false, true
	}
	// The long form (X.690 8.1.3.5): 0x80 is the indefinite length; more than four octets cannot be in
	// memory.
	count := n & 0x7f
	if count == 0 || count > 4 || len(b) > 2 && b[2] == 0 {
		return 0, 0, 0, false, false
	}
	if len(b) < 2+count {
		return 0, 0, 0, true, true
	}
	for _, x := range b[2 : 2+count] {
		length = length<<8 | uint32(x)
	}
	// X.690 10.1: the shortest form.
	return Tag(b[0]), 2 + count, length, false, length >= 0x80
}

// item is an element that was read.
type item struct {
	tag             Tag
	whole, contents []byte
}

// next reads one element into e: one with the tag want, in the form that such elements have, or any if want is 0.
func (c *Cursor) next(want Tag, e *item) bool {
	b := *c
	tag, head, length, more, ok := Header(b)
	// The comparison happens before int could overflow on 32 bits.
	if !ok || more || length > uint32(len(b)-head) {
		return false
	}
	total := head + int(length)
	contents := b[head:total:total]
	if want != 0 && (tag != want || !wellFormed(tag, contents)) {
		return false
	}
	*e = item{tag, b[:total:total], contents}
	*c = b[total:]
	return true
}

// wellFormed holds the contents of an element to the rules of its type: those of OBJECT IDENTIFIER and of INTEGER, that a BIT
// STRING counts its unused bits (X.690 8.6.2), and that a BOOLEAN is TRUE: in RFC 5280 all of them are DEFAULT FALSE, which DER
// leaves out (11.5).
func wellFormed(tag Tag, contents []byte) bool {
	switch tag {
	case ObjectID:
		return IsObjectID(contents)
	case Integer:
		return IsInteger(contents)
	case Boolean:
		return len(contents) == 1 && contents[0] == 0xff
	case BitString:
		return len(contents) > 0
	}
	return true
}

// Any reads one element of any tag: the whole of it and its contents.
func (c *Cursor) Any() (tag Tag, whole, contents []byte, ok bool) {
	var e item
	ok = c.next(0, &e)
	return e.tag, e.whole, e.contents, ok
}

// Element reads one element with the given tag: the whole of it and its contents.
func (c *Cursor) Element(tag Tag) (whole, contents []byte, ok bool) {
	var e item
	ok = c.next(tag, &e)
	return e.whole, e.contents, ok
}

// Read reads one element with the given tag and returns its contents. An OBJECT IDENTIFIER is one (see IsObjectID), an INTEGER
// is in its shortest form, a BIT STRING begins with the count of its unused bits, and a BOOLEAN can only be TRUE.
func (c *Cursor) Read(tag Tag) (contents []byte, ok bool) {
	var e item
	ok = c.next(tag, &e)
	return e.contents, ok
}

// Enter reads one element with the given tag and returns a Cursor over its contents.
func (c *Cursor) Enter(tag Tag) (inside Cursor, ok bool) {
	contents, ok := c.Read(tag)
	return Cursor(contents), ok
}

// Optional reads an element if it bears the given tag; present tells whether it did. ok is false only for a
// malformed one.
func (c *Cursor) Optional(tag Tag) (contents []byte, present, ok bool) {
	if !c.Next(tag) {
		return nil, false, true
	}
	contents, ok = c.Read(tag)
	return contents, ok, ok
}

// Only reads the one element that b is to consist of and returns a Cursor over its contents.
func Only(b []byte, tag Tag) (inside Cursor, ok bool) {
	c := Cursor(b)
	inside, ok = c.Enter(tag)
	if !ok || !c.Empty() {
		return nil, false
	}
	return inside, true
}
