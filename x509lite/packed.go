package x509lite

import "colibri/x509lite/der"

// Packed is a set of trust anchors in a form made for flash: it is searched in place, without RAM. The 144 CAs of Debian's
// bundle took 68,254 bytes in this form, instead of 156,257 as certificates (TestSystemBundle). Pack makes it, on a host; the
// command packanchors does so from PEM. On a board, embed the file as a string, which stays in flash, and view it as bytes.
//
// The layout, integers big-endian:
//
//	offset 0   4 bytes: "xa01"
//	offset 4   2 bytes: count, the number of anchors
//	offset 6   count entries of 8 bytes, sorted by hash: hash of the subject (4), offset of the record (4)
//	then       count records: SEQUENCE { subject Name, key SubjectPublicKeyInfo,
//	           constraints [0] EXPLICIT NameConstraints OPTIONAL }
//
// The hash is 32-bit FNV-1a over the whole element of the subject. So a name is found only if it is the same byte by byte, as
// CAs copy it. There is no validity period: an anchor is trusted for as long as the firmware that contains it.
type Packed []byte

const (
	packedMagic  = "xa01"
	packedHeader = len(packedMagic) + 2
	packedEntry  = 8
)

// Len is the number of anchors; 0 if p is not in the form above.
func (p Packed) Len() int {
	if len(p) < packedHeader || !hasPrefix(p, packedMagic) {
		return 0
	}
	n := int(p[4])<<8 | int(p[5])
	if packedHeader+n*packedEntry > len(p) {
		return 0
	}
	return n
}

// Check goes through the whole of p and fails with ErrAnchor if it is not what Pack makes. Call it once.
func (p Packed) Check() error {
	n := p.Len()
	if n == 0 && len(p) != 0 && !(len(p) == packedHeader && hasPrefix(p, packedMagic)) {
		return ErrAnchor
	}
	previous := uint32(0)
	for i := 0; i < n; i++ {
		var a Anchor
		hash := p.hash(i)
		if !p.record(&a, i) || nameHash(a.Subject) != hash || hash < previous {
			return ErrAnchor
		}
		previous = hash
	}
	return nil
}

func (p Packed) subject(i int) []byte {
	var a Anchor
	if !p.record(&a, i) {
		return nil
	}
	return a.Subject
}

func (p Packed) find(out *Anchor, name []byte, at int) (next int, ok bool) {
	n := p.Len()
	hash := nameHash(name)
	if at == 0 {
		// The first entry whose hash is not smaller.
		high := n
		for at < high {
			middle := int(uint(at+high) / 2)
			if p.hash(middle) < hash {
				at = middle + 1
			} else {
				high = middle
			}
		}
	}
	for ; at < n && p.hash(at) == hash; at++ {
		if p.record(out, at) && same(out.Subject, name) {
			return at + 1, true
		}
	}
	// A position of 0 would mean to begin again.
	return n + 1, false
}

func (p Packed) hash(i int) uint32 { return p.uint32(packedHeader + i*packedEntry) }

func (p Packed) uint32(at int) uint32 {
	return uint32(p[at])<<24 | uint32(p[at+1])<<16 | uint32(p[at+2])<<8 | uint32(p[at+3])
}

// record makes out a view of the anchor number i.
func (p Packed) record(out *Anchor, i int) bool {
	offset := p.uint32(packedHeader + i*packedEntry + 4)
	if offset > uint32(len(p)) {
		return false
	}
	c := der.Cursor(p[offset:])
	r, ok := c.Enter(der.Sequence)
	if !ok {
		return false
	}
	*out = Anchor{}
	if out.Subject, _, ok = r.Element(der.Sequence); !ok {
		return false
	}
	if out.SPKI, _, ok = r.Element(der.Sequence); !ok {
		return false
	}
	out.NameConstraints, _, ok = r.Optional(der.ContextConstructed(0))
	return ok && r.Empty()
}

// nameHash is 32-bit FNV-1a (draft-eastlake-fnv).
func nameHash(b []byte) uint32 {
	h := uint32(2166136261)
	for _, x := range b {
		h = (h ^ uint32(x)) * 16777619
	}
	return h
}

// PackedSize is the number of bytes that Pack needs for the given anchors.
func PackedSize(list []Anchor) int {
	size := packedHeader + len(list)*packedEntry
	for i := range list {
		n := recordSize(&list[i])
		size += der.HeaderSize(n) + n
	}
	return size
}

func recordSize(a *Anchor) int {
	n := len(a.Subject) + len(a.SPKI)
	if len(a.NameConstraints) > 0 {
		n += der.HeaderSize(len(a.NameConstraints)) + len(a.NameConstraints)
	}
	return n
}

// Pack writes the anchors to out, which has at least PackedSize(list) bytes, and returns their number. It
// sorts list. It fails with ErrAnchor if there are more than 65,535 of them, if one has no name or key, or if
// out is too short.
func Pack(out []byte, list []Anchor) (n int, err error) {
	if len(list) > 0xffff || len(out) < PackedSize(list) {
		return 0, ErrAnchor
	}
	// Insertion sort: this runs on a host, on a few hundred.
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && nameHash(list[j].Subject) < nameHash(list[j-1].Subject); j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	copy(out, packedMagic)
	out[4], out[5] = byte(len(list)>>8), byte(len(list))
	at := packedHeader + len(list)*packedEntry
	for i := range list {
		a := &list[i]
		if len(a.Subject) == 0 || len(a.SPKI) == 0 {
			return 0, ErrAnchor
		}
		entry := out[packedHeader+i*packedEntry:]
		putUint32(entry, nameHash(a.Subject))
		putUint32(entry[4:], uint32(at))
		at += der.PutHeader(out[at:], der.Sequence, recordSize(a))
		at += copy(out[at:], a.Subject)
		at += copy(out[at:], a.SPKI)
		if len(a.NameConstraints) > 0 {
			at += der.PutHeader(out[at:], der.ContextConstructed(0), len(a.NameConstraints))
			at += copy(out[at:], a.NameConstraints)
		}
	}
	return at, nil
}

func putUint32(b []byte, v uint32) {
	b[0], b[1], b[2], b[3] = byte(v>>24), byte(v>>16), byte(v>>8), byte(v)
}
