package device

import (
	"io"

	"colibri/firmware/device/httpd"
	"colibri/firmware/device/log"
	"colibri/tlscore"
	"colibri/x509lite"
)

// slot is the place of one connection.
type slot struct {
	state    slotState
	socket   Socket
	link     link // &tls or &plain
	tls      tlscore.Conn
	plain    plain
	http     httpd.Conn
	deadline int64 // of the state, where httpd has none
	lost     bool  // the network has given the connection up
	ended    bool  // the transport has delivered its last byte
	known    bool  // the client's certificate was seen
	drained  int   // bytes thrown away
}

type slotState uint8

const (
	free     slotState = iota
	waiting            // for the memory of a handshake
	opening            // in the handshake
	serving            // requests
	closing            // sending the rest: an alert, the end of a response
	draining           // all is sent; the peer may still be sending
)

// lingerTime and lingerBytes bound draining. Closing a socket with bytes unread makes TCP reset the
// connection, and a reset may overtake our last response or alert; so what still arrives is thrown away for a
// while.
const (
	lingerTime  = 1000
	lingerBytes = 1 << 16
)

// maxRounds bounds the work for one connection in one Poll, so that each gets its turn.
const maxRounds = 8

// open begins a connection.
func (s *slot) open(d *Device, socket Socket, addr []byte) {
	s.socket, s.lost, s.ended, s.known, s.drained = socket, false, false, false, 0
	s.http.Session = httpd.Session{}
	s.http.Session.AddrLen = copy(s.http.Session.Addr[:], addr)
	s.deadline = d.mono + d.opening
	if d.tls == nil {
		s.link = &s.plain
		s.serve(d)
		return
	}
	s.link = &s.tls
	s.state = waiting
}

// serve begins with HTTP.
func (s *slot) serve(d *Device) {
	s.state = serving
	s.http.Open(d.http)
}

// nextDeadline returns when the state has to end.
func (s *slot) nextDeadline() int64 {
	if s.state == serving {
		return s.http.Deadline()
	}
	return s.deadline
}

// step does what can be done for this connection now, and reports whether it got anywhere. An operation of public-key cryptography
// takes a tenth of a second on a board: the next one is for the next Poll, behind the other connections and the watchdog. Whatever
// a handshake is handed may end in one, so it gets one round in each Poll.
func (s *slot) step(d *Device) (any bool) {
	if s.state == opening && s.tls.Working() {
		s.tls.Work()
		return true
	}
	for range maxRounds {
		before := s.state
		if s.state == free || !s.round(d) {
			return any
		}
		any = true
		if before == opening && s.state == opening {
			break
		}
	}
	return any
}

func (s *slot) round(d *Device) (progress bool) {
	if s.state != serving && d.mono >= s.deadline {
		s.late(d)
		return true
	}
	switch s.state {
	case waiting:
		return s.begin(d)
	case draining:
		return s.drain(d)
	}
	progress = s.send(d)
	if s.state != closing && !(progress && s.state == opening) {
		progress = s.receive(d) || progress
	}
	switch {
	case s.lost:
		s.free(d)
		return true
	case s.state == opening && s.link.HandshakeDone():
		s.serve(d)
		progress = true
	case s.state == opening && s.link.Err() != nil:
		s.close(d)
		progress = true
	case s.state == serving:
		progress = s.work(d) || progress
	case s.state == closing && s.link.Closed():
		d.network.CloseSend(s.socket)
		s.state = draining
		s.deadline = d.mono + lingerTime
		progress = true
	}
	return progress
}

// begin borrows the memory of a handshake as soon as there is some.
func (s *slot) begin(d *Device) bool {
	err := s.tls.Server(d.tls, d.memory)
	if err == tlscore.ErrPoolEmpty {
		return false
	}
	if err != nil {
		d.log.At(log.Error, "tls").Err(err).End()
		s.free(d)
		return true
	}
	s.state = opening
	return true
}

// work lets HTTP work.
func (s *slot) work(d *Device) bool {
	if s.link.Err() != nil {
		s.http.Abort(d.http)
	}
	progress := s.http.Step(d.http, s.link, s.ended || s.link.PeerClosed())
	if s.http.Done() {
		s.close(d)
		progress = true
	}
	return progress
}

// close begins to end the connection in good order.
func (s *slot) close(d *Device) {
	s.link.Close()
	s.state = closing
	s.deadline = d.mono + d.http.Timeouts.Send
}

