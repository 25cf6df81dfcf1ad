package der

// maxNesting is how deep the groups of a shape go.
const maxNesting = 3

// Match reads elements that have a shape: most structures are only looked at for their form, and a shape takes
// fewer bytes than the calls that would read the same. It reports whether they have, and leaves c behind the
// last of them then.
//
// A shape is a string of steps, each an action and a tag (00 stands for any), one for each element in order:
//
//	.   the element is there
//	a   its contents go to out[0]; b: to out[1], and so on
//	A   the whole of it goes to out[0]; B: to out[1], and so on
//	@   it is a GeneralName of RFC 5280 4.2.1.6, by its tag: one of [0] to [8]
//	$   it is a string of the value of an attribute (IsText)
//	(   the steps up to ), which has no tag, describe all of its contents
//
// A ? before the action lets the element be absent, though not before a group: nil goes to out then. A + lets
// more of the same follow, up to the end of the contents. Elements that are asked for by their tag are held to the
// form of their type, as by Read.
func (c *Cursor) Match(shape string, out [][]byte) bool {
	var outer [maxNesting]struct {
		rest  Cursor
		again int // the step at which the group begins, if more of the same may follow it, or -1
	}
	nesting := 0
	rest := *c
	for i := 0; i < len(shape); {
		again := i
		action := shape[i]
		i++
		if action == ')' {
			if !rest.Empty() {
				return false
			}
			nesting--
			rest, again = outer[nesting].rest, outer[nesting].again
			if again >= 0 && !rest.Empty() {
				i = again
			}
			continue
		}
		optional := action == '?'
		if optional || action == '+' {
			action = shape[i]
			i++
		} else {
			again = -1
		}
		want := Tag(shape[i])
		i++
		var e item
		if !optional || rest.Next(want) {
			if !rest.next(want, &e) {
				return false
			}
		}
		switch {
		case action == '(':
			outer[nesting].rest, outer[nesting].again = rest, again
			nesting++
			rest = e.contents
			continue
		case action == '@' && (e.tag>>6 != 2 || e.tag&0x1f > 8), action == '$' && !IsText(e.tag, e.contents):
			return false
		case action >= 'a':
			out[action-'a'] = e.contents
		case action >= 'A':
			out[action-'A'] = e.whole
		}
		if again >= 0 && !optional && !rest.Empty() {
			i = again
		}
	}
	*c = rest
	return true
}

// Matches reports whether b consists of elements of a shape, and nothing else.
func Matches(b []byte, shape string, out [][]byte) bool {
	c := Cursor(b)
	return c.Match(shape, out) && c.Empty()
}
