package rpc

import (
	"colibri/firmware/device/httpd"
	"colibri/firmware/device/json"
	"colibri/firmware/device/log"
)

// Codes of errors. 403 and 404 become the HTTP status too.
const (
	codeBadRequest = 400
	codeForbidden  = 403
	codeNotFound   = 404
	codeInternal   = 500
	codeNoSpace    = 507
)

// Serve implements httpd.Handler.
func (s *Service) Serve(r *httpd.Request, w *httpd.Response) {
	c := &s.call
	*c = Call{service: s, request: r, Session: r.Session, Now: r.Now}
	buf := w.Buffer()
	c.writer.Reset(buf[:max(len(buf)-2, 0)]) // two bytes for the line end
	c.Out = &c.writer
	w.ContentType = "application/json"
	const prefix = "rpc/"
	if len(r.Path) <= len(prefix) {
		s.serveFrame(c, w)
	} else {
		s.serveMethod(c, w, r.Path[len(prefix):])
	}
	if out := c.writer.Bytes(); len(out) > 0 {
		w.SetBody(len(out) + copy(buf[len(out):], "\r\n"))
	}
}

// serveMethod answers /rpc/Method.
func (s *Service) serveMethod(c *Call, w *httpd.Response, name []byte) {
	// The names of methods are letters and dots: in quotes they are JSON texts.
	quoted := &c.quoted
	n := copy(quoted[1:len(quoted)-1], name)
	quoted[0], quoted[n+1] = '"', '"'
	var method json.Value
	if v, _, err := json.Parse(quoted[:n+2]); err == nil && n == len(name) {
		method = v
	}
	args, err := c.restArgs()
	if err != nil {
		c.Fail(codeBadRequest, "arguments: ", err.Error())
	} else {
		s.run(c, method, args)
	}
	if c.code == 0 {
		return
	}
	c.writer.Truncate(0, false)
	c.writeError()
	switch c.code {
	case codeForbidden:
		w.Status = httpd.Forbidden
	case codeNotFound:
		w.Status = httpd.NotFound
	default:
		w.Status = httpd.InternalServerError
	}
}

// restArgs returns the arguments from the body or, in a GET without one, from the query.
func (c *Call) restArgs() (json.Value, error) {
	r := c.request
	if isBlank(r.Body) {
		if r.Method == httpd.Get && len(r.Query) > 0 {
			return queryArgs(r.Query, r.Body[:cap(r.Body)])
		}
		return nil, nil
	}
	v, _, err := json.Parse(r.Body)
	return v, err
}

func isBlank(p []byte) bool {
	for _, c := range p {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}

// maxID bounds the texts of a frame that its answer repeats.
const maxID = 64

// serveFrame answers POST /rpc.
func (s *Service) serveFrame(c *Call, w *httpd.Response) {
	if c.request.Method != httpd.Post {
		w.Status, w.Allow = httpd.MethodNotAllowed, httpd.Set(httpd.Post)
		return
	}
	frame, _, err := json.Parse(c.request.Body)
	method := frame.Get("method")
	id, src, tag := frame.Get("id"), frame.Get("src"), frame.Get("tag")
	switch {
	case err != nil:
		c.Fail(codeBadRequest, "frame: ", err.Error())
	case frame.Kind() != json.Object || method.Kind() != json.String:
		c.Fail(codeBadRequest, `a frame is {"id": 1, "method": "Some.Method", "args": {...}}`)
	case !isLabel(id, true) || !isLabel(src, false) || !isLabel(tag, false):
		c.Fail(codeBadRequest, "id is a number or a text, src and tag are texts, of at most 64 bytes")
	}
	if c.code != 0 {
		w.Status = httpd.BadRequest
		c.writeError()
		return
	}
	out := c.Out
	out.Object()
	comma := false
	for _, f := range [...]struct {
		name  string
		value json.Value
	}{{"id", id}, {"dst", src}, {"tag", tag}} {
		if f.value.Kind() != json.Absent {
			out.Key(f.name)
			out.Raw(f.value)
			comma = true
		}
	}
	if s.Info.ID != "" {
		out.Key("src")
		out.Str(s.Info.ID)
		comma = true
	}
	begin := out.Len()
	out.Key("result")
	s.run(c, method, frame.Get("args"))
	if c.code != 0 {
		out.Truncate(begin, comma)
		out.Key("error")
		c.writeError()
	}
	out.EndObject()
}

// isLabel reports whether v is absent or a text, or with numbers a number, that is short enough.
func isLabel(v json.Value, numbers bool) bool {
	k := v.Kind()
	return k == json.Absent || len(v) <= maxID && (k == json.String || numbers && k == json.Number)
}

// writeError writes {"code": ..., "message": ...}.
func (c *Call) writeError() {
	out := c.Out
	out.Object()
	out.Key("code")
	out.Int(c.code)
	out.Key("message")
	out.Text(c.message[:c.msgLen])
	out.EndObject()
}

// frameEnd is what follows a result inside a frame.
const frameEnd = len("}")

// run finds the method, checks that the client may call it and that it knows all arguments, and calls it.
func (s *Service) run(c *Call, method, args json.Value) {
	m := s.find(method)
	switch {
	case m == nil:
		c.Fail(codeNotFound, "no such method; RPC.List shows all")
	case args.Kind() != json.Absent && args.Kind() != json.Object && args.Kind() != json.Null:
		c.Fail(codeBadRequest, "arguments are an object")
	case m.Changes && c.request.Method != httpd.Post:
		c.Fail(codeForbidden, "this method changes the device: use POST")
	case m.Changes && c.request.CrossSite():
		c.Fail(codeForbidden, "another site may not change the device")
	case m.Changes && !c.Trusted():
		c.Fail(codeForbidden, "this method changes the device: show a client certificate")
	case c.knowsArgs(m, args):
		c.Args, c.method = args, m
		m.Serve(c)
	}
	if c.code == 0 && c.Out.Full() {
		c.Fail(codeInternal, "the result is too long; ask for less")
	}
	if c.code != 0 {
		s.Log.At(log.Info, "rpc").Bytes(method).Str(" -> ").Int(c.code).Str(" ").Bytes(c.message[:c.msgLen]).End()
	} else if m.Changes {
		s.Log.At(log.Info, "rpc").Bytes(method).Str(" by ").Bytes(c.Session.Address()).Str(" ").
			Bytes(c.Session.Peer.Subject()).End()
	}
}

// knowsArgs reports whether all arguments appear in the method's description.
func (c *Call) knowsArgs(m *Method, args json.Value) bool {
	a := args.Members()
	for a.Next() {
		if !describes(m.Args, a.Key) {
			c.Fail(codeBadRequest, "unknown argument ")
			c.addToMessage(a.Key)
			c.addToMessage(expects)
			c.msgLen += copy(c.message[c.msgLen:], m.Args)
			return false
		}
	}
	return true
}

var expects = []byte("; arguments are ")

// describes reports whether name is one of the names in a description like "{name: %Q, other: %d}".
func describes(args string, name json.Value) bool {
	start := 0
	for i := range len(args) {
		switch args[i] {
		case '{', ' ', ',':
			start = i + 1
		case ':':
			if name.Is(args[start:i]) {
				return true
			}
		}
	}
	return false
}
