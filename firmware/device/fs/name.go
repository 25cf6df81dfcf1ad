package fs

import "colibri/firmware/device/text"

// MaxName is the largest length of a name in bytes.
const MaxName = 96

// Valid reports whether name can be the name of a file: at most MaxName bytes of printable ASCII without any
// of \ : " * ? < > | (each means something to some host's file system), in segments separated by single
// slashes, none of which is empty, "." or "..", or ends in a dot or a blank (which some hosts drop).
func Valid(name []byte) bool {
	if len(name) == 0 || len(name) > MaxName {
		return false
	}
	start := 0
	for i := 0; i <= len(name); i++ {
		if i == len(name) || name[i] == '/' {
			if !validSegment(name[start:i]) {
				return false
			}
			start = i + 1
		}
	}
	return true
}

// ValidDir is Valid for the name of a directory, which may also be empty: the root.
func ValidDir(name []byte) bool { return len(name) == 0 || Valid(name) }

// A segment ending in a dot covers "." and ".." too.
func validSegment(s []byte) bool {
	if len(s) == 0 || s[len(s)-1] == '.' || s[len(s)-1] == ' ' {
		return false
	}
	for _, c := range s {
		switch {
		case c < 0x20 || c > 0x7e:
			return false
		case c == '\\' || c == ':' || c == '"' || c == '*' || c == '?' || c == '<' || c == '>' || c == '|':
			return false
		}
	}
	return true
}

// Trim returns name without leading slashes and without one trailing slash: the forms "/index.html" and
// "index.html" mean the same in a configuration and in RPC arguments. It validates nothing.
func Trim(name []byte) []byte {
	for len(name) > 0 && name[0] == '/' {
		name = name[1:]
	}
	if len(name) > 0 && name[len(name)-1] == '/' {
		name = name[:len(name)-1]
	}
	return name
}

// Base returns the last segment of name.
func Base(name []byte) []byte {
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '/' {
			return name[i+1:]
		}
	}
	return name
}

// MatchFold reports whether name matches pattern without regard to case. In the pattern '*' stands for any
// bytes but '/', '?' for one byte that is not '/'; everything else stands for itself.
func MatchFold[P text.Of](pattern P, name []byte) bool {
	// The classic walk with one point of return: a later star makes an earlier one irrelevant, so the work is
	// at most len(pattern)*len(name).
	p, n := 0, 0
	starP, starN := -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			starP, starN = p, n
			p++
		case p < len(pattern) && (text.Lower(pattern[p]) == text.Lower(name[n]) || pattern[p] == '?' && name[n] != '/'):
			p++
			n++
		case starP >= 0 && name[starN] != '/':
			starN++
			p, n = starP+1, starN
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
