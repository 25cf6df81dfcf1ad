package tcpip

// Link carries Ethernet frames without their checksum. Like a tlscore.Conn it has windows over its own memory, so that no
// frame is copied. No call blocks.
type Link interface {
	// Frame returns the oldest received frame, which stays valid until Done; nil if there is none.
	Frame() []byte
	// Done gives back the memory of the frame that Frame returned.
	Done()
	// Room returns memory for a frame to be sent, at least [MaxFrame] bytes; nil if there is none now.
	Room() []byte
	// Send sends the first n bytes of what Room returned.
	Send(n int)
}

const (
	etherHeader = 14
	ipHeader    = 20
	tcpHeader   = 20
	headers     = etherHeader + ipHeader
	mtu         = 1500

	// MaxFrame is the size of the longest frame in bytes, without a checksum.
	MaxFrame = etherHeader + mtu
	// MaxSegment is the most data in a TCP segment in bytes.
	MaxSegment = mtu - ipHeader - tcpHeader
	// minFrame is the least length of a frame without its checksum (IEEE 802.3): shorter ones are padded.
	minFrame = 60
)
