package board

import (
	"colibri/firmware/device/config"
	"colibri/firmware/device/log"
	"colibri/firmware/device/sntp"
)

// timekeeper asks the server that the configuration names for the time.
type timekeeper struct {
	client sntp.Client
	packet [sntp.Size]byte
	addr   [4]byte
	port   uint16
	on     bool
}

// startTime begins to ask, if the configuration names a server. Its rule has let through nothing but an address.
func (b *Board) startTime() {
	t := &b.time
	host, port, _ := config.SplitServer(b.Config.Text("sntp.server"))
	if t.addr, t.on = IPv4(host); t.on {
		t.port = port
		t.client.Init(&b.random, b.options.Floor, b.Config.Int("sntp.update_interval"))
	}
}

// pollTime takes in an answer and asks when it is time to. The board's clock is set within its own bounds only.
func (b *Board) pollTime(mono int64) {
	t, clock := &b.time, b.hardware.Clock
	if !t.on {
		return
	}
	if p := b.Stack.Answer(); p != nil {
		before := clock.Unix()
		now, err := t.client.Answer(p, mono, before)
		switch {
		case err == sntp.ErrUnasked: // anybody can send that
		case err != nil:
			b.logger.At(log.Warn, "sntp").Err(err).End()
		case !clock.Set(now):
			b.logger.At(log.Warn, "sntp").Str("the clock does not take the time").End()
		case before == 0:
			b.logger.SetTime(mono, now)
			b.logger.At(log.Info, "sntp").Str("the clock is set").End()
		default:
			b.logger.At(log.Info, "sntp").Str("the clock was moved by ").Int(now - before).Str(" ms").End()
		}
	}
	if n := t.client.Request(t.packet[:], mono); n > 0 {
		b.Stack.Ask(t.addr, t.port, t.packet[:n])
	}
}
