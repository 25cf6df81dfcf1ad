package device

import (
	"io"

	"colibri/firmware/device/config"
	"colibri/firmware/device/guard"
	"colibri/firmware/device/httpd"
	"colibri/firmware/device/log"
	"colibri/firmware/device/rpc"
	"colibri/tlscore"
)

// Options are what a device is made of. What is 0 or nil has a default unless it says otherwise.
type Options struct {
	Config  *config.Config // required; schema, files and overlay are applied already
	Files   FS             // required
	Network Network        // required; it listens already
	Rand    io.Reader      // required for TLS; cryptographically secure
	Log     *log.Logger    // nil: no log
	Floor   int64          // a time that has certainly passed, in Unix seconds, for instance when the firmware was built; 0: none (see tlscore.Config)
	Listen  string         // the address that the log says the server listens on; default: the one in the configuration

	Info      rpc.Info     // what Sys.GetInfo says about the device
	Methods   []rpc.Method // in addition to the built-in ones
	Anonymous bool         // see rpc.Settings
	Quota     rpc.Quota    // see there

	TLS12 *tlscore.Protocol12 // tlscore.TLS12Server() lets in clients that do not know TLS 1.3; nil keeps its code out of the image

	Watchdog Watchdog // nil: none

	Conns    int            // connections at one time; default 6, as many as a browser opens
	Memory   int            // bytes that TLS may take for all connections together (see tlscore.Config.Plan); default 48 KB
	HTTP     HTTPSizes      // see httpd.Settings
	Timeouts httpd.Timeouts // see there
	Opening  int64          // milliseconds that a TLS handshake may take; default 10,000
}

// HTTPSizes are the sizes of httpd.Settings.
type HTTPSizes struct{ Workspaces, MaxHead, MaxBody, MaxReply int }

// Device is a running device. It belongs to one goroutine, which calls Poll.
type Device struct {
	network Network
	log     *log.Logger
	tls     *tlscore.Config // nil: plain HTTP
	memory  *tlscore.Pool
	tickets tlscore.TicketKeys
	rotate  int64 // when the key of the tickets is renewed
	rpc     *rpc.Service
	http    *httpd.Server
	slots   []slot
	opening int64
	mono    int64 // milliseconds since the start
	unix    int64 // milliseconds since 1970, 0 if unknown
	off     bool  // http.enable is false
	dog     Watchdog
	refused int64 // connections, since the last time there was room
	scratch [256]byte
}

// plainBuffer is the size of the two buffers of a connection without TLS.
const plainBuffer = 1460

// New makes a device and takes all the memory that it will ever need. mono and unix are the time, see Poll.
// An error is a *StartError, which names the key to mend, or one of tlscore.
func New(o Options, mono, unix int64) (*Device, error) {
	if o.Conns == 0 {
		o.Conns = 6
	}
	if o.Memory == 0 {
		o.Memory = 48 << 10
	}
	if o.Opening == 0 {
		o.Opening = 10_000
	}
	d := &Device{network: o.Network, log: o.Log, dog: o.Watchdog, opening: o.Opening, slots: make([]slot, o.Conns)}
	g := guard.New(o.Config)
	d.rpc = rpc.New(rpc.Settings{Files: o.Files, Config: o.Config, Guard: g, Log: o.Log, Info: o.Info,
		Methods: o.Methods, Anonymous: o.Anonymous, Quota: o.Quota})
	d.http = httpd.New(httpd.Settings{Files: o.Files, Config: o.Config, Guard: g, Log: o.Log,
		Routes:     []httpd.Route{{Prefix: "rpc", Handler: d.rpc, Allow: httpd.Set(httpd.Get, httpd.Post)}},
		Workspaces: o.HTTP.Workspaces, MaxHead: o.HTTP.MaxHead, MaxBody: o.HTTP.MaxBody, MaxReply: o.HTTP.MaxReply,
		Timeouts: o.Timeouts})
	d.setTime(mono, unix)
	if !o.Config.Bool("http.enable") {
		d.off = true
		d.log.At(log.Warn, "http").Str("HTTP server is off (http.enable)").End()
		return d, nil
	}
	if len(o.Config.Text("http.ssl_cert")) > 0 {
		if err := d.startTLS(&o); err != nil {
			return nil, err
		}
	} else {
		slab := make([]byte, 2*plainBuffer*o.Conns)
		for i := range d.slots {
			d.slots[i].plain.in, slab = slab[:plainBuffer:plainBuffer], slab[plainBuffer:]
			d.slots[i].plain.out, slab = slab[:plainBuffer:plainBuffer], slab[plainBuffer:]
		}
	}
	listen := []byte(o.Listen)
	if len(listen) == 0 {
		listen = o.Config.Text("http.listen_addr")
	}
	if len(listen) > 0 && listen[0] == ':' {
		listen = listen[1:]
	}
	l := d.log.At(log.Info, "http").Str("HTTP server started on [").Bytes(listen).Str("]")
	switch {
	case d.tls == nil:
		l.Str(" without TLS: anyone on the way reads and changes everything").End()
	case d.tls.ClientAuth == tlscore.RequireClientCert:
		l.Str(" (TLS, clients need a certificate)").End()
	default:
		l.Str(" (TLS)").End()
	}
	return d, nil
}

