package httpd

import "colibri/firmware/device/text"

// fields are the header fields of a request that the server itself acts on.
type fields struct {
	host        []byte
	hosts       int
	length      []byte // Content-Length
	lengths     int
	coding      []byte // Transfer-Encoding
	codings     int
	expect      []byte
	expects     int
	ifMatch     []byte
	ifNoneMatch []byte
	ifRange     []byte
	byteRange   []byte
	ranges      int
	origin      []byte
	fetchSite   []byte // Sec-Fetch-Site
	close       bool   // Connection: close
	keepAlive   bool   // Connection: keep-alive
}

// take notes one field.
func (f *fields) take(name, value []byte) {
	value = trim(value)
	switch {
	case text.EqualFold(name, "host"):
		f.host = value
		f.hosts++
	case text.EqualFold(name, "content-length"):
		f.length = value
		f.lengths++
	case text.EqualFold(name, "transfer-encoding"):
		f.coding = value
		f.codings++
	case text.EqualFold(name, "connection"):
		for len(value) > 0 {
			var option []byte
			option, value = element(value)
			f.close = f.close || text.EqualFold(option, "close")
			f.keepAlive = f.keepAlive || text.EqualFold(option, "keep-alive")
		}
	case text.EqualFold(name, "expect"):
		f.expect = value
		f.expects++
	case text.EqualFold(name, "if-match"):
		f.ifMatch = value
	case text.EqualFold(name, "if-none-match"):
		f.ifNoneMatch = value
	case text.EqualFold(name, "if-range"):
		f.ifRange = value
	case text.EqualFold(name, "range"):
		f.byteRange = value
		f.ranges++
	case text.EqualFold(name, "origin"):
		f.origin = value
	case text.EqualFold(name, "sec-fetch-site"):
		f.fetchSite = value
	}
}

// framing is how the body of a request is delimited (RFC 9112, section 6).
type framing struct {
	chunked bool
	length  int // bytes, if not chunked
}

// framing decides it, for a body of at most limit bytes. Anything that another reader could take for another
// length is refused: a length beside a coding, several of either, a list, a sign, a coding in HTTP/1.0.
func (f *fields) framing(minor byte, limit int) (framing, Status) {
	switch {
	case f.codings > 0:
		if f.codings > 1 || f.lengths > 0 || minor == 0 {
			return framing{}, BadRequest
		}
		if !text.EqualFold(f.coding, "chunked") {
			return framing{}, NotImplemented
		}
		return framing{chunked: true}, 0
	case f.lengths == 0:
		return framing{}, 0
	case f.lengths > 1 || len(f.length) == 0:
		return framing{}, BadRequest
	}
	n := 0
	for _, c := range f.length {
		if !isDigit(c) {
			return framing{}, BadRequest
		}
		n = min(n*10+int(c-'0'), limit+1)
	}
	if n > limit {
		return framing{}, ContentTooLarge
	}
	return framing{length: n}, 0
}

// checkHost enforces RFC 9112, section 3.2: one Host, and that of HTTP/1.0 may be missing.
func (f *fields) checkHost(minor byte) bool {
	if f.hosts == 0 {
		return minor == 0
	}
	return f.hosts == 1 && isAuthority(f.host)
}
