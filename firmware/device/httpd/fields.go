package httpd

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
	case equalFold(name, "host"):
		f.host = value
		f.hosts++
	case equalFold(name, "content-length"):
		f.length = value
		f.lengths++
	case equalFold(name, "transfer-encoding"):
		f.coding = value
		f.codings++
	case equalFold(name, "connection"):
		for len(value) > 0 {
			var option []byte
			option, value = element(value)
			f.close = f.close || equalFold(option, "close")
			f.keepAlive = f.keepAlive || equalFold(option, "keep-alive")
		}
	case equalFold(name, "expect"):
		f.expect = value
		f.expects++
	case equalFold(name, "if-match"):
		f.ifMatch = value
	case equalFold(name, "if-none-match"):
		f.ifNoneMatch = value
	case equalFold(name, "if-range"):
		f.ifRange = value
	case equalFold(name, "range"):
		f.byteRange = value
		f.ranges++
	case equalFold(name, "origin"):
		f.origin = value
	case equalFold(name, "sec-fetch-site"):
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
		if !equalFold(f.coding, "chunked") {
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
