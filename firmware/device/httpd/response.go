package httpd

import (
	"colibri/firmware/device/calendar"
	"colibri/firmware/device/fs"
)

// Response is what a handler answers. Its body is made in the workspace; only the server itself sends files.
type Response struct {
	Status      Status
	ContentType string
	Allow       Methods // for MethodNotAllowed and Options

	body    []byte // room for a body
	bodyLen int

	location []byte       // path to redirect to, encoded; a slash is added
	tag      [tagLen]byte // entity tag
	tagged   bool         // there is one
	file     fs.File      // the body, if not 0
	from     int64        // its first byte
	size     int64        // its length
	whole    int64        // the length of the whole file, for Content-Range
	ranged   bool         // Content-Range is due
	noStore  bool         // a handler's answer, which no cache keeps
}

// Buffer returns the room for a body.
func (w *Response) Buffer() []byte { return w.body }

// SetBody says that the first n bytes of Buffer are the body.
func (w *Response) SetBody(n int) { w.bodyLen = n }

// text makes the body a line of text.
func (w *Response) text(s string) {
	w.ContentType = "text/plain; charset=utf-8"
	w.bodyLen = copy(w.body, s)
	w.bodyLen += copy(w.body[w.bodyLen:], "\n")
}

// headWriter writes the head of a response to a workspace's room for it, which is large enough by
// construction (see headRoom).
type headWriter struct {
	buf []byte
	n   int
}

func (h *headWriter) str(s string) { h.n += copy(h.buf[h.n:], s) }

func (h *headWriter) bytes(p []byte) { h.n += copy(h.buf[h.n:], p) }

func (h *headWriter) int(n int64) {
	if n >= 10 {
		h.int(n / 10)
	}
	h.n += copy(h.buf[h.n:], "0123456789"[n%10:][:1])
}

// writeHead writes the head of w for the request r and returns its length. The length of the body goes with
// it also in the answer to HEAD, which has none. Unix is the time in seconds, 0 if unknown; extra are more
// fields.
func (w *Response) writeHead(buf []byte, r *Request, keepAlive bool, unix int64, extra []byte) int {
	h := headWriter{buf: buf}
	h.str("HTTP/1.1 ")
	h.int(int64(w.Status))
	h.str(" ")
	h.str(w.Status.Text())
	h.str("\r\n")
	if unix > 0 {
		var date [calendar.HTTPLen]byte
		calendar.Of(unix).HTTP(&date)
		h.str("Date: ")
		h.bytes(date[:])
		h.str("\r\n")
	}
	length := int64(w.bodyLen)
	if w.file != 0 {
		length = w.size
	}
	if !w.Status.bodyless() {
		if length > 0 {
			h.str("Content-Type: ")
			h.str(w.ContentType)
			h.str("\r\n")
		}
		h.str("Content-Length: ")
		h.int(length)
		h.str("\r\n")
	}
	if w.Allow != 0 {
		h.allow(w.Allow)
	}
	if w.location != nil {
		h.str("Location: ")
		h.bytes(w.location)
		h.str("/\r\n")
	}
	if w.tagged {
		h.str("ETag: ")
		h.bytes(w.tag[:])
		h.str("\r\nAccept-Ranges: bytes\r\nCache-Control: no-cache\r\n")
	}
	if w.ranged {
		h.contentRange(w)
	}
	if w.noStore {
		h.str("Cache-Control: no-store\r\n")
	}
	h.str("X-Content-Type-Options: nosniff\r\n")
	if !keepAlive {
		h.str("Connection: close\r\n")
	} else if r.minor == 0 {
		h.str("Connection: keep-alive\r\n")
	}
	h.bytes(extra)
	if len(extra) > 0 && extra[len(extra)-1] != '\n' {
		h.str("\r\n")
	}
	h.str("\r\n")
	return h.n
}

func (h *headWriter) allow(m Methods) {
	h.str("Allow: ")
	comma := false
	for _, a := range [...]struct {
		m    Method
		name string
	}{{Get, "GET"}, {Head, "HEAD"}, {Post, "POST"}, {Options, "OPTIONS"}} {
		if !m.Has(a.m) {
			continue
		}
		if comma {
			h.str(", ")
		}
		h.str(a.name)
		comma = true
	}
	h.str("\r\n")
}

// contentRange writes Content-Range (RFC 9110, section 14.4), in the form for 416 if no bytes are sent.
func (h *headWriter) contentRange(w *Response) {
	h.str("Content-Range: bytes ")
	if w.Status == RangeNotSatisfiable {
		h.str("*")
	} else {
		h.int(w.from)
		h.str("-")
		h.int(w.from + w.size - 1)
	}
	h.str("/")
	h.int(w.whole)
	h.str("\r\n")
}
