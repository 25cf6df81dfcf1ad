package httpd

import (
	"colibri/firmware/device/peer"
	"colibri/firmware/device/text"

	"github.com/soypat/lneto/http/httpraw"
)

// Session is what is known of a connection; the device fills it in.
type Session struct {
	Addr    [48]byte // address and port of the client, in text form
	AddrLen int
	Secure  bool   // TLS
	Version string // "TLSv1.3", ...
	Suite   string // name of the cipher suite
	Group   string // name of the key exchange group
	ALPN    string // application protocol, "" if none was negotiated
	Resumed bool
	Peer    peer.Peer
}

// Address returns the client's address.
func (s *Session) Address() []byte { return s.Addr[:s.AddrLen] }

// Request is a request, complete with its body. Its slices are views of the workspace, good until the handler
// returns.
type Request struct {
	Method  Method
	Path    []byte // decoded, without the leading slash
	Query   []byte // as it came
	Body    []byte // decoded; may be written over, up to its capacity, which is Settings.MaxBody
	Session *Session
	Now     int64 // milliseconds since the start of the device

	minor  byte // of the version: 0 or 1
	dir    bool // the path ended in a slash
	target target
	fields fields
	body   framing
}

// CrossSite reports whether another site made a browser send this request. A browser shows the client's
// certificate whoever made it send something, so a handler that changes anything must refuse such requests.
// They are known by Sec-Fetch-Site, which current browsers always send, or by an Origin that is not this
// host; requests of programs that are no browsers have neither.
func (r *Request) CrossSite() bool {
	f := &r.fields
	if f.fetchSite != nil {
		return !text.EqualFold(f.fetchSite, "same-origin") && !text.EqualFold(f.fetchSite, "none")
	}
	if f.origin == nil {
		return false
	}
	origin := f.origin
	switch {
	case len(origin) > 8 && text.EqualFold(origin[:8], "https://"):
		origin = origin[8:]
	case len(origin) > 7 && text.EqualFold(origin[:7], "http://"):
		origin = origin[7:]
	}
	host := f.host
	if r.target.authority != nil {
		host = r.target.authority
	}
	return !text.EqualFold(origin, host)
}

// read takes a complete head apart, for a body of at most limit bytes, and returns 0 or the status to refuse
// it with. A refusal leaves unknown where the next request begins.
func (r *Request) read(h *httpraw.HeaderV1, head []byte, limit int) Status {
	*r = Request{Session: r.Session, Now: r.Now, minor: 1}
	if s := checkHead(head); s != 0 {
		return s
	}
	h.Reset(head, maxFields)
	if err := h.Parse(false); err == httpraw.ErrHeaderTooMany {
		return HeaderFieldsTooLarge
	} else if err != nil {
		return BadRequest
	}
	if text.Equal(h.Protocol(), "HTTP/1.0") {
		r.minor = 0
	}
	h.ForEach(func(name, value []byte) bool {
		r.fields.take(name, value)
		return true
	})
	if !r.fields.checkHost(r.minor) {
		return BadRequest
	}
	var s Status
	if r.body, s = r.fields.framing(r.minor, limit); s != 0 {
		return s
	}
	m, known := parseMethod(h.Method())
	if !known {
		return NotImplemented
	}
	r.Method = m
	if s = r.target.parse(h.RequestTarget(), m); s != 0 {
		return s
	}
	r.Query = r.target.query
	if f := &r.fields; f.expects > 0 && r.minor > 0 && (f.expects > 1 || !text.EqualFold(f.expect, "100-continue")) {
		return ExpectationFailed
	}
	return 0
}

// hasBody reports whether bytes of a body follow the head.
func (r *Request) hasBody() bool { return r.body.chunked || r.body.length > 0 }

// keepAlive reports whether the client wants to go on after this request (RFC 9112, section 9.3).
func (r *Request) keepAlive() bool {
	if r.minor == 0 {
		return r.fields.keepAlive && !r.fields.close
	}
	return !r.fields.close
}
