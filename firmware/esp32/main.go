//go:build esp32 || esp32c3 || esp32s3

package main

import (
	"time"

	"colibri/firmware/board"
	"colibri/firmware/board/site"
	"colibri/firmware/device"
	"colibri/firmware/device/log"
	"colibri/firmware/device/rpc"
)

// Set by the linker: the time of the build in Unix seconds. Certificates that had expired by then are refused even before the
// clock is set.
var built string

var dog = watchdog{registers: hardware{}, group: timerGroup, update: wdtUpdate}

// console is a log.Sink that writes to the serial line.
type console struct{}

func (console) Line(_ log.Level, line []byte) { println(string(line)) }

func main() {
	b := begin()
	if !dog.Start(wdtPatience) {
		println("watchdog: its registers do not keep what is written; there is none")
	}
	for {
		if b.RestartDue() {
			b.Device.Shutdown()
			restart()
		}
		if !b.Poll() {
			time.Sleep(time.Millisecond) // the radio's goroutines get their turn
		}
	}
}

// begin starts the radio and the device. What it needs of the stack must not stay in use while the device serves.
//
//go:noinline
func begin() *board.Board {
	time.Sleep(time.Second) // the USB serial line needs it to come up
	if causedBy(register(resetState).Get()) {
		println("watchdog: it restarted the device, which had stood still")
	}
	mac, err := startRadio()
	if err != nil {
		halt("the radio does not start", err)
	}
	clock.floor = seconds(built)
	b, err := board.New(board.Hardware{MAC: mac, Noise: noise{}, Quality: noiseQuality, Clock: &clock, Console: console{}, Watchdog: &dog,
		Writer: keptFlash()},
		board.Options{
			Site:    site.Image,
			Info:    rpc.Info{ID: "colibri", App: "colibri", Version: "devel", Arch: chip},
			Methods: []rpc.Method{{Name: "Sys.SetTime", Args: "{unix: %d}", Changes: true, Serve: setTime}},
			Level:   log.Info,
			Floor:   clock.floor,
			Conns:   conns,
			Memory:  memory,
			HTTP:    device.HTTPSizes{MaxHead: 1024, MaxBody: 2048, MaxReply: 2048},
			DHCP:    true,
			Files:   24,
			Room:    8 << 10,
		})
	if err != nil {
		halt("the site or the configuration is bad", err)
	}
	addr, ok := board.IPv4(b.Config.Text("wifi.ap.ip"))
	if !ok {
		halt("wifi.ap.ip is not an address", nil)
	}
	ssid := board.SSID(b.Config.Text("wifi.ap.ssid"), mac)
	link, err := startAccessPoint(ssid, string(b.Config.Text("wifi.ap.pass")), uint8(b.Config.Int("wifi.ap.channel")))
	if err != nil {
		halt("the access point does not start", err)
	}
	println("wifi: access point", ssid)
	if err := b.Start(link, addr); err != nil {
		halt("the device does not start", err)
	}
	return b
}

// halt says why nothing more will happen, again and again, for whoever connects to the serial line later.
func halt(why string, err error) {
	for {
		println("FAIL:", why)
		if err != nil {
			println("  ", err.Error())
		}
		time.Sleep(5 * time.Second)
	}
}
