package httpd

import "colibri/firmware/device/text"

// checkHead checks a request head (the request line, the fields and the empty line, from the first byte to
// the last) by the grammar of RFC 9112 in its strict form, and returns 0 or the status to refuse it with.
// What passes means the same to every reader:
//
//   - lines end in CR LF, and neither byte stands anywhere else (section 2.2 lets a recipient take a bare LF;
//     we do not)
//   - the request line is a method, a target and a version with one blank between each (section 3)
//   - a field begins with its name, a token, directly followed by a colon (section 5.1); no line begins with
//     a blank, which would continue the one before it (section 5.2)
//   - values hold no control characters but tabs (section 5.5 of RFC 9110)
func checkHead(p []byte) Status {
	line, rest, ok := cutLine(p)
	if !ok {
		return BadRequest
	}
	if s := checkRequestLine(line); s != 0 {
		return s
	}
	for {
		if line, rest, ok = cutLine(rest); !ok {
			return BadRequest
		}
		if len(line) == 0 {
			break
		}
		if !checkField(line) {
			return BadRequest
		}
	}
	if len(rest) > 0 {
		return BadRequest
	}
	return 0
}

// cutLine splits p after its first line. The line comes without its CR LF; a lone CR or LF makes it no line.
func cutLine(p []byte) (line, rest []byte, ok bool) {
	for i, c := range p {
		switch c {
		case '\r':
			if i+1 < len(p) && p[i+1] == '\n' {
				return p[:i], p[i+2:], true
			}
			return nil, nil, false
		case '\n':
			return nil, nil, false
		}
	}
	return nil, nil, false
}

// checkRequestLine checks method SP target SP version.
func checkRequestLine(line []byte) Status {
	i := 0
	for i < len(line) && isToken(line[i]) {
		i++
	}
	if i == 0 || i == len(line) || line[i] != ' ' {
		return BadRequest
	}
	i++
	start := i
	for i < len(line) && 0x21 <= line[i] && line[i] <= 0x7e && line[i] != '#' {
		i++
	}
	if i == start || i == len(line) || line[i] != ' ' {
		return BadRequest
	}
	version := line[i+1:]
	if len(version) != len("HTTP/1.1") || !text.HasPrefix(version, "HTTP/") ||
		!isDigit(version[5]) || version[6] != '.' || !isDigit(version[7]) {
		return BadRequest
	}
	if version[5] != '1' {
		return VersionNotSupported
	}
	return 0
}

// checkField checks name ":" value.
func checkField(line []byte) bool {
	i := 0
	for i < len(line) && isToken(line[i]) {
		i++
	}
	if i == 0 || i == len(line) || line[i] != ':' {
		return false
	}
	for _, c := range line[i:] {
		if c < 0x20 && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// isToken reports whether c may stand in a token (RFC 9110, section 5.6.2).
func isToken(c byte) bool {
	switch {
	case isDigit(c), 'a' <= c|0x20 && c|0x20 <= 'z':
		return true
	}
	switch c {
	case '!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~':
		return true
	}
	return false
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// trim removes blanks and tabs at both ends.
func trim(p []byte) []byte {
	for len(p) > 0 && (p[0] == ' ' || p[0] == '\t') {
		p = p[1:]
	}
	for len(p) > 0 && (p[len(p)-1] == ' ' || p[len(p)-1] == '\t') {
		p = p[:len(p)-1]
	}
	return p
}

// element cuts the first element off a comma-separated list (RFC 9110, section 5.6.1), blanks around it
// removed.
func element(list []byte) (first, rest []byte) {
	for i, c := range list {
		if c == ',' {
			return trim(list[:i]), list[i+1:]
		}
	}
	return trim(list), nil
}
