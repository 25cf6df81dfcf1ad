//go:build tinygo

package virtio

// Net is the network card, a Link of package tcpip.
type Net struct {
	free uint32 // a bit for each buffer for sending that we have
	room int    // buffer that Room returned, or -1
}

const (
	// netHeader is the size of the header before each frame (section 5.1.6). All its features are off: what is sent has zeros.
	netHeader = 12
	maxFrame  = 1514
)

//go:align 16
var received queue

//go:align 16
var sent queue

var (
	receivedFrames, sentFrames [queueSize][(netHeader + maxFrame + 3) &^ 3]byte

	card Net
)

// OpenNet returns the network card, ready to receive and send, and its MAC address; nil if there is none. To open it twice
// is an error of the caller.
func OpenNet() (n *Net, mac [6]byte) {
	r := find(kindNetwork)
	if r == nil || !r.begin(featureMAC) || !received.open(r, 0) || !sent.open(r, 1) {
		return nil, mac
	}
	for i := range mac {
		mac[i] = r.config[i].Get()
	}
	r.run()
	for i := range queueSize {
		received.buffer(i, receivedFrames[i][:], deviceWrites)
		received.offer(i, len(receivedFrames[i]))
		sent.buffer(i, sentFrames[i][:], 0)
	}
	card = Net{free: 1<<queueSize - 1, room: -1}
	return &card, mac
}

// Frame implements tcpip.Link.
func (n *Net) Frame() []byte {
	i, length, ok := received.first()
	if !ok {
		return nil
	}
	return receivedFrames[i][netHeader:min(max(length, netHeader), len(receivedFrames[i]))]
}

// Done implements tcpip.Link.
func (n *Net) Done() {
	if i, _, ok := received.first(); ok {
		received.drop()
		received.offer(i, len(receivedFrames[i]))
	}
}

// Room implements tcpip.Link.
func (n *Net) Room() []byte {
	for i, _, ok := sent.first(); ok; i, _, ok = sent.first() {
		sent.drop()
		n.free |= 1 << i
	}
	n.room = -1
	for i := range queueSize {
		if n.free>>i&1 != 0 {
			n.room = i
			return sentFrames[i][netHeader:]
		}
	}
	return nil
}

// Send implements tcpip.Link.
func (n *Net) Send(length int) {
	if n.room < 0 {
		return
	}
	n.free &^= 1 << n.room
	sent.offer(n.room, netHeader+length)
	n.room = -1
}
