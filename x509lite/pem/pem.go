// Package pem reads the textual encoding of certificates and keys (RFC 7468) without allocating: the decoded
// bytes go to memory of the caller's, which may be the input itself, since Base64 shrinks.
//
// It is as lenient as RFC 7468 3 asks of a parser in what stands between the blocks, at line ends and with
// blanks inside of the Base64, and as strict as it can be elsewhere: the labels of both ends are the same,
// the padding is right and complete, no bits are left over. Headers (RFC 1421), which encrypted keys of old
// have, are refused.
package pem

// Error says what is wrong with a block.
type Error uint8

const (
	_ Error = iota
	// ErrNone: there is no further block.
	ErrNone
	// ErrBoundary: a block does not end, or ends with another label than it begins with.
	ErrBoundary
	// ErrBase64: a character that does not belong there, wrong padding, or bits left over. Headers are
	// reported so too.
	ErrBase64
	// ErrShort: the memory for the result is too small.
	ErrShort
)

var texts = [...]string{
	"no error", "pem: no further block", "pem: a block does not end with the label it begins with",
	"pem: malformed Base64", "pem: not enough memory for the decoded block",
}

// Error is the sentence for a log.
func (e Error) Error() string {
	if int(e) < len(texts) {
		return texts[e]
	}
	return "pem: unknown error"
}

const (
	begin  = "-----BEGIN "
	finish = "-----END "
	dashes = "-----"
)

// The labels of RFC 7468 and of the older forms of private keys.
const (
	Certificate   = "CERTIFICATE"
	CRL           = "X509 CRL"
	PrivateKey    = "PRIVATE KEY"
	ECPrivateKey  = "EC PRIVATE KEY"
	RSAPrivateKey = "RSA PRIVATE KEY"
	PublicKey     = "PUBLIC KEY"
)

// Decode finds the first block of text and decodes it to out. It returns the label, a view of text; the
// decoded bytes, which are the front of out; and what of text follows the block. out needs three quarters of
// the block's Base64 in bytes; it may be the same memory as text, which is then overwritten. After an error
// other than ErrNone rest is what follows the line that began the block, so that a caller can go on.
func Decode(out, text []byte) (label, decoded, rest []byte, err error) {
	label, body, rest, err := find(text)
	if err != nil {
		return nil, nil, rest, err
	}
	n, e := base64(out, body)
	if e != 0 {
		return label, nil, rest, e
	}
	return label, out[:n:n], rest, nil
}

// Is reports whether a label is the given one.
func Is(label []byte, want string) bool { return len(label) == len(want) && prefix(label, want) }

// find looks for the lines that enclose a block.
func find(text []byte) (label, body, rest []byte, err error) {
	for len(text) > 0 {
		line, after := cutLine(text)
		if !boundary(line, begin) {
			text = after
			continue
		}
		label = line[len(begin) : len(line)-len(dashes)]
		for body := after; len(body) > 0; {
			line, next := cutLine(body)
			if boundary(line, finish) {
				if !same(line[len(finish):len(line)-len(dashes)], label) {
					return nil, nil, after, ErrBoundary
				}
				return label, after[:len(after)-len(body)], next, nil
			}
			if boundary(line, begin) {
				break
			}
			body = next
		}
		return nil, nil, after, ErrBoundary
	}
	return nil, nil, nil, ErrNone
}

// cutLine takes the first line off, without its end and blanks before that.
func cutLine(text []byte) (line, rest []byte) {
	end := 0
	for end < len(text) && text[end] != '\n' && text[end] != '\r' {
		end++
	}
	rest = text[end:]
	if len(rest) > 0 {
		rest = rest[1:]
	}
	for end > 0 && (text[end-1] == ' ' || text[end-1] == '\t') {
		end--
	}
	return text[:end], rest
}

// boundary reports whether a line is an encapsulation boundary of the given kind.
func boundary(line []byte, kind string) bool {
	return len(line) >= len(kind)+len(dashes) && prefix(line, kind) &&
		prefix(line[len(line)-len(dashes):], dashes)
}

func prefix(b []byte, s string) bool {
	if len(b) < len(s) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if b[i] != s[i] {
			return false
		}
	}
	return true
}

func same(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// base64 decodes Base64 with blanks (RFC 4648 4) to out and returns the number of bytes. It branches on what
// the characters are, though not on which letter or digit: private keys pass through here, and no table is
// indexed by them.
func base64(out, text []byte) (n int, e Error) {
	var group uint32
	count, padding := 0, 0
	for _, c := range text {
		if c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f' {
			continue
		}
		if c == '=' {
			padding++
			continue
		}
		v := sextet(c)
		if v > 63 || padding > 0 {
			return 0, ErrBase64
		}
		group = group<<6 | v
		if count++; count == 4 {
			if n+3 > len(out) {
				return 0, ErrShort
			}
			out[n], out[n+1], out[n+2] = byte(group>>16), byte(group>>8), byte(group)
			n, count, group = n+3, 0, 0
		}
	}
	// The last group has 2 or 3 characters, and as many = as it lacks of 4.
	switch {
	case count == 0 && padding == 0:
		return n, 0
	case count < 2 || count+padding != 4:
		return 0, ErrBase64
	case n+count-1 > len(out):
		return 0, ErrShort
	case count == 2 && group&15 == 0:
		out[n] = byte(group >> 4)
	case count == 3 && group&3 == 0:
		out[n], out[n+1] = byte(group>>10), byte(group>>2)
	default:
		return 0, ErrBase64
	}
	return n + count - 1, 0
}

// sextet is the value of a character, and 64 or more for one that has none. It computes the value by
// arithmetic on ranges instead of a table.
func sextet(c byte) uint32 {
	x := uint32(c)
	// between is all ones if low <= x <= high.
	v := between(x, 'A', 'Z')&(x-'A') | between(x, 'a', 'z')&(x-'a'+26) | between(x, '0', '9')&(x-'0'+52) |
		between(x, '+', '+')&62 | between(x, '/', '/')&63
	valid := between(x, 'A', 'Z') | between(x, 'a', 'z') | between(x, '0', '9') |
		between(x, '+', '+') | between(x, '/', '/')
	return v | ^valid&64
}

func between(x, low, high uint32) uint32 {
	// Either difference is negative, and has its upper bit set, if x lies outside.
	return ((x-low)|(high-x))>>31 - 1
}
