package device

import "colibri/firmware/device/httpd"

// link is one connection between a socket and the HTTP server: TLS (*tlscore.Conn) or plain.
type link interface {
	httpd.Stream
	RecvWindow() []byte
	Received(n int)
	RecvEOF()
	SendWindow() []byte
	Sent(n int)
	HandshakeDone() bool
	PeerClosed() bool
	Close()
	Closed() bool // by Close or by an error, and all is sent
	Err() error
	Release()
}

// plain is a link without TLS, for devices that have no http.ssl_cert: bytes pass through two buffers.
type plain struct {
	in, out            []byte // memory
	inStart, inEnd     int
	outStart, outEnd   int
	peerClosed, closed bool
}

func (p *plain) RecvWindow() []byte {
	if p.inStart > 0 {
		p.inEnd = copy(p.in, p.in[p.inStart:p.inEnd])
		p.inStart = 0
	}
	return p.in[p.inEnd:]
}

func (p *plain) Received(n int)      { p.inEnd += n }
func (p *plain) RecvEOF()            { p.peerClosed = true }
func (p *plain) ReadWindow() []byte  { return p.in[p.inStart:p.inEnd] }
func (p *plain) Consumed(n int)      { p.inStart += n }
func (p *plain) SendWindow() []byte  { return p.out[p.outStart:p.outEnd] }
func (p *plain) HandshakeDone() bool { return true }
func (p *plain) PeerClosed() bool    { return p.peerClosed }
func (p *plain) Close()              { p.closed = true }
func (p *plain) Closed() bool        { return p.closed && p.outStart == p.outEnd }
func (p *plain) Err() error          { return nil }
func (p *plain) Flush()              {}
func (p *plain) Release()            { *p = plain{in: p.in, out: p.out} }

func (p *plain) Sent(n int) {
	if p.outStart += n; p.outStart == p.outEnd {
		p.outStart, p.outEnd = 0, 0
	}
}

func (p *plain) WriteWindow() []byte {
	if p.closed {
		return nil
	}
	return p.out[p.outEnd:]
}

func (p *plain) Written(n int) { p.outEnd += n }
