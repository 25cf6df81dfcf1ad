package httpd

import "colibri/firmware/device/text"

// tagLen is the length of an entity tag as this server makes them: 16 digits in quotes.
const tagLen = 18

// entityTag makes the strong entity tag (RFC 9110, section 8.8.3) of the content with a version.
func entityTag(tag *[tagLen]byte, version uint64) {
	const hex = "0123456789abcdef"
	tag[0], tag[tagLen-1] = '"', '"'
	for i := tagLen - 2; i > 0; i-- {
		tag[i] = hex[version&15]
		version >>= 4
	}
}

// matchTag reports whether a list of entity tags, or "*", has the tag. With weak, a tag marked W/ counts too
// (RFC 9110, section 8.8.3.2: weak comparison is for If-None-Match, strong comparison for If-Match).
func matchTag(list, tag []byte, weak bool) bool {
	if len(list) == 1 && list[0] == '*' {
		return true
	}
	for len(list) > 0 {
		var t []byte
		t, list = element(list)
		if weak && len(t) > 2 && t[0] == 'W' && t[1] == '/' {
			t = t[2:]
		}
		if text.Equal(t, tag) {
			return true
		}
	}
	return false
}

// precondition evaluates If-Match and If-None-Match (RFC 9110, section 13.2.2) for GET and HEAD. The
// conditions on dates are not evaluated: files here have no dates.
func (f *fields) precondition(tag []byte) Status {
	if f.ifMatch != nil && !matchTag(f.ifMatch, tag, false) {
		return PreconditionFailed
	}
	if f.ifNoneMatch != nil && matchTag(f.ifNoneMatch, tag, true) {
		return NotModified
	}
	return 0
}

// rangeOf evaluates Range and If-Range (RFC 9110, section 14) for content of size bytes. ok is false if the
// whole content is to be sent: there is no Range, it is not understood, it asks for several parts, or it does
// not belong to this version. A range that lies wholly behind the end is 416.
func (f *fields) rangeOf(size int64, tag []byte) (from, n int64, ok bool, s Status) {
	if f.ranges != 1 || f.ifRange != nil && !text.Equal(f.ifRange, tag) {
		return 0, 0, false, 0
	}
	const unit = "bytes="
	p := f.byteRange
	if len(p) < len(unit) || !text.EqualFold(p[:len(unit)], unit) {
		return 0, 0, false, 0
	}
	p = trim(p[len(unit):])
	first, hasFirst, p := number(p)
	if len(p) == 0 || p[0] != '-' {
		return 0, 0, false, 0
	}
	last, hasLast, p := number(p[1:])
	if len(p) > 0 || !hasFirst && !hasLast || hasFirst && hasLast && last < first {
		return 0, 0, false, 0
	}
	if !hasFirst { // the last bytes
		n := min(last, size)
		if n == 0 {
			return 0, 0, false, RangeNotSatisfiable
		}
		return size - n, n, true, 0
	}
	if first >= size {
		return 0, 0, false, RangeNotSatisfiable
	}
	if !hasLast || last >= size {
		last = size - 1
	}
	return first, last - first + 1, true, 0
}

// number reads decimal digits at the start of p; a number beyond 2^62 stays there.
func number(p []byte) (n int64, any bool, rest []byte) {
	i := 0
	for i < len(p) && isDigit(p[i]) {
		if n < 1<<58 {
			n = n*10 + int64(p[i]-'0')
		} else {
			n = 1 << 62
		}
		i++
	}
	return n, i > 0, p[i:]
}
