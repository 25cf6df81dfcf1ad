package tcpip

import (
	"bytes"
	"crypto/rand"
	mathrand "math/rand/v2"
	"testing"

	"github.com/soypat/lneto/ethernet"
	"github.com/soypat/lneto/ipv4"
	"github.com/soypat/lneto/tcp"
)

var (
	boardMAC, peerMAC   = [6]byte{2, 0, 0, 0, 0, 1}, [6]byte{2, 0, 0, 0, 0, 2}
	boardAddr, peerAddr = [4]byte{10, 0, 2, 15}, [4]byte{10, 0, 2, 2}
)

// wire is a Link in memory that can lose frames.
type wire struct {
	in, out [][]byte
	room    [MaxFrame]byte
	full    bool    // there is no room to send
	loss    float64 // how many of the frames get lost, in both directions
	random  *mathrand.Rand
}

func (w *wire) Frame() []byte {
	if len(w.in) == 0 {
		return nil
	}
	return w.in[0]
}

func (w *wire) Done() { w.in = w.in[1:] }

func (w *wire) Room() []byte {
	if w.full {
		return nil
	}
	return w.room[:]
}

func (w *wire) Send(n int) {
	if !w.lost() {
		w.out = append(w.out, bytes.Clone(w.room[:n]))
	}
}

func (w *wire) lost() bool { return w.loss > 0 && w.random.Float64() < w.loss }

// deliver puts a frame before the board.
func (w *wire) deliver(p []byte) {
	if !w.lost() {
		w.in = append(w.in, p)
	}
}

// bench is a board and its clock.
type bench struct {
	*testing.T
	wire wire
	*Stack
	time int64
}

func newBench(t *testing.T, conns int) *bench {
	b := &bench{T: t}
	b.wire.random = mathrand.New(mathrand.NewPCG(1, 2))
	s, err := New(&b.wire, Config{MAC: boardMAC, Addr: boardAddr, Port: 443, Rand: rand.Reader,
		Conns: conns, Receive: 2048, Send: 2 * MaxSegment, InFlight: 4})
	if err != nil {
		t.Fatal(err)
	}
	b.Stack = s
	return b
}

// peer is a client: lneto's TCP as well, but its other side.
type peer struct {
	tcp   tcp.Handler
	rto   tcp.RTO
	port  uint16
	first uint32 // as of conn
	got   []byte // what was read
}

// read moves up to n bytes to got.
func (p *peer) read(n int) {
	buf := make([]byte, n)
	n, _ = p.tcp.Read(buf)
	p.got = append(p.got, buf[:n]...)
}

func (b *bench) dial(port uint16) *peer {
	p := &peer{port: port}
	if err := p.tcp.SetBuffers(make([]byte, 4096), make([]byte, 8192), 8); err != nil {
		b.Fatal(err)
	}
	p.tcp.SetLossRecovery(&p.rto, func() int64 { return b.time * 1e6 })
	if err := p.tcp.OpenActive(port, 443, tcp.Value(mathrand.Uint32())); err != nil {
		b.Fatal(err)
	}
	return p
}

// syn returns the frame that asks for a connection.
func (b *bench) syn(port uint16) []byte {
	b.Helper()
	segment := make([]byte, tcpHeader+MaxSegment)
	n, err := b.dial(port).tcp.Send(segment)
	if err != nil {
		b.Fatal(err)
	}
	return datagram(segment[:n])
}

// round lets a millisecond pass: everybody sends what they have.
func (b *bench) round(peers ...*peer) {
	b.Helper()
	b.time++
	for _, p := range peers {
		for !p.tcp.IsTxOver() {
			segment := make([]byte, tcpHeader+MaxSegment)
			n, err := p.tcp.Send(segment)
			if n == 0 || err != nil {
				break
			}
			b.wire.deliver(datagram(segment[:n]))
		}
		if b.time%1000 == 0 {
			p.tcp.RequeueControl()
		}
	}
	b.Poll(b.time)
	for _, frame := range b.wire.out {
		segment := b.check(frame)
		for _, p := range peers {
			f, _ := tcp.NewFrame(segment)
			if f.DestinationPort() != p.port {
				continue
			}
			if p.tcp.AwaitingSynResponse() {
				p.first = uint32(f.Seq()) + 1
			}
			p.tcp.Recv(inOrder(segment, f, p.first+uint32(len(p.got)+p.tcp.BufferedInput())))
		}
	}
	b.wire.out = nil
}

// datagram puts the headers before a client's segment.
func datagram(segment []byte) []byte {
	s := Stack{Config: Config{MAC: peerMAC, Addr: peerAddr}}
	var w wire
	s.link = &w
	copy(w.room[headers:], segment)
	s.send(w.room[:], &boardMAC, boardAddr, len(segment))
	return w.out[0]
}

// check looks at a frame from the board and returns its segment.
func (b *bench) check(p []byte) []byte {
	b.Helper()
	e, err := ethernet.NewFrame(p)
	if err != nil || len(p) < minFrame || e.EtherTypeOrSize() != ethernet.TypeIPv4 || *e.DestinationHardwareAddr() != peerMAC || *e.SourceHardwareAddr() != boardMAC {
		b.Fatalf("frame % x", p)
	}
	d, err := ipv4.NewFrame(e.Payload())
	if err != nil || d.CalculateHeaderCRC() != 0 || *d.DestinationAddr() != peerAddr || *d.SourceAddr() != boardAddr {
		b.Fatalf("datagram % x", e.Payload())
	}
	segment := d.Payload()
	if sum(pseudo(d.RawData(), len(segment)), segment) != 0xffff {
		b.Fatalf("checksum of segment % x", segment)
	}
	return segment
}

// until lets time pass until something is so.
func (b *bench) until(what string, is func() bool, peers ...*peer) {
	b.Helper()
	for range 120_000 {
		if is() {
			return
		}
		b.round(peers...)
	}
	b.Fatalf("after two minutes: not %s", what)
}

// inOrder takes the data from a segment that does not come in its turn: next is the number of the byte that is expected. lneto keeps it
// otherwise, and mixes up bytes when it does.
func inOrder(segment []byte, f tcp.Frame, next uint32) []byte {
	if uint32(f.Seq()) != next {
		return segment[:f.HeaderLength()]
	}
	return segment
}
