package config

import (
	"colibri/firmware/device/fs"
	"colibri/firmware/device/text"
)

// rule says which values of the right type a key takes.
type rule uint8

const (
	ruleNone     rule = iota
	ruleListen        // address to listen on
	ruleDir           // directory
	ruleFile          // file, or empty
	ruleNames         // comma-separated file names without slashes, or empty
	rulePatterns      // comma-separated patterns, or empty
	ruleHeaders       // header fields
	ruleSSID          // network name
	rulePass          // WPA passphrase, or empty for an open network
	ruleChannel       // 2.4 GHz channel
	ruleIPv4          // IPv4 address
	ruleServer        // IPv4 address, with or without a port, or empty
	ruleInterval      // seconds between questions to a server of the time
)

// remedies say how a value obeys the rule.
var remedies = [...]string{
	ruleNone:     "control characters are not allowed",
	ruleListen:   `use a port ("8443", ":8443") or an address and a port ("192.168.4.1:8443")`,
	ruleDir:      `use "/" or the name of a directory`,
	ruleFile:     "use the name of a file of the device, without .. and control characters",
	ruleNames:    "use file names separated by commas",
	rulePatterns: "use patterns separated by commas, at most 16",
	ruleHeaders:  `use "Name: value" fields separated by CR LF, none that the server writes itself`,
	ruleSSID:     "use 1 to 32 bytes",
	rulePass:     "use 8 to 63 printable ASCII characters, or nothing for an open network",
	ruleChannel:  "use 1 to 13",
	ruleIPv4:     "use a dotted address like 192.168.4.1",
	ruleServer:   "use a dotted address, with or without a port, like 192.168.4.2:123",
	ruleInterval: "use 15 to 131072 seconds",
}

// allowsText checks a text value. Control characters are refused everywhere, since values end up in header
// fields, log lines and file names; only the line ends between header fields are meant.
func (r rule) allowsText(p []byte) bool {
	if r == ruleHeaders {
		return validHeaders(p)
	}
	for _, c := range p {
		if c < 0x20 || c == 0x7f {
			return false
		}
	}
	switch r {
	case ruleListen:
		_, _, ok := SplitListenAddr(p)
		return ok
	case ruleDir:
		return fs.ValidDir(fs.Trim(p))
	case ruleFile:
		return fs.ValidDir(fs.Trim(p)) && (len(p) == 0 || p[len(p)-1] != '/')
	case ruleNames:
		return validItems(p, false)
	case rulePatterns:
		return validItems(p, true)
	case ruleSSID:
		return 1 <= len(p) && len(p) <= 32
	case rulePass:
		return len(p) == 0 || 8 <= len(p) && len(p) <= 63 && isASCII(p)
	case ruleIPv4:
		return validIPv4(p)
	case ruleServer:
		_, _, ok := SplitServer(p)
		return ok || len(p) == 0
	}
	return true
}

// allowsInt checks a number.
func (r rule) allowsInt(n int64) bool {
	switch r {
	case ruleChannel:
		return 1 <= n && n <= 13
	case ruleInterval:
		return 15 <= n && n <= 1<<17 // RFC 4330, section 10, and RFC 5905's greatest poll interval
	}
	return true
}

// MaxItems bounds comma-separated lists.
const MaxItems = 16

// List walks a comma-separated list: l := Items(text); for l.Next() { l.Item }. Blanks around items and
// empty items are left out.
type List struct {
	Item []byte
	rest []byte
}

// Items starts a walk over text.
func Items(text []byte) List { return List{rest: text} }

// Next moves to the next item and reports whether there is one.
func (l *List) Next() bool {
	for len(l.rest) > 0 {
		end := 0
		for end < len(l.rest) && l.rest[end] != ',' {
			end++
		}
		l.Item = l.rest[:end]
		l.rest = l.rest[min(end+1, len(l.rest)):]
		for len(l.Item) > 0 && l.Item[0] == ' ' {
			l.Item = l.Item[1:]
		}
		for len(l.Item) > 0 && l.Item[len(l.Item)-1] == ' ' {
			l.Item = l.Item[:len(l.Item)-1]
		}
		if len(l.Item) > 0 {
			return true
		}
	}
	l.Item = nil
	return false
}

// validItems checks the items of a list. It takes no function as an argument: what is passed through a
// function value is moved to the heap.
func validItems(text []byte, patterns bool) bool {
	n := 0
	l := Items(text)
	for l.Next() {
		if n++; n > MaxItems {
			return false
		}
		if patterns && !validPattern(l.Item) || !patterns && !validIndexName(l.Item) {
			return false
		}
	}
	return true
}

