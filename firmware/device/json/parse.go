package json

// Bounds of what Parse accepts.
const (
	MaxDepth   = 16      // arrays and objects around a value; a configuration has 4
	MaxMembers = 128     // of one object; comparing names costs their square
	MaxSize    = 1 << 16 // bytes of the text
)

// Parse checks that text is one JSON value with nothing but white space around it and returns it without that
// white space. On error the offset in text at which the check stopped is returned too.
func Parse(text []byte) (v Value, offset int, err error) {
	if len(text) > MaxSize {
		return nil, MaxSize, ErrSize
	}
	p := parser{text: text}
	p.space()
	start := p.pos
	if e := p.value(); e != 0 {
		return nil, p.pos, e
	}
	end := p.pos
	p.space()
	if p.pos < len(text) {
		return nil, p.pos, ErrTrailing
	}
	return Value(text[start:end]), 0, nil
}

// parser walks a text once. Instead of recursion it keeps a bit for each open container.
type parser struct {
	text    []byte
	pos     int
	depth   int
	objects uint32           // bit d is set if the container at depth d is an object
	members [MaxDepth]uint16 // members of the objects open now, so far
	starts  [MaxDepth]uint32 // offsets of the first bytes after their '{'
}

// value checks one value, containers with all they hold.
func (p *parser) value() Error {
	for {
		// Here a value begins.
		c, ok := p.peek()
		if !ok {
			return ErrTruncated
		}
		opened := false
		switch {
		case c == '{' || c == '[':
			if p.depth == MaxDepth {
				return ErrDepth
			}
			p.pos++
			p.objects &^= 1 << p.depth
			if c == '{' {
				p.objects |= 1 << p.depth
			}
			p.members[p.depth] = 0
			p.starts[p.depth] = uint32(p.pos)
			p.depth++
			opened = true
		case c == '"':
			if e := p.str(); e != 0 {
				return e
			}
		case c == '-' || isDigit(c):
			if e := p.number(); e != 0 {
				return e
			}
		default:
			if e := p.literal(c); e != 0 {
				return e
			}
		}
		// Here a value has ended or a container has begun: find out what comes next, closing containers that
		// end here.
		if e, again := p.next(opened); e != 0 || !again {
			return e
		}
	}
}

// next moves to the next value and reports true, or closes all containers and reports false. Opened says that
// the innermost container has just begun, so that it may end without a value but needs no comma.
func (p *parser) next(opened bool) (Error, bool) {
	for p.depth > 0 {
		p.space()
		c, ok := p.peek()
		if !ok {
			return ErrTruncated, false
		}
		object := p.objects>>(p.depth-1)&1 == 1
		if object && c == '}' || !object && c == ']' {
			p.pos++
			p.depth--
			opened = false
			continue
		}
		if !opened {
			if c != ',' {
				return ErrSyntax, false
			}
			p.pos++
			p.space()
		}
		if object {
			return p.name(), true
		}
		return 0, true
	}
	return 0, false
}

// name checks a member's name and its colon and refuses it if the object has it already.
func (p *parser) name() Error {
	c, ok := p.peek()
	if !ok {
		return ErrTruncated
	}
	if c != '"' {
		return ErrSyntax
	}
	start := p.pos
	if e := p.str(); e != 0 {
		return e
	}
	d := p.depth - 1
	if p.members[d] == MaxMembers {
		return ErrMembers
	}
	p.members[d]++
	name := Value(p.text[start:p.pos])
	earlier := Members{rest: p.text[p.starts[d]:start]}
	for earlier.Next() {
		if earlier.Key.equal(name) {
			p.pos = start
			return ErrDuplicate
		}
	}
	p.space()
	if c, ok = p.peek(); !ok {
		return ErrTruncated
	}
	if c != ':' {
		return ErrSyntax
	}
	p.pos++
	p.space()
	return 0
}

func (p *parser) peek() (byte, bool) {
	if p.pos >= len(p.text) {
		return 0, false
	}
	return p.text[p.pos], true
}

func (p *parser) space() { p.pos = skipSpace(p.text, p.pos) }

// literal checks true, false or null, of which c is the first byte.
func (p *parser) literal(c byte) Error {
	word := ""
	switch c {
	case 't':
		word = "true"
	case 'f':
		word = "false"
	case 'n':
		word = "null"
	default:
		return ErrSyntax
	}
	for i := range len(word) {
		c, ok := p.peek()
		if !ok {
			return ErrTruncated
		}
		if c != word[i] {
			return ErrSyntax
		}
		p.pos++
	}
	return 0
}

// number checks a number: no leading zeros, no lone point, no plus (RFC 8259, section 6).
func (p *parser) number() Error {
	if p.text[p.pos] == '-' {
		p.pos++
	}
	c, ok := p.peek()
	switch {
	case !ok:
		return ErrTruncated
	case c == '0':
		p.pos++
	default:
		if e := p.digits(); e != 0 {
			return e
		}
	}
	if c, ok = p.peek(); ok && c == '.' {
		p.pos++
		if e := p.digits(); e != 0 {
			return e
		}
	}
	if c, ok = p.peek(); ok && c|0x20 == 'e' {
		p.pos++
		if c, ok = p.peek(); ok && (c == '+' || c == '-') {
			p.pos++
		}
		return p.digits()
	}
	return 0
}

// digits takes one digit and more.
func (p *parser) digits() Error {
	c, ok := p.peek()
	if !ok {
		return ErrTruncated
	}
	if !isDigit(c) {
		return ErrSyntax
	}
	for ok && isDigit(c) {
		p.pos++
		c, ok = p.peek()
	}
	return 0
}

// str checks a string from its opening quote to its closing one.
func (p *parser) str() Error {
	d := decoder{text: p.text, pos: p.pos + 1}
	for {
		_, e := d.next()
		p.pos = d.pos
		if e != 0 {
			return e
		}
		if d.done {
			return 0
		}
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func skipSpace(text []byte, pos int) int {
	for pos < len(text) {
		switch text[pos] {
		case ' ', '\t', '\n', '\r':
			pos++
		default:
			return pos
		}
	}
	return pos
}