// startTLS reads the credentials and takes the memory for TLS.
func (d *Device) startTLS(o *Options) error {
	d.tls = &tlscore.Config{
		ALPN:     []string{"http/1.1"},
		Stepwise: true,
		Rand:     o.Rand,
		Clock:    func() int64 { return d.unix / 1000 },
		Floor:    o.Floor,
		TLS12:    o.TLS12,
		Events:   d.event,
	}
	d.tls.Tickets, d.tls.ResumeClients = &d.tickets, true
	if err := d.renewTickets(); err != nil {
		return err
	}
	if err := credentials(d.tls, o.Config, o.Files); err != nil {
		return err
	}
	sizes, err := d.tls.Plan(o.Conns, o.Memory)
	if err != nil {
		return err
	}
	d.memory, err = tlscore.NewPool(sizes)
	return err
}

// ticketTime is how long a key seals the tickets of sessions, in milliseconds. It opens them for as long again.
const ticketTime = 12 * 60 * 60 * 1000

// renewTickets makes a new key for tickets.
func (d *Device) renewTickets() error {
	d.rotate = d.mono + ticketTime
	return d.tickets.Rotate(d.tls.Rand)
}

func (d *Device) setTime(mono, unix int64) {
	d.mono, d.unix = mono, unix
	d.log.SetTime(mono, unix)
	d.http.SetTime(mono, unix/1000)
}

// Poll does what can be done now, and reports whether it got anywhere: if so, call it again soon; if not,
// nothing will change before bytes arrive, bytes can be sent, a connection waits, or Deadline passes. mono is
// the time in milliseconds since the start, never going back; unix is the time in milliseconds since 1970, 0
// while it is unknown.
func (d *Device) Poll(mono, unix int64) (busy bool) {
	busy = d.poll(mono, unix)
	d.feed()
	return busy
}

func (d *Device) poll(mono, unix int64) (busy bool) {
	d.setTime(mono, unix)
	if d.off {
		return false
	}
	if d.tls != nil && mono >= d.rotate {
		if err := d.renewTickets(); err != nil {
			d.log.At(log.Error, "tls").Str("the key of tickets was not renewed: ").Err(err).End()
		}
	}
	busy = d.accept()
	for i := range d.slots {
		if s := &d.slots[i]; s.state != free && s.step(d) {
			busy = true
			d.feed()
		}
	}
	return busy
}

// Deadline returns the next time, in milliseconds since the start, at which Poll has something to do even if
// nothing happens, or -1.
func (d *Device) Deadline() int64 {
	next := int64(-1)
	if at := d.rpc.RebootAt(); at != 0 {
		next = at
	}
	for i := range d.slots {
		if s := &d.slots[i]; s.state != free {
			if at := s.nextDeadline(); next < 0 || at < next {
				next = at
			}
		}
	}
	return next
}

// RestartDue reports whether a client has asked for a restart whose time has come: shut the device down and
// make a new one.
func (d *Device) RestartDue() bool {
	at := d.rpc.RebootAt()
	return at != 0 && at <= d.mono
}

// Free returns how many connections there is room for, and what TLS has to lend.
func (d *Device) Free() (connections int, memory tlscore.Free) {
	for i := range d.slots {
		if d.slots[i].state == free {
			connections++
		}
	}
	if d.memory != nil {
		memory = d.memory.Free()
	}
	return connections, memory
}

// Shutdown ends all connections at once, telling peers as far as their sockets take it.
func (d *Device) Shutdown() {
	for i := range d.slots {
		if s := &d.slots[i]; s.state != free {
			s.end(d)
		}
	}
	d.log.At(log.Info, "http").Str("HTTP server stopped").End()
}

// accept takes in new connections. When all slots are taken, the connection that has been idle for longest
// makes room; when none is idle, the new one is refused at once, so that the client knows and nobody queues
// without end. The log tells of the first one that was refused, and of all when there is room again.
func (d *Device) accept() (any bool) {
	for range d.slots {
		socket, n := d.network.Accept(d.scratch[:])
		if socket == 0 {
			return any
		}
		any = true
		s := d.room()
		if s == nil {
			d.network.Close(socket)
			if d.refused++; d.refused == 1 {
				d.log.At(log.Warn, "http").Str("all connections are in use: refused ").Bytes(d.scratch[:n]).End()
			}
			continue
		}
		if d.refused > 1 {
			d.log.At(log.Warn, "http").Str("there is room again; refused meanwhile: ").Int(d.refused).Str(" connections").End()
		}
		d.refused = 0
		s.open(d, socket, d.scratch[:n])
	}
	return any
}

// minIdle is how long a connection stands idle before it has to make room: a client that has just had an
// answer is about to ask again.
const minIdle = 300

// room returns a free slot, or nil.
func (d *Device) room() *slot {
	var oldest *slot
	for i := range d.slots {
		s := &d.slots[i]
		if s.state == free {
			return s
		}
		if s.state == serving && s.http.Idle() && len(s.link.ReadWindow()) == 0 &&
			s.http.Deadline()-d.http.Timeouts.Idle+minIdle <= d.mono &&
			(oldest == nil || s.http.Deadline() < oldest.http.Deadline()) {
			oldest = s
		}
	}
	if oldest != nil {
		oldest.end(d)
	}
	return oldest
}
