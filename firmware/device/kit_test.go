package device

import (
	"crypto/rand"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"colibri/firmware/device/config"
	"colibri/firmware/device/fs"
	"colibri/firmware/device/log"
	"colibri/firmware/pki/ca"
)

// network is a Network in memory. The device polls it from one goroutine, clients use it from others.
type network struct {
	mu      sync.Mutex
	changed *sync.Cond
	waiting []*wire
	wires   []*wire // Socket s is wires[s-1]
	chop    int     // most bytes moved by one call; 0: as many as there are
	window  int     // most bytes that lie on a wire unread by the client
}

// wire is a connection; it is the client's net.Conn.
type wire struct {
	n                  *network
	toDevice, toClient []byte
	clientDone         bool // the client has ended its direction
	deviceDone         bool // the device has
	closed             bool // the device has closed the socket
	reset              bool // it did so with bytes unread
	deadline           time.Time
}

func newNetwork() *network {
	n := &network{window: 1 << 16}
	n.changed = sync.NewCond(&n.mu)
	return n
}

func (n *network) dial() *wire {
	n.mu.Lock()
	defer n.mu.Unlock()
	w := &wire{n: n}
	n.waiting = append(n.waiting, w)
	return w
}

func (n *network) Accept(addr []byte) (Socket, int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.waiting) == 0 {
		return 0, 0
	}
	n.wires = append(n.wires, n.waiting[0])
	n.waiting = n.waiting[1:]
	return Socket(len(n.wires)), copy(addr, "192.0.2.1:5000")
}

func (n *network) limit(k int) int {
	if n.chop > 0 {
		return min(k, n.chop)
	}
	return k
}

func (n *network) Recv(s Socket, p []byte) (int, error) {
	if len(p) == 0 {
		panic("Recv without room")
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	w := n.wires[s-1]
	k := copy(p[:n.limit(len(p))], w.toDevice)
	w.toDevice = w.toDevice[k:]
	if k == 0 && w.clientDone {
		return 0, io.EOF
	}
	return k, nil
}

func (n *network) Send(s Socket, p []byte) (int, error) {
	if len(p) == 0 {
		panic("Send of nothing")
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	w := n.wires[s-1]
	k := n.limit(min(len(p), n.window-len(w.toClient)))
	w.toClient = append(w.toClient, p[:k]...)
	n.changed.Broadcast()
	return k, nil
}

func (n *network) CloseSend(s Socket) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.wires[s-1].deviceDone = true
	n.changed.Broadcast()
}

func (n *network) Close(s Socket) {
	n.mu.Lock()
	defer n.mu.Unlock()
	w := n.wires[s-1]
	w.closed, w.deviceDone = true, true
	w.reset = len(w.toDevice) > 0
	n.changed.Broadcast()
}

func (w *wire) Read(p []byte) (int, error) {
	w.n.mu.Lock()
	defer w.n.mu.Unlock()
	for {
		switch {
		case w.reset:
			return 0, errors.New("connection reset")
		case len(w.toClient) > 0:
			k := copy(p, w.toClient)
			w.toClient = w.toClient[k:]
			return k, nil
		case w.deviceDone:
			return 0, io.EOF
		case !w.deadline.IsZero() && time.Now().After(w.deadline):
			return 0, os.ErrDeadlineExceeded
		}
		w.n.changed.Wait()
	}
}

func (w *wire) Write(p []byte) (int, error) {
	w.n.mu.Lock()
	defer w.n.mu.Unlock()
	if w.closed || w.clientDone {
		return 0, errors.New("connection closed")
	}
	w.toDevice = append(w.toDevice, p...)
	return len(p), nil
}

func (w *wire) Close() error {
	w.n.mu.Lock()
	defer w.n.mu.Unlock()
	w.clientDone = true
	return nil
}

func (w *wire) LocalAddr() net.Addr                { return &net.TCPAddr{} }
func (w *wire) RemoteAddr() net.Addr               { return &net.TCPAddr{} }
func (w *wire) SetDeadline(t time.Time) error      { w.deadline = t; return nil }
func (w *wire) SetReadDeadline(t time.Time) error  { w.deadline = t; return nil }
func (w *wire) SetWriteDeadline(t time.Time) error { return nil }

// logLines keeps what is logged.
type logLines struct {
	mu    sync.Mutex
	lines []string
}

func (l *logLines) Line(_ log.Level, line []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, string(line))
}

func (l *logLines) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range l.lines {
		if strings.Contains(line, text) {
			return true
		}
	}
	return false
}

var now = time.Now()

// authorities are made once: keys take time.
var authorities = sync.OnceValue(func() map[ca.Family]*ca.Authority {
	m := map[ca.Family]*ca.Authority{}
	for _, f := range []ca.Family{ca.ECDSA, ca.RSA} {
		a, err := ca.New(f, now, "test CA")
		if err != nil {
			panic(err)
		}
		m[f] = a
	}
	return m
})

// kit is a device with its world.
type kit struct {
	*Device
	network *network
	files   *fs.Mem
	config  *config.Config
	log     *logLines
	mono    int64
}

const page = "<html>hello</html>"

// newKit makes a device; lines are schema lines. With server.crt among the files it has TLS.
func newKit(t testing.TB, lines string, files map[string]string, change func(o *Options)) *kit {
	t.Helper()
	k := &kit{network: newNetwork(), files: fs.NewMem(16, 1<<20), log: &logLines{}}
	for name, content := range files {
		k.put(t, name, content)
	}
	k.put(t, "index.html", page)
	k.put(t, "big", strings.Repeat("0123456789abcdef", 10_000))
	var f config.Fault
	if k.config, f = config.New([]byte(lines)); !f.OK() {
		t.Fatal(f.Error())
	}
	logger := &log.Logger{}
	logger.Init(k.log, log.Debug)
	o := Options{Config: k.config, Files: k.files, Network: k.network, Rand: rand.Reader, Log: logger}
	if change != nil {
		change(&o)
	}
	var err error
	if k.Device, err = New(o, 0, now.UnixMilli()); err != nil {
		t.Fatal(err)
	}
	return k
}

func (k *kit) put(t testing.TB, name, content string) {
	t.Helper()
	if err := k.files.Write([]byte(name), []byte(content), false); err != nil {
		t.Fatal(err)
	}
}

// poll lets the device work until it gets no further.
func (k *kit) poll() {
	for k.Poll(k.mono, now.UnixMilli()+k.mono) {
	}
}

// run lets the device work on its own until the test ends; the time moves on only by hand.
func (k *kit) run(t testing.TB) {
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				k.poll()
				time.Sleep(100 * time.Microsecond)
			}
		}
	}()
	t.Cleanup(func() { close(stop); <-done })
}

const tlsLines = `["http.ssl_cert","server.crt"],["http.ssl_key","server.key"]`

// credentialsFor issues what a TLS server called changeme needs.
func credentialsFor(t testing.TB, f ca.Family) map[string]string {
	t.Helper()
	id, err := authorities()[f].Issue(ca.Request{Names: []string{"changeme"}, Usage: ca.Server})
	if err != nil {
		t.Fatal(err)
	}
	key, err := id.KeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"server.crt": string(id.CertPEM()), "server.key": string(key), "ca.crt": string(authorities()[f].CertPEM())}
}