func validIndexName(p []byte) bool { return fs.Valid(p) && len(fs.Base(p)) == len(p) }

// validPattern accepts what fs.Valid does, with stars and question marks.
func validPattern(p []byte) bool {
	if len(p) > fs.MaxName {
		return false
	}
	var name [fs.MaxName]byte
	for i, c := range p {
		if c == '*' || c == '?' {
			c = '_'
		}
		name[i] = c
	}
	return fs.Valid(name[:len(p)])
}

func isASCII(p []byte) bool {
	for _, c := range p {
		if c < 0x20 || c > 0x7e {
			return false
		}
	}
	return true
}

func validIPv4(p []byte) bool {
	octets, digits, n := 1, 0, 0
	for _, c := range p {
		switch {
		case '0' <= c && c <= '9':
			if digits > 0 && n == 0 {
				return false // a leading zero means octal to some
			}
			n = n*10 + int(c-'0')
			if digits++; n > 255 {
				return false
			}
		case c == '.' && digits > 0:
			octets++
			digits, n = 0, 0
		default:
			return false
		}
	}
	return octets == 4 && digits > 0
}

// SplitListenAddr takes an http.listen_addr apart: "8443" and ":8443" have an empty host, "192.168.4.1:8443",
// "[::1]:8443" and "name:8443" one (without the brackets). Port 0 asks a host for any free port.
func SplitListenAddr(p []byte) (host []byte, port uint16, ok bool) {
	colon := len(p) - 1
	for colon >= 0 && p[colon] != ':' {
		colon--
	}
	host = p[:max(colon, 0)]
	if len(host) > 0 && host[0] == '[' {
		if host[len(host)-1] != ']' || len(host) < 4 {
			return nil, 0, false
		}
		host = host[1 : len(host)-1]
		for _, c := range host {
			if c != ':' && c != '.' && !('0' <= c && c <= '9') && !('a' <= c|0x20 && c|0x20 <= 'f') {
				return nil, 0, false
			}
		}
	} else {
		for _, c := range host {
			if c != '.' && c != '-' && !('0' <= c && c <= '9') && !('a' <= c|0x20 && c|0x20 <= 'z') {
				return nil, 0, false
			}
		}
	}
	digits := p[colon+1:]
	if len(digits) == 0 || len(digits) > 5 {
		return nil, 0, false
	}
	n := 0
	for _, c := range digits {
		if c < '0' || c > '9' {
			return nil, 0, false
		}
		n = n*10 + int(c-'0')
	}
	return host, uint16(n), n <= 0xffff
}

// SplitServer takes a sntp.server apart: "192.168.4.2" has port 123, "192.168.4.2:1123" another.
func SplitServer(p []byte) (addr []byte, port uint16, ok bool) {
	if validIPv4(p) {
		return p, 123, true
	}
	addr, port, ok = SplitListenAddr(p)
	return addr, port, ok && port != 0 && validIPv4(addr)
}

// owned are the fields that the server writes itself; a second one would contradict it.
var owned = [...]string{"content-length", "transfer-encoding", "connection", "date", "content-type",
	"content-range", "etag", "allow", "location", "trailer", "upgrade", "keep-alive"}

// validHeaders accepts fields "Name: value" separated by CR LF, with or without one at the end.
func validHeaders(p []byte) bool {
	for len(p) > 0 {
		end := 0
		for end < len(p) && p[end] != '\r' {
			end++
		}
		line := p[:end]
		if end < len(p) && (end+1 == len(p) || p[end+1] != '\n') {
			return false
		}
		p = p[min(end+2, len(p)):]
		if !validHeader(line) {
			return false
		}
	}
	return true
}

func validHeader(line []byte) bool {
	colon := 0
	for colon < len(line) && tokenChar(line[colon]) {
		colon++
	}
	if colon == 0 || colon == len(line) || line[colon] != ':' {
		return false
	}
	for _, c := range line[colon:] {
		if c < 0x20 || c > 0x7e {
			return false
		}
	}
	for _, name := range owned {
		if text.EqualFold(line[:colon], name) {
			return false
		}
	}
	return true
}

// tokenChar reports whether c may stand in a field name (RFC 9110, section 5.6.2).
func tokenChar(c byte) bool {
	switch {
	case '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		return true
	}
	for _, t := range []byte("!#$%&'*+-.^_`|~") {
		if c == t {
			return true
		}
	}
	return false
}
