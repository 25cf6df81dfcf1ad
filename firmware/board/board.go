package board

import (
	"errors"
	"strconv"

	"colibri/firmware/board/site"
	"colibri/firmware/board/tcpip"
	"colibri/firmware/device"
	"colibri/firmware/device/config"
	"colibri/firmware/device/fs"
	"colibri/firmware/device/log"
	"colibri/firmware/device/rpc"
	"colibri/tlscore/primitive/drbg"
)

// Hardware is what differs between boards.
type Hardware struct {
	MAC      [6]byte
	Noise    drbg.Source // no entropy, no device: Start fails
	Quality  drbg.Quality
	Clock    Clock
	Console  log.Sink
	Watchdog device.Watchdog // nil: none
	Writer   Writer          // nil: what is written to the file system is gone after a restart
}

// Clock tells the time.
type Clock interface {
	// Milliseconds returns the time since the start, never going back.
	Milliseconds() int64
	// Unix returns the milliseconds since 1970, 0 while they are unknown.
	Unix() int64
	// Set sets what Unix returns, unless it cannot be right, and reports whether it has.
	Set(unix int64) bool
}

// Writer keeps the configuration's overlay file over a restart.
type Writer interface {
	// Load copies what was kept to p and returns its length, 0 if there is none.
	Load(p []byte) int
	// Keep keeps p.
	Keep(p []byte) error
}

// Options are what a board chooses.
type Options struct {
	Site    string // see package site
	Info    rpc.Info
	Methods []rpc.Method
	Level   log.Level
	Floor   int64 // a time that has certainly passed, Unix seconds: see tlscore.Config
	Conns   int   // connections at one time
	Memory  int   // bytes that TLS may take for all of them together, see device.Options
	HTTP    device.HTTPSizes
	DHCP    bool // clients get addresses from us: see tcpip.Config
	Files   int  // entries of the file system, those of the site included
	Room    int  // bytes of files that were written
}

// Board is a running device.
type Board struct {
	Stack  *tcpip.Stack
	Device *device.Device
	Config *config.Config
	Sizes  Sizes

	hardware Hardware
	options  Options
	files    keeper
	time     timekeeper
	logger   log.Logger
	random   drbg.DRBG
}

// Sizes are the bytes that the parts of a board's memory take.
type Sizes struct {
	TLS int // for all connections together
	TCP int // for all connections together: see tcpip.Config
}

// Errors of New and Start beside those of the layers below.
var (
	ErrSite   = errors.New("board: there is no site in this image: make it with pack")
	ErrConfig = errors.New("board: the configuration does not fit the schema")
	ErrListen = errors.New("board: http.listen_addr: a port is expected")
)

// spare is how many connections TCP has beyond those of the device: one that the device can refuse or make room for, and one that is
// still leaving.
const spare = 2

// OverlaySize bounds the overlay of the configuration in bytes: what a [Writer] has to keep.
const OverlaySize = 4080

// New reads the site.
func New(h Hardware, o Options) (*Board, error) {
	b := &Board{hardware: h, options: o}
	b.logger.Init(h.Console, o.Level)
	return b, b.mount()
}

// Start starts the device on a link, under an IPv4 address.
func (b *Board) Start(link tcpip.Link, addr [4]byte) error {
	h, o := &b.hardware, &b.options
	if err := b.random.Init(h.Noise, h.Quality, h.MAC[:]); err != nil {
		return err
	}
	_, port, ok := config.SplitListenAddr(b.Config.Text("http.listen_addr"))
	if !ok || port == 0 {
		return ErrListen
	}
	// A send buffer of two segments keeps peers that delay acknowledgements going; what is received waits in records.
	net := tcpip.Config{MAC: h.MAC, Addr: addr, Port: port, DHCP: o.DHCP, Rand: &b.random, Conns: o.Conns + spare,
		Receive: tcpip.MaxSegment, Send: 2 * tcpip.MaxSegment, InFlight: 4}
	var err error
	if b.Stack, err = tcpip.New(link, net); err != nil {
		return err
	}
	b.startTime()
	b.Sizes = Sizes{TLS: o.Memory, TCP: net.Conns * net.Size()}
	b.Device, err = device.New(device.Options{Config: b.Config, Files: &b.files, Watchdog: h.Watchdog, Network: b.Stack, Rand: &b.random,
		Log: &b.logger, Listen: announced(addr, port), Info: o.Info, Methods: o.Methods, Conns: o.Conns,
		Memory: o.Memory, Floor: o.Floor, HTTP: o.HTTP, Quota: rpc.Quota{Total: int64(o.Room)}}, h.Clock.Milliseconds(), h.Clock.Unix())
	return err
}

// mount makes the file system and the configuration from the site.
func (b *Board) mount() error {
	r, schema, ok := site.Read(b.options.Site)
	if !ok {
		return ErrSite
	}
	b.files.Mem = fs.NewMem(b.options.Files, b.options.Room)
	b.files.writer, b.files.log = b.hardware.Writer, &b.logger
	for {
		name, content, more := r.Next()
		if !more {
			break
		}
		if err := b.files.Mount(name, content); err != nil {
			return err
		}
	}
	overlay := make([]byte, OverlaySize)
	if err := b.files.restore(overlay); err != nil {
		return err
	}
	c, fault := config.New([]byte(schema))
	if !fault.OK() {
		return ErrConfig
	}
	if fault, err := c.Load(&b.files, overlay); err != nil {
		return err
	} else if !fault.OK() {
		return ErrConfig
	}
	b.Config = c
	return nil
}

// announced is the address for the log.
func announced(addr [4]byte, port uint16) string {
	text := ""
	for i, b := range addr {
		if i > 0 {
			text += "."
		}
		text += strconv.Itoa(int(b))
	}
	return text + ":" + strconv.Itoa(int(port))
}

// Poll does what can be done now and reports whether it got anywhere; if not, the caller may rest for a moment.
func (b *Board) Poll() (busy bool) {
	mono := b.hardware.Clock.Milliseconds()
	busy = b.Stack.Poll(mono)
	b.pollTime(mono)
	return b.Device.Poll(mono, b.hardware.Clock.Unix()) || busy
}

// RestartDue reports whether a client has asked for a restart whose time has come.
func (b *Board) RestartDue() bool { return b.Device.RestartDue() }
