package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"time"

	"colibri/tlscore"
	"colibri/tlscore/record"
	"colibri/tlscore/wire"
)

// patience is how long a connection may take. The runner waits for 15 seconds.
const patience = 12 * time.Second

// link is a tlscore.Conn over TCP to the runner.
type link struct {
	tls      tlscore.Conn
	net      *net.TCPConn
	in       *bufio.Reader
	trickle  bool   // hand over what arrives byte by byte
	sniffed  []byte // what was sent during the handshake
	sniffing bool
	wrote    int // bytes of early data
}

// dial connects to the runner and says which test this is.
func dial(o *options) (*link, error) {
	addr := fmt.Sprintf("127.0.0.1:%d", o.port)
	if o.ipv6 {
		addr = fmt.Sprintf("[::1]:%d", o.port)
	}
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		return nil, err
	}
	conn.SetDeadline(time.Now().Add(patience))
	if _, err := conn.Write(binary.LittleEndian.AppendUint64(nil, o.shimID)); err != nil {
		return nil, err
	}
	return &link{net: conn.(*net.TCPConn), in: bufio.NewReader(conn), trickle: o.async, sniffing: true}, nil
}

// send sends all there is to send.
func (l *link) send() error {
	for w := l.tls.SendWindow(); len(w) > 0; w = l.tls.SendWindow() {
		if err := l.sendSome(w); err != nil {
			return err
		}
	}
	return nil
}

func (l *link) sendSome(w []byte) error {
	n, err := l.net.Write(w)
	l.sniff(w[:n])
	l.tls.Sent(n)
	return err
}

// receive waits for something from the runner, if anything is wanted.
func (l *link) receive() {
	w := l.tls.RecvWindow()
	if len(w) == 0 {
		return
	}
	if l.trickle {
		w = w[:1]
	}
	n, err := l.in.Read(w)
	l.tls.Received(n)
	if err != nil {
		l.tls.RecvEOF()
	}
}

func (l *link) sniff(p []byte) {
	if l.sniffing {
		l.sniffed = append(l.sniffed, p...)
	}
}

// retried reports whether there was a HelloRetryRequest: our server has sent one, or our client a second ClientHello.
func (l *link) retried(server bool) bool {
	if server {
		return bytes.Contains(l.sniffed, wire.HelloRetryRequestRandom[:])
	}
	hellos := 0
	for rest := l.sniffed; len(rest) > record.HeaderSize; {
		t, n, err := record.ParseHeader(rest)
		if err != nil || len(rest) < record.HeaderSize+n {
			break
		}
		if t == record.Handshake && wire.MessageType(rest[record.HeaderSize]) == wire.TypeClientHello {
			hellos++
		}
		rest = rest[record.HeaderSize+n:]
	}
	return hellos > 1
}

// ticket returns the ticket of TLS 1.2 that our client's first ClientHello has, if it has one.
func (l *link) ticket() ([]byte, error) {
	_, n, err := record.ParseHeader(l.sniffed)
	if err != nil {
		return nil, err
	}
	var hello wire.ClientHello
	if err := hello.Parse(l.sniffed[record.HeaderSize:][:n][wire.HeaderSize:]); err != nil {
		return nil, err
	}
	var exts wire.Extensions12
	err = exts.Parse(hello.Extensions)
	return exts.Ticket, err
}

// write sends p as application data.
func (l *link) write(p []byte) error {
	if err := l.fill(p); err != nil {
		return err
	}
	return l.send()
}

// fill is write, but the last record is left in the send window.
func (l *link) fill(p []byte) error {
	for len(p) > 0 {
		w := l.tls.WriteWindow()
		if len(w) == 0 {
			if err := l.tls.Err(); err != nil {
				return err
			}
			if err := l.send(); err != nil {
				return err
			}
			continue
		}
		n := copy(w, p)
		l.tls.Written(n)
		p = p[n:]
	}
	l.tls.Flush()
	return l.tls.Err()
}

// end says goodbye so that the runner gets to see what was sent: a socket that is closed with something unread in it resets the
// connection.
func (l *link) end() {
	l.send()
	l.net.CloseWrite()
	for p := make([]byte, 4096); ; {
		if _, err := l.net.Read(p); err != nil {
			break
		}
	}
	l.net.Close()
	l.tls.Release()
}
