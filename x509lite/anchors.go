package x509lite

// Anchor is a trust anchor (RFC 5280 6.1.1 (d)): a name and a key, and possibly name constraints (RFC 5914). If it comes with a
// certificate, the certificate must follow the rules for CAs too, its validity period included; only its own signature is not
// checked. It is a view.
type Anchor struct {
	Subject         []byte // Name, the whole element
	SPKI            []byte // SubjectPublicKeyInfo, the whole element
	NameConstraints []byte // NameConstraints, the whole element, or nil
	Certificate     []byte // the whole certificate, or nil
}

// Parse makes a the anchor that the certificate der describes.
func (a *Anchor) Parse(der []byte) error {
	var c Certificate
	if e := c.parse(der); e != 0 {
		return e
	}
	*a = Anchor{Subject: c.Subject, SPKI: c.SPKI, NameConstraints: c.nameConstraints, Certificate: c.Raw}
	return nil
}

// Anchors is a set of trust anchors: a list in memory, a table in flash, or both. Verifying only reads it, so any number of
// verifiers may share it.
type Anchors struct {
	List   []Anchor
	Packed Table // nil for none
}

// Table is a set of trust anchors that are looked up where they lie. Packed is the only kind; programs that do not
// name it need not contain it.
type Table interface {
	// Len is the number of anchors.
	Len() int
	// subject is the name of anchor number i, nil if the table is damaged.
	subject(i int) []byte
	// find is Anchors.find.
	find(out *Anchor, name []byte, at int) (next int, ok bool)
}

// Add appends the anchor that the certificate der describes to List. Nothing is allocated if List has room.
func (a *Anchors) Add(der []byte) error {
	n := len(a.List)
	a.List = append(a.List, Anchor{})
	if err := a.List[n].Parse(der); err != nil {
		a.List = a.List[:n]
		return err
	}
	return nil
}

// Len is the number of anchors.
func (a *Anchors) Len() int {
	n := len(a.List)
	if a.Packed != nil {
		n += a.Packed.Len()
	}
	return n
}

// Subject returns the name of anchor number i, below Len: the whole element, nil if a table in flash is damaged.
func (a *Anchors) Subject(i int) []byte {
	if i < len(a.List) {
		return a.List[i].Subject
	}
	return a.Packed.subject(i - len(a.List))
}

// find returns the first anchor at or after position at whose subject is name, and the position after it;
// false when there is none. Begin with 0.
func (a *Anchors) find(out *Anchor, name []byte, at int) (next int, ok bool) {
	for ; at < len(a.List); at++ {
		if sameName(a.List[at].Subject, name) {
			*out = a.List[at]
			return at + 1, true
		}
	}
	if a.Packed == nil {
		return at, false
	}
	next, ok = a.Packed.find(out, name, at-len(a.List))
	return next + len(a.List), ok
}

// has reports whether an anchor has this name and this key.
func (a *Anchors) has(scratch *Anchor, name, spki []byte) bool {
	for at, ok := a.find(scratch, name, 0); ok; at, ok = a.find(scratch, name, at) {
		if same(scratch.SPKI, spki) {
			return true
		}
	}
	return false
}
