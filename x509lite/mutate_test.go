package x509lite

import "colibri/x509lite/der"

// node is a DER element as a tree: mutations keep the encoding around them sound, so that they reach what
// lies deeper than the lengths.
type node struct {
	tag      der.Tag
	contents []byte  // of a leaf
	children []*node // of anything else
}

// parseTree takes b apart, into OCTET STRINGs that hold DER as well.
func parseTree(b []byte) (list []*node, ok bool) {
	for c := der.Cursor(b); !c.Empty(); {
		tag, _, contents, ok := c.Any()
		if !ok {
			return nil, false
		}
		n := &node{tag: tag, contents: contents}
		if tag&0x20 != 0 || tag == der.OctetString {
			if children, ok := parseTree(contents); ok && len(children) > 0 {
				n.children = children
			}
		}
		list = append(list, n)
	}
	return list, true
}

func (n *node) der() []byte {
	if n.children == nil {
		return tlv(n.tag, n.contents)
	}
	var parts [][]byte
	for _, c := range n.children {
		parts = append(parts, c.der())
	}
	return tlv(n.tag, parts...)
}

// flatten lists the nodes below n with their parents.
func (n *node) flatten(visit func(parent *node, i int)) {
	for i := range n.children {
		visit(n, i)
		n.children[i].flatten(visit)
	}
}

// mutate applies edits of three octets each to a DER element: which node, what to do, with what.
func mutate(b, edits []byte) []byte {
	list, ok := parseTree(b)
	if !ok || len(list) != 1 {
		return b
	}
	root := list[0]
	for ; len(edits) >= 3; edits = edits[3:] {
		type place struct {
			parent *node
			i      int
		}
		var places []place
		root.flatten(func(parent *node, i int) { places = append(places, place{parent, i}) })
		if len(places) == 0 {
			break
		}
		p := places[int(edits[0])%len(places)]
		siblings := p.parent.children
		n, arg := siblings[p.i], edits[2]
		switch edits[1] % 8 {
		case 0: // delete
			p.parent.children = append(append([]*node{}, siblings[:p.i]...), siblings[p.i+1:]...)
			if len(p.parent.children) == 0 {
				p.parent.children, p.parent.contents = nil, nil
			}
		case 1: // repeat
			p.parent.children = append(append([]*node{}, siblings[:p.i+1]...), siblings[p.i:]...)
		case 2: // swap
			j := int(arg) % len(siblings)
			siblings[p.i], siblings[j] = siblings[j], siblings[p.i]
		case 3: // another tag
			n.tag = der.Tag(arg)
		case 4: // another octet
			if n.children == nil && len(n.contents) > 0 {
				n.contents = append([]byte{}, n.contents...)
				n.contents[int(arg)%len(n.contents)] ^= arg | 1
			}
		case 5: // shorter
			if n.children == nil && len(n.contents) > 0 {
				n.contents = n.contents[:int(arg)%len(n.contents)]
			}
		case 6: // longer
			if n.children == nil {
				n.contents = append(append([]byte{}, n.contents...), arg)
			}
		case 7: // a copy of another node
			q := places[int(arg)%len(places)]
			siblings[p.i] = &node{tag: q.parent.children[q.i].tag, contents: q.parent.children[q.i].der()}
			if c, ok := parseTree(siblings[p.i].contents); ok && len(c) == 1 {
				siblings[p.i] = c[0]
			}
		}
	}
	return root.der()
}
