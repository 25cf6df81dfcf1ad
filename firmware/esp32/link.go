package main

import "colibri/firmware/board/tcpip"

// frames is the part of the radio that is used for frames: espradio's NetDev.
type frames interface {
	EthPoll(buf []byte) (int, error)
	SendEthFrame(frame []byte) error
}

// link is a radio as a tcpip.Link. The radio copies frames, so there is a buffer for each direction.
type link struct {
	radio   frames
	in, out [tcpip.MaxFrame + 4]byte
	length  int // of the frame in in, 0 if there is none
}

// Frame implements tcpip.Link.
func (l *link) Frame() []byte {
	if l.length == 0 {
		if n, err := l.radio.EthPoll(l.in[:]); err == nil {
			l.length = n
		}
	}
	if l.length == 0 {
		return nil
	}
	return l.in[:l.length]
}

// Done implements tcpip.Link.
func (l *link) Done() { l.length = 0 }

// Room implements tcpip.Link.
func (l *link) Room() []byte { return l.out[:tcpip.MaxFrame] }

// Send implements tcpip.Link. A frame that the radio does not take is lost, as frames are: TCP sends it again.
func (l *link) Send(n int) { l.radio.SendEthFrame(l.out[:n]) }
