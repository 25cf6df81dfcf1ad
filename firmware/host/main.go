//go:build unix

package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"colibri/firmware/device"
	"colibri/firmware/device/config"
	"colibri/firmware/device/log"
	"colibri/firmware/device/rpc"
	"colibri/firmware/host/dirfs"
	"colibri/firmware/host/sockets"
	"colibri/tlscore"
)

// options are the command line.
type options struct {
	files    string
	schema   string
	config   string
	listen   string
	logLevel int
}

func main() {
	var o options
	flag.StringVar(&o.files, "fs", "firmware/fs", "folder that is the device's file system")
	flag.StringVar(&o.schema, "schema", "firmware/mos.yml", `configuration schema; "": only the keys built in`)
	flag.StringVar(&o.config, "config", "", "file with values that go over the schema's defaults")
	flag.StringVar(&o.listen, "listen", "", "address to use in place of http.listen_addr; port 0 takes a free one")
	flag.IntVar(&o.logLevel, "log", int(log.Info), "what to log: 0 errors, 1 warnings, 2 what happens, 3 everything")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "device: argument %q is not understood; see -help\n", flag.Arg(0))
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o, os.Stderr); err != nil {
		fmt.Fprintf(os.Stderr, "device: %v\n", err)
		os.Exit(1)
	}
}

// run runs the device until ctx ends, and anew each time a client asks for a restart.
func run(ctx context.Context, o options, logTo io.Writer) error {
	if o.logLevel < int(log.Error) || o.logLevel > int(log.Debug) {
		return fmt.Errorf("-log %d: there are 0 to %d", o.logLevel, log.Debug)
	}
	files, err := dirfs.Open(o.files)
	if err != nil {
		return fmt.Errorf("-fs: %w", err)
	}
	defer files.Shut()
	h := &host{files: files, start: time.Now()}
	h.log.Init(&console{w: logTo}, log.Level(o.logLevel))
	defer h.shut()
	for {
		c, err := configure(o, files)
		if err != nil {
			return err
		}
		listen := o.listen
		if listen == "" {
			listen = string(c.Text("http.listen_addr"))
		}
		if err := h.listen(listen); err != nil {
			return err
		}
		mono, unix := h.now()
		d, err := device.New(device.Options{Config: c, Files: files, Network: h.network, Rand: rand.Reader, Log: &h.log,
			Listen: h.announced(listen), Info: info(), TLS12: tlscore.TLS12Server()}, mono, unix)
		if err != nil {
			return err
		}
		err = h.serve(ctx, d)
		d.Shutdown()
		if err != nil || ctx.Err() != nil {
			return err
		}
		h.log.At(log.Info, "device").Str("restarting, as a client asked").End()
	}
}

// host is what a device runs on.
type host struct {
	files   *dirfs.Dir
	log     log.Logger
	start   time.Time
	network *sockets.Network // nil before listen
	address string           // that was asked for
}

// now returns the time as the device wants it: milliseconds since the start, and since 1970.
func (h *host) now() (mono, unix int64) {
	now := time.Now()
	return now.Sub(h.start).Milliseconds(), now.UnixMilli()
}

// listen listens on an address in the form of http.listen_addr, unless it does already: over a restart the
// port stays.
func (h *host) listen(address string) error {
	if h.network != nil && h.address == address {
		return nil
	}
	h.shut()
	name, port, ok := config.SplitListenAddr([]byte(address))
	if !ok {
		return fmt.Errorf("cannot listen on %q: use a port or an address and a port, like 8443 or 127.0.0.1:8443", address)
	}
	network, err := sockets.Listen(net.JoinHostPort(string(name), strconv.Itoa(int(port))))
	if err != nil {
		return fmt.Errorf("cannot listen on %q: %w", address, err)
	}
	h.network, h.address = network, address
	return nil
}

// announced returns the address for the log: as it was asked for, but with the port that was given for 0.
func (h *host) announced(address string) string {
	if name, port, _ := config.SplitListenAddr([]byte(address)); port != 0 {
		return address
	} else if len(name) == 0 {
		return fmt.Sprint(h.network.Addr().Port())
	}
	return h.network.Addr().String()
}

func (h *host) shut() {
	if h.network != nil {
		h.network.Shut()
		h.network = nil
	}
}

// serve lets the device work until ctx ends or a restart is due.
func (h *host) serve(ctx context.Context, d *device.Device) error {
	defer context.AfterFunc(ctx, h.network.Wake)()
	for ctx.Err() == nil {
		mono, unix := h.now()
		if busy := d.Poll(mono, unix); busy {
			continue
		}
		if d.RestartDue() {
			return nil
		}
		wait := time.Duration(-1) // without end
		if at := d.Deadline(); at >= 0 {
			wait = time.Duration(max(at-mono, 0)) * time.Millisecond
		}
		if err := h.network.Wait(wait); err != nil {
			return err
		}
	}
	return nil
}

// info is what Sys.GetInfo tells.
func info() rpc.Info {
	i := rpc.Info{ID: "colibri", App: "colibri", Version: "devel", Arch: runtime.GOARCH}
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, s := range build.Settings {
			if s.Key == "vcs.revision" {
				i.Build = s.Value
			}
		}
	}
	return i
}
