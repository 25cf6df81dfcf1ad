package httpd

import (
	"colibri/firmware/device/fs"
	"colibri/firmware/device/text"
)

// target is a request target taken apart (RFC 9112, section 3.2).
type target struct {
	asterisk  bool   // "*", which stands for the server as a whole
	authority []byte // of the absolute form, which overrides the field Host; nil for others
	path      []byte // as it came, still encoded, begins with a slash
	query     []byte // as it came, without the question mark
}

// parse takes p apart. The origin form and the absolute form are for every method, the asterisk is for OPTIONS.
func (t *target) parse(p []byte, m Method) Status {
	*t = target{}
	if len(p) == 1 && p[0] == '*' {
		t.asterisk = true
		if m != Options {
			return BadRequest
		}
		return 0
	}
	if p[0] != '/' {
		scheme := 0
		switch {
		case len(p) > 7 && text.EqualFold(p[:7], "http://"):
			scheme = 7
		case len(p) > 8 && text.EqualFold(p[:8], "https://"):
			scheme = 8
		default:
			return BadRequest
		}
		end := scheme
		for end < len(p) && p[end] != '/' && p[end] != '?' {
			end++
		}
		t.authority, p = p[scheme:end], p[end:]
		if len(t.authority) == 0 || !isAuthority(t.authority) {
			return BadRequest
		}
	}
	t.path = p
	for i, c := range p {
		if c == '?' {
			t.path, t.query = p[:i], p[i+1:]
			break
		}
	}
	if len(t.path) == 0 {
		t.path = rootPath
	}
	return 0
}

var rootPath = []byte("/")

// isAuthority reports whether p can be a host with or without a port (RFC 3986, section 3.2): a name or an IPv4
// address, or an IPv6 address in brackets. User information and escapes are not taken; they have no use here.
func isAuthority(p []byte) bool {
	i := 0
	if len(p) > 0 && p[0] == '[' {
		for i = 1; i < len(p) && (unhex(p[i]) <= 15 || p[i] == ':' || p[i] == '.'); i++ {
		}
		if i == 1 || i == len(p) || p[i] != ']' {
			return false
		}
		i++
	} else {
		for i < len(p) && isHostChar(p[i]) {
			i++
		}
	}
	if i == len(p) {
		return true
	}
	if p[i] != ':' || len(p)-i > len(":65535") {
		return false
	}
	for _, c := range p[i+1:] {
		if !isDigit(c) {
			return false
		}
	}
	return true
}

func isHostChar(c byte) bool {
	return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '-' || c == '.' || c == '_' || c == '~'
}

// decode writes the name that an encoded path stands for to name, without its leading slash, and returns its
// length; dir says that it ended in a slash, which is left out too. A path with a bad escape or an escaped
// control character is 400; one that is well-formed but not the one spelling of a name (see fs.Valid; an
// escaped slash counts as such) is 404.
func decode(name *[fs.MaxName]byte, path []byte) (n int, dir bool, s Status) {
	p := path[1:]
	escapedSlash, long := false, false
	for i := 0; i < len(p); i++ {
		c := p[i]
		if c == '%' {
			if i+2 >= len(p) {
				return 0, false, BadRequest
			}
			hi, lo := unhex(p[i+1]), unhex(p[i+2])
			if hi > 15 || lo > 15 {
				return 0, false, BadRequest
			}
			c = hi<<4 | lo
			i += 2
			if c < 0x20 || c == 0x7f {
				return 0, false, BadRequest
			}
			escapedSlash = escapedSlash || c == '/'
		}
		if n == len(name) {
			// The escapes of the rest are still worth looking at; a slash at the end may be one too many.
			long = long || c != '/' || i+1 < len(p)
			dir = c == '/'
			continue
		}
		name[n] = c
		n++
	}
	if !dir && n > 0 && name[n-1] == '/' {
		dir = true
		n--
	}
	switch {
	case len(p) == 0:
		return 0, true, 0
	case long || escapedSlash || !fs.Valid(name[:n]):
		return 0, false, NotFound
	}
	return n, dir, 0
}

// unhex returns the value of a hexadecimal digit, or 255.
func unhex(c byte) byte {
	switch {
	case isDigit(c):
		return c - '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 255
}
