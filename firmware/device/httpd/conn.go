package httpd

import (
	"colibri/firmware/device/fs"
	"colibri/firmware/device/log"
)

// Stream is a connection's plaintext, both ways; *tlscore.Conn is one. See there for the windows.
type Stream interface {
	ReadWindow() []byte
	Consumed(n int)
	WriteWindow() []byte
	Written(n int)
	Flush()
}

// Conn is the server's end of one connection: which request it is at and how far. Its zero value needs Open
// before use.
type Conn struct {
	Session Session

	state    state
	ws       *workspace // from the first byte of a request to the last of its response that stands in it
	deadline int64
	skipped  uint8   // line ends before a request
	close    bool    // after this response
	chunks   chunked // the body of this request
	sent     int     // bytes of ws.reply sent
	end      int     // and how many there are
	interim  int     // bytes of "100 Continue" still to be sent
	file     fs.File // what follows them, if not 0
	from     int64
	left     int64
}

// state is what a connection is about.
type state uint8

const (
	closed   state = iota // nothing more happens
	waiting               // for the first byte of a request
	heading               // reading a head
	reading               // reading a body
	replying              // sending what stands in the workspace
	filing                // sending a file
)

const continue100 = "HTTP/1.1 100 Continue\r\n\r\n"

// Open begins a connection. Session is kept; fill it in before.
func (c *Conn) Open(s *Server) {
	*c = Conn{Session: c.Session, state: waiting, deadline: s.now + s.Timeouts.Idle}
}

// Done reports whether the server is done with the connection.
func (c *Conn) Done() bool { return c.state == closed }

// Idle reports whether the connection is between requests, so that closing it cuts nothing short.
func (c *Conn) Idle() bool { return c.state == waiting }

// Deadline returns when the next step is due even if nothing arrives, in milliseconds since the start.
func (c *Conn) Deadline() int64 { return c.deadline }

// Abort ends the connection and gives back what it holds.
func (c *Conn) Abort(s *Server) {
	if c.ws != nil {
		s.giveBack(c.ws)
		c.ws = nil
	}
	if c.file != 0 {
		s.Files.Close(c.file)
		c.file = 0
	}
	c.state = closed
}

// Step works as far as the windows of t allow and reports whether it got anywhere. ended says that nothing
// more will come than what stands in the read window.
func (c *Conn) Step(s *Server, t Stream, ended bool) bool {
	any := false
	for c.state != closed {
		if s.now >= c.deadline {
			c.late(s, t)
			any = true
			continue
		}
		var progress bool
		switch c.state {
		case waiting:
			progress = c.wait(s, t)
		case heading:
			progress = c.readHead(s, t)
		case reading:
			progress = c.readBody(s, t)
		case replying:
			progress = c.reply(s, t)
		case filing:
			progress = c.sendFile(s, t)
		}
		if !progress && ended && c.state <= reading && len(t.ReadWindow()) == 0 {
			c.Abort(s)
			progress = true
		}
		if !progress {
			break
		}
		any = true
	}
	return any
}

// busy is the answer to a request that found no workspace in time.
const busy = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"

// late ends a state that lasted too long.
func (c *Conn) late(s *Server, t Stream) {
	switch {
	case c.state == heading, c.state == reading && c.interim == 0:
		c.refuse(s, RequestTimeout)
		return
	case c.state == waiting && len(t.ReadWindow()) > 0 && len(t.WriteWindow()) >= len(busy):
		t.Written(copy(t.WriteWindow(), busy))
		t.Flush()
		s.Log.At(log.Warn, "http").Bytes(c.Session.Address()).Str(" found the server busy: 503").End()
	case c.state >= reading:
		s.Log.At(log.Warn, "http").Bytes(c.Session.Address()).Str(" takes no more of the response: dropped").End()
	}
	c.Abort(s)
}

// wait passes over line ends before a request (RFC 9112, section 2.2 asks for one) and begins one with its
// first byte.
func (c *Conn) wait(s *Server, t Stream) bool {
	p := t.ReadWindow()
	if len(p) == 0 {
		return false
	}
	if (p[0] == '\r' || p[0] == '\n') && c.skipped < 4 {
		c.skipped++
		t.Consumed(1)
		return true
	}
	if c.ws = s.borrow(); c.ws == nil {
		return false
	}
	c.ws.request.Session = &c.Session
	c.skipped = 0
	c.state = heading
	c.deadline = s.now + s.Timeouts.Head
	return true
}

// readHead collects the head, up to the empty line and no byte beyond. A line feed that does not follow a
// carriage return ends it at once: the head is refused, and the end that others would see is not waited for.
func (c *Conn) readHead(s *Server, t Stream) bool {
	ws := c.ws
	p := t.ReadWindow()
	if len(p) == 0 {
		return false
	}
	for i, b := range p {
		if ws.headLen == len(ws.head) {
			c.refuse(s, tooLong(ws.head))
			return true
		}
		ws.head[ws.headLen] = b
		ws.headLen++
		if b != '\n' {
			continue
		}
		h := ws.head[:ws.headLen]
		if n := len(h); n < 2 || h[n-2] != '\r' {
			c.refuse(s, BadRequest)
			return true
		} else if n >= 4 && h[n-3] == '\n' {
			t.Consumed(i + 1)
			c.begin(s)
			return true
		}
	}
	t.Consumed(len(p))
	return true
}

// tooLong tells which part of a head is too long: the request line or the fields.
func tooLong(head []byte) Status {
	for _, b := range head {
		if b == '\n' {
			return HeaderFieldsTooLarge
		}
	}
	return URITooLong
}

