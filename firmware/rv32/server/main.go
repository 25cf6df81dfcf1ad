//go:build tinygo

// The device on the emulated board: HTTPS on port 443 of 10.0.2.15, the address that QEMU's user network forwards to.
// run.sh -serve builds it, starts it and talks to it.
package main

import (
	"colibri/firmware/board"
	"colibri/firmware/board/kept"
	"colibri/firmware/board/site"
	"colibri/firmware/device"
	"colibri/firmware/device/log"
	"colibri/firmware/device/rpc"
	"colibri/firmware/rv32/measure"
	"colibri/firmware/rv32/virt"
	"colibri/firmware/rv32/virtio"
)

// console is a log.Sink that writes to the serial line.
type console struct{}

func (console) Line(_ log.Level, line []byte) {
	virt.Write(line)
	virt.Print("\n")
}

// clock is the board's: see board.Clock. The machine's own calendar cannot be wrong; what Set is told goes on top of it.
type clock struct{ ahead int64 }

func (*clock) Milliseconds() int64 { return virt.Milliseconds() }
func (c *clock) Unix() int64       { return virt.Unix() + c.ahead }

func (c *clock) Set(unix int64) bool {
	c.ahead = unix - virt.Unix()
	return true
}

func fail(why string) {
	virt.Print("FAIL: " + why + "\n")
	virt.Exit(1)
}

func main() {
	b := start()
	begin(b)
	measure.PaintStack()
	for !b.RestartDue() {
		b.Poll()
	}
	b.Device.Shutdown()
	virt.Exit(0)
}

// writer returns where the configuration is kept: the machine's flash.
func writer() board.Writer {
	if flash := virt.OpenFlash(); flash != nil {
		if t := kept.New(flash, board.OverlaySize); t != nil {
			return t
		}
	}
	return nil
}

// start makes the board. What it needs of the stack must not stay in use while the device serves.
//
//go:noinline
func start() *board.Board {
	rng := virtio.OpenRNG()
	if rng == nil {
		fail("there is no source of entropy (-device virtio-rng-device)")
	}
	card, mac := virtio.OpenNet()
	if card == nil {
		fail("there is no network card (-device virtio-net-device)")
	}
	b, err := board.New(board.Hardware{MAC: mac, Noise: rng, Quality: 8, Clock: new(clock), Console: console{},
		Watchdog: &watch, Writer: writer()},
		board.Options{
			Site:    site.Image,
			Info:    rpc.Info{ID: "colibri", App: "colibri", Version: "devel", Arch: "rv32"},
			Methods: []rpc.Method{{Name: "Board.Stats", Serve: stats}},
			Level:   log.Info,
			Conns:   8,
			Memory:  32 << 10,
			HTTP:    device.HTTPSizes{MaxHead: 1024, MaxBody: 2048, MaxReply: 2048},
			Files:   16,
			Room:    8 << 10,
		})
	if err == nil {
		err = b.Start(card, [4]byte{10, 0, 2, 15})
	}
	if err != nil {
		fail(err.Error())
	}
	return b
}