// late ends a state that took too long.
func (s *slot) late(d *Device) {
	if s.state == waiting || s.state == opening {
		d.log.At(log.Warn, "tls").Bytes(s.http.Session.Address()).Str(": the handshake took too long").End()
		if s.state == opening {
			s.close(d)
			s.deadline = d.mono + lingerTime
			return
		}
	}
	s.free(d)
}

// send moves bytes from the link to the network.
func (s *slot) send(d *Device) bool {
	p := s.link.SendWindow()
	if len(p) == 0 || s.lost {
		return false
	}
	n, err := d.network.Send(s.socket, p)
	if err != nil {
		s.lost = true
	}
	s.link.Sent(n)
	return n > 0 || s.lost
}

// receive moves bytes from the network to the link.
func (s *slot) receive(d *Device) bool {
	if s.ended || s.lost {
		return false
	}
	p := s.link.RecvWindow()
	if len(p) == 0 {
		return false
	}
	n, err := d.network.Recv(s.socket, p)
	s.link.Received(n) // If nothing came, too: it gives the window back.
	switch {
	case err == io.EOF:
		s.ended = true
		s.link.RecvEOF()
	case err != nil:
		s.lost = true
	}
	return n > 0 || err != nil
}

// drain throws away what still arrives.
func (s *slot) drain(d *Device) bool {
	n, err := 0, error(nil)
	if !s.ended {
		n, err = d.network.Recv(s.socket, d.scratch[:])
		s.drained += n
	}
	if s.ended || err != nil || s.drained > lingerBytes {
		s.free(d)
		return true
	}
	return n > 0
}

// end closes the connection at once; what the socket takes of the goodbye is sent.
func (s *slot) end(d *Device) {
	if s.state == opening || s.state == serving {
		s.link.Close()
		s.send(d)
		d.network.CloseSend(s.socket)
	}
	s.free(d)
}

// free gives everything back.
func (s *slot) free(d *Device) {
	s.http.Abort(d.http)
	s.link.Release()
	d.network.Close(s.socket)
	s.state = free
}

// event takes note of what TLS tells about a connection.
func (d *Device) event(c *tlscore.Conn, e tlscore.Event) {
	var s *slot
	for i := range d.slots {
		if &d.slots[i].tls == c {
			s = &d.slots[i]
		}
	}
	if s == nil {
		return
	}
	session := &s.http.Session
	switch e.Kind {
	case tlscore.EventPeerCertificate:
		session.Peer.Set(e.Certificate)
		session.Peer.Save(e.Session)
		s.known = true
		notes := e.Notes
		for notes != 0 {
			d.log.At(log.Warn, "tls").Bytes(session.Address()).Str(": ").Str(notes.Next()).End()
		}
	case tlscore.EventPeerResumed:
		session.Peer.Restore(e.Session)
		s.known = true
	case tlscore.EventHandshakeDone:
		info := c.Info()
		session.Secure = true
		session.Version = versionName(info.Version)
		session.Suite, session.Group = info.Suite.String(), info.Group.String()
		session.ALPN, session.Resumed = info.ALPN, info.Resumed
		session.Peer.Verified = s.known
		d.log.At(log.Debug, "tls").Bytes(session.Address()).Str(" ").Str(session.Version).Str(" ").
			Str(session.Suite).Str(" ").Str(session.Group).Str(" ").Bytes(session.Peer.Subject()).End()
	case tlscore.EventFailed:
		d.log.At(s.failureLevel(e.Err), "tls").Bytes(session.Address()).Str(": ").Err(e.Err).End()
	}
}

// failureLevel says how much a failure matters: that we refuse a client is worth a line; that a client goes
// away, or says why it does not like us, happens all day (a browser resets two to four connections for each
// page).
func (s *slot) failureLevel(err error) log.Level {
	switch err.(type) {
	case x509lite.Error:
		return log.Warn
	case tlscore.PeerAlert:
		return log.Info
	}
	if err == tlscore.ErrTruncated || err == tlscore.ErrClosedEarly || err == tlscore.ErrAborted {
		return log.Debug
	}
	return log.Warn
}

// versionName is the name of a protocol version as OpenSSL and others write it.
func versionName(v uint16) string {
	switch v {
	case 0x0303:
		return "TLSv1.2"
	case 0x0304:
		return "TLSv1.3"
	}
	return ""
}