// begin works on a complete head.
func (c *Conn) begin(s *Server) {
	ws := c.ws
	ws.request.Now = s.now
	if status := ws.request.read(&ws.header, ws.head[:ws.headLen], len(ws.body)); status != 0 {
		c.refuse(s, status)
		return
	}
	c.chunks = chunked{}
	c.state = reading
	c.deadline = s.now + s.Timeouts.Body
	if ws.request.hasBody() && ws.request.fields.expects > 0 && ws.request.minor > 0 {
		c.interim = len(continue100)
	}
}

// readBody collects the body and then answers the request.
func (c *Conn) readBody(s *Server, t Stream) bool {
	ws := c.ws
	r := &ws.request
	if c.interim > 0 {
		n := copy(t.WriteWindow(), continue100[len(continue100)-c.interim:])
		if n == 0 {
			return false
		}
		t.Written(n)
		if c.interim -= n; c.interim == 0 {
			t.Flush()
		}
		return true
	}
	if !r.body.chunked && ws.bodyLen == r.body.length || r.body.chunked && c.chunks.state == chunkDone {
		c.answer(s)
		return true
	}
	p := t.ReadWindow()
	if len(p) == 0 {
		return false
	}
	if !r.body.chunked {
		n := copy(ws.body[ws.bodyLen:r.body.length], p)
		ws.bodyLen += n
		t.Consumed(n)
		return true
	}
	n := 0
	for n < len(p) && c.chunks.state != chunkDone {
		data, status := c.chunks.next(p[n], len(ws.body)-ws.bodyLen)
		if status != 0 {
			c.refuse(s, status)
			return true
		}
		if data {
			ws.body[ws.bodyLen] = p[n]
			ws.bodyLen++
		}
		n++
	}
	t.Consumed(n)
	return true
}

// answer dispatches a complete request and begins the response.
func (c *Conn) answer(s *Server) {
	ws := c.ws
	ws.request.Body = ws.body[:ws.bodyLen]
	ws.response = Response{Status: OK, body: ws.reply[headRoom:]}
	s.dispatch(ws)
	c.close = !ws.request.keepAlive()
	c.respond(s)
}

// refuse answers a request that was not understood or not taken whole; the connection ends after that, for
// nobody knows where the next request begins.
func (c *Conn) refuse(s *Server, status Status) {
	ws := c.ws
	ws.request.minor = 1
	ws.response = Response{Status: status, body: ws.reply[headRoom:]}
	c.close = true
	c.interim = 0
	c.respond(s)
}

// respond writes the head of the response in front of its body, which leaves a gap between them: the body is
// moved up.
func (c *Conn) respond(s *Server) {
	ws := c.ws
	w := &ws.response
	if w.Status >= 300 && w.bodyLen == 0 && w.file == 0 && !w.Status.bodyless() {
		w.text(w.Status.Text())
	}
	n := w.writeHead(ws.reply[:headRoom], &ws.request, !c.close, s.unix, s.Config.Text("http.extra_headers"))
	c.log(s)
	c.file, c.from, c.left = w.file, w.from, w.size
	if ws.request.Method == Head && c.state == reading {
		w.bodyLen = 0
		if c.file != 0 {
			s.Files.Close(c.file)
			c.file = 0
		}
	}
	c.sent, c.end = 0, n+copy(ws.reply[n:], w.body[:w.bodyLen])
	c.state = replying
	c.deadline = s.now + s.Timeouts.Send
}

// log writes the line of a request.
func (c *Conn) log(s *Server) {
	ws := c.ws
	w := &ws.response
	level := log.Info
	if w.Status >= 500 {
		level = log.Warn
	}
	l := s.Log.At(level, "http").Bytes(c.Session.Address()).Str(" ")
	if c.state == reading && ws.header.ParsingSuccess() {
		l.Bytes(ws.header.Method()).Str(" ").Bytes(ws.request.target.path).Str(" ")
	} else {
		l.Str("unreadable request: ")
	}
	l.Int(int64(w.Status)).Str(" ").Int(int64(w.bodyLen) + w.size)
	if c.Session.Peer.Verified {
		l.Str(" ").Bytes(c.Session.Peer.Subject())
	}
	l.End()
}

// reply sends what stands in the workspace.
func (c *Conn) reply(s *Server, t Stream) bool {
	n := copy(t.WriteWindow(), c.ws.reply[c.sent:c.end])
	if n == 0 {
		return false
	}
	t.Written(n)
	c.sent += n
	c.deadline = s.now + s.Timeouts.Send
	if c.sent < c.end {
		return true
	}
	s.giveBack(c.ws)
	c.ws = nil
	if c.file != 0 {
		c.state = filing
	} else {
		c.finish(s, t)
	}
	return true
}

// sendFile sends a piece of the file straight to the write window. A file that fails or has become shorter
// cannot be reported any more: the connection ends before its announced length, which tells the client.
func (c *Conn) sendFile(s *Server, t Stream) bool {
	if c.left == 0 {
		s.Files.Close(c.file)
		c.file = 0
		c.finish(s, t)
		return true
	}
	p := t.WriteWindow()
	if len(p) == 0 {
		return false
	}
	n, err := s.Files.ReadAt(c.file, p[:min(int64(len(p)), c.left)], c.from)
	if err != nil || n == 0 {
		s.Log.At(log.Error, "http").Str("a file changed or failed while it was sent: ").Err(err).End()
		c.Abort(s)
		return true
	}
	t.Written(n)
	c.from += int64(n)
	c.left -= int64(n)
	c.deadline = s.now + s.Timeouts.Send
	return true
}

// finish ends a response.
func (c *Conn) finish(s *Server, t Stream) {
	t.Flush()
	if c.close {
		c.state = closed
		return
	}
	c.state = waiting
	c.deadline = s.now + s.Timeouts.Idle
}
