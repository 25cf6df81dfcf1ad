//go:build unix

package sockets

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"time"

	"colibri/firmware/device"
	"golang.org/x/sys/unix"
)

// Network is the host's TCP as a device.Network that listens on one address.
type Network struct {
	listener  int
	accepting bool   // wake up for new connections
	conns     []conn // Socket s is conns[s-1]
	polls     []unix.PollFd
	wakeRead  int
	wakeWrite int
	addr      netip.AddrPort
}

type conn struct {
	fd     int   // -1: this number is free
	events int16 // what of POLLIN and POLLOUT the device waits for
}

var _ device.Network = (*Network)(nil)

// Listen begins to listen on an address as package net writes them: "127.0.0.1:0", ":8443", "[::1]:8443".
// Port 0 takes a free one; Addr tells which.
func Listen(addr string) (*Network, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	tcp := l.(*net.TCPListener)
	n := &Network{listener: -1, wakeRead: -1, wakeWrite: -1, addr: tcp.Addr().(*net.TCPAddr).AddrPort()}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return nil, err
	}
	// A descriptor of our own, because Go's is watched by its runtime.
	var dupErr error
	if err := raw.Control(func(fd uintptr) { n.listener, dupErr = unix.Dup(int(fd)) }); err != nil || dupErr != nil {
		return nil, errors.Join(err, dupErr)
	}
	var pipe [2]int
	if err := unix.Pipe(pipe[:]); err != nil {
		return nil, errors.Join(err, unix.Close(n.listener))
	}
	n.wakeRead, n.wakeWrite = pipe[0], pipe[1]
	for _, fd := range []int{n.listener, n.wakeRead, n.wakeWrite} {
		unix.CloseOnExec(fd)
		if err := unix.SetNonblock(fd, true); err != nil {
			return nil, errors.Join(err, n.Shut())
		}
	}
	return n, nil
}

// Addr returns the address the network listens on.
func (n *Network) Addr() netip.AddrPort { return n.addr }

// Shut closes the listener and all connections. Wake and Wait must not be called any more.
func (n *Network) Shut() error {
	for i := range n.conns {
		n.Close(device.Socket(i + 1))
	}
	return errors.Join(unix.Close(n.listener), unix.Close(n.wakeRead), unix.Close(n.wakeWrite))
}

// Accept implements device.Network.
func (n *Network) Accept(addr []byte) (device.Socket, int) {
	fd, remote, err := unix.Accept(n.listener)
	// Also after an error: the ones that pass (ECONNABORTED, EINTR) want another try, and of descriptors
	// running out nothing but Wait's time limit knows the end.
	n.accepting = err == nil || err == unix.EAGAIN || err == unix.ECONNABORTED || err == unix.EINTR
	if err != nil {
		return 0, 0
	}
	unix.CloseOnExec(fd)
	if err := unix.SetNonblock(fd, true); err != nil {
		unix.Close(fd)
		return 0, 0
	}
	// TLS records leave in one piece each; waiting for more to fill a segment only delays them. Failure does
	// no harm.
	unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	return n.number(fd), copy(addr, addrText(remote))
}

// number gives fd the first free number.
func (n *Network) number(fd int) device.Socket {
	for i := range n.conns {
		if n.conns[i].fd < 0 {
			n.conns[i] = conn{fd: fd}
			return device.Socket(i + 1)
		}
	}
	n.conns = append(n.conns, conn{fd: fd})
	return device.Socket(len(n.conns))
}

func addrText(remote unix.Sockaddr) string {
	switch a := remote.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port)).String()
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr).Unmap(), uint16(a.Port)).String()
	}
	return ""
}

// Recv implements device.Network.
func (n *Network) Recv(s device.Socket, p []byte) (int, error) {
	c := n.conn(s)
	if c == nil {
		return 0, net.ErrClosed
	}
	got, err := unix.Read(c.fd, p)
	switch {
	case err == unix.EAGAIN || err == unix.EINTR:
		c.events |= unix.POLLIN
		return 0, nil
	case err != nil:
		return 0, err
	case got == 0:
		return 0, io.EOF
	}
	c.events |= unix.POLLIN
	return got, nil
}

// Send implements device.Network.
func (n *Network) Send(s device.Socket, p []byte) (int, error) {
	c := n.conn(s)
	if c == nil {
		return 0, net.ErrClosed
	}
	sent, err := unix.Write(c.fd, p)
	if err == unix.EAGAIN || err == unix.EINTR {
		sent, err = 0, nil
	}
	if err != nil {
		return 0, err
	}
	if sent < len(p) {
		c.events |= unix.POLLOUT
	}
	return sent, nil
}

// CloseSend implements device.Network.
func (n *Network) CloseSend(s device.Socket) {
	if c := n.conn(s); c != nil {
		unix.Shutdown(c.fd, unix.SHUT_WR) // fails only where the connection is gone already
	}
}

// Close implements device.Network.
func (n *Network) Close(s device.Socket) {
	if c := n.conn(s); c != nil {
		unix.Close(c.fd)
		c.fd = -1
	}
}

func (n *Network) conn(s device.Socket) *conn {
	if s < 1 || int(s) > len(n.conns) || n.conns[s-1].fd < 0 {
		return nil
	}
	return &n.conns[s-1]
}

// Wait sleeps until something happens that the device asked for since the last Wait, until Wake is called, or
// until the time is up; a negative time has no end.
func (n *Network) Wait(limit time.Duration) error {
	n.polls = append(n.polls[:0], unix.PollFd{Fd: int32(n.wakeRead), Events: unix.POLLIN})
	if n.accepting {
		n.polls = append(n.polls, unix.PollFd{Fd: int32(n.listener), Events: unix.POLLIN})
	}
	n.accepting = false
	for i := range n.conns {
		c := &n.conns[i]
		// Without events it stays out altogether: poll reports a broken connection even when it is asked for
		// nothing.
		if c.fd >= 0 && c.events != 0 {
			n.polls = append(n.polls, unix.PollFd{Fd: int32(c.fd), Events: c.events})
		}
		c.events = 0
	}
	timeout := -1
	if limit >= 0 {
		timeout = int(min(limit+time.Millisecond-1, 24*time.Hour) / time.Millisecond) // up, lest it return early and spin
	}
	_, err := unix.Poll(n.polls, timeout)
	if err != nil && err != unix.EINTR {
		return err
	}
	if n.polls[0].Revents != 0 {
		var drain [64]byte
		unix.Read(n.wakeRead, drain[:]) // what does not fit keeps the next Wait awake, which does no harm
	}
	return nil
}

// Wake makes Wait return, now or next time. Any goroutine may call it.
func (n *Network) Wake() {
	unix.Write(n.wakeWrite, []byte{0}) // a full pipe wakes just as well
}
