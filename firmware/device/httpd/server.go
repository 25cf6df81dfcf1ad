package httpd

import (
	"colibri/firmware/device/config"
	"colibri/firmware/device/fs"
	"colibri/firmware/device/guard"
	"colibri/firmware/device/log"
	"colibri/firmware/device/text"

	"github.com/soypat/lneto/http/httpraw"
)

// Handler answers requests below a prefix of paths. The response is set to OK with an empty body when it
// begins.
type Handler interface {
	Serve(r *Request, w *Response)
}

// Route says that paths equal to Prefix or below it (Prefix, a slash and more) belong to Handler. Prefix has
// no slashes at its ends.
type Route struct {
	Prefix  string
	Handler Handler
	Allow   Methods
}

// Settings are what a server is made of.
type Settings struct {
	Files  fs.FS
	Config *config.Config
	Guard  *guard.Guard
	Log    *log.Logger
	Routes []Route

	Workspaces int // requests at one time; others wait
	MaxHead    int // bytes of a request head
	MaxBody    int // bytes of a request body
	MaxReply   int // bytes of a handler's response body

	Timeouts Timeouts
}

// Timeouts are in milliseconds. A client that is late is sent 408 while it asks and is dropped while it
// listens.
type Timeouts struct {
	Idle int64 // from one request to the first byte of the next
	Head int64 // from the first byte to the end of the head
	Body int64 // from there to the end of the body
	Send int64 // without a byte of the response taken by the connection
}

// maxFields bounds the header fields of a request; browsers send about twenty.
const maxFields = 48

// headRoom is the room for the head of a response. The fields of known length need at most 470 bytes; to
// these come extra_headers (config.MaxText) and, in redirects only, Location with an encoded name (three
// bytes for each of fs.MaxName) and a prefix.
const headRoom = 512 + config.MaxText + 3*fs.MaxName + 16

// defaults fills in the sizes and times that are 0.
func (o *Settings) defaults() {
	set := func(p *int, v int) {
		if *p == 0 {
			*p = v
		}
	}
	set(&o.Workspaces, 2)
	set(&o.MaxHead, 2048)
	set(&o.MaxBody, 4096)
	set(&o.MaxReply, 6144)
	if o.Timeouts == (Timeouts{}) {
		o.Timeouts = Timeouts{Idle: 15_000, Head: 10_000, Body: 20_000, Send: 15_000}
	}
}

// Server is what connections have in common. It belongs to one goroutine.
type Server struct {
	Settings
	now  int64 // milliseconds since the start
	unix int64 // seconds since 1970, 0 if unknown
	free []*workspace
}

// workspace is what a request needs while it is read and answered.
type workspace struct {
	header   httpraw.HeaderV1
	request  Request
	response Response
	name     [fs.MaxName]byte // the decoded path
	path     [fs.MaxName]byte // the name of the file in the file system
	sniff    [guard.SniffLen]byte
	head     []byte
	headLen  int
	body     []byte
	bodyLen  int
	reply    []byte // headRoom bytes for the head, MaxReply for a body
}

// New makes a server. It takes all the memory that its workspaces will ever need.
func New(o Settings) *Server {
	o.defaults()
	s := &Server{Settings: o, free: make([]*workspace, 0, o.Workspaces)}
	for range o.Workspaces {
		ws := &workspace{
			head:  make([]byte, o.MaxHead),
			body:  make([]byte, o.MaxBody),
			reply: make([]byte, headRoom+o.MaxReply),
		}
		ws.header.Reset(ws.head[:0], maxFields)
		ws.header.ConfigBufferGrowth(false)
		s.free = append(s.free, ws)
	}
	return s
}

// SetTime sets the time for all that follows: milliseconds since the start, and seconds since 1970 or 0 if
// unknown.
func (s *Server) SetTime(mono, unix int64) { s.now, s.unix = mono, unix }

func (s *Server) borrow() *workspace {
	if len(s.free) == 0 {
		return nil
	}
	ws := s.free[len(s.free)-1]
	s.free = s.free[:len(s.free)-1]
	ws.headLen, ws.bodyLen = 0, 0
	return ws
}

func (s *Server) giveBack(ws *workspace) { s.free = append(s.free, ws) }

// dispatch answers a complete request.
func (s *Server) dispatch(ws *workspace) {
	r, w := &ws.request, &ws.response
	if r.target.asterisk {
		w.Status, w.Allow = NoContent, Set(Get, Head, Post, Options)
		return
	}
	n, dir, status := decode(&ws.name, r.target.path)
	if status != 0 {
		w.Status = status
		return
	}
	r.Path, r.dir = ws.name[:n], dir
	for i := range s.Routes {
		if route := &s.Routes[i]; route.matches(r.Path) {
			w.noStore = true
			if s.allows(r.Method, route.Allow, w) {
				route.Handler.Serve(r, w)
			}
			return
		}
	}
	if s.allows(r.Method, Set(Get, Head, Options), w) {
		s.serveFile(ws)
	}
}

func (route *Route) matches(path []byte) bool {
	n := len(route.Prefix)
	return text.HasPrefix(path, route.Prefix) && (len(path) == n || path[n] == '/')
}

// allows answers OPTIONS and methods that are not allowed.
func (s *Server) allows(m Method, allow Methods, w *Response) bool {
	switch {
	case m == Options:
		w.Status, w.Allow = NoContent, allow
	case !allow.Has(m):
		w.Status, w.Allow = MethodNotAllowed, allow
	default:
		return true
	}
	return false
}
