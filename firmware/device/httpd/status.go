package httpd

import "colibri/firmware/device/text"

// Status is an HTTP status code.
type Status uint16

// The codes this server answers with (RFC 9110, section 15; RFC 6585 for 431).
const (
	OK                   Status = 200
	NoContent            Status = 204
	PartialContent       Status = 206
	MovedPermanently     Status = 301
	NotModified          Status = 304
	BadRequest           Status = 400
	Forbidden            Status = 403
	NotFound             Status = 404
	MethodNotAllowed     Status = 405
	RequestTimeout       Status = 408
	PreconditionFailed   Status = 412
	ContentTooLarge      Status = 413
	URITooLong           Status = 414
	RangeNotSatisfiable  Status = 416
	ExpectationFailed    Status = 417
	HeaderFieldsTooLarge Status = 431
	InternalServerError  Status = 500
	NotImplemented       Status = 501
	ServiceUnavailable   Status = 503
	VersionNotSupported  Status = 505
)

// Text returns the reason phrase.
func (s Status) Text() string {
	switch s {
	case OK:
		return "OK"
	case NoContent:
		return "No Content"
	case PartialContent:
		return "Partial Content"
	case MovedPermanently:
		return "Moved Permanently"
	case NotModified:
		return "Not Modified"
	case BadRequest:
		return "Bad Request"
	case Forbidden:
		return "Forbidden"
	case NotFound:
		return "Not Found"
	case MethodNotAllowed:
		return "Method Not Allowed"
	case RequestTimeout:
		return "Request Timeout"
	case PreconditionFailed:
		return "Precondition Failed"
	case ContentTooLarge:
		return "Content Too Large"
	case URITooLong:
		return "URI Too Long"
	case RangeNotSatisfiable:
		return "Range Not Satisfiable"
	case ExpectationFailed:
		return "Expectation Failed"
	case HeaderFieldsTooLarge:
		return "Request Header Fields Too Large"
	case InternalServerError:
		return "Internal Server Error"
	case NotImplemented:
		return "Not Implemented"
	case ServiceUnavailable:
		return "Service Unavailable"
	case VersionNotSupported:
		return "HTTP Version Not Supported"
	}
	return "Unknown"
}

// bodyless reports whether responses of this status never have a body (RFC 9110, section 6.4.1).
func (s Status) bodyless() bool { return s == NoContent || s == NotModified }

// Method is a request method.
type Method uint8

// The methods that are answered, and Other for those that exist but that nothing here answers.
const (
	_ Method = iota
	Get
	Head
	Post
	Options
	Other
)

// parseMethod knows the methods of RFC 9110, section 9, and PATCH (RFC 5789). They are case-sensitive;
// unknown ones are 501.
func parseMethod(p []byte) (Method, bool) {
	for i := range methods {
		if text.Equal(p, methods[i].name) {
			return methods[i].m, true
		}
	}
	return 0, false
}

var methods = [...]struct {
	name string
	m    Method
}{
	{"GET", Get}, {"HEAD", Head}, {"POST", Post}, {"OPTIONS", Options},
	{"PUT", Other}, {"DELETE", Other}, {"PATCH", Other}, {"TRACE", Other}, {"CONNECT", Other},
}

// Methods is a set of methods.
type Methods uint8

// Set makes a set.
func Set(methods ...Method) Methods {
	var s Methods
	for _, m := range methods {
		s |= 1 << m
	}
	return s
}

// Has reports whether m is in the set.
func (s Methods) Has(m Method) bool { return s>>m&1 == 1 }
